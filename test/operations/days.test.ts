import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { dateKey, enumKey } from "../../contract/keys";
import { calendarPage } from "../../operations/calendar";
import { rangeOf } from "../../operations/commands/range";
import { statusOfDays, today, type DayStatus } from "../../operations/days";
import { daysOf } from "../../operations/reconcile/dayKeys";
import { FACTS } from "../../operations/reconcile/facts";
import type { PlannedPartition } from "../../operations/reconcile/request";

const day = dateKey("day", { timeZone: "Asia/Tokyo" });
const site = enumKey("site", { values: ["tokyo", "osaka"] });

async function* planned(...items: (Pick<PlannedPartition, "values" | "action"> & Partial<PlannedPartition>)[]) {
  for (const item of items) yield { path: `${item.values.join("/")}/`, files: 1, bytes: 10, ...item };
}
const status = async (days: readonly string[], ...items: Parameters<typeof planned>) => {
  const elsewhere: string[] = [];
  const all = await statusOfDays([day, site], days, planned(...items), ({ path }) => elsewhere.push(path));
  return { all, elsewhere };
};

describe("days from one to another", () => {
  it("have both ends, over the ends of months and years", () => {
    deepEqual(daysOf({ from: "2023-12-30", to: "2024-01-02" }), [
      "2023-12-30",
      "2023-12-31",
      "2024-01-01",
      "2024-01-02",
    ]);
    deepEqual(daysOf({ from: "2024-02-28", to: "2024-03-01" }), ["2024-02-28", "2024-02-29", "2024-03-01"]);
  });

  it("are one more than the days between the two, whatever they are", () => {
    const instant = fc.date({ min: new Date("1970-01-01"), max: new Date("2100-01-01"), noInvalidDate: true });
    fc.assert(
      fc.property(instant, fc.integer({ min: 0, max: 800 }), (from, count) => {
        const to = new Date(from.getTime() + count * 86_400_000);
        const days = daysOf({ from: from.toISOString().slice(0, 10), to: to.toISOString().slice(0, 10) });
        equal(days.length, count + 1);
        equal(new Set(days).size, days.length);
        deepEqual([...days].sort(), days);
      }),
    );
  });

  it("end today where no last day is named, in the zone of the keys", () => {
    equal(today([day], new Date("2021-11-30T15:00:00Z")), "2021-12-01");
    equal(today([day], new Date("2021-11-30T14:59:59Z")), "2021-11-30");
    deepEqual(rangeOf([day], { from: "2021-12-01" })?.to, today([day]));
  });

  it("are refused when they run backwards, have no beginning, or are none", () => {
    throws(
      () => rangeOf([day], { from: "2021-12-02", to: "2021-12-01" }),
      /end with 2021-12-01, before they begin with 2021-12-02; swap them/,
    );
    throws(() => rangeOf([day], { to: "2021-12-01" }), /name the first with --from/);
    throws(() => rangeOf([day], { processDate: "2021-02-30" }), /'2021-02-30' is not a day/);
    equal(rangeOf([day], {}), undefined);
  });
});

describe("the status of a day", () => {
  it("is the worst of its partitions'", async () => {
    const { all } = await status(
      ["2021-12-01", "2021-12-02", "2021-12-03", "2021-12-04", "2021-12-05", "2021-12-06"],
      { values: ["2021-12-01", "tokyo"], action: "same" },
      { values: ["2021-12-01", "osaka"], action: "same" },
      { values: ["2021-12-02", "tokyo"], action: "same" },
      { values: ["2021-12-02", "osaka"], action: "create" },
      { values: ["2021-12-03", "tokyo"], action: "update" },
      { values: ["2021-12-03", "osaka"], action: "remove" },
      { values: ["2021-12-04", "tokyo"], action: "create" },
      { values: ["2021-12-04", "osaka"], action: "reject", reason: "no data file" },
      { values: ["2021-12-05", "tokyo"], action: "remove", files: 0, bytes: 0 },
    );
    deepEqual(
      all.map(({ state }) => state),
      ["complete", "unregistered", "stale", "rejected", "gone", "missing"],
    );
    deepEqual([all[0]?.files, all[0]?.bytes, all[0]?.partitions], [2, 20, 2]);
    deepEqual(all[3]?.reasons, ["2021-12-04/osaka/: no data file"]);
  });

  it("takes in every hour of it", async () => {
    const hour = dateKey("h", { timeZone: "Asia/Tokyo", format: "yyyy-MM-dd-HH" });
    const partitions = planned(
      { values: ["2021-12-01-00"], action: "same" },
      { values: ["2021-12-01-23"], action: "same" },
    );
    const [first, second] = await statusOfDays([hour], ["2021-12-01", "2021-12-02"], partitions, () => undefined);
    deepEqual([first?.partitions, second?.state], [2, "missing"]);
  });

  it("is gone when a part of it is, though the rest is as it should be", async () => {
    const { all } = await status(
      ["2021-12-01"],
      { values: ["2021-12-01", "tokyo"], action: "same" },
      { values: ["2021-12-01", "osaka"], action: "remove", reason: "no data" },
    );
    deepEqual([all[0]?.state, all[0]?.reasons], ["gone", ["2021-12-01/osaka/: no data"]]);
  });

  it("tells the run that registered it, and when it was verified", async () => {
    const Parameters = { [FACTS.execution]: "arn:…/execution/abc", [FACTS.verified]: "2021-12-02T00:00:00.000Z" };
    const { all } = await status(["2021-12-01"], {
      ...{ values: ["2021-12-01", "tokyo"], action: "same", current: { Parameters } },
    });
    deepEqual([all[0]?.execution, all[0]?.verified], ["arn:…/execution/abc", "2021-12-02T00:00:00.000Z"]);
  });

  it("does not take in what belongs to another day, and says so", async () => {
    const { all, elsewhere } = await status(
      ["2021-12-01"],
      { values: ["2021-12-02", "tokyo"], action: "create" },
      { values: [], path: "junk/", action: "reject", reason: "not a partition" },
    );
    deepEqual([all[0]?.state, elsewhere], ["missing", ["2021-12-02/tokyo/", "junk/"]]);
  });
});

describe("the calendar", () => {
  const page = (days: readonly DayStatus[]) =>
    calendarPage({ dataset: "features", table: "db.features", days, at: new Date("2021-12-03T00:00:00Z") });
  const one = (name: string, given: Partial<DayStatus> = {}): DayStatus => ({
    ...{ day: name, state: "complete", partitions: 1, files: 1, bytes: 10, reasons: [] },
    ...given,
  });

  it("has a box for each day of each month, under its weekday", () => {
    const html = page([...daysOf({ from: "2021-11-29", to: "2021-12-02" })].map((name) => one(name)));
    // 1 December 2021 was a Wednesday: two empty boxes before it.
    match(html, /<caption>2021-12<\/caption>.*?<tr><td><\/td><td><\/td><td><span class="day complete"/);
    equal(html.match(/class="day complete" title/g)?.length, 4);
    equal(html.match(/class="day outside"/g)?.length, 30 + 31 - 4);
  });

  it("says of a day what is wrong with it, and lets no text become a tag", () => {
    const html = page([one("2021-12-01", { state: "rejected", reasons: ['<b>"x"</b> & more'] })]);
    match(html, /title="2021-12-01: rejected[^"]*&lt;b&gt;&quot;x&quot;&lt;\/b&gt; &amp; more"/);
    match(html, /<b>1<\/b> rejected/);
    ok(!html.includes('<b>"x"'));
  });

  it("needs nothing from elsewhere", () => {
    ok(!/https?:|<script|<link|url\(/.test(page([one("2021-12-01")])));
  });
});
