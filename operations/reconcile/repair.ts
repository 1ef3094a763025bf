import {
  AthenaClient,
  GetQueryExecutionCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import type { Table } from "@aws-sdk/client-glue";
import { setTimeout as sleep } from "node:timers/promises";
import type { Clients } from "../clients";
import { readerDifferences, partitionId, readTable } from "./glue";
import { sameOf, sizeOf, type Outcome } from "./outcome";
import { inChunks, streamOf } from "./parallel";
import { plan } from "./plan";
import { READ_AT_ONCE, readPartitions } from "./reading";
import { OPERATE, type PlannedPartition, type ReconcileRequest } from "./request";

export interface RepairOptions {
  /** Default: from the SDK's standard sources. */
  readonly athena?: AthenaClient;
  /** Athena workgroup. */
  readonly workgroup: string;
  /** S3 folder, as a URI, for Athena's answer; a workgroup that enforces its own takes no notice. */
  readonly results: string;
  readonly deadline?: Date;
  /** Milliseconds between two looks at the query. Default 1000. */
  readonly pollMs?: number;
}

const POLL_MS = 1000;

/**
 * Lets Athena find a table's partitions. `MSCK REPAIR TABLE` registers every folder that looks like one, only adds, and
 * passes over others without a word (Athena user guide, msck-repair-table). So the table is looked at before: with a
 * folder that must not become a partition it is not run at all. And after it: what Glue has then is what is told.
 */
export async function* repair(
  clients: Clients,
  request: ReconcileRequest,
  options: RepairOptions,
): AsyncGenerator<Outcome> {
  const { table } = await readTable(clients.glue, request, request.tableWaitMs, request.signal);
  const traps = repairTraps(table);
  if (traps.length > 0)
    throw new Error(
      `table ${request.database}.${request.table}: MSCK REPAIR TABLE would not work:\n` +
        traps.map((trap) => `  - ${trap}`).join("\n"),
    );
  const wanted: PlannedPartition[] = [];
  let rejected = 0;
  // What it finds it registers, so that the whole table counts, whatever the run wrote.
  const whole: ReconcileRequest = { ...request, scope: { kind: "table" }, factless: true, removals: false };
  for await (const planned of plan(clients, whole)) {
    const { path, action, reason = "" } = planned;
    if (action === "create") wanted.push(planned);
    else if (action === "same") yield sameOf(planned);
    else if (action === "remove") yield { path, ending: "kept", reason };
    else if (action === "reject") yield { path, ending: "rejected", reason };
    else
      yield {
        path,
        ending: "failed",
        reason: `${reason}; MSCK REPAIR TABLE only adds, update it with ${apply(request)}`,
      };
    if (action === "reject") rejected += 1;
  }
  if (wanted.length === 0) return;
  if (rejected > 0) {
    const reason = `MSCK REPAIR TABLE was not run: it would register the ${rejected} rejected as well`;
    for (const { path } of wanted) yield { path, ending: "left", reason };
    return;
  }
  const failure = await query(options.athena ?? new AthenaClient({ maxAttempts: 8 }), request, options);
  for await (const chunk of inChunks(streamOf(wanted), READ_AT_ONCE)) {
    const values = chunk.map((item) => item.values);
    const there = await readPartitions(clients.glue, request, values, request.signal);
    for (const item of chunk) {
      const { path, values, desired } = item;
      const now = there.get(partitionId(values));
      const differences = now ? readerDifferences(now, desired?.StorageDescriptor, true) : [];
      if (now && differences.length === 0) yield { path, ending: "created", ...sizeOf(item) };
      else if (now) yield { path, ending: "failed", reason: `Athena registered another ${differences.join(", ")}` };
      else if (failure) yield { path, ...failure };
      else
        yield {
          path,
          ending: "failed",
          reason: `Athena says that it is done, and has left it out; register it with ${apply(request)}`,
        };
    }
  }
}

const apply = ({ document, operate = OPERATE }: ReconcileRequest): string =>
  `${operate} partitions ${document.name} --apply`;

/** Why Athena would fail on a table, or find nothing; empty when nothing is known. */
export function repairTraps({
  TableType: type,
  Parameters: parameters = {},
  PartitionKeys: keys = [],
}: Table): string[] {
  const traps: string[] = [];
  if (!type)
    traps.push(`it has no table type, and Athena fails with "NullPointerException Name is null"; set EXTERNAL_TABLE`);
  if (parameters["projection.enabled"]?.trim().toLowerCase() === "true")
    traps.push("its partitions are projected, and registered ones count for nothing; set projection.enabled to false");
  for (const { Name: name = "" } of keys)
    if (name !== name.toLowerCase())
      traps.push(`its key '${name}' has capitals, and such folders are passed over; rename it`);
  if (keys.length === 0) traps.push("it has no partition keys; register nothing for it");
  return traps;
}

/** Runs the statement to its end; the ending of what it did not register, when it did not succeed. */
async function query(
  athena: AthenaClient,
  { database, table }: ReconcileRequest,
  { workgroup, results, deadline, pollMs = POLL_MS }: RepairOptions,
): Promise<Pick<Outcome, "ending" | "reason"> | undefined> {
  const { QueryExecutionId: id } = await athena.send(
    new StartQueryExecutionCommand({
      QueryString: `MSCK REPAIR TABLE \`${database}\`.\`${table}\``,
      WorkGroup: workgroup,
      ResultConfiguration: { OutputLocation: results },
    }),
  );
  for (;;) {
    const { QueryExecution: execution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId: id }));
    const { State: state = "UNKNOWN", StateChangeReason: reason = "no reason given" } = execution?.Status ?? {};
    if (state === "SUCCEEDED") return undefined;
    if (state === "FAILED" || state === "CANCELLED")
      return { ending: "failed", reason: `MSCK REPAIR TABLE: ${state} in workgroup ${workgroup}: ${reason}` };
    if (deadline !== undefined && Date.now() + pollMs >= deadline.getTime()) {
      await athena.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
      return { ending: "left", reason: `MSCK REPAIR TABLE was not done in the time there was (query ${id})` };
    }
    await sleep(pollMs);
  }
}
