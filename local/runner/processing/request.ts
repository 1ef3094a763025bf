import { z } from "zod";
import type { Json } from "../definition";
import { issuesOf, StepFailure } from "../errors";

const ROOT = "/opt/ml/processing";

const localPath = z
  .string()
  .max(256)
  .refine(
    (path) => (path === ROOT || path.startsWith(`${ROOT}/`)) && !path.split("/").includes(".."),
    `must be ${ROOT} or below it`,
  );
const s3Uri = z
  .string()
  .max(1024)
  .regex(/^s3:\/\/[^/]+(\/.*)?$/, "must be s3://bucket/key");
/** The service's pattern is `.*`: no line break. */
const argument = z
  .string("must be a string; join a number with nothing to make it one")
  .max(256, "has more than 256 characters")
  .regex(/^[^\r\n]*$/, "holds a line break");
const notManaged = z.literal(false, "AppManaged is not supported on the laptop").optional();

const input = z.strictObject({
  InputName: z.string(),
  AppManaged: notManaged,
  S3Input: z.strictObject({
    S3Uri: s3Uri,
    LocalPath: localPath,
    S3DataType: z.literal("S3Prefix", "the laptop reads S3Prefix, no manifest files"),
    S3InputMode: z.literal("File", "the laptop knows File mode, no pipes").default("File"),
    S3DataDistributionType: z.enum(["FullyReplicated", "ShardedByS3Key"]).default("FullyReplicated"),
    S3CompressionType: z.literal("None", "the laptop does not unpack inputs").default("None"),
  }),
});
export type ProcessingInput = z.infer<typeof input>;

const output = z.strictObject({
  OutputName: z.string(),
  AppManaged: notManaged,
  S3Output: z.strictObject({
    S3Uri: s3Uri,
    LocalPath: localPath,
    S3UploadMode: z.literal(
      "EndOfJob",
      "the laptop uploads at the end of the job; Continuous also shows readers half-written days",
    ),
  }),
});
export type ProcessingOutput = z.infer<typeof output>;

const request = z.strictObject({
  ProcessingJobName: z.string().optional(),
  ProcessingResources: z.strictObject({
    ClusterConfig: z.strictObject({
      InstanceCount: z.int().min(1).max(100),
      InstanceType: z.string(),
      VolumeSizeInGB: z.int().min(1).max(16384),
      VolumeKmsKeyId: z.string().optional(),
    }),
  }),
  AppSpecification: z.strictObject({
    ImageUri: z.string().max(255),
    ContainerEntrypoint: z
      .array(argument, "the laptop cannot look into the image for its entrypoint: state ContainerEntrypoint")
      .min(1)
      .max(100),
    ContainerArguments: z.array(argument).min(1).max(100).optional(),
  }),
  Environment: z
    .record(
      z
        .string()
        .max(256)
        .regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/),
      z.string().max(256),
    )
    .refine((variables) => Object.keys(variables).length <= 100, "has more than 100 entries")
    .default({}),
  ProcessingInputs: z.array(input).max(10, "a job takes at most 10 inputs").default([]),
  ProcessingOutputConfig: z
    .strictObject({
      Outputs: z.array(output).max(10, "a job takes at most 10 outputs"),
      KmsKeyId: z.string().optional(),
    })
    .default({ Outputs: [] }),
  StoppingCondition: z
    .strictObject({ MaxRuntimeInSeconds: z.int().min(1).max(777_600) })
    .default({ MaxRuntimeInSeconds: 86_400 }),
  RoleArn: z.string(),
  /** Without effect: the laptop has one network, and no experiments. */
  NetworkConfig: z.record(z.string(), z.json()).optional(),
  ExperimentConfig: z.record(z.string(), z.json()).optional(),
  Tags: z.array(z.json()).optional(),
});

/** The arguments of a Processing step, checked by the limits of CreateProcessingJob. */
export type ProcessingRequest = z.infer<typeof request>;

/** @throws StepFailure naming everything SageMaker would refuse, and everything the laptop does not do */
export function parseProcessingRequest(resolved: Json): ProcessingRequest {
  const parsed = request.safeParse(resolved);
  if (!parsed.success) throw new StepFailure(`ClientError: ${issuesOf(parsed.error)}`);
  const names = [
    ...parsed.data.ProcessingInputs.map(({ InputName }) => InputName),
    ...parsed.data.ProcessingOutputConfig.Outputs.map(({ OutputName }) => OutputName),
  ];
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  if (twice.length > 0) throw new StepFailure(`ClientError: input or output '${twice.join("', '")}' occurs twice`);
  return parsed.data;
}
