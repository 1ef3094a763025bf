import { tableNameOf, type Dataset } from "../../contract/dataset";
import { addresses, REPAIR_RESULTS } from "../../contract/layout";
import type { Names } from "../../contract/names";
import { registrationOf } from "../../contract/registration";
import { functionInterfaces } from "./interfaces";
import { bucketKeyUse, keyUse } from "./key";
import { fits, policyDocument, type PolicyDocument, type Statement } from "./statement";

/** What every function's role needs: its logs, and in a VPC its network interfaces. */
function toRun(names: Names, { arn, logGroup }: Names["day"]): Statement[] {
  return [
    {
      Sid: "WriteLogs",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: names.logGroupArn(`${logGroup}:log-stream:*`),
    },
    ...functionInterfaces(names, arn),
  ];
}

/** The first Lambda step only computes: logs are all it may write. */
export function dayPolicy(names: Names): PolicyDocument {
  return policyDocument(toRun(names, names.day));
}

/**
 * What the checker may do: look for partitions, read the stack's schedules, tell CloudWatch and the topic. It changes
 * nothing. Its scope is that of {@link registrarPolicy}, without what it never looks at.
 */
export function checkerPolicy(names: Names, datasets: readonly Dataset[]): PolicyDocument {
  const projected = datasets.filter((dataset) => registrationOf(dataset).strategy === "projection");
  const listed = { ...scopeOf(names, datasets), outputs: scopeOf(names, projected).outputs };
  const exact = checking(names, listed);
  return fits("role", exact) ? exact : checking(names, wholeScope(names, datasets));
}

function checking(names: Names, { tables, outputs }: Scope): PolicyDocument {
  return policyDocument([
    {
      Sid: "LookForPartitions",
      Effect: "Allow",
      Action: ["glue:GetPartition", "glue:GetPartitions"],
      Resource: [names.catalogArn, names.databaseArn, ...tables.map(names.tableArn)],
    },
    ...(outputs.length === 0 ? [] : [listOutput(names, outputs)]),
    { Sid: "ReadSchedules", Effect: "Allow", Action: "scheduler:GetSchedule", Resource: names.scheduleArn("*") },
    // The answer holds the schedule's input, which is encrypted.
    keyUse(names, "ScheduleKey", "scheduler", ["kms:Decrypt"]),
    {
      // The action has no resource type: `*` is the only resource it takes.
      Sid: "CountLate",
      Effect: "Allow",
      Action: "cloudwatch:PutMetricData",
      Resource: "*",
      Condition: { StringEquals: { "cloudwatch:namespace": names.metrics } },
    },
    { Sid: "TellTopic", Effect: "Allow", Action: "sns:Publish", Resource: names.alarmTopic.arn },
    keyUse(names, "TopicKey", "sns", ["kms:Decrypt", "kms:GenerateDataKey"]),
    ...leaveUndelivered(names),
    ...toRun(names, names.checker),
  ]);
}

/** To leave in the encrypted queue what could not be delivered. */
export function leaveUndelivered(names: Names): Statement[] {
  return [
    { Sid: "LeaveUndelivered", Effect: "Allow", Action: "sqs:SendMessage", Resource: names.undelivered.arn },
    keyUse(names, "QueueKey", "sqs", ["kms:Decrypt", "kms:GenerateDataKey"]),
  ];
}

/**
 * What registration may do: read the stack's tables and output prefixes, create and update partitions. It can neither
 * delete a partition nor change a table, and no other database is in reach. Glue's partition actions take no condition
 * keys: catalogue, database and tables are the whole boundary.
 *
 * The stack's own bucket and database are the scope as they are. In those that were there before, the tables and output
 * prefixes of the datasets are listed, as long as a policy holds them; some fifty do.
 */
export function registrarPolicy(names: Names, datasets: readonly Dataset[]): PolicyDocument {
  const exact = registration(names, datasets, scopeOf(names, datasets));
  return fits("role", exact) ? exact : registration(names, datasets, wholeScope(names, datasets));
}

/** Tables of the stack's database, and S3 prefixes of its bucket. */
export interface Scope {
  readonly tables: readonly string[];
  readonly outputs: readonly string[];
}

/** All of the stack's tables and outputs, by pattern, and the folders of tables that were there before. */
export function wholeScope(names: Names, datasets: readonly Dataset[]): Scope {
  const folders = datasets.filter(({ table }) => table?.folder !== undefined);
  return { tables: ["*"], outputs: ["*/output/*", ...folders.map((dataset) => outputsOf(names, dataset))] };
}

const outputsOf = (names: Names, dataset: Dataset): string => `${addresses(dataset, names.bucket).outputPrefix}*`;

export function scopeOf(names: Names, datasets: readonly Dataset[]): Scope {
  const whole = wholeScope(names, datasets);
  return {
    tables: names.existing.database ? datasets.map(tableNameOf) : whole.tables,
    outputs: names.existing.bucket ? datasets.map((dataset) => outputsOf(names, dataset)) : whole.outputs,
  };
}

function registration(names: Names, datasets: readonly Dataset[], { tables, outputs }: Scope): PolicyDocument {
  return policyDocument([
    {
      Sid: "Partitions",
      Effect: "Allow",
      Action: [
        "glue:GetTable",
        "glue:BatchGetPartition",
        "glue:BatchCreatePartition",
        "glue:BatchUpdatePartition",
        // Athena's, for a repair: it looks through the whole table.
        ...(repairGroups(datasets).length > 0 ? ["glue:GetPartitions"] : []),
      ],
      Resource: [names.catalogArn, names.databaseArn, ...tables.map(names.tableArn)],
    },
    ...readOutputs(names, outputs),
    keyUse(names, "DataKeyViaS3", "s3", ["kms:Decrypt"]),
    ...bucketKeyUse(names, ["kms:Decrypt"]),
    ...repairTables(names, datasets),
    ...toRun(names, names.registrar),
  ]);
}

/**
 * What Athena does for `MSCK REPAIR TABLE` it does with the caller's rights: besides those of a registration it reads the
 * database, and writes its answer. Nothing without a dataset that is registered so.
 */
function repairTables(names: Names, datasets: readonly Dataset[]): Statement[] {
  const groups = repairGroups(datasets);
  if (groups.length === 0) return [];
  return [
    {
      Sid: "RepairTables",
      Effect: "Allow",
      Action: ["athena:StartQueryExecution", "athena:GetQueryExecution", "athena:StopQueryExecution"],
      Resource: groups.map(names.workgroupArn),
    },
    {
      Sid: "ReadDatabase",
      Effect: "Allow",
      Action: "glue:GetDatabase",
      // Athena looks at `default` first, whichever a statement names (its user guide, fine-grained-access-to-glue-resources).
      Resource: [names.catalogArn, names.databaseArn, names.databaseArn.replace(/[^/]+$/, "default")],
    },
    {
      Sid: "FindResults",
      Effect: "Allow",
      Action: ["s3:GetBucketLocation", "s3:ListBucketMultipartUploads"],
      Resource: names.bucketArn,
    },
    {
      Sid: "WriteResults",
      Effect: "Allow",
      Action: ["s3:PutObject", "s3:GetObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
      Resource: names.objectArn(REPAIR_RESULTS),
    },
    keyUse(names, "ResultKeyViaS3", "s3", ["kms:GenerateDataKey"]),
  ];
}

/** Athena workgroups that repair tables. */
function repairGroups(datasets: readonly Dataset[]): string[] {
  const groups = datasets
    .map(registrationOf)
    .flatMap((each) => (each.strategy === "athena-repair" ? [each.workgroup] : []));
  return [...new Set(groups)];
}

/** IAM takes no empty list: without datasets there is nothing to read. */
function readOutputs(names: Names, outputs: readonly string[]): Statement[] {
  if (outputs.length === 0) return [];
  return [
    listOutput(names, outputs),
    { Sid: "ReadOutput", Effect: "Allow", Action: "s3:GetObject", Resource: outputs.map(names.objectArn) },
  ];
}

export function listOutput(names: Names, outputs: readonly string[]): Statement {
  return {
    Sid: "ListOutput",
    Effect: "Allow",
    Action: "s3:ListBucket",
    Resource: names.bucketArn,
    Condition: { StringLike: { "s3:prefix": outputs } },
  };
}
