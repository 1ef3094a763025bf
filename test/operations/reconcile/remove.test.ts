import { deepEqual, equal } from "node:assert/strict";
import { enumKey } from "../../../contract/keys";
import { remove } from "../../../operations/reconcile/remove";
import { denied, itemErrors, meanwhile } from "../../support/faults";
import { objects } from "../../support/fourChecks";
import { all, each, useLake, type LakeTable } from "../../support/laptop";

describe("the removal of partitions", () => {
  const lake = useLake();
  const prepare = async (partitions: number): Promise<LakeTable> => {
    const values = Array.from({ length: partitions }, (_, at) => `v${at}`);
    const table = await lake.table({ keys: [enumKey("k", { values })] });
    for (const value of values) await lake.register(table, [value], `k=${value}/`);
    await lake.put(table, "k=v0/p.csv");
    return table;
  };
  const removed = async (table: LakeTable) =>
    all(remove(lake.clients, lake.request(table), each(await lake.plan(table, { removals: true }))));

  it("takes those without data out of the catalogue, 25 in a call, and touches no object", async () => {
    const table = await prepare(52);
    const before = await objects(lake, table);
    const endings = (await removed(table)).map(({ ending }) => ending);
    deepEqual([endings.length, new Set(endings)], [51, new Set(["removed"])]);
    deepEqual(lake.faults.sizes("BatchDeletePartition"), [25, 25, 1]);
    deepEqual(Object.keys(await lake.partitions(table)), ["v0"]);
    deepEqual(await objects(lake, table), before);
  }).timeout(30_000);

  it("takes one that is gone already for removed, and tells every other error", async () => {
    const table = await prepare(4);
    lake.faults.on(
      "BatchDeletePartition",
      itemErrors(([value]) => ({ v1: "EntityNotFoundException", v2: "AccessDeniedException" })[value ?? ""]),
    );
    const outcomes = await removed(table);
    deepEqual(outcomes.map(({ path, ending }) => `${ending} ${path}`).sort(), [
      "failed k=v2/",
      "removed k=v1/",
      "removed k=v3/",
    ]);
    equal(outcomes.find(({ ending }) => ending === "failed")?.reason, "AccessDeniedException: by script");
  });

  it("tries what passes again, and claims nothing when the call is refused", async () => {
    const table = await prepare(2);
    let times = 1;
    lake.faults.on(
      "BatchDeletePartition",
      itemErrors(() => (times-- > 0 ? "InternalServiceException" : undefined)),
    );
    deepEqual(
      (await removed(table)).map(({ ending }) => ending),
      ["removed"],
    );
    const other = await prepare(2);
    lake.faults.on("BatchDeletePartition", denied(0, "glue:BatchDeletePartition"));
    deepEqual(
      (await removed(other)).map(({ ending }) => ending),
      ["failed"],
    );
    equal(Object.keys(await lake.partitions(other)).length, 2);
  });

  it("leaves a partition that gets its data while the plan is made", async () => {
    const table = await prepare(2);
    lake.faults.on(
      "GetPartitions",
      meanwhile(() => lake.put(table, "k=v1/p.csv")),
    );
    deepEqual(await removed(table), []);
  });
});
