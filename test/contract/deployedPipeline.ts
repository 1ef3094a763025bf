import type { Dataset } from "../../contract/dataset";
import { datasetPipeline, type Runtime } from "../../contract/job";
import { renderDefinition } from "../../contract/pipeline/definition";
import { features } from "../../datasets/features/dataset";

export const runtime: Runtime = {
  bucket: "bucket",
  database: "partitions_test",
  region: "ap-northeast-1",
  imageUri: "registry/image@sha256:0",
  jobRoleArn: "role",
  jobNamePrefix: "partitions-test-features",
  kmsKeyArn: "key",
  instanceType: "ml.t3.medium",
  instanceCount: 1,
  volumeSizeGiB: 30,
  maxRuntimeSeconds: 3600,
  dayFunctionArn: "day-function",
  registrarFunctionArn: "registrar-function",
  codeHashes: { "extract.py": "e", "transform.py": "t", "dataset.json": "d" },
};

interface S3Address {
  readonly S3Uri: unknown;
  readonly LocalPath: string;
  readonly S3UploadMode?: string;
}
export interface JobArguments {
  readonly ProcessingInputs: readonly { readonly InputName: string; readonly S3Input: S3Address }[];
  readonly ProcessingOutputConfig: {
    readonly KmsKeyId: string;
    readonly Outputs: readonly { readonly OutputName: string; readonly S3Output: S3Address }[];
  };
  readonly ProcessingResources: { readonly ClusterConfig: Readonly<Record<string, unknown>> };
  readonly ProcessingJobName: string;
  readonly AppSpecification: Readonly<Record<string, unknown>>;
  readonly StoppingCondition: unknown;
  readonly NetworkConfig: unknown;
  readonly RoleArn: string;
}
export interface Step {
  readonly Name: string;
  readonly Type: string;
  readonly DependsOn?: readonly string[];
  readonly FunctionArn?: string;
  readonly Arguments: unknown;
}

/** The pipeline as SageMaker gets it. */
export function deployed(dataset: Dataset = features, given: Partial<Runtime> = {}) {
  const text = renderDefinition(datasetPipeline(dataset, { ...runtime, ...given }));
  const { Steps: steps } = JSON.parse(text) as { Steps: Step[] };
  const step = (name: string): Step => {
    const found = steps.find(({ Name }) => Name === name);
    if (!found) throw new Error(`no step '${name}' among ${steps.map(({ Name }) => Name).join(", ")}`);
    return found;
  };
  const jobs = steps.filter(({ Type }) => Type === "Processing").map(({ Arguments }) => Arguments as JobArguments);
  return { text, steps, step, job: (name: string) => step(name).Arguments as JobArguments, jobs };
}

export const dayValue = (output: string) => ({ Get: `Steps.day_step.OutputParameters['${output}']` });
export const addressOf = (job: JobArguments, input: string) =>
  job.ProcessingInputs.find(({ InputName }) => InputName === input)?.S3Input;
