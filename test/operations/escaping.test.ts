import { deepEqual, equal, match } from "node:assert/strict";
import { dateKey, injectedKey } from "../../contract/keys";
import { useLake, type LakeTable } from "../support/laptop";

const today = { d: "2021-12-01" };
const day = "d=2021-12-01/";

describe("reconciliation of folders with Hive's escaping", () => {
  const lake = useLake();

  async function escapedTable(): Promise<LakeTable> {
    const table = await lake.table({ keys: [dateKey("d", { timeZone: "Asia/Tokyo" }), injectedKey("site")] });
    return { ...table, document: { ...table.document, escaping: "hive" } };
  }

  // Folder names as Spark and Hive write them, by hand: no code of this project has part in them.
  const folders: readonly (readonly [value: string, folder: string])[] = [
    ["12:30", "site=12%3A30/"],
    ["a/b=c", "site=a%2Fb%3Dc/"],
    ["100%", "site=100%25/"],
    ["東京 都+&<1>", "site=東京 都+&<1>/"],
    ["tab\tend", "site=tab%09end/"],
    ["plain", "site=plain/"],
  ];

  it("registers the text as the value, and the folder as it is named as the location", async () => {
    const table = await escapedTable();
    for (const [, folder] of folders) await lake.put(table, `${day}${folder}partition.csv`);
    const outcomes = await lake.reconcile(table, today);
    deepEqual(
      outcomes.map(({ path, ending, reason = "" }) => `${ending} ${path} ${reason}`).sort(),
      folders.map(([, folder]) => `created ${day}${folder} `).sort(),
    );
    const partitions = Object.values(await lake.partitions(table));
    deepEqual(
      partitions.map(({ Values, StorageDescriptor }) => [Values, StorageDescriptor?.Location]).sort(),
      folders.map(([value, folder]) => [["2021-12-01", value], `${table.location}${day}${folder}`]).sort(),
    );
    for (const { ending } of await lake.reconcile(table, today)) equal(ending, "same");
  });

  it("rejects a folder that is escaped otherwise: the partition would be there twice, or be another", async () => {
    const table = await escapedTable();
    for (const folder of ["site=12%3A30", "site=12:30", "site=12%3a30", "site=100%", "site=%E6%9D%B1"])
      await lake.put(table, `${day}${folder}/partition.csv`);
    const outcomes = await lake.reconcile(table, today);
    const reasons = Object.fromEntries(outcomes.map(({ path, ending, reason = "" }) => [path, `${ending} ${reason}`]));
    match(reasons[`${day}site=12%3A30/`] ?? "", /^created/);
    match(reasons[`${day}site=12:30/`] ?? "", /^rejected .* is written 'd=2021-12-01\/site=12%3A30\/' by Hive/);
    match(reasons[`${day}site=12%3a30/`] ?? "", /^rejected .* is written .*site=12%3A30/);
    match(reasons[`${day}site=100%/`] ?? "", /^rejected .* write the % itself as %25/);
    match(reasons[`${day}site=%E6%9D%B1/`] ?? "", /^rejected .* '%E6' is no ASCII character/);
    deepEqual(Object.keys(await lake.partitions(table)), ["2021-12-01/12:30"]);
  });

  it("rejects any escape in a table without the option", async () => {
    const table = await lake.table({ keys: [dateKey("d", { timeZone: "Asia/Tokyo" }), injectedKey("site")] });
    await lake.put(table, `${day}site=12%3A30/partition.csv`);
    const [outcome] = await lake.reconcile(table, today);
    match(outcome?.reason ?? "", /'12%3A30' has characters other than .* or declare escaping: "hive"/);
    deepEqual(await lake.partitions(table), {});
  });
});
