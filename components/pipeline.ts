import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { tagsOf, type Dataset } from "../contract/dataset";
import { datasetJson } from "../contract/document";
import { DATASET_FILE, datasetPipeline, type Runtime } from "../contract/job";
import { addresses } from "../contract/layout";
import type { Deployment, Names } from "../contract/names";
import { renderDefinition, type PipelineDefinition } from "../contract/pipeline/definition";
import { validateDefinition } from "../contract/pipeline/validate";
import { refuse } from "../contract/problems";
import { jobPolicy } from "./permissions/job";
import { trustPolicy } from "./permissions/trust";

/**
 * From this many bytes of UTF-8 on, a definition goes to S3 and not into the request. The SageMaker Python SDK draws the
 * line there too (`workflow/pipeline.py`); the API itself takes ten times as much inline.
 *
 * A pipeline that crosses the line is replaced, which loses the history of its executions: the provider cannot change
 * the form in place. Upwards the engine must be told so, once: `pulumi up --replace '<URN of the pipeline>'`.
 */
export const INLINE_LIMIT = 100 * 1024;

export interface DatasetPipelineArgs {
  readonly deployment: Deployment;
  readonly names: Names;
  readonly dataset: Dataset;
  readonly imageUri: pulumi.Input<string>;
  readonly keyArn: pulumi.Input<string>;
  /** Role of the pipeline itself; jobs have their own. */
  readonly pipelineRoleArn: pulumi.Input<string>;
  readonly compute: Pick<Runtime, "instanceType" | "instanceCount" | "volumeSizeGiB" | "maxRuntimeSeconds">;
  /** Folder of the scripts. Default: `datasets/<name>/`. */
  readonly scripts?: string;
  /** Default {@link INLINE_LIMIT}. */
  readonly inlineLimit?: number;
}

/**
 * Stands for what only an `up` knows, so that the declaration is checked before anything is made. As long as such a
 * value can be: a definition that is inline by its estimate is so when it is known.
 */
const UNKNOWN = { imageUri: "unknown".padEnd(255, "-"), kmsKeyArn: "unknown".padEnd(128, "-") };

/** Name of the definition among the files of a dataset. */
const DEFINITION_FILE = "pipeline.json";

/**
 * The SageMaker pipeline of a dataset, the role of its jobs, and the files that the jobs read.
 *
 * A definition over the limit is a file as well. SageMaker reads it when the pipeline is made or changed, not when it
 * runs. The documentation names no role for that, so it is the caller of CreatePipeline, the user who deploys, who needs
 * `s3:GetObject`, `s3:GetObjectVersion` and, through S3, `kms:Decrypt`; the pipeline's own role gets no S3 right for it.
 */
export class DatasetPipeline extends pulumi.ComponentResource {
  /** Known at preview. */
  readonly pipelineName: string;

  constructor(name: string, args: DatasetPipelineArgs, opts?: pulumi.ComponentResourceOptions) {
    super("partitions:components:DatasetPipeline", name, {}, opts);
    const { deployment, names, dataset } = args;
    const own = names.dataset(dataset.name);
    this.pipelineName = own.pipeline;
    const files = codeFiles(dataset, args.scripts ?? path.resolve(__dirname, "../datasets", dataset.name));
    const runtime = {
      ...args.compute,
      bucket: names.bucket,
      database: names.database,
      jobRoleArn: own.jobRole.arn,
      jobNamePrefix: own.jobPrefix,
      ...(names.existing.bucketKeyArn === undefined ? {} : { outputKmsKeyArn: names.existing.bucketKeyArn }),
      dayFunctionArn: names.day.arn,
      registrarFunctionArn: names.registrar.arn,
      codeHashes: Object.fromEntries(files.map(({ file, hash }) => [file, hash])),
    };
    const estimate = datasetPipeline(dataset, { ...runtime, ...UNKNOWN });
    checkDefinition(dataset, estimate);
    // By the estimate alone: a preview must not choose otherwise than the `up` that follows it.
    const inline = Buffer.byteLength(JSON.stringify(estimate)) < (args.inlineLimit ?? INLINE_LIMIT);

    const child = { parent: this };
    const role = new aws.iam.Role(
      `${name}-job-role`,
      {
        name: own.jobRole.name,
        path: names.rolePath,
        description: `processing jobs of ${own.pipeline}`,
        tags: tagsOf(dataset),
        assumeRolePolicy: JSON.stringify(
          trustPolicy(deployment, "sagemaker.amazonaws.com", names.jobArn(`${own.jobPrefix}-*`)),
        ),
      },
      child,
    );
    const permissions = new aws.iam.RolePolicy(
      `${name}-job-permissions`,
      { name: "permissions", role: own.jobRole.name, policy: JSON.stringify(jobPolicy(names, dataset)) },
      { ...child, dependsOn: [role] },
    );
    const { codeKey } = addresses(dataset, names.bucket);
    const upload = (file: string, key: pulumi.Input<string>, content: pulumi.Input<string>) =>
      new aws.s3.BucketObjectv2(
        `${name}-${file}`,
        {
          bucket: names.bucket,
          key,
          content,
          contentType: file.endsWith(".json") ? "application/json" : "text/x-python",
        },
        // A changed file has another key. The old one stays for the executions that were started with it.
        { ...child, retainOnDelete: true },
      );
    const uploads = files.map(({ file, hash, text }) => upload(file, codeKey(hash, file), text));
    const definition = pulumi
      .all([args.imageUri, args.keyArn])
      .apply(([imageUri, kmsKeyArn]) =>
        renderDefinition(datasetPipeline(dataset, { ...runtime, imageUri, kmsKeyArn })),
      );
    const stored = inline
      ? undefined
      : upload(
          DEFINITION_FILE,
          definition.apply((text) => codeKey(hashOf(text), DEFINITION_FILE)),
          definition,
        );
    new aws.sagemaker.Pipeline(
      `${name}-pipeline`,
      {
        pipelineName: own.pipeline,
        pipelineDisplayName: own.pipeline,
        pipelineDescription: dataset.description,
        roleArn: args.pipelineRoleArn,
        tags: tagsOf(dataset),
        ...(stored === undefined
          ? { pipelineDefinition: definition }
          : { pipelineDefinitionS3Location: locationOf(stored) }),
      },
      {
        ...child,
        dependsOn: [permissions, ...uploads],
        // The provider reads the text back, and would take it for a change that SageMaker refuses
        // (https://github.com/hashicorp/terraform-provider-aws/issues/38259).
        ...(stored === undefined ? {} : { ignoreChanges: ["pipelineDefinition"] }),
        // Nor can it take the one form back for the other.
        replacementTrigger: stored === undefined ? "inline" : "stored",
        deleteBeforeReplace: true,
      },
    );
    this.registerOutputs({ pipelineName: this.pipelineName });
  }
}

/** What SageMaker would refuse at `up`, or only when the pipeline runs, is refused here. */
function checkDefinition(dataset: Dataset, definition: PipelineDefinition): void {
  refuse(
    `pipeline of dataset '${dataset.name}'`,
    validateDefinition(definition).map(
      ({ pointer, rule, value, fix, source }) => `${pointer}: ${rule}, got ${value}; ${fix} (${source})`,
    ),
  );
}

/** The version as well, so that SageMaker never reads what somebody wrote over the file. */
function locationOf({ bucket, key, versionId }: aws.s3.BucketObjectv2) {
  return {
    bucket,
    objectKey: key,
    // A bucket that keeps no versions gives an empty one.
    versionId: versionId.apply((version) => version || undefined),
  };
}

interface CodeFile {
  readonly file: string;
  readonly text: string;
  /** Of the content: an unchanged file keeps its key, and a running execution the files it was started with. */
  readonly hash: string;
}

function codeFiles(dataset: Dataset, folder: string): CodeFile[] {
  const scripts = [...new Set(dataset.steps.map((step) => step.script))];
  return [
    ...scripts.map((file) => ({ file, text: readFileSync(path.join(folder, file), "utf8") })),
    { file: DATASET_FILE, text: datasetJson(dataset) },
  ].map(({ file, text }) => ({ file, text, hash: hashOf(text) }));
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
