/** What a service takes as a name. */
export interface NameRule {
  readonly service: string;
  readonly pattern: RegExp;
  /** The rule in words, for messages. */
  readonly rule: string;
}

/** Beginnings and ends that S3 keeps for itself. (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html) */
const FREE = String.raw`(?!xn--|sthree-|amzn-s3-demo-)(?!.*(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$)`;

/** The name rules of the services, as far as names are made from a project, a stack and a dataset, or given as they are. */
export const NAME_RULES = {
  bucket: {
    service: "S3 bucket",
    pattern: new RegExp(`^${FREE}[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$`),
    rule: "3 to 63 lower-case letters, digits and -, and not begin or end as S3's own do (xn--, sthree-, -s3alias, …)",
  },
  existingBucket: {
    service: "S3 bucket",
    pattern: new RegExp(String.raw`^${FREE}(?!.*\.\.)(?![0-9.]+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`),
    rule: "3 to 63 lower-case letters, digits, - and single dots, not an address, an access point or a directory bucket",
  },
  repository: {
    service: "ECR repository",
    pattern: /^[a-z0-9]+([._-][a-z0-9]+)*$/,
    rule: "lower-case letters, digits and -",
  },
  database: {
    service: "Glue database",
    pattern: /^[a-z_][a-z0-9_]{0,127}$/,
    rule: "lower-case letters, digits and _ (Athena's DDL takes no -)",
  },
  // Glue takes nearly everything; what means something in an ARN, in SQL quotes or in Pulumi's ids is left out.
  existingDatabase: {
    service: "Glue database",
    pattern: /^[a-z0-9_][a-z0-9_.-]{0,254}$/,
    rule: "at most 255 lower-case letters, digits, _, - and dots (Glue folds case)",
  },
  table: {
    service: "Glue table",
    pattern: /^[a-z_][a-z0-9_]{0,126}$/,
    rule: "lower-case letters, digits and _, at most 127 (Glue folds case, Athena's DDL takes no -, Redshift 127 bytes)",
  },
  existingTable: {
    service: "Glue table",
    pattern: /^[a-z0-9_][a-z0-9_.-]{0,126}$/,
    rule: "at most 127 lower-case letters, digits, _, - and dots (Glue folds case, Redshift takes 127 bytes)",
  },
  workgroup: { service: "Athena workgroup", pattern: /^[A-Za-z0-9._-]{1,128}$/, rule: "at most 128 characters" },
  role: { service: "IAM role", pattern: /^[A-Za-z0-9+=,.@_-]{1,64}$/, rule: "at most 64 characters" },
  function: { service: "Lambda function", pattern: /^[A-Za-z0-9_-]{1,64}$/, rule: "at most 64 characters" },
  pipeline: {
    service: "SageMaker pipeline",
    pattern: /^(?=.{1,256}$)[a-zA-Z0-9](-*[a-zA-Z0-9])*$/,
    rule: "letters, digits and -, no _, and not end with either",
  },
  /** SageMaker adds the execution and 10 characters to it; a job's name has at most 63. */
  jobPrefix: {
    service: "SageMaker job (its first part)",
    pattern: /^(?=.{1,38}$)[a-zA-Z0-9](-*[a-zA-Z0-9])*$/,
    rule: "letters, digits and -, at most 38 characters, no _",
  },
  schedule: {
    service: "EventBridge schedule",
    pattern: /^[0-9a-zA-Z_.-]{1,64}$/,
    rule: "at most 64 letters, digits, -, _ and dots",
  },
} as const satisfies Record<string, NameRule>;

/** What is wrong with a name, as one line with the fix; empty when nothing is. */
export function nameProblem({ service, pattern, rule }: NameRule, name: string, fix = "shorten or rename"): string[] {
  return pattern.test(name) ? [] : [`${service} name '${name}' must be ${rule}; ${fix}`];
}
