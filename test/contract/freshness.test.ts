import { deepEqual, equal, ok } from "node:assert/strict";
import * as fc from "fast-check";
import { DateTime, IANAZone } from "luxon";
import { NOT_GIVEN, resolveDay } from "../../contract/day";
import { CHECK_MINUTES, dueDay, watchedDataset, type WatchedDataset } from "../../contract/freshness";
import { dateKey, enumKey, type PartitionKey } from "../../contract/keys";
import { instantAt } from "../../contract/localTime";
import { projection } from "../../contract/registration";
import { dailyAt, newestDue } from "../../contract/schedule";
import { features } from "../../datasets/features/dataset";

const ZONES = [
  "Asia/Tokyo",
  "America/New_York",
  "Europe/London",
  "Australia/Lord_Howe",
  "America/Santiago",
  "Pacific/Kiritimati",
];
const THREE_YEARS = { min: Date.UTC(2026, 0), max: Date.UTC(2029, 0) };
const instants = fc.integer(THREE_YEARS).map((at) => new Date(at));
const zones = fc.constantFrom(...ZONES);
/** Times that none of the zones leaves out. */
const clocks = fc.integer({ min: 3 * 60, max: 24 * 60 - 1 }).map((minute) => {
  const [hour, rest] = [Math.floor(minute / 60), minute % 60];
  return `${String(hour).padStart(2, "0")}:${String(rest).padStart(2, "0")}`;
});
const DAY = 24 * 3_600_000;

function watched(schedule: WatchedDataset["schedule"], keys?: readonly PartitionKey[]): WatchedDataset {
  const partitionKeys = keys ?? [dateKey("day", { timeZone: schedule.timeZone })];
  const found = watchedDataset({ ...features, partitionKeys, schedule: { kind: "daily", ...schedule } }, "b", "s");
  if (!found) throw new Error("not watched");
  return found;
}
const tokyo = (now: string, dayOffset = -1) =>
  dueDay(watched(dailyAt("02:30", "Asia/Tokyo", { dayOffset, dueBy: "04:00" })), new Date(now));

describe("a time on a zone's clocks", () => {
  it("is the instant at which they show it", () => {
    fc.assert(
      fc.property(instants, clocks, zones, (day, clock, zone) => {
        for (const which of ["first", "last"] as const) {
          const shown = DateTime.fromJSDate(instantAt(day, clock, zone, which), { zone });
          equal(shown.toFormat("yyyy-MM-dd HH:mm"), `${day.toISOString().slice(0, 10)} ${clock}`);
        }
      }),
    );
  });

  it("is either of two where they go back, and the one after the change where they skip it", () => {
    const newYork = (day: string, clock: string, which: "first" | "last") =>
      instantAt(new Date(day), clock, "America/New_York", which).toISOString();
    equal(newYork("2026-11-01", "01:30", "first"), "2026-11-01T05:30:00.000Z");
    equal(newYork("2026-11-01", "01:30", "last"), "2026-11-01T06:30:00.000Z");
    equal(newYork("2026-03-08", "02:30", "first"), "2026-03-08T07:30:00.000Z");
    equal(newYork("2026-03-08", "03:00", "first"), "2026-03-08T07:00:00.000Z");
  });
});

describe("the day that must be there", () => {
  it("changes at the deadline, to the millisecond, and not when the run starts", () => {
    equal(tokyo("2021-12-01T18:59:59.999Z")?.processDate, "2021-11-30");
    equal(tokyo("2021-12-01T19:00:00Z")?.processDate, "2021-12-01");
    equal(tokyo("2021-12-01T17:30:00Z")?.processDate, "2021-11-30");
  });

  it("is yesterday, today or any other day, over the ends of months and years", () => {
    equal(tokyo("2021-12-31T19:00:00Z")?.processDate, "2021-12-31");
    equal(tokyo("2021-12-31T19:00:00Z", 0)?.processDate, "2022-01-01");
    equal(tokyo("2024-02-29T19:00:00Z", -1)?.processDate, "2024-02-29");
    equal(tokyo("2024-02-29T19:00:00Z", -2)?.processDate, "2024-02-28");
    equal(tokyo("2022-02-28T19:00:00Z", 1)?.processDate, "2022-03-02");
  });

  it("is due on the next day where the deadline is after midnight", () => {
    const late = watched(dailyAt("23:30", "Asia/Tokyo", { dueBy: "01:00" }));
    equal(dueDay(late, new Date("2021-12-01T15:59:00Z"))?.processDate, "2021-11-30");
    equal(dueDay(late, new Date("2021-12-01T16:00:00Z"))?.processDate, "2021-12-01");
  });

  it("is the key's, where the clocks of the schedule are another zone's", () => {
    const keys = [dateKey("day", { timeZone: "Asia/Tokyo" })];
    const utc = watched(dailyAt("17:30", "UTC", { dueBy: "19:00" }), keys);
    equal(dueDay(utc, new Date("2021-12-01T19:00:00Z"))?.processDate, "2021-12-02");
  });

  it("has the values of the keys that a day names, whatever their zones and formats", () => {
    const keys = [
      dateKey("year", { timeZone: "Asia/Tokyo", format: "yyyy" }),
      enumKey("area", { values: ["a"] }),
      dateKey("month", { timeZone: "Asia/Tokyo", format: "MM" }),
      dateKey("day_utc", { timeZone: "UTC", format: "yyyyMMdd" }),
      dateKey("hour", { timeZone: "UTC", format: "HH" }),
    ];
    const schedule = dailyAt("02:30", "Asia/Tokyo", { dueBy: "04:00" });
    deepEqual(dueDay(watched(schedule, keys), new Date("2021-12-31T19:00:00Z")), {
      ...{ processDate: "2022-01-01", values: { year: "2022", month: "01", day_utc: "20211231" } },
      ...{ startsAt: new Date("2021-12-31T17:30:00Z"), justDue: true },
    });
  });

  it("is the day that the run of the schedule has made", () => {
    fc.assert(
      fc.property(
        instants,
        clocks,
        clocks,
        zones,
        zones,
        fc.integer({ min: -40, max: 40 }),
        (now, at, dueBy, ...rest) => {
          fc.pre(at !== dueBy);
          const [zone, keyZone, dayOffset] = rest;
          const keys = [dateKey("day", { timeZone: keyZone })];
          const due = dueDay(watched({ at, timeZone: zone, dayOffset, dueBy }, keys), now);
          ok(due);
          const run = resolveDay(
            { partitionKeys: keys },
            {
              ...{ processDate: NOT_GIVEN, startedAt: "1999-01-01T00:00:00Z", dayOffset: String(dayOffset) },
              scheduledTime: due.startsAt.toISOString(),
            },
          );
          deepEqual([due.processDate, due.values], [run.processDate, run.values]);
        },
      ),
    );
  });

  it("is due after its run and within a day of it, and no newer one is", () => {
    fc.assert(
      fc.property(instants, clocks, clocks, zones, (now, at, dueBy, timeZone) => {
        fc.pre(at !== dueBy);
        const schedule = { at, timeZone, dueBy };
        const newest = newestDue(schedule, now);
        ok(newest && newest.startsAt < newest.dueAt && newest.dueAt <= now);
        // A day of 25 hours is the longest.
        ok(newest.dueAt.getTime() - newest.startsAt.getTime() <= DAY + DAY / 24);
        equal(DateTime.fromJSDate(newest.startsAt, { zone: timeZone }).toFormat("HH:mm"), at);
        equal(DateTime.fromJSDate(newest.dueAt, { zone: timeZone }).toFormat("HH:mm"), dueBy);
        const next = newestDue(schedule, new Date(newest.dueAt.getTime() + DAY + DAY / 24));
        ok(next && next.startsAt > newest.startsAt && next.dueAt > now);
      }),
    );
  });

  it("comes every day once, through every change of the clocks", () => {
    for (const timeZone of ZONES) {
      const one = watched(dailyAt("03:30", timeZone, { dayOffset: -1, dueBy: "05:00" }));
      const zone = IANAZone.create(timeZone);
      const news: string[] = [];
      for (let now = THREE_YEARS.min; now < THREE_YEARS.max; now += CHECK_MINUTES * 60_000) {
        // Looks at other hours would only take time.
        if (new Date(now + zone.offset(now) * 60_000).getUTCHours() !== 5) continue;
        const due = dueDay(one, new Date(now));
        if (due?.justDue) news.push(due.processDate);
      }
      // Leap year 2028.
      equal(news.length, 3 * 365 + 1, timeZone);
      equal(new Set(news).size, news.length, timeZone);
    }
  }).timeout(60_000);

  it("is none where no deadline is declared, or no schedule", () => {
    const schedule = dailyAt("02:30", "Asia/Tokyo", { dueBy: "never" });
    equal(watchedDataset({ ...features, schedule }, "b", "s"), undefined);
    const { schedule: declared, ...without } = features;
    ok(declared);
    equal(watchedDataset(without, "b", "s"), undefined);
  });

  it("is looked for in S3 under projection, else in the catalogue", () => {
    const registration = projection({ process_date_jst: { from: "2021-12-01" } });
    equal(watchedDataset({ ...features, registration }, "b", "s")?.outputPrefix, "features/output/");
    equal(watchedDataset(features, "b", "s")?.outputPrefix, undefined);
    equal(watchedDataset({ ...features, table: { physicalName: "t_1" } }, "b", "s")?.table, "t_1");
  });
});
