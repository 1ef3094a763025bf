import type { Resource, Unwrap } from "@pulumi/pulumi";
import type { glue, s3, sagemaker } from "@pulumi/aws";
import {
  UnknownValueError,
  validateResourceOfType,
  type PolicyResource,
  type ResourceValidation,
  type StackValidationArgs,
} from "@pulumi/policy";

/** What the engine calls a kind of resource; `Props` are its inputs, as the provider's types know them. */
export interface Kind<Props> {
  readonly token: string;
  /** Never set: carries the type. */
  readonly props?: Props;
}

export type Database = Unwrap<glue.CatalogDatabaseArgs>;
export type Table = Unwrap<glue.CatalogTableArgs>;
export type Partition = Unwrap<glue.PartitionArgs>;
export type Pipeline = Unwrap<sagemaker.PipelineArgs>;
/** Among all resources of a stack their outputs are seen as well, such as the version. */
export type StoredObject = Unwrap<Pick<s3.BucketObjectv2, "bucket" | "key" | "content" | "versionId">>;

export const DATABASE: Kind<Database> = { token: "aws:glue/catalogDatabase:CatalogDatabase" };
export const TABLE: Kind<Table> = { token: "aws:glue/catalogTable:CatalogTable" };
export const PARTITION: Kind<Partition> = { token: "aws:glue/partition:Partition" };
export const PIPELINE: Kind<Pipeline> = { token: "aws:sagemaker/pipeline:Pipeline" };
export const OBJECT: Kind<StoredObject> = { token: "aws:s3/bucketObjectv2:BucketObjectv2" };

/** One resource of a stack, with the inputs of its kind. */
export interface Found<Props> {
  readonly name: string;
  readonly urn: string;
  readonly props: Props;
}

/**
 * A validation of one kind of resource. The engine hands it no other: it compares the token before it unpacks anything.
 *
 * @param validate `resource` is for messages, where a name must be known; `report` takes this resource's own fact
 */
export function onResource<Props>(
  kind: Kind<Props>,
  validate: (props: Props, resource: Found<Props>, report: (message: string) => void) => void,
): ResourceValidation {
  // Stands in for the provider's class, of which the SDK reads the token alone: importing the provider costs
  // 6.5 s and 700 MB an operation.
  const standIn = class {
    static readonly __pulumiType = kind.token;
  } as unknown as new (name: string, args: object) => Resource;
  return validateResourceOfType(standIn, (_props, args, report) => {
    const props = args.props as Props;
    validate(props, { name: args.name, urn: args.urn, props }, (message) => report(message));
  });
}

/** The resources of one kind, in the order of the stack. */
export function resourcesOf<Props>(args: StackValidationArgs, kind: Kind<Props>): Found<Props>[] {
  return args.resources
    .filter((resource: PolicyResource) => resource.type === kind.token)
    .map(({ name, urn, props }) => ({ name, urn, props: props as Props }));
}

/**
 * Runs every check, then throws what one of them threw. The SDK ends a rule at the first unknown value it reads and
 * downgrades it to advice; this way all that is known is checked, and the engine still hears that something was not.
 *
 * @throws the first error that is not an unknown value, else the first unknown value
 */
export function inTurn(...checks: readonly (() => void)[]): void {
  const errors: Error[] = [];
  for (const check of checks) {
    try {
      check();
    } catch (error) {
      errors.push(error instanceof Error ? error : new Error(String(error)));
    }
  }
  const error = errors.find((candidate) => !(candidate instanceof UnknownValueError)) ?? errors[0];
  if (error) throw error;
}

/** {@link inTurn} over a list that may be absent, or hold unknown items: each is read in its own check. */
export function eachOf<Item>(items: readonly Item[] | undefined, check: (item: Item) => void): void {
  inTurn(
    ...Array.from({ length: items?.length ?? 0 }, (_, index) => () => {
      const item = items?.[index];
      if (item !== undefined) check(item);
    }),
  );
}

/**
 * Whether the table is a folder of files read by partition: not a view, not a link to another account's table, not an
 * open table format (Iceberg keeps its own partitions in its metadata).
 */
export function isFolderTable(table: Table): boolean {
  return !table.targetTable && !table.openTableFormatInput && table.tableType !== "VIRTUAL_VIEW";
}
