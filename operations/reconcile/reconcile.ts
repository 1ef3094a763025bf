import type { PartitionInput } from "@aws-sdk/client-glue";
import type { DatasetDocument } from "../../contract/document";
import { readPath } from "../../contract/layout";
import { parseS3Uri } from "../../contract/parse";
import type { Clients } from "../clients";
import {
  createPartitions,
  desiredPartition,
  partitionId,
  readPartitions,
  readTable,
  sameForReaders,
  updatePartitions,
  type BatchErrors,
  type TableId,
} from "./glue";
import { findPartitions } from "./listing";
import type { Outcome } from "./outcome";
import { findStrays } from "./strays";
import { verify } from "./verify";

export interface Reconciliation extends TableId {
  readonly document: DatasetDocument;
  /** Values of the keys that a run knows; the folders of the other keys are found in S3. */
  readonly known: Readonly<Record<string, string>>;
  /** Start of the run: what it left beside the partition folders is told. Absent: nothing is looked for there. */
  readonly startedAt?: Date;
  /** Facts of the run, kept in each partition's parameters. */
  readonly facts: Readonly<Record<string, string>>;
}

interface Wanted {
  readonly path: string;
  readonly id: string;
  readonly input: PartitionInput;
}

/**
 * Makes Glue's partitions agree with the folders in S3: creates what is missing, updates what readers would see
 * differently, leaves the rest alone, rejects folders that no reader could read. Deletes nothing. Running it again ends
 * in the same state.
 */
export async function reconcile({ glue, s3 }: Clients, request: Reconciliation): Promise<Outcome[]> {
  const table = await readTable(glue, request);
  const tableLocation = table.StorageDescriptor?.Location ?? "";
  // Tables that were made by hand often lack the slash.
  const location = parseS3Uri(tableLocation.replace(/\/*$/, "/"));
  if (!location)
    throw new Error(`table ${request.database}.${request.table}: location '${tableLocation}' is not an s3:// URI`);

  const outcomes: Outcome[] = [];
  const wanted: Wanted[] = [];
  for await (const found of findPartitions(s3, location, request.document, request.known)) {
    const problems = await verify(s3, location.bucket, request.document, found);
    if (problems.length > 0) {
      outcomes.push({ path: found.path, ending: "rejected", reason: problems.join("; ") });
      continue;
    }
    const values = valuesOf(request.document, found.path);
    const input = desiredPartition(
      table,
      values,
      `s3://${location.bucket}/${location.key}${found.path}`,
      request.facts,
    );
    wanted.push({ path: found.path, id: partitionId(values), input });
  }

  // A listing of the whole table has met them already.
  if (request.startedAt !== undefined && Object.keys(request.known).length > 0)
    for (const { path, reason } of await findStrays(s3, location, request.document, request.startedAt))
      outcomes.push({ path, ending: "rejected", reason });

  const existing = await readPartitions(
    glue,
    request,
    wanted.map(({ input }) => input.Values ?? []),
  );
  const missing = wanted.filter(({ id }) => !existing.has(id));
  const created = await createPartitions(
    glue,
    request,
    missing.map(({ input }) => input),
  );
  // Somebody else was faster, or an answer was lost: what is there now decides.
  const raced = missing.filter(({ id }) => created.get(id)?.code === "AlreadyExistsException");
  let unseen = "Glue says that it exists, and does not show it; run again";
  try {
    const values = raced.map(({ input }) => input.Values ?? []);
    for (const [id, partition] of await readPartitions(glue, request, values)) existing.set(id, partition);
  } catch (error) {
    // What was created stays, and is told.
    unseen = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  for (const item of missing) if (!raced.includes(item)) outcomes.push(ended(item, "created", created));

  const differing: Wanted[] = [];
  for (const item of wanted) {
    const partition = existing.get(item.id);
    if (partition && sameForReaders(partition, item.input)) outcomes.push({ path: item.path, ending: "same" });
    else if (partition) differing.push(item);
    else if (raced.includes(item)) outcomes.push({ path: item.path, ending: "failed", reason: unseen });
  }
  const updated = await updatePartitions(
    glue,
    request,
    differing.map(({ input }) => input),
  );
  return [...outcomes, ...differing.map((item) => ended(item, "updated", updated))];
}

function valuesOf({ partitionKeys, escaping }: DatasetDocument, path: string): string[] {
  const read = readPath(partitionKeys, path, escaping);
  if ("problems" in read) throw new Error(read.problems.join("; "));
  return partitionKeys.map(({ name }) => read.values[name] ?? "");
}

function ended(item: Wanted, ending: "created" | "updated", errors: BatchErrors): Outcome {
  const error = errors.get(item.id);
  return error
    ? { path: item.path, ending: "failed", reason: `${error.code}: ${error.message}` }
    : { path: item.path, ending };
}
