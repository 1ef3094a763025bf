import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { integerKey } from "../../contract/keys";
import { count, type Outcome } from "../../operations/reconcile/outcome";
import { answerLost, denied, itemErrors, meanwhile, throttled, unprocessed } from "../support/faults";
import { useLake, type LakeTable } from "../support/laptop";

/** Path → ending, and why. */
const endings = (outcomes: readonly Outcome[]) =>
  Object.fromEntries(outcomes.map(({ path, ending, reason }) => [path, reason ? `${ending} ${reason}` : ending]));

describe("reconciliation while AWS misbehaves", () => {
  const lake = useLake();
  const shards = async (folders: number): Promise<LakeTable> => {
    const table = await lake.table({ keys: [integerKey("shard", { digits: 3 })] });
    for (let shard = 0; shard < folders; shard += 1)
      await lake.put(table, `shard=${String(shard).padStart(3, "0")}/partition.csv`);
    return table;
  };

  /** What must hold after any fault: nothing deleted, and a second run, without faults, ends with all registered. */
  const recovers = async (table: LakeTable, folders: number) => {
    equal(lake.faults.calls.filter(({ operation }) => /^(PUT|POST|DELETE|.*Delete.*)$/.test(operation)).length, 0);
    lake.faults.reset();
    const counts = count(await lake.reconcile(table));
    deepEqual([counts.failed, counts.rejected], [0, 0]);
    equal(Object.keys(await lake.partitions(table)).length, folders);
    equal((await lake.files(table)).length, folders);
    equal(count(await lake.reconcile(table)).same, folders);
  };

  it("registers the others when Glue refuses single partitions, and names those", async () => {
    const table = await shards(5);
    lake.faults.on(
      "BatchCreatePartition",
      itemErrors(([value = ""]) => (["001", "003"].includes(value) ? "InternalServiceException" : undefined)),
    );
    const outcomes = await lake.reconcile(table);
    deepEqual(endings(outcomes), {
      "shard=000/": "created",
      "shard=001/": "failed InternalServiceException: by script",
      "shard=002/": "created",
      "shard=003/": "failed InternalServiceException: by script",
      "shard=004/": "created",
    });
    const counts = count(outcomes);
    equal(counts.created + counts.updated + counts.same + counts.failed + counts.rejected, counts.requested);
    deepEqual(Object.keys(await lake.partitions(table)), ["000", "002", "004"]);
    await recovers(table, 5);
  });

  it("claims nothing when Glue refuses every partition", async () => {
    const table = await shards(3);
    lake.faults.on(
      "BatchCreatePartition",
      itemErrors(() => "ResourceNumberLimitExceededException"),
    );
    deepEqual(count(await lake.reconcile(table)), {
      ...{ requested: 3, created: 0, updated: 0, same: 0, failed: 3, rejected: 0, left: 0, kept: 0, elsewhere: 0 },
    });
    await recovers(table, 3);
  });

  it("claims nothing when Glue names an error's partition in no way", async () => {
    const table = await shards(2);
    const error = { ErrorDetail: { ErrorCode: "InternalServiceException", ErrorMessage: "by script" } };
    lake.faults.on("BatchCreatePartition", () => Promise.resolve({ status: 200, body: { Errors: [error] } }));
    equal(count(await lake.reconcile(table)).failed, 2);
    await recovers(table, 2);
  });

  it("tries a partition that could not be updated again, a few times, and names it", async () => {
    const table = await shards(2);
    await lake.register(table, ["000"], "elsewhere/");
    await lake.register(table, ["001"], "elsewhere/");
    lake.faults.on(
      "BatchUpdatePartition",
      itemErrors(([value = ""]) => (value === "001" ? "ConcurrentModificationException" : undefined)),
    );
    deepEqual(endings(await lake.reconcile(table)), {
      "shard=000/": `updated location "${table.location}elsewhere/"; its files were never verified by a registration`,
      "shard=001/": "failed ConcurrentModificationException: by script",
    });
    equal(lake.faults.sizes("BatchUpdatePartition").length, 3);
    await recovers(table, 2);
  });

  it("calls a partition that somebody else has just created the same, when it is", async () => {
    const table = await shards(2);
    lake.faults.on(
      "BatchCreatePartition",
      meanwhile(() => lake.reconcileDirectly(table, "shard=000/")),
    );
    deepEqual(endings(await lake.reconcile(table)), { "shard=000/": "same", "shard=001/": "created" });
    await recovers(table, 2);
  });

  it("updates a partition that somebody else has just created differently", async () => {
    const table = await shards(2);
    lake.faults.on(
      "BatchCreatePartition",
      meanwhile(() => lake.register(table, ["000"], "elsewhere/")),
    );
    deepEqual(endings(await lake.reconcile(table)), { "shard=000/": "updated", "shard=001/": "created" });
    equal((await lake.partitions(table))["000"]?.StorageDescriptor?.Location, `${table.location}shard=000/`);
    await recovers(table, 2);
  });

  it("ends in one state when two registrations run at the same time", async () => {
    const table = await shards(20);
    const both = await Promise.all([lake.reconcile(table), lake.reconcile(table)]);
    for (const outcomes of both) deepEqual([count(outcomes).failed, count(outcomes).requested], [0, 20]);
    await recovers(table, 20);
  });

  it("ends in the same state when an answer is lost after the work was done", async () => {
    const table = await shards(3);
    lake.faults.on("BatchCreatePartition", answerLost());
    deepEqual(count(await lake.reconcile(table)), {
      ...{ requested: 3, created: 0, updated: 0, same: 3, failed: 0, rejected: 0, left: 0, kept: 0, elsewhere: 0 },
    });
    deepEqual(lake.faults.sizes("BatchCreatePartition"), [3, 3]);
    await recovers(table, 3);
  });

  it("asks again for keys that Glue leaves unprocessed", async () => {
    const table = await shards(3);
    await lake.reconcileDirectly(table, "shard=000/");
    lake.faults.on("BatchGetPartition", unprocessed(2));
    deepEqual(endings(await lake.reconcile(table)), {
      "shard=000/": "same",
      "shard=001/": "created",
      "shard=002/": "created",
    });
    deepEqual(lake.faults.sizes("BatchGetPartition"), [3, 1, 1]);
  });

  it("rejects waiting for ever: keys that stay unprocessed end with the table's name", async () => {
    const table = await shards(3);
    lake.faults.on("BatchGetPartition", unprocessed(Infinity));
    await rejects(lake.reconcile(table), /leaves 1 partitions of lake\.t\d+ unprocessed; try again later/);
    deepEqual(await lake.partitions(table), {});
    await recovers(table, 3);
  });

  it("goes on after throttling", async () => {
    const table = await shards(2);
    for (const operation of ["GetTable", "BatchGetPartition", "BatchCreatePartition"])
      lake.faults.on(operation, throttled(1));
    equal(count(await lake.reconcile(table)).created, 2);
    await recovers(table, 2);
  });

  it("gives up when it is throttled for ever, and lists what is left", async () => {
    const table = await shards(2);
    lake.faults.on("BatchCreatePartition", throttled(Infinity));
    const outcomes = await lake.reconcile(table);
    for (const { ending, reason = "" } of outcomes) match(`${ending} ${reason}`, /^failed ThrottlingException: /);
    equal(outcomes.length, 2);
    equal(lake.faults.sizes("BatchCreatePartition").length, 9);
    await recovers(table, 2);
  });

  it("keeps what was done when a permission is lost midway, and lists the rest with Glue's reason", async () => {
    const table = await shards(120);
    const reason = "not authorized to perform: glue:BatchCreatePartition on resource: table/lake";
    lake.faults.on("BatchCreatePartition", denied(1, reason));
    const outcomes = await lake.reconcile(table);
    deepEqual([count(outcomes).created, count(outcomes).failed], [100, 20]);
    for (const outcome of outcomes.filter(({ ending }) => ending === "failed"))
      equal(outcome.reason, `AccessDeniedException: ${reason}`);
    equal(Object.keys(await lake.partitions(table)).length, 100);
    await recovers(table, 120);
  }).timeout(30_000);

  it("keeps what was done when the look after a race is refused, and says so", async () => {
    const table = await shards(2);
    lake.faults.on(
      "BatchCreatePartition",
      meanwhile(() => lake.register(table, ["000"], "elsewhere/")),
    );
    lake.faults.on("BatchGetPartition", denied(1, "no more looking"));
    deepEqual(endings(await lake.reconcile(table)), {
      "shard=000/": "failed AccessDeniedException: no more looking",
      "shard=001/": "created",
    });
    await recovers(table, 2);
  });

  it("rejects a table that may not be read, with Glue's reason", async () => {
    const table = await shards(1);
    lake.faults.on("GetTable", denied(0, "not authorized to perform: glue:GetTable"));
    await rejects(lake.reconcile(table), /not authorized to perform: glue:GetTable/);
    await recovers(table, 1);
  });
});
