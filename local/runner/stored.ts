import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { z } from "zod";
import { MAX_CHARACTERS } from "../../contract/pipeline/validate";
import { parseOutline } from "./definition";
import { issuesOf, messageOf, ServiceError } from "./errors";

/** Whether a SageMaker operation takes a definition. */
export function takesDefinition(operation: string): boolean {
  return operation === "CreatePipeline" || operation === "UpdatePipeline";
}

/** https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_PipelineDefinitionS3Location.html */
const locationSchema = z.strictObject({
  Bucket: z.string().regex(/^[a-z0-9][.\-a-z0-9]{1,61}[a-z0-9]$/, "is not the name of a bucket"),
  ObjectKey: z.string().min(1).max(1024),
  VersionId: z.string().min(1).max(1024).optional(),
});

/**
 * A request that names a definition in S3 becomes one that carries the text: SageMaker reads the object when the
 * pipeline is made or changed, and shows the text from then on. moto would take the newest version, and show an object.
 *
 * @returns the request for moto; as it came, when it names no place in S3, or is wrong in a way that moto tells
 * @throws ServiceError ValidationException naming the place and what is wrong with it
 */
export async function inlined(body: Buffer, s3: S3Client): Promise<Buffer> {
  const request = JSON.parse(body.toString("utf8") || "{}") as Record<string, unknown>;
  const { PipelineDefinitionS3Location: location, ...rest } = request;
  if (location === undefined || location === null || typeof rest["PipelineDefinition"] === "string") return body;
  const parsed = locationSchema.safeParse(location);
  if (!parsed.success)
    throw new ServiceError("ValidationException", issuesOf(parsed.error, "PipelineDefinitionS3Location"));
  return Buffer.from(JSON.stringify({ ...rest, PipelineDefinition: await textAt(parsed.data, s3) }));
}

async function textAt(location: z.infer<typeof locationSchema>, s3: S3Client): Promise<string> {
  const { Bucket: bucket, ObjectKey: key, VersionId: version } = location;
  const place = `s3://${bucket}/${key}${version === undefined ? "" : ` (version ${version})`}`;
  const refuse = (reason: string) =>
    new ServiceError("ValidationException", `The pipeline definition at ${place} ${reason}`);
  let text: string;
  try {
    const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: version }));
    text = (await body?.transformToString()) ?? "";
  } catch (error) {
    throw refuse(`cannot be read: ${messageOf(error)}`);
  }
  if (text.length > MAX_CHARACTERS) throw refuse(`has ${text.length} characters; at most ${MAX_CHARACTERS} are taken`);
  try {
    parseOutline(text);
  } catch (error) {
    throw refuse(`is none: ${messageOf(error)}`);
  }
  return text;
}
