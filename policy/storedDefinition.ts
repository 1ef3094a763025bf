import { UnknownValueError, type StackValidationArgs } from "@pulumi/policy";
import { OBJECT, OBJECT_V1, type Pipeline, type StoredObject } from "./kinds";
import { known, resourcesOf, type Found } from "./resources";

/** Every S3 object of the stack. */
export function storedTexts(args: StackValidationArgs): Found<StoredObject>[] {
  return resourcesOf(args, OBJECT, OBJECT_V1);
}

/**
 * The text of a pipeline's definition: its own, or that of the object it names in S3. The place decides when both are
 * there: the provider shows the text it read last, which is not yet the next one.
 *
 * @param objects every S3 object of the stack
 * @returns `undefined` when the pipeline has no definition, or the stack does not hold its text
 * @throws UnknownValueError when the text, or which object has it, is not known yet
 */
export function definitionText(pipeline: Pipeline, objects: readonly Found<StoredObject>[]): string | undefined {
  const location = pipeline.pipelineDefinitionS3Location;
  if (!location) return pipeline.pipelineDefinition ?? undefined;
  const { bucket, objectKey } = location;
  const version = known(() => location.versionId);
  let unknown: Error | undefined;
  for (const { props } of objects)
    try {
      if (props.bucket !== bucket || props.key !== objectKey) continue;
      const written = known(() => props.versionId);
      // A version that somebody wrote into the program may hold anything.
      return version && written && version !== written ? undefined : (props.content ?? undefined);
    } catch (error) {
      // Another object with an unknown key must not hide the one that is looked for.
      if (!(error instanceof UnknownValueError)) throw error;
      unknown = error as Error;
    }
  if (unknown) throw unknown;
  return undefined;
}
