import * as path from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { tagsOf } from "../contract/dataset";
import { addresses } from "../contract/layout";
import type { Deployment, Names } from "../contract/names";
import { jobPolicy } from "./permissions/job";
import { trustPolicy } from "./permissions/trust";
import { hashOf, type PipelinePlan } from "./pipelinePlan";
import { datasetSchedules } from "./schedule";
import { partitionedTable } from "./table";

export interface PartitionedDatasetArgs {
  readonly deployment: Deployment;
  readonly names: Names;
  readonly plan: PipelinePlan;
  readonly imageUri: pulumi.Input<string>;
  readonly keyArn: pulumi.Input<string>;
  /** Role of the pipeline itself; jobs have their own. */
  readonly pipelineRoleArn: pulumi.Input<string>;
  /** What must be there first: names are plain text, and tell the engine of no dependency. */
  readonly after: Prerequisites;
  /** Whether a destroy may delete the table, and with it every registered partition. */
  readonly mayDestroy: boolean;
}

/**
 * Taken by the resources and not by the component: a destroy that keeps a protected table keeps all that the table's
 * parent depends on.
 */
export interface Prerequisites {
  /** Bucket and database. */
  readonly storage: readonly pulumi.Resource[];
  /** What a pipeline calls. */
  readonly functions: readonly pulumi.Resource[];
  /** What a schedule needs. */
  readonly schedules: readonly pulumi.Resource[];
}

/** Name of the definition among the files of a dataset. */
const DEFINITION_FILE = "pipeline.json";

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".json": "application/json",
  ".py": "text/x-python",
  ".zip": "application/zip",
};

/**
 * What is provisioned for one dataset: its table, its SageMaker pipeline, the role of the pipeline's jobs, the files
 * that the jobs read, and its schedules. One component, not one for each part: with hundreds of datasets a component costs nearly as much
 * as a resource.
 *
 * A definition over the limit is a file as well. SageMaker reads it when the pipeline is made or changed, not when it
 * runs. The documentation names no role for that, so it is the caller of CreatePipeline, the user who deploys, who needs
 * `s3:GetObject`, `s3:GetObjectVersion` and, through S3, `kms:Decrypt`; the pipeline's own role gets no S3 right for it.
 */
export class PartitionedDataset extends pulumi.ComponentResource {
  /** `s3://…/output/` of the table: known at preview. */
  readonly location: string;
  /** Known at preview. */
  readonly pipelineName: string;

  constructor(name: string, args: PartitionedDatasetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("partitions:components:PartitionedDataset", name, {}, opts);
    const { deployment, names, plan, mayDestroy, after } = args;
    const { dataset } = plan;
    const own = names.dataset(dataset.name);
    this.pipelineName = own.pipeline;

    const child = { parent: this };
    const stored = { ...child, dependsOn: [...after.storage] };
    this.location = partitionedTable(name, { names, dataset, mayDestroy }, stored);
    const role = new aws.iam.Role(
      `${name}-job-role`,
      {
        name: own.jobRole.name,
        path: names.rolePath,
        permissionsBoundary: names.permissionsBoundaryArn,
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
    const upload = (file: string, key: pulumi.Input<string>, content: pulumi.Input<string> | Uint8Array) =>
      new aws.s3.BucketObjectv2(
        `${name}-${file}`,
        {
          bucket: names.bucket,
          key,
          ...(content instanceof Uint8Array ? { contentBase64: Buffer.from(content).toString("base64") } : { content }),
          contentType: CONTENT_TYPES[path.extname(file)] ?? "text/plain",
        },
        // A changed file has another key. The old one stays for the executions that were started with it.
        { ...stored, retainOnDelete: true },
      );
    const uploads = plan.files.map(({ file, hash, content }) => upload(file, codeKey(hash, file), content));
    const definition = pulumi
      .all([args.imageUri, args.keyArn])
      .apply(([imageUri, kmsKeyArn]) => plan.definition({ imageUri, kmsKeyArn }));
    const file = plan.inline
      ? undefined
      : upload(
          DEFINITION_FILE,
          definition.apply((text) => codeKey(hashOf(text), DEFINITION_FILE)),
          definition,
        );
    const pipeline = new aws.sagemaker.Pipeline(
      `${name}-pipeline`,
      {
        pipelineName: own.pipeline,
        pipelineDisplayName: own.pipeline,
        pipelineDescription: dataset.description,
        roleArn: args.pipelineRoleArn,
        tags: tagsOf(dataset),
        ...(file === undefined
          ? { pipelineDefinition: definition }
          : { pipelineDefinitionS3Location: locationOf(file) }),
      },
      {
        ...child,
        dependsOn: [permissions, ...uploads, ...after.functions],
        // The provider reads the text back, and would take it for a change that SageMaker refuses
        // (https://github.com/hashicorp/terraform-provider-aws/issues/38259).
        ...(file === undefined ? {} : { ignoreChanges: ["pipelineDefinition"] }),
        // Nor can it take the one form back for the other.
        replacementTrigger: file === undefined ? "inline" : "stored",
        deleteBeforeReplace: true,
      },
    );
    const scheduled = { ...child, dependsOn: [pipeline, ...after.schedules] };
    datasetSchedules(name, { names, dataset, keyArn: args.keyArn }, scheduled);
    this.registerOutputs({ location: this.location, pipelineName: this.pipelineName });
  }
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
