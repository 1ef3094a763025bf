import { deepEqual, rejects } from "node:assert/strict";
import { dateKey, enumKey, integerKey, type PartitionKey } from "../../contract/keys";
import { handler } from "../../operations/day";

describe("the day step", () => {
  const day = (partitionKeys: readonly PartitionKey[], processDate = "auto") =>
    handler({
      dataset: JSON.stringify({ name: "t", partitionKeys, columns: [], format: {} }),
      ...{ processDate, scheduledTime: "auto", startedAt: "2021-11-30T15:00:00.000Z" },
    });
  const zone = { timeZone: "Asia/Tokyo" };

  it("answers with the day and one value for each date key", async () => {
    const keys = [
      dateKey("year", { ...zone, format: "yyyy" }),
      dateKey("month", { ...zone, format: "MM" }),
      enumKey("site", { values: ["tokyo"] }),
    ];
    deepEqual(await day(keys), { process_date: "2021-12-01", value_year: "2021", value_month: "12" });
  });

  it("answers with the day alone when no key is a date", async () => {
    deepEqual(await day([integerKey("shard", { digits: 1 })]), { process_date: "2021-11-30" });
  });

  it("rejects a day that is none, with what was given", async () => {
    await rejects(async () => day([dateKey("d", zone)], "2021-12-32"), /'2021-12-32' is not a day/);
  });
});
