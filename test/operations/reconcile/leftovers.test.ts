import { deepEqual, equal, match } from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { enumKey, dateKey } from "../../../contract/keys";
import { asideFolder, findLeftovers, moveAside, type LeftoverRequest } from "../../../operations/reconcile/leftovers";
import { count } from "../../../operations/reconcile/outcome";
import { objects } from "../../support/fourChecks";
import { all, each, useLake, type LakeTable } from "../../support/laptop";

const day = "process_date_jst=2021-12-01/";
const today = { process_date_jst: "2021-12-01" };

describe("files of an earlier run beside those of a run", () => {
  const lake = useLake();

  /** S3 counts in seconds: the runs are more than one apart. */
  const secondRun = async (): Promise<Date> => {
    await sleep(1100);
    return new Date();
  };
  const request = (table: LakeTable, startedAt: Date): LeftoverRequest => ({
    ...lake.request(table, today),
    startedAt,
  });

  it("block the registration, with the names and the command that moves them", async () => {
    const table = await lake.table();
    await lake.put(table, `${day}part-0.csv`);
    equal(count(await lake.reconcile(table, today)).created, 1);
    const registered = await lake.partitions(table);
    const startedAt = await secondRun();
    await lake.put(table, `${day}part-1.csv`);
    const before = await objects(lake, table);
    const [outcome] = await lake.reconcile(table, today, { startedAt, processDate: "2021-12-01" });
    equal(outcome?.ending, "rejected");
    match(outcome?.reason ?? "", /^'part-0\.csv' is of an earlier run \(.*\), beside 1 of a later one/);
    match(outcome?.reason ?? "", /npm run operate -- leftovers t\d+ --process-date 2021-12-01$/);
    deepEqual(await objects(lake, table), before);
    deepEqual(await lake.partitions(table), registered);
  });

  it("block it also when two runs overlapped, and the first one's files are registered", async () => {
    const table = await lake.table();
    const startedAt = await secondRun();
    await lake.put(table, `${day}first.csv`);
    const own = (execution: string) => ({ startedAt, facts: { "partitions.execution": execution } });
    equal(count(await lake.reconcile(table, today, own("one"))).created, 1);
    await secondRun();
    // The second run began before the first one ended.
    await lake.put(table, `${day}second.csv`);
    const [outcome] = await lake.reconcile(table, today, own("two"));
    match(outcome?.reason ?? "", /^'first\.csv' is of an earlier run/);
    // The same run may register its files twice, and a run that writes the same names replaces the other's.
    await lake.put(table, `${day}first.csv`, "x,y,1\n");
    equal(count(await lake.reconcile(table, today, own("two"))).updated, 1);
  });

  it("block it also when the run wrote the same content as the earlier one", async () => {
    const table = await lake.table();
    for (const file of ["a.csv", "b.csv"]) await lake.put(table, day + file);
    await lake.reconcile(table, today);
    const startedAt = await secondRun();
    await lake.put(table, `${day}a.csv`);
    const [outcome] = await lake.reconcile(table, today, { startedAt });
    match(`${outcome?.ending} ${outcome?.reason}`, /^rejected 'b\.csv' is of an earlier run/);
  });

  it("are none when the run wrote over them, and the rows are the second run's", async () => {
    const table = await lake.table();
    await lake.put(table, `${day}partition.csv`, "a,b,1\na,b,2\n");
    await lake.reconcile(table, today);
    const startedAt = await secondRun();
    await lake.put(table, `${day}partition.csv`, "a,b,1\n");
    const [outcome] = await lake.reconcile(table, today, { startedAt });
    match(`${outcome?.ending} ${outcome?.reason}`, /^updated its files changed: 1 with 12 bytes .*, 1 with 6 now$/);
    equal((await lake.partitions(table))["2021-12-01"]?.Parameters?.["partitions.rows"], "1");
  });

  it("are none in partitions of the day that the run did not write", async () => {
    const table = await lake.table({
      keys: [dateKey("d", { timeZone: "UTC" }), enumKey("site", { values: ["tokyo", "osaka"] })],
    });
    await lake.put(table, "d=2021-12-01/site=tokyo/p.csv");
    const startedAt = await secondRun();
    await lake.put(table, "d=2021-12-01/site=osaka/p.csv");
    equal(count(await lake.reconcile(table, { d: "2021-12-01" }, { startedAt })).created, 2);
  });

  it("are moved out of the table's folder, byte for byte, and then the day registers", async () => {
    const table = await lake.table();
    await lake.put(table, `${day}old.csv`, "x,y,0\n");
    await lake.put(table, `${day}_hidden`, "x");
    const startedAt = await secondRun();
    await lake.put(table, `${day}new.csv`);
    const before = await objects(lake, table);
    const asked = request(table, startedAt);
    const found = await all(findLeftovers(lake.clients, asked));
    deepEqual(
      found.map(({ path, key, bytes }) => [path, key, bytes]),
      [[day, `${table.name}/output/${day}old.csv`, 6]],
    );
    deepEqual(await objects(lake, table), before);

    const time = new Date(Date.UTC(2021, 11, 2, 3, 4, 5));
    const moved = await all(moveAside(lake.clients, asked, findLeftovers(lake.clients, asked), time));
    const to = `${table.name}/aside/2021-12-02T03-04-05-000Z/${day}old.csv`;
    deepEqual(
      moved.map((each) => [each.ending, each.to]),
      [["moved", to]],
    );
    const after = await objects(lake, table);
    const { [`${table.name}/output/${day}old.csv`]: old, ...others } = before;
    deepEqual(after, { ...others, [to]: old });
    equal(count(await lake.reconcile(table, today, { startedAt })).created, 1);
    deepEqual(await all(findLeftovers(lake.clients, asked)), []);
  });

  it("stay where they are when they change while they are moved", async () => {
    const table = await lake.table();
    await lake.put(table, `${day}old.csv`);
    const startedAt = await secondRun();
    await lake.put(table, `${day}new.csv`);
    const asked = request(table, startedAt);
    const found = await all(findLeftovers(lake.clients, asked));
    await lake.put(table, `${day}old.csv`, "other,b,1\n");
    const [moved] = await all(moveAside(lake.clients, asked, each(found)));
    equal(moved?.ending, "failed");
    const head = await lake.s3.send(
      new HeadObjectCommand({ Bucket: "data", Key: `${table.name}/output/${day}old.csv` }),
    );
    equal(head.ContentLength, 10);
  });

  it("are put beside the table's folder, wherever that is", () => {
    const time = new Date(0);
    equal(asideFolder({ bucket: "b", key: "features/output/" }, time), "features/aside/1970-01-01T00-00-00-000Z/");
    equal(asideFolder({ bucket: "b", key: "output/" }, time), "aside/1970-01-01T00-00-00-000Z/");
  });

  it("are told from what the run wrote for another day, which is not registered by it and not lost", async () => {
    const table = await lake.table();
    await lake.put(table, "process_date_jst=2021-11-01/partition.csv");
    await lake.put(table, "process_date_jst=2021-11-02/partition.csv");
    await lake.reconcileDirectly(table, "process_date_jst=2021-11-02/");
    const startedAt = await secondRun();
    for (const written of ["2021-11-02", "2021-11-30", "2021-12-01"])
      await lake.s3.send(
        new PutObjectCommand({
          Bucket: "data",
          Key: `${table.name}/output/process_date_jst=${written}/partition.csv`,
          Body: "a,b,1\n",
        }),
      );
    const outcomes = await lake.reconcile(table, today, { startedAt });
    deepEqual(
      outcomes.map(({ path, ending }) => [path, ending]),
      [
        [day, "created"],
        ["process_date_jst=2021-11-30/", "elsewhere"],
      ],
    );
    match(
      outcomes[1]?.reason ?? "",
      /was written since the run began, which registers 'process_date_jst=2021-12-01\/' alone, and is not registered; if no other run does that, register it with npm run operate -- partitions t\d+ --apply, or declare registered\(\{ looksAt: "table" \}\)/,
    );
  });
});
