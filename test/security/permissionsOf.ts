import type { Recorded } from "./recorder";
import type { DeployedStack } from "./deployed";

/** What a caller needs for a request: an action on a resource, with what the service tells IAM along. */
export interface Needed {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string | string[]>>;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * What AWS asks IAM for when it gets a recorded request (Service Authorization Reference): Glue for catalogue, database
 * and table each; S3 for the key as well, where an object is encrypted.
 *
 * @param before the requests that came earlier: an id in this one may be from their answers
 * @throws Error for a request of a kind that is not known here: nothing is passed over
 */
export function permissionsOf(stack: DeployedStack, request: Recorded, before: readonly Recorded[]): Needed[] {
  const service = serviceOf(request);
  switch (service) {
    case "glue":
      return ofGlue(stack, request);
    case "s3":
      return ofS3(stack, request);
    case "athena":
      return ofAthena(stack, request, before);
    case "scheduler":
      return ofScheduler(stack, request);
    case "monitoring":
      return ofCloudWatch(request);
    case "sns":
      return ofSns(stack, request);
    default:
      throw unknown(request, service);
  }
}

/** By the scope of its signature. */
function serviceOf(request: Recorded): string {
  const scope = /Credential=[^/]+\/\d{8}\/[^/]+\/([^/]+)\/aws4_request/.exec(request.headers.authorization ?? "");
  if (!scope?.[1]) throw unknown(request, "no signature");
  return scope[1];
}

/** `GetTable`; the version of the API stands before it. */
function targetOf(request: Recorded): string {
  const target = request.headers["x-amz-target"];
  if (typeof target !== "string") throw unknown(request, "no X-Amz-Target");
  return target.split(".")[1] ?? target;
}

const ON_TABLES = [
  "GetTable",
  "GetPartition",
  "GetPartitions",
  "BatchGetPartition",
  "BatchCreatePartition",
  "BatchUpdatePartition",
  "BatchDeletePartition",
];

function ofGlue({ names }: DeployedStack, request: Recorded): Needed[] {
  const operation = targetOf(request);
  const { DatabaseName: database, TableName, Name } = JSON.parse(request.body) as Fields;
  const table = TableName ?? Name;
  if (!ON_TABLES.includes(operation) || typeof database !== "string" || typeof table !== "string")
    throw unknown(request, operation);
  const at = `arn:aws:glue:${names.region}:${names.accountId}`;
  return [`${at}:catalog`, `${at}:database/${database}`, `${at}:table/${database}/${table}`].map((resource) => ({
    ...{ action: `glue:${operation}`, resource },
  }));
}

function ofS3(stack: DeployedStack, request: Recorded): Needed[] {
  const { pathname, searchParams: query } = new URL(request.url, "http://s3");
  const [, bucket = "", ...rest] = pathname.split("/").map(decodeURIComponent);
  const key = rest.join("/");
  const arn = `arn:aws:s3:::${bucket}`;
  if (request.method === "GET" && key === "" && query.get("list-type") === "2") {
    // S3 tells IAM of those that are in the request alone.
    const told = Object.fromEntries(
      ["prefix", "delimiter", "max-keys"].flatMap((name) => {
        const value = query.get(name);
        return value === null ? [] : [[`s3:${name}`, value] as const];
      }),
    );
    return [{ action: "s3:ListBucket", resource: arn, context: told }];
  }
  const others = [...query.keys()].filter((name) => name !== "x-id");
  if (request.method === "GET" && key !== "" && others.length === 0)
    return [{ action: "s3:GetObject", resource: `${arn}/${key}` }, stack.useOfDataKey("kms:Decrypt")];
  throw unknown(request, "S3");
}

function ofAthena({ names }: DeployedStack, request: Recorded, before: readonly Recorded[]): Needed[] {
  const operation = targetOf(request);
  const { WorkGroup, QueryExecutionId: id } = JSON.parse(request.body) as Fields;
  if (!["StartQueryExecution", "GetQueryExecution", "StopQueryExecution"].includes(operation))
    throw unknown(request, operation);
  const start = before.find(
    (each) => each.headers["x-amz-target"] === "AmazonAthena.StartQueryExecution" && each.answer.includes(String(id)),
  );
  const group = WorkGroup ?? (start && (JSON.parse(start.body) as Fields)["WorkGroup"]);
  if (typeof group !== "string") throw unknown(request, `workgroup of query ${String(id)}`);
  return [{ action: `athena:${operation}`, resource: names.workgroupArn(group) }];
}

function ofScheduler(stack: DeployedStack, request: Recorded): Needed[] {
  const { pathname, searchParams: query } = new URL(request.url, "http://scheduler");
  const name = /^\/schedules\/([^/]+)$/.exec(pathname)?.[1];
  const group = query.get("groupName");
  if (request.method !== "GET" || name === undefined || group === null) throw unknown(request, "Scheduler");
  const { region, accountId } = stack.names;
  return [
    {
      action: "scheduler:GetSchedule",
      resource: `arn:aws:scheduler:${region}:${accountId}:schedule/${group}/${decodeURIComponent(name)}`,
    },
    // The answer holds the input, which is encrypted.
    stack.useOfStackKey("kms:Decrypt", "scheduler"),
  ];
}

function ofCloudWatch(request: Recorded): Needed[] {
  const { Namespace: namespace } = JSON.parse(request.body) as Fields;
  if (targetOf(request) !== "PutMetricData" || typeof namespace !== "string") throw unknown(request, "CloudWatch");
  return [{ action: "cloudwatch:PutMetricData", resource: "*", context: { "cloudwatch:namespace": namespace } }];
}

function ofSns(stack: DeployedStack, request: Recorded): Needed[] {
  const form = new URLSearchParams(request.body);
  const topic = form.get("TopicArn");
  if (form.get("Action") !== "Publish" || topic === null) throw unknown(request, "SNS");
  return [
    { action: "sns:Publish", resource: topic },
    ...["kms:GenerateDataKey", "kms:Decrypt"].map((action) => stack.useOfStackKey(action, "sns")),
  ];
}

function unknown({ method, url, headers }: Recorded, what: string): Error {
  const target = headers["x-amz-target"];
  return new Error(
    `a request that this test cannot judge (${what}): ${method} ${url} ${String(target ?? "")}; say in ` +
      `permissionsOf.ts which permissions it needs`,
  );
}
