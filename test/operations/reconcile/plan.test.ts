import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { gzipSync } from "node:zlib";
import { column } from "../../../contract/columns";
import { csv } from "../../../contract/csv";
import { dateKey } from "../../../contract/keys";
import { count } from "../../../operations/reconcile/outcome";
import type { PlannedPartition } from "../../../operations/reconcile/plan";
import { denied, paged } from "../../support/faults";
import { objects } from "../../support/fourChecks";
import { useLake, type LakeTable } from "../../support/laptop";

const folder = (day: string) => `process_date_jst=2021-12-${day}/`;
const actions = (planned: readonly PlannedPartition[]) =>
  Object.fromEntries(planned.map(({ path, action }) => [path, action]));

describe("a plan", () => {
  const lake = useLake();
  const drop = (table: LakeTable, file: string) =>
    lake.s3.send(new DeleteObjectCommand({ Bucket: "data", Key: `${table.name}/output/${file}` }));

  /** One partition of each kind. */
  const prepare = async (): Promise<LakeTable> => {
    const table = await lake.table();
    for (const day of ["01", "02", "03", "04", "05"]) await lake.put(table, `${folder(day)}partition.csv`);
    for (const day of ["02", "03", "04"]) await lake.reconcileDirectly(table, folder(day));
    await lake.put(table, `${folder("03")}partition.csv`, "a,b,1\na,b,2\n");
    await lake.put(table, `${folder("05")}partition.csv`, "broken\n");
    await drop(table, `${folder("04")}partition.csv`);
    lake.faults.reset();
    return table;
  };

  it("says of each partition what is to be done and why, and changes nothing", async () => {
    const table = await prepare();
    const before = [await objects(lake, table), await lake.partitions(table)];
    const planned = await lake.plan(table, { removals: true });
    deepEqual(actions(planned), {
      [folder("01")]: "create",
      [folder("02")]: "same",
      [folder("03")]: "update",
      [folder("05")]: "reject",
      [folder("04")]: "remove",
    });
    const [create, same, update, reject, gone] = planned;
    deepEqual([create?.files, create?.bytes, create?.values], [1, 6, ["2021-12-01"]]);
    equal(create?.desired?.StorageDescriptor?.Location, `${table.location}${folder("01")}`);
    equal(same?.reason, undefined);
    match(update?.reason ?? "", /^its files changed: 1 with 6 bytes when it was registered, 1 with 12 now$/);
    match(reject?.reason ?? "", /has 1 columns/);
    match(gone?.reason ?? "", /there is no data at s3:\/\/data\/.*2021-12-04\/$/);
    deepEqual([await objects(lake, table), await lake.partitions(table)], before);
  });

  it("opens no file of a partition that is registered with exactly its files", async () => {
    const table = await prepare();
    await lake.plan(table);
    equal(lake.faults.calls.filter(({ operation, path }) => operation === "GET" && path.includes("12-02")).length, 0);
  });

  it("is carried out without deleting: what has no data is kept, and told", async () => {
    const table = await prepare();
    const outcomes = await lake.reconcile(table, {}, { removals: true });
    deepEqual(count(outcomes), {
      requested: 5,
      created: 1,
      updated: 1,
      same: 1,
      rejected: 1,
      kept: 1,
      elsewhere: 0,
      failed: 0,
      left: 0,
    });
    equal(Object.keys(await lake.partitions(table)).length, 4);
  });

  it("finds the partitions without data on every page that Glue has, an empty one among them", async () => {
    const table = await lake.table();
    for (let day = 10; day < 30; day += 1) await lake.register(table, [`2021-12-${day}`], folder(String(day)));
    lake.faults.on("GetPartitions", paged(2));
    const planned = await lake.plan(table, { removals: true });
    deepEqual([planned.length, new Set(planned.map(({ action }) => action))], [20, new Set(["remove"])]);
    equal(new Set(planned.map(({ path }) => path)).size, 20);
  });

  it("rejects a partition that has data at a place that is not its own folder, within the table or outside", async () => {
    const table = await lake.table();
    await lake.put(table, "elsewhere_within/partition.csv");
    await lake.register(table, ["2021-12-01"], "", { Location: `s3://data/${table.name}/output/elsewhere_within/` });
    await lake.s3.send(new PutObjectCommand({ Bucket: "data", Key: `${table.name}/other/p.csv`, Body: "a,b,1\n" }));
    await lake.register(table, ["2021-12-02"], "", { Location: `s3://data/${table.name}/other/` });
    const planned = (await lake.plan(table, { removals: true })).filter(({ values }) => values.length > 0);
    deepEqual(
      planned.map(({ path, action, reason = "" }) => [path, action, /outside of the table/.test(reason)]),
      [
        [folder("01"), "reject", false],
        [folder("02"), "reject", true],
      ],
    );
    match(planned[0]?.reason ?? "", /elsewhere_within\/, which is not its own folder: readers see rows of another/);
  });

  it("is refused for a run that was started for another layout, and its files stay", async () => {
    const table = await prepare();
    const before = await objects(lake, table);
    const { document } = table;
    const columns = document.columns;
    const others = {
      "other keys": { ...document, partitionKeys: [dateKey("day", { timeZone: "UTC" })] },
      "a column renamed": { ...document, columns: [column("was", "string", ""), ...columns.slice(1)] },
      "a column of another type": { ...document, columns: [...columns.slice(0, 2), column("y", "bigint", "")] },
      "a column that the table has not": { ...document, columns: [...columns, column("z", "string", "")] },
      "another delimiter": { ...document, format: csv({ delimiter: "\t" }) },
      "another SerDe": { ...document, format: csv({ quote: '"' }) },
    };
    for (const [title, given] of Object.entries(others))
      await rejects(
        lake.plan(table, { document: given }),
        /table lake\.t\d+ is not the one that this run was started for; its files stay.*\n {2}- .*the table has .*, the run .*; run the day again/,
        title,
      );
    deepEqual(await objects(lake, table), before);
    // Columns that were appended since are read as null.
    equal(
      actions(await lake.plan({ ...table, document: { ...document, columns: columns.slice(0, 2) } }))[folder("05")],
      "reject",
    );
  });

  it("takes files with fewer cells where they are as old as their partition, and not from a run of today", async () => {
    const table = await lake.table();
    const { StorageDescriptor: now } = await lake.readTable(table);
    await lake.put(table, `${folder("01")}partition.csv`, "a,b\nc,d\n");
    await lake.put(table, `${folder("02")}partition.csv`, "a,b\n");
    await lake.register(table, ["2021-12-01"], folder("01"), { Columns: now?.Columns?.slice(0, 2) ?? [] });
    deepEqual(actions(await lake.plan(table)), { [folder("01")]: "update", [folder("02")]: "reject" });
    deepEqual(actions(await lake.plan(table, { fewestColumns: 2 })), {
      [folder("01")]: "update",
      [folder("02")]: "create",
    });
    const startedAt = new Date(Date.now() - 60_000);
    deepEqual(actions(await lake.plan(table, { startedAt, fewestColumns: 2 })), {
      [folder("01")]: "reject",
      [folder("02")]: "reject",
    });
  });

  it("looks into compressed files, and at names and classes that engines go by", async () => {
    const table = await lake.table();
    const files: Record<string, [name: string, body: Uint8Array | string, reason?: RegExp]> = {
      "01": ["p.csv.gz", gzipSync("a,b,1\n".repeat(20_000))],
      "02": ["p.csv.gz", gzipSync("a,b\n"), /has 2 columns/],
      "03": ["p.csv", gzipSync("a,b,1\n"), /is compressed, which engines do not see without \.gz/],
      "08": ["p.csv.gz", gzipSync("a,b,1\n".repeat(500)).subarray(0, -9), /is damaged or cut off/],
      "04": ["p.csv.gz", "a,b,1\n", /is not compressed, which its name says/],
      "05": ["p.parquet", "PAR1", /no CSV file by its name, and engines go by '\.parquet'/],
      "06": ["p.csv.bz2", "x", /engines go by '\.bz2'/],
    };
    for (const [day, [name, body]] of Object.entries(files)) await lake.put(table, folder(day) + name, body);
    const key = `${table.name}/output/${folder("07")}p.csv`;
    await lake.s3.send(new PutObjectCommand({ Bucket: "data", Key: key, Body: "a,b,1\n", StorageClass: "GLACIER" }));
    const planned = await lake.plan(table);
    for (const { path, action, reason } of planned) {
      const [, , expected] = files[path.slice(-3, -1)] ?? ["", "", /storage class GLACIER/];
      if (expected) match(`${action} ${reason}`, expected, path);
      else deepEqual([action, reason], ["create", undefined], path);
    }
    equal(planned.length, 8);
  });

  it("rejects a file that may not be read, with the action, and goes on with the others", async () => {
    const table = await lake.table();
    for (const day of ["01", "02"]) await lake.put(table, `${folder(day)}p.csv`);
    lake.faults.on("GET", denied(1, "no"));
    const planned = await lake.plan(table);
    equal(planned.filter(({ action }) => action === "create").length, 1);
    match(
      planned.find(({ action }) => action === "reject")?.reason ?? "",
      /'p\.csv' cannot be read \(s3:GetObject\): AccessDenied/,
    );
  });

  it("rejects a file that is written anew while it is looked at", async () => {
    const table = await lake.table();
    await lake.put(table, `${folder("01")}p.csv`);
    lake.faults.on("GET", async (call, next) => {
      await lake.put(table, `${folder("01")}p.csv`, "c,d,2\n");
      return next(call.body);
    });
    const [planned] = await lake.plan(table);
    match(
      `${planned?.action} ${planned?.reason}`,
      /^reject 'p\.csv' was changed or removed while it was looked at; run again/,
    );
  });

  it("of names alone opens nothing, and is not taken for a verification later", async () => {
    const table = await lake.table();
    await lake.put(table, `${folder("01")}p.csv`);
    const names = { verification: "names" } as const;
    equal(count(await lake.reconcile(table, {}, names)).created, 1);
    equal(lake.faults.calls.filter(({ operation }) => operation === "GET").length, 0);
    equal(count(await lake.reconcile(table, {}, names)).same, 1);
    equal(count(await lake.reconcile(table)).updated, 1);
    equal(count(await lake.reconcile(table)).same, 1);
  });

  it("keeps what others noted of a partition, and the run whose files it still has", async () => {
    const table = await prepare();
    const facts = { "partitions.execution": "first" };
    await lake.reconcile(table, {}, { facts });
    const { Parameters: noted = {} } = (await lake.partitions(table))["2021-12-01"] ?? {};
    equal(noted["partitions.execution"], "first");
    await lake.setParameters(table, ["2021-12-01"], { ...noted, recordCount: "12" });
    await lake.changeSerde(table, { "timestamp.formats": "yyyy-MM-dd" });
    await lake.reconcile(table, {}, { facts: {} });
    const { Parameters: after } = (await lake.partitions(table))["2021-12-01"] ?? {};
    deepEqual(after, { ...noted, recordCount: "12" });
  });
});
