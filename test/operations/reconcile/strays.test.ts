import { deepEqual, equal } from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { dateKey, enumKey } from "../../../contract/keys";
import { useLake } from "../../support/laptop";

const zone = { timeZone: "Asia/Tokyo" };
const keys = [
  dateKey("year", { ...zone, format: "yyyy" }),
  dateKey("month", { ...zone, format: "MM" }),
  dateKey("day", { ...zone, format: "dd" }),
];
const run = { year: "2021", month: "12", day: "01" };

describe("what a run left beside its own path", () => {
  const lake = useLake();

  it("is named on every level, with the folder that it should be, unless it is older than the run", async () => {
    const table = await lake.table({ keys });
    await lake.put(table, "year=2021/month=12/day=9/old.csv");
    await sleep(1100);
    const startedAt = new Date();
    for (const path of ["day=1/p.csv", "p.csv", "day=02/p.csv", "_tmp/p.csv"])
      await lake.put(table, `year=2021/month=12/${path}`);
    await lake.put(table, "Year=2021/month=12/day=01/p.csv");
    await lake.put(table, "year=2021/12/day=01/p.csv");
    const outcomes = await lake.reconcile(table, run, { startedAt });
    const said = Object.fromEntries(outcomes.map(({ path, reason = "" }) => [path, reason]));
    deepEqual(Object.keys(said).sort(), [
      "Year=2021/",
      "year=2021/12/",
      "year=2021/month=12/day=01/",
      "year=2021/month=12/day=1/",
      "year=2021/month=12/p.csv",
    ]);
    equal(
      said["year=2021/month=12/day=1/"],
      "partition key 'day': value '1' is not a date written as dd; the run's own folder is 'day=01/'",
    );
    equal(outcomes.filter(({ ending }) => ending !== "rejected").length, 0);
  });

  it("is told once where it lies below the levels that the run knows", async () => {
    const table = await lake.table({ keys: [...keys, enumKey("site", { values: ["tokyo"] })] });
    const startedAt = new Date();
    const path = "year=2021/month=12/day=01/";
    for (const site of ["site=tokyo", "site=kyoto"]) await lake.put(table, `${path}${site}/p.csv`);
    const outcomes = await lake.reconcile(table, run, { startedAt });
    deepEqual(outcomes.map(({ path, ending }) => [path.split("/").at(-2), ending]).sort(), [
      ["site=kyoto", "rejected"],
      ["site=tokyo", "created"],
    ]);
  });
});
