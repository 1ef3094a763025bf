import type { DatasetDocument } from "../contract/document";
import { dayOutput, type RegistrationCounts, type RegistrationEvent } from "../contract/events";
import { makeClients } from "./clients";
import { count } from "./reconcile/outcome";
import { reconcile } from "./reconcile/reconcile";

/**
 * Last step of a pipeline: registers the partitions that the run wrote.
 *
 * @throws Error when a partition could not be registered: the step fails, and its reason lists each one
 */
export async function handler(event: RegistrationEvent): Promise<RegistrationCounts> {
  const document = JSON.parse(event.dataset) as DatasetDocument;
  const known = Object.fromEntries(
    document.partitionKeys.flatMap(({ name }) => {
      const value = event[dayOutput(name) as `value_${string}`];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const outcomes = await reconcile(makeClients(), {
    ...{ database: event.database, table: event.table, document, known },
    ...(event.startedAt === undefined ? {} : { startedAt: new Date(event.startedAt) }),
    facts: { "partitions.execution": event.execution },
  });
  for (const outcome of outcomes) console.log(JSON.stringify({ table: event.table, ...outcome }));
  const counts = count(outcomes);
  const bad = outcomes.filter(({ ending }) => ending === "failed" || ending === "rejected");
  if (bad.length > 0 || outcomes.length === 0) throw new Error(failureText(event, counts, bad));
  return counts;
}

function failureText(
  { database, table }: RegistrationEvent,
  { requested, created, updated, same }: RegistrationCounts,
  bad: readonly { readonly path: string; readonly reason?: string }[],
): string {
  const lines = bad.slice(0, 20).map(({ path, reason }) => `  ${path}: ${reason ?? "unknown"}`);
  const more = bad.length > lines.length ? [`  … and ${bad.length - lines.length} more, see the log`] : [];
  return [
    `${database}.${table}: ${bad.length} of ${requested} partitions not registered ` +
      `(${created} created, ${updated} updated, ${same} unchanged; nothing was deleted)`,
    ...(requested === 0 ? ["  the run wrote no partition folder below the table's location"] : lines),
    ...more,
  ].join("\n");
}
