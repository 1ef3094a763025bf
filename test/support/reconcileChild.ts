import { makeClients } from "../../operations/clients";
import { reconcile } from "../../operations/reconcile/reconcile";
import type { ReconcileRequest } from "../../operations/reconcile/request";

/** Reconciles in a process of its own, that a test can kill. The request comes as JSON in the first argument. */
async function main(): Promise<void> {
  const request = JSON.parse(process.argv[2] ?? "") as ReconcileRequest;
  for await (const outcome of reconcile(makeClients(), request, { parallel: 2 })) console.log(JSON.stringify(outcome));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
