import { column } from "../../../contract/columns";
import { csv } from "../../../contract/csv";
import { integerKey } from "../../../contract/keys";
import { makeClients, type Clients } from "../../../operations/clients";
import { apply } from "../../../operations/reconcile/apply";
import { desiredPartition, readTable } from "../../../operations/reconcile/glue";
import { counter } from "../../../operations/reconcile/outcome";
import type { PlannedPartition } from "../../../operations/reconcile/plan";
import { reconcile } from "../../../operations/reconcile/reconcile";
import type { ReconcileRequest } from "../../../operations/reconcile/request";
import { TABLE, valueOf } from "../registerServer";
import { finish } from "./result";

const [mode = "", partitions = "0"] = process.argv.slice(2);

const request: ReconcileRequest = {
  ...{ database: TABLE.database, table: TABLE.table, scope: { kind: "table" }, facts: {}, removals: false },
  document: {
    name: TABLE.table,
    partitionKeys: [integerKey(TABLE.key, { digits: 7 })],
    columns: ["feature1", "feature2", "y"].map((name) => column(name, "string", "")),
    format: csv(),
  },
  verification: mode === "names" ? "names" : "contents",
};

/** Partitions that somebody names, as the others are given them: nothing is listed, compared or opened. */
async function* named({ glue }: Clients): AsyncGenerator<PlannedPartition> {
  const { table } = await readTable(glue, request);
  for (let at = 0; at < Number(partitions); at++) {
    const path = `${TABLE.key}=${valueOf(at)}/`;
    const desired = desiredPartition(table, [valueOf(at)], `s3://${TABLE.bucket}/${TABLE.prefix}${path}`, {});
    yield { path, values: [valueOf(at)], action: "create", files: 1, bytes: 6, desired };
  }
}

finish(
  (async () => {
    const clients = makeClients();
    const { add, counts } = counter();
    const start = performance.now();
    const outcomes = mode === "apply" ? apply(clients, request, named(clients)) : reconcile(clients, request);
    for await (const outcome of outcomes) add(outcome);
    return { workSeconds: (performance.now() - start) / 1000, ...counts };
  })(),
);
