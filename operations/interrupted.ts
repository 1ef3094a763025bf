/*
 * The state of a stack whose `up` was killed. What it was just creating stands there as pending: the engine does not know
 * whether AWS has it. `pulumi refresh --import-pending-creates` forgets such resources instead of taking them over (engine
 * 3.250), and the next `up` would fail on names that are taken, or make a second key.
 */

/** A resource in an exported state, as far as it matters here. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  /** Whether a provider makes it; components are the engine's own. */
  readonly custom?: boolean;
  readonly id?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/** What `pulumi stack export` writes. */
export interface ExportedState {
  readonly version: number;
  readonly deployment: {
    readonly resources?: readonly StateResource[];
    readonly pending_operations?: readonly { readonly type: string; readonly resource: StateResource }[];
  };
}

/** What happens to a pending creation. */
export interface Settled {
  readonly urn: string;
  /** Id under which the state takes it over; absent: it is forgotten, and the next `up` creates it. */
  readonly id?: string;
}

export interface Known {
  /** Id of the KMS key, where AWS has made one; `none` where it has not. A key has no name to find it by. */
  readonly key?: string | undefined;
  /** Twelve digits. Default: what the state's ARNs say. */
  readonly account?: string | undefined;
}

type Part = { readonly input: string } | { readonly text: string } | "account";
const input = (name: string): Part => ({ input: name });
const name = [input("name")];

/** How the provider makes an id, for what cannot be created where it is already (its documentation, "Import"). */
const ADOPTED: Readonly<Record<string, readonly Part[]>> = {
  "aws:athena/workgroup:Workgroup": name,
  "aws:cloudwatch/logGroup:LogGroup": name,
  "aws:ecr/repository:Repository": name,
  "aws:glue/catalogDatabase:CatalogDatabase": ["account", { text: ":" }, input("name")],
  "aws:glue/catalogTable:CatalogTable": ["account", { text: ":" }, input("databaseName"), { text: ":" }, input("name")],
  "aws:iam/role:Role": name,
  "aws:kms/alias:Alias": name,
  "aws:lambda/function:Function": name,
  "aws:s3/bucket:Bucket": [input("bucket")],
  "aws:sagemaker/pipeline:Pipeline": [input("pipelineName")],
  "aws:scheduler/schedule:Schedule": [input("groupName"), { text: "/" }, input("name")],
  "aws:scheduler/scheduleGroup:ScheduleGroup": name,
};

/** What AWS takes a second time: it is only set, or found by its name. Of a saved query there may then be two. */
const MADE_AGAIN = [
  ...["aws:athena/namedQuery:NamedQuery", "aws:cloudwatch/dashboard:Dashboard"],
  ...["aws:redshiftdata/statement:Statement", "aws:s3/bucketLogging:BucketLogging"],
  ...["aws:cloudwatch/eventRule:EventRule", "aws:cloudwatch/eventTarget:EventTarget"],
  ...["aws:cloudwatch/metricAlarm:MetricAlarm", "aws:ecr/lifecyclePolicy:LifecyclePolicy"],
  ...["aws:iam/rolePolicy:RolePolicy", "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"],
  ...["aws:s3/bucketObjectv2:BucketObjectv2", "aws:s3/bucketOwnershipControls:BucketOwnershipControls"],
  ...["aws:s3/bucketPolicy:BucketPolicy", "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"],
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  ...["aws:s3/bucketVersioning:BucketVersioning", "aws:sns/topic:Topic"],
  ...["aws:sns/topicSubscription:TopicSubscription", "aws:sqs/queue:Queue"],
  "docker-build:index:Image",
];

const KEY = "aws:kms/key:Key";

/**
 * Settles the creations that were interrupted: what has a name of its own is put into the state under its id, and the
 * refresh that follows reads it, or drops it where AWS does not have it.
 *
 * @throws Error that lists what it must be told
 */
export function settleCreates(
  state: ExportedState,
  known: Known = {},
): { readonly state: ExportedState; readonly settled: readonly Settled[] } {
  const { resources = [], pending_operations: pending = [] } = state.deployment;
  const open = pending.filter(({ type }) => type === "creating").map(({ resource }) => resource);
  const account = known.account ?? accountIn(state);
  const problems: string[] = [];
  const settled = open.map((resource): Settled => {
    const { urn } = resource;
    try {
      const id = idOf(resource, account, known.key);
      return id === undefined ? { urn } : { urn, id };
    } catch (error) {
      problems.push(`${urn}: ${(error as Error).message}`);
      return { urn };
    }
  });
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const adopted = open.flatMap((resource, index): StateResource[] => {
    const id = settled[index]?.id;
    return id === undefined ? [] : [{ ...resource, id }];
  });
  return {
    settled,
    state: {
      ...state,
      deployment: {
        ...state.deployment,
        // At the end: what they depend on was there before.
        resources: [...resources, ...adopted],
        pending_operations: pending.filter(({ type }) => type !== "creating"),
      },
    },
  };
}

function idOf(resource: StateResource, account: string | undefined, key?: string): string | undefined {
  const { type, custom, inputs = {} } = resource;
  if (custom !== true || type.startsWith("pulumi:providers:") || MADE_AGAIN.includes(type)) return undefined;
  if (type === KEY) {
    if (key === undefined)
      throw new Error(
        `a key has no name; look for one with the description '${String(inputs["description"])}', and give its id as ` +
          `--key <id>, or --key none`,
      );
    return key === "none" ? undefined : key;
  }
  const parts = ADOPTED[type];
  if (parts === undefined)
    throw new Error(`${type} is not known here; settle it by hand, in an interactive 'pulumi refresh', then go on`);
  return parts.map((part) => textOf(part, inputs, account)).join("");
}

function textOf(part: Part, inputs: Readonly<Record<string, unknown>>, account: string | undefined): string {
  if (part === "account") {
    if (account === undefined) throw new Error("its id begins with the account, which nothing names; give --account");
    return account;
  }
  if ("text" in part) return part.text;
  const value = inputs[part.input];
  if (typeof value !== "string") throw new Error(`it has no '${part.input}', which its id is made of`);
  return value;
}

/** By the ARNs of services in which a stack has only what is its own. */
function accountIn(state: ExportedState): string | undefined {
  return /arn:aws[a-z-]*:(?:lambda|logs|sagemaker|scheduler|sns|sqs):[a-z0-9-]+:(\d{12}):/.exec(
    JSON.stringify(state),
  )?.[1];
}
