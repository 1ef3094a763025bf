import { refuse } from "./problems";

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
}

interface NameRule {
  readonly service: string;
  readonly pattern: RegExp;
  readonly source: string;
}

const RULES = {
  bucket: {
    service: "S3 bucket",
    pattern: /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
    source: "3 to 63 lower-case letters, digits and -",
  },
  repository: {
    service: "ECR repository",
    pattern: /^[a-z0-9]+([._-][a-z0-9]+)*$/,
    source: "lower-case letters, digits and -",
  },
  database: {
    service: "Glue database",
    pattern: /^[a-z_][a-z0-9_]{0,127}$/,
    source: "lower-case letters, digits and _ (Athena takes no -)",
  },
  role: { service: "IAM role", pattern: /^[A-Za-z0-9+=,.@_-]{1,64}$/, source: "at most 64 characters" },
  function: { service: "Lambda function", pattern: /^[A-Za-z0-9_-]{1,64}$/, source: "at most 64 characters" },
  pipeline: {
    service: "SageMaker pipeline (and job prefix)",
    pattern: /^(?=.{1,38}$)[a-zA-Z0-9](-*[a-zA-Z0-9])*$/,
    source: "letters, digits and -, at most 38 characters, no _",
  },
} satisfies Record<string, NameRule>;

/**
 * Every physical name and ARN of a stack, rendered here and nowhere else. They are fixed, so that ARNs and URIs are
 * plain strings at preview: a policy that reads an unknown value there is downgraded to advisory.
 *
 * @throws ContractError naming each service whose rule a name breaks
 */
export function namesOf(deployment: Deployment) {
  const { partition, region, accountId, project, stack, bucketPrefix } = deployment;
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
  const bucket = checked(RULES.bucket, `${bucketPrefix}-${base}-data`);
  const repository = checked(RULES.repository, `${base}-processing`);
  const database = checked(RULES.database, databaseName(deployment));
  const keyAlias = `alias/${base}-data`;
  const rolePath = `/${base}/`;
  const roleArn = (name: string) => `arn:${partition}:iam::${accountId}:role${rolePath}${name}`;
  const role = (purpose: string) => {
    const name = checked(RULES.role, `${base}-${purpose}`);
    return { name, arn: roleArn(name) };
  };
  const fn = (purpose: string) => {
    const name = checked(RULES.function, `${base}-${purpose}`);
    return { name, arn: arn("lambda", `function:${name}`), logGroup: `/aws/lambda/${name}` };
  };
  const all = {
    base,
    bucket,
    bucketArn: bucketArnOf(bucket),
    /** Of a bucket that is not the stack's. */
    bucketArnOf,
    objectArn: (pattern: string) => `${bucketArnOf(bucket)}/${pattern}`,
    repository,
    repositoryArn: arn("ecr", `repository/${repository}`),
    database,
    catalogArn: arn("glue", "catalog"),
    databaseArn: arn("glue", `database/${database}`),
    tableArn: (table: string) => arn("glue", `table/${database}/${table}`),
    keyAlias,
    keyAliasArn: arn("kms", keyAlias),
    /** Any key of the account; always with a condition on `kms:ResourceAliases`. */
    anyKeyArn: arn("kms", "key/*"),
    rolePath,
    pipelineRole: role("pipeline"),
    registrarRole: role("registrar"),
    dayRole: role("day"),
    registrar: fn("registrar"),
    day: fn("day"),
    /** Every dataset's job role. */
    jobRolePattern: roleArn(`${base}-*-job`),
    /** ARN of the account's root, the administrator of keys. */
    accountRootArn: `arn:${partition}:iam::${accountId}:root`,
    jobArn: (pattern: string) => arn("sagemaker", `processing-job/${pattern}`),
    pipelineArn: (pattern: string) => arn("sagemaker", `pipeline/${pattern}`),
    logGroupArn: (group: string) => arn("logs", `log-group:${group}`),
    service: (service: string) => `${service}.${region}.amazonaws.com`,
    /** Names of what belongs to one dataset. */
    dataset: (name: string) => {
      const jobRole = `${base}-${dashed(name)}-job`;
      const pipeline = pipelineName({ project, stack }, name);
      refuse(`names of dataset '${name}' in stack '${stack}'`, nameProblem(RULES.role, jobRole));
      return { pipeline, jobRole: { name: jobRole, arn: roleArn(jobRole) } };
    },
  };
  refuse(`names of stack '${stack}'`, problems);
  return all;
}

/** Names of the run-time side are found without an account: by project, stack and dataset. */
export type StackId = Pick<Deployment, "project" | "stack">;

/**
 * The SageMaker pipeline of a dataset. It is the prefix of its jobs' names too (`<prefix>-<execution>-…`): what IAM can
 * scope. SageMaker takes no underscore.
 *
 * @throws ContractError when the name is too long
 */
export function pipelineName({ project, stack }: StackId, dataset: string): string {
  const name = `${project}-${stack}-${dashed(dataset)}`;
  refuse(`dataset '${dataset}' in stack '${stack}'`, nameProblem(RULES.pipeline, name));
  return name;
}

/** The Glue database of a stack. */
export function databaseName({ project, stack }: StackId): string {
  return `${project}-${stack}`.replaceAll("-", "_");
}

const dashed = (name: string): string => name.replaceAll("_", "-");

const nameProblem = (rule: NameRule, name: string): string[] =>
  rule.pattern.test(name) ? [] : [`${rule.service} name '${name}' must be ${rule.source}; shorten or rename`];

export type Names = ReturnType<typeof namesOf>;
