import type { Partition, Table } from "@aws-sdk/client-glue";
import type { Clients } from "../clients";
import {
  factsDifference,
  fileFacts,
  foreignParameters,
  hasFacts,
  newestOf,
  bytesOf,
  ownParameters,
  rowsOf,
  FACTS,
} from "./facts";
import type { FoundPartition } from "./folders";
import { desiredPartition, partitionId, readerDifferences, readTable } from "./glue";
import { Hashes } from "./hashes";
import type { Location } from "./listing";
import { secondOf } from "./leftoverRule";
import { placeOf } from "./placeRule";
import { gate, inChunks, inParallel } from "./parallel";
import { READ_AT_ONCE, readPartitions } from "./reading";
import { findRemovals } from "./removals";
import type { PlannedPartition, ReconcileRequest } from "./request";
import { findFolders, reachOf } from "./scope";
import { documentProblems } from "./tableDocument";
import { verify } from "./verify";

export type { Action, PlannedPartition, ReconcileRequest, Scope } from "./request";

/** Reads of Glue, of 1,000 partitions each, at the same time: what bounds the memory of a plan. */
const PARALLEL_READS = 2;

/** Files that are opened at the same time. */
const PARALLEL_FILES = 64;

/**
 * Compares the folders in S3 with Glue's partitions, changing nothing. Streams: listing, reading Glue and opening files
 * go on side by side, and nothing is kept but 8 bytes for each partition. What is registered with exactly the files that
 * are there, and as the table says, is `same` without opening them; everything else is verified first.
 *
 * @throws Error when the table is missing or is another than the document's, and when S3 or Glue cannot be read
 */
export async function* plan(clients: Clients, request: ReconcileRequest): AsyncGenerator<PlannedPartition> {
  const { document, signal } = request;
  const reach = reachOf(request.scope, document, signal);
  const { table, location } = await readTable(clients.glue, request, request.tableWaitMs, signal);
  const problems = documentProblems(document, table);
  if (problems.length > 0)
    throw new Error(
      `table ${request.database}.${request.table} is not the one that this run was started for; its files stay, and ` +
        `nothing is registered:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`,
    );
  const work: Work = {
    clients,
    request,
    table,
    location,
    opened: gate(PARALLEL_FILES),
    exact: reach.expected !== undefined,
  };
  const seen = new Hashes();
  const found = flat(findFolders(clients.s3, location, document, reach, signal));
  for await (const planned of inParallel(inChunks(found, READ_AT_ONCE), PARALLEL_READS, (chunk) => judge(work, chunk)))
    for (const partition of planned) {
      if (partition.values.length > 0 && !reach.holds(valuesByName(request, partition.values))) continue;
      if (partition.values.length > 0) seen.add(partitionId(partition.values));
      yield partition;
    }
  if (request.removals ?? true)
    yield* findRemovals(
      clients,
      request,
      location,
      (values) => seen.has(partitionId(values)) || !reach.holds(valuesByName(request, values)),
    );
}

interface Work {
  readonly clients: Clients;
  readonly request: ReconcileRequest;
  readonly table: Table;
  readonly location: Location;
  readonly opened: ReturnType<typeof gate>;
  /** Whether the scope names one partition, which must be there. */
  readonly exact: boolean;
}

const valuesByName = ({ document }: ReconcileRequest, values: readonly string[]): Record<string, string> =>
  Object.fromEntries(document.partitionKeys.map(({ name }, index) => [name, values[index] ?? ""]));

async function* flat(lists: AsyncIterable<readonly FoundPartition[]>): AsyncGenerator<FoundPartition> {
  for await (const list of lists) yield* list;
}

/** Up to 1,000 folders: one call to Glue for all of them. */
async function judge(work: Work, chunk: readonly FoundPartition[]): Promise<PlannedPartition[]> {
  const { clients, request } = work;
  const read = chunk.map((found) => ({ found, ...placeOf(found, request.document) }));
  const valid = read.flatMap(({ values }) => (values.length > 0 ? [values] : []));
  const current = await readPartitions(clients.glue, request, valid, request.signal);
  const judged = read.map(({ found, values, problems }) =>
    judgeOne(work, found, values, problems, values.length > 0 ? current.get(partitionId(values)) : undefined),
  );
  return (await Promise.all(judged)).flatMap((planned) => planned ?? []);
}

async function judgeOne(
  { clients, request, table, location, opened, exact }: Work,
  found: FoundPartition,
  values: readonly string[],
  problems: readonly string[],
  current: Partition | undefined,
): Promise<PlannedPartition | undefined> {
  const { files, path, hidden } = found;
  const newest = newestOf(files);
  const item = {
    ...{ path, values, files: files.length, bytes: bytesOf(files) },
    ...(newest === undefined ? {} : { newest }),
    ...(current === undefined ? {} : { current }),
  };
  if (files.length === 0 && !exact && current === undefined) {
    request.onIgnored?.(path, hidden);
    return undefined;
  }
  const place = `s3://${location.bucket}/${location.key}${path}`;
  if (files.length === 0) {
    const reason =
      hidden > 0 ? `no data file, only ${hidden} hidden ones` : "no data file: did the script write this day?";
    return { ...item, action: current === undefined ? "reject" : "remove", reason };
  }
  const differences =
    current === undefined
      ? []
      : readerDifferences(current, { ...table.StorageDescriptor, Location: place }, request.factless);
  const opens = request.verification !== "names";
  const { startedAt, factless = false } = request;
  const ofRun = startedAt !== undefined && newest !== undefined && newest.getTime() >= secondOf(startedAt);
  const known = current !== undefined && (factless ? !ofRun : hasFacts(current, files, opens));
  const judged = { found, values, problems, current, exact, verified: known && differences.length === 0 };
  const verified = await verify(clients.s3, location, request, judged, opened);
  if (verified.problems.length > 0) return { ...item, action: "reject", reason: verified.problems.join("; ") };
  const rows = verified.about ?? (known ? rowsOf(current) : undefined);
  const older = startedAt !== undefined && !ofRun;
  const good = { ...item, ...(rows === undefined ? {} : { rows }), ...(older ? { older } : {}) };
  if (judged.verified || (factless && current !== undefined && differences.length === 0))
    return { ...good, action: "same" };
  if (current !== undefined && !known && !factless) differences.push(factsDifference(current, files));
  const desired = desiredPartition(table, values, place, {
    ...foreignParameters(current),
    ...(known ? ownParameters(current) : {}),
    ...runFacts(request, newest),
    ...(known ? {} : fileFacts(files, { rows: verified.rows, verified: opens ? new Date() : undefined })),
  });
  return current === undefined
    ? { ...good, action: "create", desired }
    : { ...good, action: "update", reason: differences.join("; "), desired };
}

/** A run's facts are those of files that it wrote, not of older ones that a look at the whole table meets. */
function runFacts({ facts, startedAt }: ReconcileRequest, newest: Date | undefined): Readonly<Record<string, string>> {
  if (startedAt === undefined || newest === undefined || newest.getTime() >= secondOf(startedAt)) return facts;
  const ofRun: readonly string[] = [FACTS.execution, FACTS.definition, FACTS.image];
  return Object.fromEntries(Object.entries(facts).filter(([name]) => !ofRun.includes(name)));
}
