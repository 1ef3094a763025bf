import * as pulumi from "@pulumi/pulumi";
import { jobLimitsOf } from "../contract/compute";
import type { Dataset } from "../contract/dataset";
import type { Deployment, Names } from "../contract/names";
import { isReadBy } from "../contract/registration";
import { RUNBOOK } from "../contract/runbook";
import { Alarms } from "./alarms";
import { DataBucket } from "./bucket";
import { Catalog } from "./catalog";
import type { StackConfig } from "./config";
import type { Prerequisites } from "./dataset";
import { StepFunction } from "./function";
import { Dashboard } from "./dashboard";
import { DataKey } from "./key";
import { dayPolicy, registrarPolicy } from "./permissions/functions";
import type { OwnerStatements } from "./permissions/readers";
import { PipelineRole } from "./pipelineRole";
import { Remover } from "./remover";
import { Scheduling } from "./scheduling";
import { Spectrum } from "./spectrum";
import { Workgroup } from "./workgroup";

export interface PlatformArgs {
  readonly deployment: Deployment;
  readonly names: Names;
  readonly datasets: readonly Dataset[];
  readonly config: StackConfig;
  /** Whether a destroy may delete data. */
  readonly mayDestroy: boolean;
}

/** What is undefined is left out: the engine warns of such an output at every preview. */
export interface PlatformOutputs {
  /** CloudWatch's name of it. */
  readonly dashboard: string;
  /** Of stacks with a dataset that names Redshift as a reader; both known at preview. */
  readonly spectrumRoleArn?: string;
  readonly createExternalSchema?: string;
  /** What the owner of an existing bucket adds to its policies. */
  readonly existingBucketStatements?: OwnerStatements;
}

/**
 * What all datasets of a stack share: key, bucket, database, the pipelines' role and their functions, alarms, and where
 * a dataset has a schedule what all schedules share.
 */
export class Platform extends pulumi.ComponentResource {
  readonly keyArn: pulumi.Output<string>;
  readonly pipelineRoleArn: pulumi.Output<string>;
  /** What datasets wait for. */
  readonly provides: Prerequisites;
  /** Outputs of the stack, of which each has only those that concern it. */
  readonly outputs: PlatformOutputs;

  constructor(name: string, args: PlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    super("partitions:components:Platform", name, {}, opts);
    const { config, ...stack } = args;
    const { names, datasets } = stack;
    const child = { parent: this };
    const key = new DataKey("data", stack, child);
    const { arn: keyArn } = key;
    this.keyArn = keyArn;
    const bucket = new DataBucket("data", { ...stack, keyArn, accessLogBucket: config.accessLogBucket }, child);
    const catalog = new Catalog("catalog", stack, child);
    this.pipelineRoleArn = new PipelineRole(
      "pipelines",
      { ...stack, limits: jobLimitsOf(datasets, config) },
      child,
    ).arn;
    const functions = { ...stack, keyArn, logRetentionDays: config.logRetentionDays };
    const day = new StepFunction(
      "day",
      {
        ...functions,
        ...{ function: names.day, role: names.dayRole, entry: "day.ts", permissions: dayPolicy(names) },
        ...{ description: "turns a run's parameters into its partition", timeoutSeconds: 30, memoryMiB: 256 },
      },
      child,
    );
    const registrar = new StepFunction(
      "registrar",
      {
        ...functions,
        ...{ function: names.registrar, role: names.registrarRole, entry: "registrar.ts" },
        permissions: registrarPolicy(names, datasets),
        ...{ description: "registers the partitions that a run wrote", timeoutSeconds: 600, memoryMiB: 512 },
      },
      child,
    );
    if (config.removerPrincipalArn !== undefined)
      new Remover("remover", { ...stack, principalArn: config.removerPrincipalArn }, child);
    new Workgroup(
      "athena",
      { names, datasets, keyArn, scanLimitGiB: config.scanLimitGiB },
      { ...child, dependsOn: [bucket] },
    );
    const runbook = config.runbookUrl ?? RUNBOOK;
    // Topic and queue name the key by its alias.
    const alarms = new Alarms(
      "alarms",
      { names, alarmEmail: config.alarmEmail, runbook },
      { ...child, dependsOn: [key] },
    );
    new Dashboard("dashboard", { names, datasets, runbook }, child);
    const scheduled = datasets.some(({ schedule }) => schedule !== undefined);
    const scheduling = scheduled
      ? [new Scheduling("schedules", { ...functions, runbook }, { ...child, dependsOn: [alarms] })]
      : [];
    this.provides = { storage: [bucket, catalog], functions: [day, registrar], schedules: [alarms, ...scheduling] };
    const ofRedshift = datasets.filter((dataset) => isReadBy(dataset, "redshift-spectrum"));
    const spectrum =
      ofRedshift.length === 0
        ? undefined
        : new Spectrum(
            "spectrum",
            { names, datasets: ofRedshift, warehouse: config.warehouse },
            { ...child, dependsOn: [catalog] },
          );
    this.outputs = {
      dashboard: names.dashboard,
      ...(spectrum && { spectrumRoleArn: spectrum.roleArn, createExternalSchema: spectrum.createSchema }),
      ...(bucket.ownerStatements && { existingBucketStatements: bucket.ownerStatements }),
    };
    this.registerOutputs({ keyArn, pipelineRoleArn: this.pipelineRoleArn });
  }
}
