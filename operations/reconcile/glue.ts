import {
  BatchCreatePartitionCommand,
  BatchGetPartitionCommand,
  BatchUpdatePartitionCommand,
  EntityNotFoundException,
  GetTableCommand,
  type GlueClient,
  type Partition,
  type PartitionError,
  type PartitionInput,
  type StorageDescriptor,
  type Table,
} from "@aws-sdk/client-glue";
import { isDeepStrictEqual } from "node:util";

/** Glue's limits for one call (API reference). */
const LIMITS = { get: 1000, create: 100, update: 100 } as const;

/** Reads in a row that bring no key nearer, before it is called an error. */
const FRUITLESS_READS = 3;

export interface TableId {
  readonly database: string;
  readonly table: string;
}

const key = (values: readonly string[] | undefined): string => JSON.stringify(values ?? []);

function* chunks<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

/** @throws Error naming the table when there is none */
export async function readTable(glue: GlueClient, { database, table }: TableId): Promise<Table> {
  const { Table: found } = await glue
    .send(new GetTableCommand({ DatabaseName: database, Name: table }))
    .catch((error: unknown) => {
      if (!(error instanceof EntityNotFoundException)) throw error;
      throw new Error(`table ${database}.${table} does not exist; deploy the stack, then run again`);
    });
  if (!found?.StorageDescriptor?.Location) throw new Error(`table ${database}.${table} has no location`);
  return found;
}

/**
 * What Glue should hold for one partition: the table's whole storage descriptor, only the location its own. With a bare
 * location Trino cannot read the table at all; without `field.delim` each line becomes one column.
 */
export function desiredPartition(
  table: Table,
  values: readonly string[],
  location: string,
  facts: Record<string, string>,
): PartitionInput {
  return {
    Values: [...values],
    StorageDescriptor: {
      ...table.StorageDescriptor,
      Location: location,
      NumberOfBuckets: table.StorageDescriptor?.NumberOfBuckets ?? 0,
    },
    Parameters: facts,
  };
}

/** Whether readers would see the same: where the files are, how they are read, which columns they have. */
export function sameForReaders(existing: Partition, desired: PartitionInput): boolean {
  return isDeepStrictEqual(readerView(existing.StorageDescriptor), readerView(desired.StorageDescriptor));
}

function readerView(descriptor: StorageDescriptor | undefined) {
  return {
    location: descriptor?.Location,
    columns: (descriptor?.Columns ?? []).map(({ Name, Type }) => [Name, Type]),
    input: descriptor?.InputFormat,
    output: descriptor?.OutputFormat,
    serde: descriptor?.SerdeInfo?.SerializationLibrary,
    parameters: descriptor?.SerdeInfo?.Parameters ?? {},
  };
}

/** The partitions that exist among `values`, by value list. Keys that Glue leaves unprocessed are asked for again. */
export async function readPartitions(
  glue: GlueClient,
  { database, table }: TableId,
  values: readonly (readonly string[])[],
): Promise<Map<string, Partition>> {
  const found = new Map<string, Partition>();
  for (const chunk of chunks(values, LIMITS.get)) {
    let open = chunk.map((each) => ({ Values: [...each] }));
    let fruitless = 0;
    while (open.length > 0) {
      const page = await glue.send(
        new BatchGetPartitionCommand({ DatabaseName: database, TableName: table, PartitionsToGet: open }),
      );
      for (const partition of page.Partitions ?? []) found.set(key(partition.Values), partition);
      const left = (page.UnprocessedKeys ?? []).map(({ Values }) => ({ Values: Values ?? [] }));
      fruitless = left.length < open.length ? 0 : fruitless + 1;
      if (fruitless === FRUITLESS_READS)
        throw new Error(`Glue leaves ${left.length} partitions of ${database}.${table} unprocessed; try again later`);
      open = left;
    }
  }
  return found;
}

/** What a batch call said of each item that it did not do, by value list. */
export type BatchErrors = ReadonlyMap<string, { readonly code: string; readonly message: string }>;

const errorsOf = (errors: readonly PartitionError[] | undefined): [string, { code: string; message: string }][] =>
  (errors ?? []).map(({ PartitionValues, ErrorDetail }) => [
    key(PartitionValues),
    { code: ErrorDetail?.ErrorCode ?? "Unknown", message: ErrorDetail?.ErrorMessage ?? "no message" },
  ]);

/** Creates partitions; a whole call that fails marks each of its items. */
export async function createPartitions(
  glue: GlueClient,
  id: TableId,
  inputs: readonly PartitionInput[],
): Promise<BatchErrors> {
  return batch(inputs, LIMITS.create, async (chunk) => {
    const answer = await glue.send(
      new BatchCreatePartitionCommand({
        DatabaseName: id.database,
        TableName: id.table,
        PartitionInputList: [...chunk],
      }),
    );
    return errorsOf(answer.Errors);
  });
}

/** Replaces partitions that exist. */
export async function updatePartitions(
  glue: GlueClient,
  id: TableId,
  inputs: readonly PartitionInput[],
): Promise<BatchErrors> {
  return batch(inputs, LIMITS.update, async (chunk) => {
    const answer = await glue.send(
      new BatchUpdatePartitionCommand({
        DatabaseName: id.database,
        TableName: id.table,
        Entries: chunk.map((input) => ({ PartitionValueList: input.Values, PartitionInput: input })),
      }),
    );
    return (answer.Errors ?? []).map(({ PartitionValueList, ErrorDetail }) => [
      key(PartitionValueList),
      { code: ErrorDetail?.ErrorCode ?? "Unknown", message: ErrorDetail?.ErrorMessage ?? "no message" },
    ]);
  });
}

async function batch(
  inputs: readonly PartitionInput[],
  size: number,
  call: (chunk: readonly PartitionInput[]) => Promise<[string, { code: string; message: string }][]>,
): Promise<BatchErrors> {
  const errors = new Map<string, { code: string; message: string }>();
  for (const chunk of chunks(inputs, size)) {
    let failed: [string, { code: string; message: string }][];
    try {
      failed = await call(chunk);
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      failed = chunk.map((input) => [key(input.Values), { code: name, message }]);
    }
    const ids = new Set(chunk.map((input) => key(input.Values)));
    for (const [values, error] of failed)
      // An error of no item in the call: which one was not done is unknown, so none is claimed.
      for (const id of ids.has(values) ? [values] : ids) errors.set(id, error);
  }
  return errors;
}

export { key as partitionId };
