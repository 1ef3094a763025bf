import { PROCESSING_JOB } from "./processingJob";
import type { Shape, Structure } from "./shape";

const { RoleArn, Tags }: Readonly<Record<string, Shape>> = PROCESSING_JOB.members;
const name: Shape = { type: "string", min: 1, max: 256, pattern: "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}" };

/**
 * A CreatePipeline request without the definition itself. As in botocore 1.44.5 (`sagemaker/2017-07-24/service-2.json`),
 * which a test compares; nothing is required, because an UpdatePipeline request has the same members, and command-line
 * tools add some.
 */
export const CREATE_PIPELINE: Structure = {
  type: "structure",
  members: {
    PipelineName: name,
    PipelineDisplayName: name,
    PipelineDefinitionS3Location: {
      type: "structure",
      required: ["Bucket", "ObjectKey"],
      members: {
        Bucket: { type: "string", min: 3, max: 63, pattern: "[a-z0-9][\\.\\-a-z0-9]{1,61}[a-z0-9]" },
        ObjectKey: { type: "string", min: 1, max: 1024, pattern: ".+" },
        VersionId: { type: "string", min: 1, max: 1024, pattern: ".+" },
      },
    },
    PipelineDescription: { type: "string", max: 3072, pattern: ".*" },
    ClientRequestToken: { type: "string", min: 32, max: 128 },
    ...(RoleArn ? { RoleArn } : {}),
    ...(Tags ? { Tags } : {}),
    ParallelismConfiguration: {
      type: "structure",
      required: ["MaxParallelExecutionSteps"],
      members: { MaxParallelExecutionSteps: { type: "integer", min: 1 } },
    },
    PipelineVersionAliases: {
      type: "list",
      max: 10,
      member: { type: "string", min: 1, max: 128, pattern: "[a-zA-Z0-9._\\-]{1,128}" },
    },
  },
};
