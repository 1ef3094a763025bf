import { ISOLATED, type Network } from "./network";
import { refuse } from "./problems";
import { NAME_RULES, nameProblem, type NameRule } from "./rules/names";

/** The place a stack is deployed to. All of it is known at preview. */
export interface Deployment {
  /** AWS partition: `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly project: string;
  readonly stack: string;
  /** Makes the bucket's name unique among all accounts: letters, digits and `-`. */
  readonly bucketPrefix: string;
  /** A bucket that is there already, used instead of one of the stack's own. */
  readonly existingBucket?: string | undefined;
  /** ARN of the KMS key that encrypts {@link existingBucket}, where it has one. */
  readonly existingBucketKeyArn?: string | undefined;
  /** A Glue database that is there already, used instead of one of the stack's own. */
  readonly existingDatabase?: string | undefined;
  /** Where jobs and functions run. Default: isolated. */
  readonly network?: Network;
  /** ARN of the managed policy that bounds every role of the stack; none when absent. */
  readonly permissionsBoundaryArn?: string | undefined;
}

/**
 * Every physical name and ARN of a stack, rendered here and nowhere else. They are fixed, so that ARNs and URIs are
 * plain strings at preview: a policy that reads an unknown value there is downgraded to advisory.
 *
 * @param datasets the datasets that the stack deploys: their names are checked together with the stack's own
 * @throws ContractError naming each service whose rule a name breaks, for the stack and for every dataset at once
 */
export function namesOf(deployment: Deployment, datasets: readonly { readonly name: string }[] = []) {
  const { partition, region, accountId, project, stack, bucketPrefix } = deployment;
  const { existingBucket, existingBucketKeyArn, existingDatabase } = deployment;
  const { network = ISOLATED, permissionsBoundaryArn } = deployment;
  const base = `${project}-${stack}`;
  const arn = (service: string, resource: string) => `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
  // With a hyphen, stack 'a' with dataset 'b_c' and stack 'a-b' with dataset 'c' would share their names, and what IAM
  // grants to 'a-*' would hold for 'a-b' as well.
  const problems = Object.entries({ project, stack }).flatMap(([part, name]) =>
    /^[a-z0-9]+$/.test(name) ? [] : [`${part} '${name}' must be lower-case letters and digits, without a hyphen`],
  );
  const checked = (rule: NameRule, name: string): string => {
    problems.push(...nameProblem(rule, name));
    return name;
  };

  const bucketArnOf = (name: string) => `arn:${partition}:s3:::${name}`;
  const bucket = existingBucket ?? checked(NAME_RULES.bucket, `${bucketPrefix}-${base}-data`);
  const repository = checked(NAME_RULES.repository, `${base}-processing`);
  const database = existingDatabase ?? checked(NAME_RULES.database, databaseName(deployment));
  problems.push(...existingProblems(deployment));
  problems.push(...datasets.flatMap(({ name }) => datasetNameProblems(deployment, name)));
  const keyAlias = `alias/${base}-data`;
  const rolePath = `/${base}/`;
  const roleArn = (name: string) => `arn:${partition}:iam::${accountId}:role${rolePath}${name}`;
  const role = (purpose: string) => {
    const name = checked(NAME_RULES.role, `${base}-${purpose}`);
    return { name, arn: roleArn(name) };
  };
  const fn = (purpose: string) => {
    const name = checked(NAME_RULES.function, `${base}-${purpose}`);
    return { name, arn: arn("lambda", `function:${name}`), logGroup: `/aws/lambda/${name}` };
  };
  const named = (service: string, name: string) => ({ name, arn: arn(service, name) });
  const scheduleGroup = base;
  const all = {
    base,
    project,
    stack,
    accountId,
    region,
    /** What is there already: the program uses it, and neither makes nor changes it. */
    existing: {
      bucket: existingBucket !== undefined,
      /** Of the key that encrypts the bucket. */
      bucketKeyArn: existingBucketKeyArn,
      database: existingDatabase !== undefined,
    },
    network,
    permissionsBoundaryArn,
    /** Of EC2: `subnet/…`, `security-group/…`, `network-interface/…`. */
    ec2Arn: (pattern: string) => arn("ec2", pattern),
    bucket,
    bucketArn: bucketArnOf(bucket),
    /** Of a bucket that is not the stack's. */
    bucketArnOf,
    objectArn: (pattern: string) => `${bucketArnOf(bucket)}/${pattern}`,
    repository,
    repositoryArn: arn("ecr", `repository/${repository}`),
    /** Of an image's URI, `<account>.dkr.ecr.<region>.<domain>/<repository>` with tag or digest. */
    repositoryArnOf: (image: string) =>
      image.replace(/^([0-9]{12})\.dkr\.ecr\.([^.]+)\.[^/]+\/([^:@]+).*$/, `arn:${partition}:ecr:$2:$1:repository/$3`),
    database,
    catalogArn: arn("glue", "catalog"),
    databaseArn: arn("glue", `database/${database}`),
    workgroup: checked(NAME_RULES.workgroup, workgroupName(deployment)),
    workgroupArn: (workgroup: string) => arn("athena", `workgroup/${workgroup}`),
    tableArn: (table: string) => arn("glue", `table/${database}/${table}`),
    keyAlias,
    keyAliasArn: arn("kms", keyAlias),
    /** Any key of the account; always with a condition on `kms:ResourceAliases`. */
    anyKeyArn: arn("kms", "key/*"),
    rolePath,
    pipelineRole: role("pipeline"),
    registrarRole: role("registrar"),
    dayRole: role("day"),
    schedulerRole: role("scheduler"),
    checkerRole: role("checker"),
    removerRole: role("remover"),
    spectrumRole: role("spectrum"),
    registrar: fn("registrar"),
    day: fn("day"),
    checker: fn("checker"),
    /** Group of the stack's schedules: what EventBridge Scheduler names as the source when it assumes a role. */
    scheduleGroup: { name: scheduleGroup, arn: arn("scheduler", `schedule-group/${scheduleGroup}`) },
    scheduleArn: (pattern: string) => arn("scheduler", `schedule/${scheduleGroup}/${pattern}`),
    /** The checker's own schedule. A capital, which no dataset's name has. */
    checkerSchedule: `${base}-Checker`,
    /** EventBridge Scheduler's universal target: it calls SageMaker's API as it is. */
    startPipelineTarget: `arn:${partition}:scheduler:::aws-sdk:sagemaker:startPipelineExecution`,
    /** Topic that all alarms go to. */
    alarmTopic: named("sns", `${base}-alarms`),
    /** Queue of what EventBridge and its scheduler could not deliver. */
    undelivered: named("sqs", `${base}-undelivered`),
    failedRule: { name: `${base}-failed`, arn: arn("events", `rule/${base}-failed`) },
    lateAlarm: `${base}-late`,
    undeliveredAlarm: `${base}-undelivered`,
    /** CloudWatch dashboard over all datasets. */
    dashboard: base,
    alarmArn: (pattern: string) => arn("cloudwatch", `alarm:${pattern}`),
    /** CloudWatch namespace of the project's own metrics; the stack is a dimension. */
    metrics: project,
    /** Every dataset's job role. */
    jobRolePattern: roleArn(`${base}-*-job`),
    /** ARN of an account's root: as a principal, whoever that account's administrators choose. */
    rootArn: (account: string) => `arn:${partition}:iam::${account}:root`,
    /** Users of Redshift, by cluster or workgroup: what Redshift names when it assumes a role. */
    redshiftUserArn: (pattern: string) => arn("redshift", `dbuser:${pattern}`),
    jobArn: (pattern: string) => arn("sagemaker", `processing-job/${pattern}`),
    pipelineArn: (pattern: string) => arn("sagemaker", `pipeline/${pattern}`),
    logGroupArn: (group: string) => arn("logs", `log-group:${group}`),
    service: (service: string) => `${service}.${region}.amazonaws.com`,
    /** Names of what belongs to one dataset. */
    dataset: (name: string) => {
      refuse(`names of stack '${stack}'`, datasetNameProblems(deployment, name));
      const { jobRole, ...own } = datasetNames(deployment, name);
      return { ...own, jobRole: { name: jobRole, arn: roleArn(jobRole) } };
    },
  };
  refuse(`names of stack '${stack}'`, problems);
  return all;
}

export type Names = ReturnType<typeof namesOf>;

/** Names of the run-time side are found without an account: by project, stack and dataset. */
export type StackId = Pick<Deployment, "project" | "stack">;

/**
 * The SageMaker pipeline of a dataset.
 *
 * @throws ContractError when the name is too long
 */
export function pipelineName(stack: StackId, dataset: string): string {
  refuse(`names of stack '${stack.stack}'`, datasetNameProblems(stack, dataset));
  return datasetNames(stack, dataset).pipeline;
}

/** The Glue database of a stack that makes its own. */
export function databaseName({ project, stack }: StackId): string {
  return `${project}-${stack}`.replaceAll("-", "_");
}

/** The Athena workgroup of a stack. */
export function workgroupName({ project, stack }: StackId): string {
  return `${project}-${stack}`;
}

/** SageMaker takes no underscore; a dataset's name holds no hyphen, so that no two datasets share a name. */
export function dashed(name: string): string {
  return name.replaceAll("_", "-");
}

function datasetNames({ project, stack }: StackId, dataset: string) {
  const name = `${project}-${stack}-${dashed(dataset)}`;
  return {
    pipeline: name,
    /**
     * Jobs are named `<prefix>-<execution>-…`: what IAM can scope. The capital ends the dataset's name, which has none:
     * `<base>-aJ-*` is dataset `a` alone, where `<base>-a-*` would be `a_b` as well.
     */
    jobPrefix: `${name}J`,
    jobRole: `${name}-job`,
    /**
     * One schedule for each day that a firing runs: the newest, then those before it. The dot ends the dataset's name,
     * which has none.
     */
    schedule: (daysBack: number) => (daysBack === 0 ? name : `${name}.back${daysBack}`),
  };
}

function datasetNameProblems(stack: StackId, dataset: string): string[] {
  const { pipeline, jobPrefix, jobRole, schedule } = datasetNames(stack, dataset);
  return [
    ...nameProblem(NAME_RULES.pipeline, pipeline),
    ...nameProblem(NAME_RULES.jobPrefix, jobPrefix),
    ...nameProblem(NAME_RULES.role, jobRole),
    ...nameProblem(NAME_RULES.schedule, schedule(31)),
  ].map((problem) => `dataset '${dataset}': ${problem}`);
}

/** Names that were given and not made here: the fix is another value, not a shorter one. */
function existingProblems({ partition, region, ...given }: Deployment): string[] {
  const { existingBucket: bucket, existingBucketKeyArn: key, existingDatabase: database } = given;
  const keys = `arn:${partition}:kms:${region}:`;
  const isKey = key?.startsWith(keys) && /^[0-9]{12}:key\/[A-Za-z0-9-]+$/.test(key.slice(keys.length));
  return [
    ...(bucket === undefined ? [] : nameProblem(NAME_RULES.existingBucket, bucket, "correct existingBucket")),
    ...(database === undefined ? [] : nameProblem(NAME_RULES.existingDatabase, database, "correct existingDatabase")),
    ...(key === undefined || isKey
      ? []
      : [`existingBucketKeyArn '${key}' must be the ARN of a key, not of an alias: ${keys}<account>:key/<id>`]),
    ...(key !== undefined && bucket === undefined
      ? [
          `existingBucketKeyArn '${key}' is of no use without existingBucket; the stack's own bucket has the stack's key`,
        ]
      : []),
  ];
}
