import { ACCOUNT, REGION } from "../support/mocks";
import { all, features } from "./datasets";
import { BUCKET_KEY, EVERYBODY, KEY, type DeployedStack, type RoleName } from "./deployed";
import type { Needed } from "./permissionsOf";
import { jobsOf, toldOf } from "./services";

const glue = (path: string) => `arn:aws:glue:${REGION}:${ACCOUNT}:${path}`;
const on = (action: string, resource: string, context?: Needed["context"]): Needed => ({
  ...{ action, resource },
  ...(context === undefined ? {} : { context }),
});

/** What a role must not do: who, what it would be, and the call. */
type Row = readonly [role: RoleName, what: string, call: Needed];

/** Written down here and nowhere else. Each row is denied in every place a stack can have. */
export function forbidden(stack: DeployedStack): Row[] {
  const { names } = stack;
  const object = (key: string) => names.objectArn(key);
  const list = (prefix: string) => on("s3:ListBucket", names.bucketArn, { "s3:prefix": prefix });
  const day = "d=2021-12-01/partition.csv";
  const elsewhere = "arn:aws:s3:::other-bucket";
  const [job] = jobsOf(stack, features);
  if (!job) throw new Error("no job");
  const told = toldOf(job.request);
  const without = (...keys: string[]) =>
    Object.fromEntries(Object.entries(told).filter(([key]) => !keys.includes(key)));
  const arn = job.arns[0] ?? "";
  const create = (context: Needed["context"], resource = arn) => on("sagemaker:CreateProcessingJob", resource, context);
  const pass = (resource: string, service = "sagemaker.amazonaws.com") =>
    on("iam:PassRole", resource, { "iam:PassedToService": service });
  const otherStack = (service: string, path: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${path}`;
  const sklearnImages = `arn:aws:ecr:${REGION}:354813040037:repository/sagemaker-scikit-learn`;
  const ownTable = names.tableArn("features");
  const alike = `${names.database}2`;
  return [
    [
      "job of a",
      "read the output of a dataset whose name begins alike",
      on("s3:GetObject", object(`a_b/output/${day}`)),
    ],
    ["job of a", "read in a prefix that begins alike", on("s3:GetObject", object("a-c/raw/x.csv"))],
    ["job of a", "list a prefix that begins alike", list("a_b/raw/")],
    ["job of a", "list both prefixes", list("a")],
    ["job of a", "list the bucket", list("")],
    ["job of a", "list the bucket, naming no prefix", on("s3:ListBucket", names.bucketArn)],
    [
      "job of a",
      "write the output of a dataset whose name begins alike",
      on("s3:PutObject", object(`a_b/output/${day}`)),
    ],
    ["job of a", "write beside its prefix", on("s3:PutObject", object(`a-c/output/${day}`))],
    ["job of a", "write its own raw files", on("s3:PutObject", object("a/raw/x.csv"))],
    ["job of a", "write its own code", on("s3:PutObject", object("a/code/0123456789abcdef/extract.py"))],
    ["job of a", "read its own output, which no step of it reads", on("s3:GetObject", object(`a/output/${day}`))],
    ["job of a", "delete its own output", on("s3:DeleteObject", object(`a/output/${day}`))],
    ["job of a", "delete a version of it", on("s3:DeleteObjectVersion", object(`a/output/${day}`))],
    ["job of a", "read another bucket", on("s3:GetObject", `${elsewhere}/a/raw/x.csv`)],
    ["job of a", "write another bucket", on("s3:PutObject", `${elsewhere}/a/output/${day}`)],
    ["job of a", "register a partition", on("glue:BatchCreatePartition", names.tableArn("a"))],
    ["job of a", "start a job", create(told)],
    [
      "job of a",
      "pull another image",
      on("ecr:BatchGetImage", otherStack("ecr", "repository/partitions-prod-processing")),
    ],
    ["job of a", "pull SageMaker's images", on("ecr:BatchGetImage", sklearnImages)],
    ["job of joined", "pull the stack's own image", on("ecr:BatchGetImage", names.repositoryArn)],
    ["job of a", "use the key by itself", on("kms:Decrypt", KEY, { "kms:ResourceAliases": [names.keyAlias] })],
    ["job of a", "grant the key to somebody", stack.useOfStackKey("kms:CreateGrant", "s3")],
    ["job of joined", "write what it reads of another dataset", on("s3:PutObject", object(`features/output/${day}`))],
    ["job of joined", "write a folder that it reads", on("s3:PutObject", object("master/stations/x.csv"))],
    [
      "job of joined",
      "write another bucket that it reads",
      on("s3:PutObject", "arn:aws:s3:::their-bucket/master/x.csv"),
    ],
    [
      "job of joined",
      "read beside a folder that it reads",
      on("s3:GetObject", "arn:aws:s3:::their-bucket/masters/x.csv"),
    ],

    [
      "registrar",
      "write into a database whose name begins alike",
      on("glue:BatchCreatePartition", glue(`database/${alike}`)),
    ],
    [
      "registrar",
      "write a table of a database that begins alike",
      on("glue:BatchCreatePartition", glue(`table/${alike}/features`)),
    ],
    [
      "registrar",
      "update another stack's partitions",
      on("glue:BatchUpdatePartition", glue("table/partitions_prod/features")),
    ],
    ["registrar", "delete a partition", on("glue:DeletePartition", ownTable)],
    ["registrar", "delete partitions", on("glue:BatchDeletePartition", ownTable)],
    ["registrar", "change a table", on("glue:UpdateTable", ownTable)],
    ["registrar", "delete a table", on("glue:DeleteTable", ownTable)],
    ["registrar", "change the database", on("glue:UpdateDatabase", names.databaseArn)],
    ["registrar", "read raw files", on("s3:GetObject", object("features/raw/x.csv"))],
    ["registrar", "list raw files", list("features/raw/")],
    ["registrar", "list the bucket", list("")],
    ["registrar", "write data", on("s3:PutObject", object(`features/output/${day}`))],
    ["registrar", "delete data", on("s3:DeleteObject", object(`features/output/${day}`))],
    ["registrar", "read another bucket", on("s3:GetObject", `${elsewhere}/features/output/${day}`)],
    ["registrar", "start a query in another workgroup", on("athena:StartQueryExecution", names.workgroupArn("others"))],

    ["pipeline", "start a job with a network", create({ ...told, "sagemaker:NetworkIsolation": "false" })],
    ["pipeline", "start a job that says nothing of isolation", create(without("sagemaker:NetworkIsolation"))],
    ["pipeline", "start another instance type", create({ ...told, "sagemaker:InstanceTypes": ["ml.p4d.24xlarge"] })],
    [
      "pipeline",
      "start another type as well",
      create({ ...told, "sagemaker:InstanceTypes": ["ml.t3.medium", "ml.m5.large"] }),
    ],
    [
      "pipeline",
      "start a job without the key on disks that take one, beside a type whose disks do not",
      create({ ...without("sagemaker:VolumeKmsKeyArn"), "sagemaker:InstanceTypes": ["ml.m5d.xlarge", "ml.t3.medium"] }),
    ],
    ["pipeline", "start a job that names no type", create(without("sagemaker:InstanceTypes"))],
    ["pipeline", "start a longer job", create({ ...told, "sagemaker:MaxRuntimeInSeconds": "3601" })],
    ["pipeline", "start a job without an end", create(without("sagemaker:MaxRuntimeInSeconds"))],
    ["pipeline", "start a job without a volume key", create(without("sagemaker:VolumeKmsKeyArn"))],
    ["pipeline", "start a job without an output key", create(without("sagemaker:OutputKmsKeyArn"))],
    ["pipeline", "start a job of another stack", create(told, arn.replace("partitions-test-", "partitions-prod-"))],
    [
      "pipeline",
      "start a job of a stack that begins alike",
      create(told, arn.replace("partitions-test-", "partitions-test2-")),
    ],
    [
      "pipeline",
      "start a training job",
      on("sagemaker:CreateTrainingJob", arn.replace("processing-job", "training-job")),
    ],
    ["pipeline", "stop another stack's job", on("sagemaker:StopProcessingJob", arn.replace("-test-", "-prod-"))],
    ["pipeline", "pass its own role", pass(names.pipelineRole.arn)],
    ["pipeline", "pass the registrar's role", pass(names.registrarRole.arn)],
    ["pipeline", "pass another stack's job role", pass(names.dataset("a").jobRole.arn.replaceAll("-test", "-prod"))],
    ["pipeline", "pass an administrator's role", pass(`arn:aws:iam::${ACCOUNT}:role/admin-job`)],
    ["pipeline", "pass a job role to Lambda", pass(names.dataset("a").jobRole.arn, "lambda.amazonaws.com")],
    ["pipeline", "pass a job role to EC2", pass(names.dataset("a").jobRole.arn, "ec2.amazonaws.com")],
    ["pipeline", "read data", on("s3:GetObject", object(`features/output/${day}`))],
    ["pipeline", "list data", list("features/output/")],
    ["pipeline", "decrypt data", stack.useOfDataKey("kms:Decrypt")],
    ["pipeline", "register partitions", on("glue:BatchCreatePartition", ownTable)],
    [
      "pipeline",
      "call another stack's function",
      on("lambda:InvokeFunction", otherStack("lambda", "function:partitions-prod-day")),
    ],
    ["pipeline", "call the checker", on("lambda:InvokeFunction", names.checker.arn)],

    [
      "scheduler",
      "start another stack's pipeline",
      on("sagemaker:StartPipelineExecution", otherStack("sagemaker", "pipeline/partitions-prod-features")),
    ],
    [
      "scheduler",
      "start one of a stack that begins alike",
      on("sagemaker:StartPipelineExecution", otherStack("sagemaker", "pipeline/partitions-test2-features")),
    ],
    ["scheduler", "change a pipeline", on("sagemaker:UpdatePipeline", names.pipelineArn("partitions-test-features"))],
    ["scheduler", "pass a role", pass(names.pipelineRole.arn)],
    ["scheduler", "call the registrar", on("lambda:InvokeFunction", names.registrar.arn)],
    ["scheduler", "read data", on("s3:GetObject", object(`features/output/${day}`))],
    ["scheduler", "read the queue", on("sqs:ReceiveMessage", names.undelivered.arn)],

    ["day", "read data", on("s3:GetObject", object(`features/output/${day}`))],
    ["day", "read a table", on("glue:GetTable", ownTable)],
    [
      "day",
      "write another function's log",
      on("logs:PutLogEvents", `${names.logGroupArn(names.registrar.logGroup)}:log-stream:x`),
    ],

    ["checker", "register a partition", on("glue:BatchCreatePartition", ownTable)],
    ["checker", "look into another database", on("glue:GetPartition", glue(`table/${alike}/features`))],
    ["checker", "read data", on("s3:GetObject", object(`projected/output/${day}`))],
    ["checker", "publish to another topic", on("sns:Publish", otherStack("sns", "partitions-prod-alarms"))],
    [
      "checker",
      "count in another namespace",
      on("cloudwatch:PutMetricData", "*", { "cloudwatch:namespace": "AWS/SageMaker" }),
    ],
    ["checker", "change a schedule", on("scheduler:UpdateSchedule", names.scheduleArn("partitions-test-features"))],
    [
      "checker",
      "read another group's schedules",
      on("scheduler:GetSchedule", otherStack("scheduler", "schedule/partitions-prod/x")),
    ],
    ["checker", "decrypt data", stack.useOfDataKey("kms:Decrypt")],

    [
      "remover",
      "remove partitions of another database",
      on("glue:BatchDeletePartition", glue(`table/${alike}/features`)),
    ],
    ["remover", "delete a table", on("glue:DeleteTable", ownTable)],
    ["remover", "delete data", on("s3:DeleteObject", object(`features/output/${day}`))],
    ["remover", "read data", on("s3:GetObject", object(`features/output/${day}`))],

    ["spectrum", "read a table that does not name it", on("glue:GetTable", names.tableArn("a"))],
    ["spectrum", "read another database", on("glue:GetTables", glue(`table/${alike}/nested`))],
    ["spectrum", "read output that does not name it", on("s3:GetObject", object(`a/output/${day}`))],
    ["spectrum", "read raw files", on("s3:GetObject", object("lake/nested/raw/x.csv"))],
    ["spectrum", "write data", on("s3:PutObject", object(`lake/nested/output/${day}`))],
    ["spectrum", "register a partition", on("glue:BatchCreatePartition", names.tableArn("nested"))],
    ["spectrum", "list the bucket", list("")],

    ...EVERYBODY(all).flatMap((role) => administration(stack, role)),
  ];
}

/** For nobody: rights over rights, keys, buckets and other people's resources. */
function administration({ names }: DeployedStack, role: RoleName): Row[] {
  const ownRole = names.registrarRole.arn;
  return [
    ...["CreateRole", "PutRolePolicy", "AttachRolePolicy", "UpdateAssumeRolePolicy", "DeleteRolePolicy"].map(
      (action): Row => [role, `iam:${action}`, on(`iam:${action}`, ownRole)],
    ),
    [role, "iam:CreateAccessKey", on("iam:CreateAccessKey", `arn:aws:iam::${ACCOUNT}:user/somebody`)],
    [role, "sts:AssumeRole", on("sts:AssumeRole", `arn:aws:iam::${ACCOUNT}:role/admin`)],
    ...["PutKeyPolicy", "ScheduleKeyDeletion", "DisableKey", "RetireGrant"].flatMap((action): Row[] =>
      [KEY, BUCKET_KEY].map((key) => [role, `kms:${action} of …${key.slice(-4)}`, on(`kms:${action}`, key)]),
    ),
    [role, "kms:UpdateAlias", on("kms:UpdateAlias", names.keyAliasArn)],
    ...["PutBucketPolicy", "DeleteBucket", "PutLifecycleConfiguration", "PutEncryptionConfiguration"].map(
      (action): Row => [role, `s3:${action}`, on(`s3:${action}`, names.bucketArn)],
    ),
    [role, "lambda:UpdateFunctionCode", on("lambda:UpdateFunctionCode", names.registrar.arn)],
    [role, "logs:DeleteLogGroup", on("logs:DeleteLogGroup", names.logGroupArn(names.registrar.logGroup))],
  ];
}
