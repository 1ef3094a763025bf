import type { Clients } from "../clients";
import { apply, type ApplyOptions } from "./apply";
import { readTable } from "./glue";
import type { Outcome } from "./outcome";
import { plan } from "./plan";
import { OPERATE, type ReconcileRequest } from "./request";
import { findStrays } from "./strays";

/**
 * Makes Glue's partitions agree with the folders in S3: creates what is missing, updates what readers would see
 * differently, leaves the rest alone, rejects folders that no reader could read. Deletes nothing. Running it again ends
 * in the same state.
 */
export async function* reconcile(
  clients: Clients,
  request: ReconcileRequest,
  options: ApplyOptions = {},
): AsyncGenerator<Outcome> {
  yield* apply(clients, request, plan(clients, request), options);
  const { scope, startedAt, document, signal, operate = OPERATE } = request;
  // A listing of the whole table has met them already.
  if (startedAt === undefined || scope.kind !== "values" || Object.keys(scope.known).length === 0) return;
  if (options.signal?.aborted || (options.deadline !== undefined && options.deadline.getTime() <= Date.now())) return;
  const { location } = await readTable(clients.glue, request, 0, signal);
  const strays = await findStrays(clients, request, location, { ...document, operate }, scope.known, startedAt, signal);
  for (const { path, reason, elsewhere } of strays)
    yield { path, ending: elsewhere ? "elsewhere" : "rejected", reason };
}
