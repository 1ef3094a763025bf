import {
  BatchGetPartitionCommand,
  GetPartitionsCommand,
  type GetPartitionsCommandOutput,
  type GlueClient,
  type Partition,
} from "@aws-sdk/client-glue";
import { setTimeout as sleep } from "node:timers/promises";
import { partitionId, type TableId } from "./glue";

/** Partitions in one call (Glue API reference, BatchGetPartition and GetPartitions). */
export const READ_AT_ONCE = 1000;

/** Reads in a row that bring no key nearer, before it is called an error. */
const FRUITLESS_READS = 3;
const FRUITLESS_WAIT_MS = 200;

/** Parts in which a long listing of partitions is read side by side; Glue takes 10 at most. */
const SEGMENTS = 8;

/**
 * The partitions that exist among at most 1,000 value lists, by {@link partitionId}. Keys that Glue leaves unprocessed
 * are asked for again; what is neither answered nor unprocessed does not exist.
 *
 * @throws Error when keys stay unprocessed
 */
export async function readPartitions(
  glue: GlueClient,
  { database, table }: TableId,
  values: readonly (readonly string[])[],
  signal?: AbortSignal,
): Promise<Map<string, Partition>> {
  const found = new Map<string, Partition>();
  const asked = new Set(values.map(partitionId));
  let open = values.map((each) => ({ Values: [...each] }));
  let fruitless = 0;
  while (open.length > 0) {
    const command = new BatchGetPartitionCommand({ DatabaseName: database, TableName: table, PartitionsToGet: open });
    const page = await glue.send(command, signal === undefined ? {} : { abortSignal: signal });
    for (const partition of page.Partitions ?? []) {
      const id = partitionId(partition.Values);
      // An answer to another question proves nothing of this one.
      if (asked.has(id)) found.set(id, partition);
    }
    const left = (page.UnprocessedKeys ?? []).map(({ Values }) => ({ Values: Values ?? [] }));
    fruitless = left.length < open.length ? 0 : fruitless + 1;
    if (fruitless === FRUITLESS_READS)
      throw new Error(`Glue leaves ${left.length} partitions of ${database}.${table} unprocessed; try again later`);
    if (fruitless > 0) await sleep(FRUITLESS_WAIT_MS * fruitless, undefined, signal === undefined ? {} : { signal });
    open = left;
  }
  return found;
}

/**
 * All partitions of a table, page by page and without their columns, in parts side by side.
 *
 * @param expression Glue's filter; absent: all
 */
export async function* listPartitions(
  glue: GlueClient,
  { database, table }: TableId,
  signal?: AbortSignal,
  expression?: string,
): AsyncGenerator<Partition[]> {
  const first = await page();
  yield first.Partitions ?? [];
  if (first.NextToken === undefined) return;
  // It goes on: the segments begin anew, so what was read is read again, which does no harm.
  const tokens = new Map<number, string | undefined>(
    Array.from({ length: SEGMENTS }, (_, segment) => [segment, undefined]),
  );
  while (tokens.size > 0) {
    const read = await Promise.all(
      [...tokens].map(async ([segment, token]) => [segment, await page(segment, token)] as const),
    );
    for (const [segment, { Partitions: found = [], NextToken: token }] of read) {
      if (token === undefined) tokens.delete(segment);
      else tokens.set(segment, token);
      if (found.length > 0) yield found;
    }
  }

  function page(segment?: number, token?: string): Promise<GetPartitionsCommandOutput> {
    const command = new GetPartitionsCommand({
      ...{ DatabaseName: database, TableName: table, ExcludeColumnSchema: true, MaxResults: READ_AT_ONCE },
      ...(segment === undefined ? {} : { Segment: { SegmentNumber: segment, TotalSegments: SEGMENTS } }),
      ...(token === undefined ? {} : { NextToken: token }),
      ...(expression === undefined ? {} : { Expression: expression }),
    });
    return glue.send(command, signal === undefined ? {} : { abortSignal: signal });
  }
}
