import type { Partition } from "@aws-sdk/client-glue";
import { createHash } from "node:crypto";
import type { DataFile } from "./folders";

/**
 * What a partition's `Parameters` say of it: cheap lineage, and how a later look knows without opening them that the
 * files are those that were verified.
 */
export const FACTS = {
  /** ARN of the execution that registered these files. */
  execution: "partitions.execution",
  /** Hash of that execution's pipeline definition. */
  definition: "partitions.definition",
  /** Image that its jobs ran, by digest where it is deployed so. */
  image: "partitions.image",
  /** Number of data files. */
  files: "partitions.files",
  /** Bytes of all of them. */
  bytes: "partitions.bytes",
  /** When the newest was written, ISO 8601. */
  newest: "partitions.newest",
  /** {@link digestOf} */
  digest: "partitions.digest",
  /** When they were verified, ISO 8601. */
  verified: "partitions.verified",
  /** Rows of all files; only where they are so small that verification saw all of them. */
  rows: "partitions.rows",
} as const;

const PREFIX = "partitions.";

/**
 * One hash over names, sizes and ETags. An ETag changes when the content does; in a bucket with a KMS key also when the
 * same content is written again, and then the facts tell the later run.
 */
export function digestOf(files: readonly DataFile[]): string {
  const hash = createHash("sha256");
  for (const line of files.map(({ key, bytes, etag }) => JSON.stringify([key, bytes, etag])).sort()) hash.update(line);
  return hash.digest("hex").slice(0, 32);
}

export function newestOf(files: readonly DataFile[]): Date | undefined {
  return files.reduce<Date | undefined>(
    (newest, { modified }) => (newest === undefined || modified > newest ? modified : newest),
    undefined,
  );
}

export const bytesOf = (files: readonly DataFile[]): number => files.reduce((sum, { bytes }) => sum + bytes, 0);

/**
 * The facts of files.
 *
 * @param verified when they were opened and found good; absent when they were not opened
 */
export function fileFacts(
  files: readonly DataFile[],
  { rows, verified }: { readonly rows?: number | undefined; readonly verified?: Date | undefined },
): Record<string, string> {
  const newest = newestOf(files);
  return {
    [FACTS.files]: String(files.length),
    [FACTS.bytes]: String(bytesOf(files)),
    ...(newest === undefined ? {} : { [FACTS.newest]: newest.toISOString() }),
    [FACTS.digest]: digestOf(files),
    ...(verified === undefined ? {} : { [FACTS.verified]: verified.toISOString() }),
    ...(rows === undefined ? {} : { [FACTS.rows]: String(rows) }),
  };
}

/** Rows that a partition was registered with, where they were counted. */
export function rowsOf(partition: Partition | undefined): number | undefined {
  const rows = partition?.Parameters?.[FACTS.rows];
  return rows === undefined ? undefined : Number(rows);
}

/** Whether a partition was registered with exactly these files; `opened`: after they were opened. */
export function hasFacts(partition: Partition, files: readonly DataFile[], opened: boolean): boolean {
  const { [FACTS.digest]: digest, [FACTS.files]: count, [FACTS.verified]: verified } = partition.Parameters ?? {};
  return count === String(files.length) && digest === digestOf(files) && (verified !== undefined || !opened);
}

/** What is different from the files that a partition was registered with. */
export function factsDifference(partition: Partition, files: readonly DataFile[]): string {
  const { [FACTS.files]: count, [FACTS.bytes]: bytes } = partition.Parameters ?? {};
  const same = count === String(files.length) && bytes === String(bytesOf(files));
  if (count === undefined || bytes === undefined || (same && hasFacts(partition, files, false)))
    return "its files were never verified by a registration";
  if (same) return "its files were written anew";
  return `its files changed: ${count} with ${bytes} bytes when it was registered, ${files.length} with ${bytesOf(files)} now`;
}

/** Parameters that others keep there, statistics for example, and that an update must not lose. */
export function foreignParameters(partition: Partition | undefined): Record<string, string> {
  const all = Object.entries(partition?.Parameters ?? {});
  return Object.fromEntries(all.filter(([name]) => !name.startsWith(PREFIX)));
}

/** Facts of an earlier registration of the same files: they are still those of that run. */
export function ownParameters(partition: Partition): Record<string, string> {
  return Object.fromEntries(Object.entries(partition.Parameters ?? {}).filter(([name]) => name.startsWith(PREFIX)));
}
