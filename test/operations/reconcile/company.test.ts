import { deepEqual, equal, rejects } from "node:assert/strict";
import { enumKey, integerKey } from "../../../contract/keys";
import { apply } from "../../../operations/reconcile/apply";
import { count, type Outcome } from "../../../operations/reconcile/outcome";
import { fourChecks, objects } from "../../support/fourChecks";
import { all, each, ONE_ROW, useLake, type LakeTable } from "../../support/laptop";

/** Each ends with the four checks. */
describe("a registration beside others, and among other things", () => {
  const lake = useLake();
  let table: LakeTable;
  let before: Record<string, string>;
  const prepare = async (folders: number) => {
    table = await lake.table({ keys: [integerKey("shard", { digits: 4 })] });
    const shards = Array.from(
      { length: folders },
      (_, shard) => `shard=${String(shard).padStart(4, "0")}/partition.csv`,
    );
    for (let start = 0; start < folders; start += 20)
      await Promise.all(shards.slice(start, start + 20).map((file) => lake.put(table, file)));
    before = await objects(lake, table);
    lake.faults.reset();
  };
  const ends = async (outcomes?: readonly Outcome[], bad = 0) => fourChecks(lake, table, before, outcomes, bad);

  it("waits for a table that appears a moment after its deployment", async () => {
    await prepare(1);
    let hidden = 2;
    lake.faults.on("GetTable", (call, next) =>
      hidden-- > 0
        ? Promise.resolve({ status: 400, body: { __type: "EntityNotFoundException", message: "no" } })
        : next(call.body),
    );
    equal(count(await lake.reconcile(table, {}, { tableWaitMs: 10_000 })).created, 1);
    await ends();
  });

  it("says how long it waited for a table that does not come", async () => {
    await rejects(
      lake.reconcile({ ...table, name: "nowhere" }, {}, { tableWaitMs: 1000 }),
      /does not exist after 1 s; deploy/,
    );
  });

  it("comes to one end when several registrars meet, whose steps fall between each other's", async () => {
    await prepare(30);
    await lake.register(table, ["0004"], "elsewhere/");
    const all = await Promise.all([1, 2, 3].map(() => lake.reconcile(table)));
    for (const outcomes of all) deepEqual([count(outcomes).failed, count(outcomes).requested], [0, 30]);
    await ends();
  }).timeout(60_000);

  it("leaves the registration of newer files, when an older look comes to write last", async () => {
    await prepare(1);
    const stale = await lake.plan(table);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await lake.put(table, "shard=0000/partition.csv", "x,y,2\n");
    before = await objects(lake, table);
    await lake.reconcile(table);
    const newer = await lake.partitions(table);
    const outcomes = await all(apply(lake.clients, lake.request(table), each(stale)));
    deepEqual(
      outcomes.map(({ ending }) => ending),
      ["same"],
    );
    deepEqual(await lake.partitions(table), newer);
    await ends(outcomes);
  });

  it("registers no folder with markers alone, and counts what it passes over", async () => {
    table = await lake.table({ keys: [enumKey("site", { values: ["tokyo", "osaka", "nara"] })] });
    await lake.put(table, "site=tokyo/partition.csv");
    for (const file of [
      "site=osaka/",
      "site=nara/_SUCCESS",
      "site=nara/.part.tmp",
      "site=osaka_$folder$",
      "_temporary/0/x.csv",
    ])
      await lake.put(table, file, "");
    before = await objects(lake, table);
    const ignored: [string, number][] = [];
    const outcomes = await lake.reconcile(table, {}, { onIgnored: (path, files) => ignored.push([path, files]) });
    deepEqual(outcomes, [{ path: "site=tokyo/", ending: "created", ...ONE_ROW }]);
    deepEqual(ignored, [
      ["site=nara/", 2],
      ["site=osaka/", 1],
    ]);
    await ends(outcomes);
  });

  it("rejects what lies in another order, depth or name of keys, and registers the rest", async () => {
    table = await lake.table({ keys: [enumKey("a", { values: ["1", "2"] }), enumKey("b", { values: ["1", "2"] })] });
    const wrong = [
      "b=1/a=2/p.csv",
      "a=1/p.csv",
      "a=2/b=1/c=3/p.csv",
      "a=1/day=2/p.csv",
      "A=1/b=2/p.csv",
      "a=1/b=%31/p.csv",
    ];
    for (const file of [...wrong, "a=1/b=1/p.csv"]) await lake.put(table, file);
    before = await objects(lake, table);
    const outcomes = await lake.reconcile(table);
    deepEqual([count(outcomes).created, count(outcomes).rejected], [1, wrong.length]);
    await ends(outcomes, wrong.length);
  });
});
