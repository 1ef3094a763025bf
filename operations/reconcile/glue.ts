import {
  EntityNotFoundException,
  GetTableCommand,
  type GlueClient,
  type Partition,
  type PartitionInput,
  type StorageDescriptor,
  type Table,
} from "@aws-sdk/client-glue";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { parseS3Uri } from "../../contract/parse";
import type { Location } from "./listing";

export interface TableId {
  readonly database: string;
  readonly table: string;
}

/** A partition's values as one text, to find it by. */
export const partitionId = (values: readonly string[] | undefined): string => JSON.stringify(values ?? []);

const TABLE_POLL_MS = 1000;

/**
 * The table, and where it stands.
 *
 * @param waitMs how long to wait for one that is not there yet: right after a deployment Glue may not show it
 * @throws Error naming the table when there is none, or when it is not on S3
 */
export async function readTable(
  glue: GlueClient,
  { database, table }: TableId,
  waitMs = 0,
  signal?: AbortSignal,
): Promise<{ readonly table: Table; readonly location: Location }> {
  const until = Date.now() + waitMs;
  for (;;) {
    try {
      const command = new GetTableCommand({ DatabaseName: database, Name: table });
      const { Table: found } = await glue.send(command, signal === undefined ? {} : { abortSignal: signal });
      if (!found?.StorageDescriptor?.Location) throw new Error(`table ${database}.${table} has no location`);
      // Tables that were made by hand often lack the slash.
      const location = parseS3Uri(found.StorageDescriptor.Location.replace(/\/*$/, "/"));
      if (!location)
        throw new Error(
          `table ${database}.${table}: location '${found.StorageDescriptor.Location}' is not an s3:// URI`,
        );
      return { table: found, location };
    } catch (error) {
      if (!(error instanceof EntityNotFoundException)) throw error;
      if (Date.now() >= until)
        throw new Error(
          `table ${database}.${table} does not exist${waitMs > 0 ? ` after ${Math.round(waitMs / 1000)} s` : ""}; ` +
            `deploy the stack, then run again`,
        );
      await sleep(Math.min(TABLE_POLL_MS, waitMs), undefined, signal === undefined ? {} : { signal });
    }
  }
}

/**
 * What Glue should hold for one partition: the table's whole storage descriptor, only the location its own. With a bare
 * location Trino cannot read the table at all; without `field.delim` each line becomes one column.
 */
export function desiredPartition(
  table: Table,
  values: readonly string[],
  location: string,
  parameters: Record<string, string>,
): PartitionInput {
  return {
    Values: [...values],
    StorageDescriptor: {
      ...table.StorageDescriptor,
      Location: location,
      NumberOfBuckets: table.StorageDescriptor?.NumberOfBuckets ?? 0,
    },
    Parameters: parameters,
  };
}

/**
 * What readers would see differently: where the files are, how they are read, which columns they have.
 *
 * @param anySlash whether a location may do without the slash at its end, as others register it
 */
export function readerDifferences(
  existing: Partition,
  desired: StorageDescriptor | undefined,
  anySlash = false,
): string[] {
  const [now, wanted] = [readerView(existing.StorageDescriptor), readerView(desired)];
  if (anySlash && now.location !== undefined) now.location = now.location.replace(/\/*$/, "/");
  const names = Object.keys(wanted) as (keyof typeof wanted)[];
  return names
    .filter((name) => !isDeepStrictEqual(now[name], wanted[name]))
    .map((name) => (name === "location" ? `location ${JSON.stringify(now.location ?? "")}` : WORDS[name]));
}

/** Whether readers would see the same. */
export function sameForReaders(existing: Partition, desired: PartitionInput): boolean {
  return readerDifferences(existing, desired.StorageDescriptor).length === 0;
}

const WORDS = {
  location: "location",
  columns: "columns",
  input: "input format",
  output: "output format",
  serde: "SerDe",
  parameters: "parameters of the SerDe",
} as const;

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
