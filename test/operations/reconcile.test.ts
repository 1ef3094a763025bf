import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import type { StorageDescriptor } from "@aws-sdk/client-glue";
import { dateKey, enumKey, integerKey } from "../../contract/keys";
import { count } from "../../operations/reconcile/outcome";
import { DATABASE, ONE_ROW, useLake, type LakeTable } from "../support/laptop";

const day = "process_date_jst=2021-12-01/";
const today = { process_date_jst: "2021-12-01" };

describe("reconciliation of folders with partitions", () => {
  const lake = useLake();
  const putShards = async (table: LakeTable, folders: number) => {
    for (let shard = 0; shard < folders; shard += 1)
      await lake.put(table, `shard=${String(shard).padStart(3, "0")}/partition.csv`);
  };

  it("creates what is missing, and leaves it alone the next time", async () => {
    const table = await lake.table();
    await lake.put(table, `${day}partition.csv`);
    deepEqual(await lake.reconcile(table, today), [{ path: day, ending: "created", ...ONE_ROW }]);
    const before = await lake.partitions(table);
    lake.faults.reset();
    deepEqual(await lake.reconcile(table, today), [{ path: day, ending: "same", ...ONE_ROW }]);
    deepEqual(await lake.partitions(table), before);
    deepEqual(lake.faults.sizes("BatchCreatePartition"), []);
    deepEqual(lake.faults.sizes("BatchUpdatePartition"), []);
  });

  it("gives the partition the table's whole storage descriptor, NumberOfBuckets 0 and its own folder", async () => {
    const table = await lake.table();
    await lake.put(table, `${day}partition.csv`);
    await lake.reconcile(table, today);
    const { StorageDescriptor: ofTable } = await lake.readTable(table);
    const partition = (await lake.partitions(table))["2021-12-01"];
    deepEqual(partition?.StorageDescriptor, {
      ...ofTable,
      Location: `s3://data/${table.name}/output/process_date_jst=2021-12-01/`,
      NumberOfBuckets: 0,
    });
    deepEqual(partition?.StorageDescriptor?.SerdeInfo?.Parameters, { "field.delim": ",", "serialization.format": "," });
    const { "partitions.verified": verified, "partitions.digest": digest, ...facts } = partition?.Parameters ?? {};
    const newest = facts["partitions.newest"] ?? "";
    deepEqual(facts, {
      ...{ run: "test", "partitions.files": "1", "partitions.bytes": "6", "partitions.rows": "1" },
      "partitions.newest": newest,
    });
    match(digest ?? "", /^[0-9a-f]{32}$/);
    for (const time of [verified, newest]) equal(new Date(time ?? "").toISOString(), time);
  });

  const differences: Record<string, StorageDescriptor> = {
    "another location": { Location: "s3://data/elsewhere/" },
    "a location without its slash": { Location: "s3://data/t0/output/process_date_jst=2021-12-01" },
    "another SerDe": { SerdeInfo: { SerializationLibrary: "org.apache.hadoop.hive.serde2.OpenCSVSerde" } },
    "a SerDe without field.delim": {
      SerdeInfo: { SerializationLibrary: "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe", Parameters: {} },
    },
    "an older column list": { Columns: [{ Name: "feature1", Type: "string" }] },
    "another column type": { Columns: ["feature1", "feature2", "y"].map((Name) => ({ Name, Type: "bigint" })) },
    "another input format": { InputFormat: "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat" },
  };
  for (const [name, change] of Object.entries(differences))
    it(`updates a partition that has ${name}`, async () => {
      const table = await lake.table();
      await lake.put(table, `${day}partition.csv`);
      await lake.register(table, ["2021-12-01"], day, change);
      const [outcome] = await lake.reconcile(table, today);
      deepEqual([outcome?.path, outcome?.ending], [day, "updated"]);
      match(outcome?.reason ?? "", /^(location "s3:.*"|SerDe|parameters of the SerDe|columns|input format)[;,]/);
      deepEqual(await lake.reconcile(table, today), [{ path: day, ending: "same", ...ONE_ROW }]);
      const partition = (await lake.partitions(table))["2021-12-01"];
      equal(partition?.StorageDescriptor?.Location, `${table.location}${day}`);
    });

  const sizes: [folders: number, creates: number[]][] = [
    [0, []],
    [1, [1]],
    [99, [99]],
    [100, [100]],
    [101, [100, 1]],
  ];
  for (const [folders, creates] of sizes)
    it(`keeps to Glue's limit of 100 when it creates (folders: ${folders})`, async () => {
      const table = await lake.table({ keys: [integerKey("shard", { digits: 3 })] });
      await putShards(table, folders);
      const counts = count(await lake.reconcile(table));
      deepEqual([counts.requested, counts.created], [folders, folders]);
      deepEqual(lake.faults.sizes("BatchCreatePartition"), creates);
      deepEqual(lake.faults.sizes("BatchGetPartition"), folders > 0 ? [folders] : []);
    }).timeout(30_000);

  it("creates 250 partitions in 3 calls, and updates them in 3 once the table has changed", async () => {
    const table = await lake.table({ keys: [integerKey("shard", { digits: 3 })] });
    await putShards(table, 250);
    deepEqual(count(await lake.reconcile(table)).created, 250);
    deepEqual(lake.faults.sizes("BatchCreatePartition"), [100, 100, 50]);
    await lake.changeSerde(table, { "timestamp.formats": "yyyy-MM-dd" });
    deepEqual(count(await lake.reconcile(table)).updated, 250);
    deepEqual(lake.faults.sizes("BatchUpdatePartition"), [100, 100, 50]);
    deepEqual(count(await lake.reconcile(table)).same, 250);
  }).timeout(60_000);

  it("finds the levels that a run does not know in S3, below the day that it knows", async () => {
    const zone = { timeZone: "Asia/Tokyo" };
    const table = await lake.table({
      keys: [
        dateKey("year", { ...zone, format: "yyyy" }),
        dateKey("month", { ...zone, format: "MM" }),
        dateKey("day", { ...zone, format: "dd" }),
        enumKey("site", { values: ["tokyo", "osaka"] }),
      ],
    });
    for (const folder of ["day=01/site=tokyo", "day=01/site=osaka", "day=02/site=tokyo"])
      await lake.put(table, `year=2021/month=12/${folder}/partition.csv`);
    const outcomes = await lake.reconcile(table, { year: "2021", month: "12", day: "01" });
    deepEqual(outcomes, [
      { path: "year=2021/month=12/day=01/site=osaka/", ending: "created", ...ONE_ROW },
      { path: "year=2021/month=12/day=01/site=tokyo/", ending: "created", ...ONE_ROW },
    ]);
    deepEqual(Object.keys(await lake.partitions(table)).sort(), ["2021/12/01/osaka", "2021/12/01/tokyo"]);
    equal(lake.faults.calls.filter(({ operation }) => operation === "LIST").length, 1);
  });

  it("rejects folders whose level is named or valued wrongly, and registers the others", async () => {
    const table = await lake.table({
      keys: [dateKey("d", { timeZone: "UTC" }), enumKey("site", { values: ["tokyo", "osaka"] })],
    });
    for (const folder of ["site=tokyo", "region=tokyo", "site=kobe", "site=", "tokyo"])
      await lake.put(table, `d=2021-12-01/${folder}/partition.csv`);
    const outcomes = await lake.reconcile(table, { d: "2021-12-01" });
    const reasons = Object.fromEntries(outcomes.map(({ path, ending, reason = "" }) => [path, `${ending} ${reason}`]));
    match(reasons["d=2021-12-01/site=tokyo/"] ?? "", /^created/);
    match(reasons["d=2021-12-01/region=tokyo/"] ?? "", /^rejected level 2 is 'region=tokyo', expected 'site=…'/);
    match(reasons["d=2021-12-01/site=kobe/"] ?? "", /^rejected .*value 'kobe' is not one of tokyo, osaka/);
    match(reasons["d=2021-12-01/site=/"] ?? "", /^rejected level 2 is 'site=': the value is empty/);
    match(reasons["d=2021-12-01/tokyo/"] ?? "", /^rejected level 2 is 'tokyo', expected 'site=…'/);
    deepEqual(Object.keys(await lake.partitions(table)), ["2021-12-01/tokyo"]);
  });

  it("rejects a file that lies above the partition folders: no reader would see its rows", async () => {
    const table = await lake.table({
      keys: [dateKey("d", { timeZone: "UTC" }), enumKey("site", { values: ["tokyo", "osaka"] })],
    });
    await lake.put(table, "d=2021-12-01/site=tokyo/partition.csv");
    await lake.put(table, "d=2021-12-01/stray.csv");
    await lake.put(table, "d=2021-12-01/_SUCCESS", "");
    const outcomes = await lake.reconcile(table, { d: "2021-12-01" });
    deepEqual(outcomes.map(({ path, ending }) => `${ending} ${path}`).sort(), [
      "created d=2021-12-01/site=tokyo/",
      "rejected d=2021-12-01/",
    ]);
    match(
      outcomes.find(({ ending }) => ending === "rejected")?.reason ?? "",
      /'stray\.csv' lies above the partition folders/,
    );
  });

  it("looks at no other day than the run's", async () => {
    const table = await lake.table();
    await lake.put(table, `${day}partition.csv`);
    await lake.put(table, "process_date_jst=2021-11-30/partition.csv", "broken\n");
    deepEqual(await lake.reconcile(table, today), [{ path: day, ending: "created", ...ONE_ROW }]);
    ok(lake.faults.calls.every(({ path }) => !path.includes("2021-11-30")));
  });

  it("rejects a table that is not there, by its name", async () => {
    const table = { ...(await lake.table()), name: "nowhere" };
    await rejects(lake.reconcile(table, today), new RegExp(`table ${DATABASE}\\.nowhere does not exist`));
  });

  it("rejects a run's value that is none", async () => {
    const table = await lake.table();
    await rejects(lake.reconcile(table, { process_date_jst: "2021-13-01" }), /'2021-13-01' is not a date/);
    equal(lake.faults.calls.filter(({ operation }) => operation === "LIST").length, 0);
  });
});
