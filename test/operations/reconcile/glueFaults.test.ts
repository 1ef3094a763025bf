import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { DeletePartitionCommand, GlueClient } from "@aws-sdk/client-glue";
import { integerKey } from "../../../contract/keys";
import { LAPTOP_CREDENTIALS } from "../../../local/environment";
import { apply } from "../../../operations/reconcile/apply";
import { count, type Outcome } from "../../../operations/reconcile/outcome";
import { plan } from "../../../operations/reconcile/plan";
import { answerLost, denied, itemErrors, meanwhile, slow, storm, throttled } from "../../support/faults";
import { fourChecks, objects } from "../../support/fourChecks";
import { all, DATABASE, useLake, type LakeTable } from "../../support/laptop";

const failures = (outcomes: readonly Outcome[]) => outcomes.filter(({ ending }) => ending === "failed");

/** Each ends with the four checks. */
describe("a registration that meets what registrations met", () => {
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

  it("registers 97 of 100 when 3 are refused for ever, after it has tried those again", async () => {
    await prepare(100);
    const bad = ["0003", "0050", "0099"];
    lake.faults.on(
      "BatchCreatePartition",
      itemErrors(([value = ""]) => (bad.includes(value) ? "InternalServiceException" : undefined)),
    );
    const outcomes = await lake.reconcile(table);
    deepEqual(
      failures(outcomes).map(({ path }) => path),
      bad.map((value) => `shard=${value}/`),
    );
    equal(count(outcomes).created, 97);
    // Only those that failed are asked for again.
    deepEqual(lake.faults.sizes("BatchCreatePartition"), [100, 3, 3]);
    await ends(outcomes);
  }).timeout(60_000);

  it("does not try again what will not pass", async () => {
    await prepare(3);
    lake.faults.on(
      "BatchCreatePartition",
      itemErrors(([value]) => (value === "0001" ? "InvalidInputException" : undefined)),
    );
    const outcomes = await lake.reconcile(table);
    deepEqual(
      failures(outcomes).map(({ reason }) => reason),
      ["InvalidInputException: by script"],
    );
    deepEqual(lake.faults.sizes("BatchCreatePartition"), [3]);
    await ends(outcomes);
  });

  it("finds the one partition for which Glue refuses a whole call, and registers the others", async () => {
    await prepare(40);
    lake.faults.on("BatchCreatePartition", ({ body }, next) => {
      const inputs = body.PartitionInputList as { Values: string[] }[];
      const bad = inputs.some(({ Values }) => Values[0] === "0017");
      return bad
        ? Promise.resolve({ status: 400, body: { __type: "InvalidInputException", message: "bad" } })
        : next(body);
    });
    const outcomes = await lake.reconcile(table);
    deepEqual(
      failures(outcomes).map(({ path, reason }) => `${path} ${reason}`),
      ["shard=0017/ InvalidInputException: bad"],
    );
    equal(count(outcomes).created, 39);
    await ends(outcomes);
  }).timeout(30_000);

  it("tries an update again that met another writer, as often as it may", async () => {
    await prepare(2);
    await lake.register(table, ["0000"], "elsewhere/");
    let times = 2;
    lake.faults.on(
      "BatchUpdatePartition",
      itemErrors(() => (times-- > 0 ? "ConcurrentModificationException" : undefined)),
    );
    const outcomes = await lake.reconcile(table);
    deepEqual([count(outcomes).updated, count(outcomes).created], [1, 1]);
    await ends(outcomes);
  });

  it("creates a partition that somebody has taken away before it could be updated", async () => {
    await prepare(1);
    await lake.register(table, ["0000"], "elsewhere/");
    const id = { DatabaseName: DATABASE, TableName: table.name, PartitionValues: ["0000"] };
    lake.faults.on(
      "BatchUpdatePartition",
      meanwhile(() => lake.glue.send(new DeletePartitionCommand(id))),
    );
    const outcomes = await lake.reconcile(table);
    deepEqual(
      outcomes.map(({ ending }) => ending),
      ["created"],
    );
    await ends(outcomes);
  });

  it("ends as it should when Glue does what is asked and its answer is lost", async () => {
    await prepare(120);
    for (const operation of ["BatchCreatePartition", "BatchGetPartition", "GetTable"])
      lake.faults.on(operation, answerLost());
    const outcomes = await lake.reconcile(table);
    const { created, same, requested } = count(outcomes);
    deepEqual([created + same, requested], [120, 120]);
    await ends(outcomes);
  }).timeout(60_000);

  it("ends as it should when Glue does what is asked, and answers too late", async () => {
    await prepare(3);
    const glue = new GlueClient({
      ...{ region: "ap-northeast-1", credentials: LAPTOP_CREDENTIALS, endpoint: lake.faults.endpoint, maxAttempts: 1 },
      requestHandler: { requestTimeout: 500, throwOnRequestTimeout: true },
    });
    let late = true;
    lake.faults.on("BatchCreatePartition", (call, next) => {
      const fault = late ? slow(1500) : (_: unknown, on: typeof next) => on(call.body);
      late = false;
      return fault(call, next);
    });
    const request = lake.request(table);
    const outcomes = await all(apply({ ...lake.clients, glue }, request, plan(lake.clients, request)));
    deepEqual(
      outcomes.map(({ ending }) => ending),
      ["same", "same", "same"],
    );
    equal(lake.faults.sizes("BatchCreatePartition").length, 2);
    await ends(outcomes);
  });

  it("finishes in a storm that throttles 30 of 100 calls, with fewer calls at the same time", async () => {
    await prepare(450);
    for (const operation of ["GetTable", "BatchGetPartition", "BatchCreatePartition"])
      lake.faults.on(operation, storm(0.3, 7));
    let throttles = 0;
    const outcomes = await lake.reconcile(
      table,
      {},
      {},
      { attempts: 8, onEnd: ({ throttled }) => (throttles = throttled) },
    );
    equal(count(outcomes).created, 450);
    ok(throttles > 0);
    await ends(outcomes);
  }).timeout(120_000);

  it("stops in its time when it is throttled for ever, and says what is left", async () => {
    await prepare(30);
    lake.faults.on("BatchCreatePartition", throttled(Infinity));
    const outcomes = await lake.reconcile(table, {}, {}, { attempts: 1000, deadline: new Date(Date.now() + 2500) });
    deepEqual(count(outcomes).left, 30);
    match(outcomes[0]?.reason ?? "", /in the time there was.*run again$/);
    await ends(outcomes);
  });

  it("begins no call when its time is over, and lists all of the plan", async () => {
    await prepare(250);
    const planned = plan(lake.clients, lake.request(table));
    const outcomes = await all(apply(lake.clients, lake.request(table), planned, { deadline: new Date() }));
    deepEqual([count(outcomes).left, lake.faults.sizes("BatchCreatePartition")], [250, []]);
    await ends(outcomes);
  }).timeout(60_000);

  it("keeps what was done when a permission is lost midway, lists the rest, and asks no more", async () => {
    await prepare(1000);
    lake.faults.on("BatchCreatePartition", denied(4, "User is not authorized"));
    const outcomes = await lake.reconcile(table, {}, {}, { parallel: 1 });
    deepEqual([count(outcomes).created, count(outcomes).failed], [400, 600]);
    equal(lake.faults.sizes("BatchCreatePartition").length, 5);
    for (const { reason = "" } of failures(outcomes))
      equal(
        reason,
        `AccessDeniedException: User is not authorized (glue:BatchCreatePartition on table ${DATABASE}.${table.name})`,
      );
    equal(Object.keys(await lake.partitions(table)).length, 400);
    await ends(outcomes);
  }).timeout(120_000);

  it("tells what was done before S3 could not be listed on, and then why it stopped", async () => {
    await prepare(250);
    lake.faults.listPage = 100;
    let pages = 0;
    lake.faults.on("LIST", (_, next) =>
      ++pages > 2
        ? Promise.resolve({ status: 403, body: { __type: "AccessDenied", message: "no s3:ListBucket" } })
        : next({}),
    );
    const outcomes: Outcome[] = [];
    await rejects(async () => {
      const request = lake.request(table);
      for await (const outcome of apply(lake.clients, request, plan(lake.clients, request))) outcomes.push(outcome);
    }, /no s3:ListBucket/);
    await ends(outcomes);
  }).timeout(60_000);
});
