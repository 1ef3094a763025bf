import type { ResourceValidation, StackValidation } from "@pulumi/policy";
import { PIPELINE, type Pipeline } from "./kinds";
import { eachOf, inTurn, onResource, resourcesOf, type Found, type Report } from "./resources";
import { definitionText, storedTexts } from "./storedDefinition";

/** Both ways in which the engine asks a rule. */
interface Validations {
  readonly validateResource: ResourceValidation;
  readonly validateStack: StackValidation;
}

/**
 * A rule about one definition at a time. One that stands in its pipeline is judged with it; one in S3 among all
 * resources, which its text is one of. What nobody can read has a rule of its own.
 *
 * @param beside what is judged of every pipeline besides
 */
export function onDefinitions(
  check: (definition: string, pipeline: Found<Pipeline>, report: Report) => void,
  beside: (pipeline: Found<Pipeline>, report: Report) => void = () => undefined,
): Validations {
  return {
    validateResource: onResource(PIPELINE, (props, pipeline, report) =>
      inTurn(
        () => beside(pipeline, report),
        () => {
          if (!props.pipelineDefinitionS3Location) check(props.pipelineDefinition ?? "", pipeline, report);
        },
      ),
    ),
    validateStack: (args, report) =>
      eachOf(resourcesOf(args, PIPELINE), (pipeline) => {
        if (!pipeline.props.pipelineDefinitionS3Location) return;
        const text = definitionText(pipeline.props, storedTexts(args)) ?? "";
        check(text, pipeline, (message) => report(message, pipeline.urn));
      }),
  };
}
