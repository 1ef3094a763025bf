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

export interface DatasetPipelineArgs {
  readonly deployment: Deployment;
  readonly names: Names;
  readonly dataset: Dataset;
  readonly imageUri: pulumi.Input<string>;
  readonly keyArn: pulumi.Input<string>;
  /** Role of the pipeline itself; jobs have their own. */
  readonly pipelineRoleArn: pulumi.Input<string>;
  readonly compute: Pick<Runtime, "instanceType" | "instanceCount" | "volumeSizeGiB" | "maxRuntimeSeconds">;
}

/** Stands for what only an `up` knows, so that the declaration is checked before anything is made. */
const UNKNOWN = { imageUri: "unknown", kmsKeyArn: "unknown" };

/** The SageMaker pipeline of a dataset, the role of its jobs, and the files that the jobs read. */
export class DatasetPipeline extends pulumi.ComponentResource {
  /** Known at preview. */
  readonly pipelineName: string;

  constructor(name: string, args: DatasetPipelineArgs, opts?: pulumi.ComponentResourceOptions) {
    super("partitions:components:DatasetPipeline", name, {}, opts);
    const { deployment, names, dataset } = args;
    const own = names.dataset(dataset.name);
    this.pipelineName = own.pipeline;
    const files = codeFiles(dataset);
    const runtime = {
      ...args.compute,
      bucket: names.bucket,
      database: names.database,
      jobRoleArn: own.jobRole.arn,
      jobNamePrefix: own.pipeline,
      dayFunctionArn: names.day.arn,
      registrarFunctionArn: names.registrar.arn,
      codeHashes: Object.fromEntries(files.map(({ file, hash }) => [file, hash])),
    };
    checkDefinition(dataset, datasetPipeline(dataset, { ...runtime, ...UNKNOWN }));

    const child = { parent: this };
    const role = new aws.iam.Role(
      `${name}-job-role`,
      {
        name: own.jobRole.name,
        path: names.rolePath,
        description: `processing jobs of ${own.pipeline}`,
        tags: tagsOf(dataset),
        assumeRolePolicy: JSON.stringify(
          trustPolicy(deployment, "sagemaker.amazonaws.com", names.jobArn(`${own.pipeline}-*`)),
        ),
      },
      child,
    );
    const permissions = new aws.iam.RolePolicy(
      `${name}-job-permissions`,
      { name: "permissions", role: own.jobRole.name, policy: JSON.stringify(jobPolicy(names, dataset)) },
      { ...child, dependsOn: [role] },
    );
    const uploads = files.map(
      ({ file, hash, text }) =>
        new aws.s3.BucketObjectv2(
          `${name}-${file}`,
          {
            bucket: names.bucket,
            key: addresses(dataset, names.bucket).codeKey(hash, file),
            content: text,
            contentType: file.endsWith(".json") ? "application/json" : "text/x-python",
          },
          child,
        ),
    );
    new aws.sagemaker.Pipeline(
      `${name}-pipeline`,
      {
        pipelineName: own.pipeline,
        pipelineDisplayName: own.pipeline,
        pipelineDescription: dataset.description,
        roleArn: args.pipelineRoleArn,
        tags: tagsOf(dataset),
        pipelineDefinition: pulumi
          .all([args.imageUri, args.keyArn])
          .apply(([imageUri, kmsKeyArn]) =>
            renderDefinition(datasetPipeline(dataset, { ...runtime, imageUri, kmsKeyArn })),
          ),
      },
      { ...child, dependsOn: [permissions, ...uploads] },
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

interface CodeFile {
  readonly file: string;
  readonly text: string;
  /** Of the content: an unchanged file keeps its key, and a running execution the files it was started with. */
  readonly hash: string;
}

function codeFiles(dataset: Dataset): CodeFile[] {
  const folder = path.resolve(__dirname, "../datasets", dataset.name);
  const scripts = [...new Set(dataset.steps.map((step) => step.script))];
  return [
    ...scripts.map((file) => ({ file, text: readFileSync(path.join(folder, file), "utf8") })),
    { file: DATASET_FILE, text: datasetJson(dataset) },
  ].map(({ file, text }) => ({ file, text, hash: createHash("sha256").update(text).digest("hex").slice(0, 16) }));
}
