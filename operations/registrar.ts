import type { Context } from "aws-lambda";
import type { DatasetDocument } from "../contract/document";
import { operateCommand } from "../contract/runbook";
import { metricLine, type RunMetrics } from "../contract/metrics";
import type { StackId } from "../contract/names";
import { dayOutput, type RegistrationCounts, type RegistrationEvent } from "../contract/events";
import { makeClients } from "./clients";
import { counter, type Counts, type Ending, type Outcome } from "./reconcile/outcome";
import { FACTS } from "./reconcile/facts";
import { reconcile } from "./reconcile/reconcile";
import { repair } from "./reconcile/repair";
import { OPERATE, type ReconcileRequest } from "./reconcile/request";

/** Kept of the function's time: to tell what is left, and to end before Lambda ends it. Milliseconds. */
const RESERVE_MS = 20_000;
const GRACE_MS = 5_000;

/** Glue may not show a table right after its deployment. */
const TABLE_WAIT_MS = 15_000;

/** Endings of what readers see. */
const REGISTERED: readonly Ending[] = ["created", "updated", "same"];

/** Endings that fail no run. */
const GOOD: readonly Ending[] = [...REGISTERED, "elsewhere"];

/** Bad partitions that the failure names; all of them are in the log. */
const NAMED = 20;

/**
 * Last step of a pipeline: registers the partitions that the run wrote.
 *
 * @param context Lambda's: when time runs short the work stops, and what is left is told
 * @throws Error when a partition could not be registered: the step fails, and its reason lists each one
 */
export async function handler(
  event: RegistrationEvent,
  context?: Pick<Context, "getRemainingTimeInMillis">,
): Promise<RegistrationCounts> {
  const request = requestOf(event);
  const { add, counts } = counter();
  const done = ofRun();
  const bad: Outcome[] = [];
  const registered = () => counts.created + counts.updated + counts.same;
  const notRegistered = () => counts.requested - counts.elsewhere - registered();
  const remaining = context?.getRemainingTimeInMillis();
  let complete = true;
  const deadline = remaining === undefined ? {} : { deadline: new Date(Date.now() + remaining - RESERVE_MS) };
  const outcomes =
    event.workgroup === undefined
      ? reconcile(makeClients(), request, {
          ...{ ...deadline, graceMs: GRACE_MS },
          onEnd: (facts) => {
            complete = facts.complete;
            if (facts.throttled > 0) console.log(JSON.stringify({ table: event.table, throttled: facts.throttled }));
          },
        })
      : repair(makeClients(), request, {
          ...{ ...deadline, workgroup: event.workgroup, results: event.repairResults ?? "" },
        });
  let succeeded = false;
  try {
    for await (const outcome of outcomes) {
      add(outcome);
      done.add(outcome);
      console.log(JSON.stringify({ table: event.table, ...outcome }));
      if (!GOOD.includes(outcome.ending) && bad.length < NAMED) bad.push(outcome);
    }
    succeeded = registered() > 0 && notRegistered() === 0 && complete;
  } finally {
    // A run that fails has not registered something, even where it did not come to count it.
    const lacking = Math.max(notRegistered(), succeeded ? 0 : 1);
    tell(event.execution, request, { ...done.total(), PartitionsNotRegistered: lacking });
  }
  if (!succeeded) throw new Error(failureText(event, request, counts, bad, complete));
  const { requested, created, updated, same, failed, rejected, elsewhere } = counts;
  return { requested, created, updated, same, failed, rejected, elsewhere };
}

/** Tells CloudWatch, by the log, of a run of a stack's pipeline. */
function tell(execution: string, { document }: ReconcileRequest, values: RunMetrics["values"]): void {
  const stack = stackOf(execution);
  if (stack === undefined) return;
  const dimensions = { Stack: `${stack.project}-${stack.stack}`, Dataset: document.name };
  console.log(metricLine({ namespace: stack.project, dimensions, at: new Date(), values }));
}

function requestOf(event: RegistrationEvent): ReconcileRequest {
  const document = JSON.parse(event.dataset) as DatasetDocument;
  const stack = stackOf(event.execution);
  const known = Object.fromEntries(
    document.partitionKeys.flatMap(({ name }) => {
      const value = event[dayOutput(name) as `value_${string}`];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const ofTable = Object.keys(known).length === 0;
  return {
    ...{ database: event.database, table: event.table, document },
    scope: ofTable ? { kind: "table" } : { kind: "values", known },
    ...(event.startedAt === undefined ? {} : { startedAt: new Date(event.startedAt) }),
    ...(ofTable || event.processDate === undefined ? {} : { processDate: event.processDate }),
    operate: stack === undefined ? OPERATE : operateCommand(stack, "").trimEnd(),
    facts: {
      [FACTS.execution]: event.execution,
      ...(event.definition === undefined ? {} : { [FACTS.definition]: event.definition }),
      ...(event.image === undefined ? {} : { [FACTS.image]: event.image }),
    },
    // Only a person removes partitions.
    removals: false,
    tableWaitMs: TABLE_WAIT_MS,
  };
}

/** The stack whose execution this is: pipelines are named `<project>-<stack>-<dataset>`. */
function stackOf(execution: string): StackId | undefined {
  const [, project, stack] = /:pipeline\/([^-/]+)-([^-/]+)-[^/]+\/execution\//.exec(execution) ?? [];
  return project === undefined || stack === undefined ? undefined : { project, stack };
}

/**
 * What the run registered, without what a look at the whole table finds of earlier runs; rows and bytes only as long as
 * they are known of every partition.
 */
function ofRun() {
  let [partitions, bytes, rows] = [0, 0, 0];
  return {
    add: ({ ending, older, ...size }: Outcome): void => {
      if (!REGISTERED.includes(ending) || older) return;
      partitions += 1;
      bytes += size.bytes ?? NaN;
      rows += size.rows ?? NaN;
    },
    total: () => ({
      PartitionsRegistered: partitions,
      ...(Number.isNaN(bytes) ? {} : { Bytes: bytes }),
      ...(Number.isNaN(rows) ? {} : { Rows: rows }),
    }),
  };
}

function failureText(
  { database, table }: RegistrationEvent,
  { document, operate = OPERATE }: ReconcileRequest,
  { requested: all, created, updated, same, left, elsewhere }: Counts,
  bad: readonly Outcome[],
  complete: boolean,
): string {
  const requested = all - elsewhere;
  const good = created + updated + same;
  const more = requested - good - bad.length;
  const command = `${operate} partitions ${document.name} --apply`;
  return [
    `${database}.${table}: ${requested - good} of ${requested} partitions not registered ` +
      `(${created} created, ${updated} updated, ${same} unchanged; nothing was deleted)`,
    ...(requested === 0 && complete ? ["  the run wrote no partition folder below the table's location"] : []),
    ...bad.map(({ path, reason }) => `  ${path}: ${reason ?? "unknown"}`),
    ...(more > 0 ? [`  … and ${more} more, see the log`] : []),
    ...(left > 0 || !complete
      ? [
          `  the time of the function was over${complete ? "" : " before all folders were looked at"}; what is done ` +
            `stays, go on with: ${command}`,
        ]
      : []),
  ].join("\n");
}
