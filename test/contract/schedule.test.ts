import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import { DateTime } from "luxon";
import { column } from "../../contract/columns";
import { csv } from "../../contract/csv";
import { defineDataset, type Dataset } from "../../contract/dataset";
import { dateKey, enumKey, type PartitionKey } from "../../contract/keys";
import { projection, registered } from "../../contract/registration";
import { cronOf, dailyAt, dayOffsets, lastDays, startRequest, type Schedule } from "../../contract/schedule";

const day = dateKey("day", { timeZone: "Asia/Tokyo" });
const hour = dateKey("hour", { timeZone: "Asia/Tokyo", format: "HH" });
const wholeHour = dateKey("hour", { timeZone: "Asia/Tokyo", format: "yyyy-MM-dd-HH" });

const declare = (schedule: Schedule, keys: readonly PartitionKey[] = [day], more: Partial<Dataset> = {}) =>
  defineDataset({
    ...{ name: "events", description: "events", prefix: "events", partitionKeys: keys, format: csv(), schedule },
    columns: [column("a", "string", "")],
    steps: [{ name: "write", script: "write.py", inputs: {}, outputs: { out: "table" } }],
    ...more,
  });
const at = (time: string, options: Parameters<typeof dailyAt>[2] = {}, zone = "Asia/Tokyo") =>
  declare(dailyAt(time, zone, options));

describe("the declaration of a schedule", () => {
  it("is a time in a zone; the day, the deadline and the days that run again have defaults", () => {
    deepEqual(dailyAt("02:30", "Asia/Tokyo"), {
      ...{ kind: "daily", at: "02:30", timeZone: "Asia/Tokyo", dayOffset: 0, dueBy: "04:30" },
    });
    equal(dailyAt("23:05", "UTC").dueBy, "01:05");
    deepEqual(at("02:30", { dayOffset: -1, dueBy: "never", reprocess: lastDays(3) }).schedule, {
      ...{ kind: "daily", at: "02:30", timeZone: "Asia/Tokyo", dayOffset: -1, dueBy: "never" },
      reprocess: { kind: "lastDays", days: 3 },
    });
  });

  it("runs the newest day and as many before it as shall run again", () => {
    deepEqual(dayOffsets(dailyAt("02:30", "UTC")), [0]);
    deepEqual(dayOffsets(dailyAt("02:30", "UTC", { dayOffset: -1, reprocess: lastDays(3) })), [-1, -2, -3]);
  });

  it("becomes a cron expression and a request of SageMaker's own API, which the scheduler completes", () => {
    equal(cronOf(dailyAt("02:05", "UTC")), "cron(5 2 * * ? *)");
    equal(cronOf(dailyAt("00:00", "UTC")), "cron(0 0 * * ? *)");
    deepEqual(JSON.parse(startRequest("partitions-dev-events", -1)), {
      PipelineName: "partitions-dev-events",
      PipelineParameters: [
        { Name: "ScheduledTime", Value: "<aws.scheduler.scheduled-time>" },
        { Name: "DayOffset", Value: "-1" },
      ],
    });
  });

  const refused: [title: string, declared: () => unknown, problem: RegExp][] = [
    ["an hour of one digit", () => at("2:30"), /'2:30' is not a time of the day/],
    ["an hour that no day has", () => at("24:00"), /'24:00' is not a time of the day/],
    ["seconds", () => at("02:30:00"), /'02:30:00' is not a time of the day/],
    ["full-width digits", () => at("０２:３０"), /is not a time of the day/],
    ["an abbreviated zone", () => at("02:30", {}, "JST"), /time zone 'JST' is not an IANA zone/],
    ["half a day", () => at("02:30", { dayOffset: -0.5 }), /whole number of days from -366 to 366, got -0.5/],
    ["a far day", () => at("02:30", { dayOffset: 367 }), /got 367/],
    ["a deadline of another form", () => at("02:30", { dueBy: "4h" }), /dueBy '4h' is not a time of the day/],
    ["a deadline at the start", () => at("02:30", { dueBy: "02:30" }), /dueBy '02:30' is when the run starts/],
    ["no day to run", () => at("02:30", { reprocess: lastDays(0) }), /from 1 to 31, got 0/],
    ["more than a month", () => at("02:30", { reprocess: lastDays(32) }), /got 32; older days are for a backfill/],
    [
      "a table without days",
      () => declare(dailyAt("02:30", "UTC"), [enumKey("area", { values: ["a"] })]),
      /no partition/,
    ],
    ["one hour of a day", () => declare(dailyAt("02:30", "UTC"), [day, hour]), /'hour' is an hour, and a daily run/],
  ];
  for (const [title, declared, problem] of refused)
    it(`refuses ${title}, and says why`, () => {
      throws(declared, (error: Error) => {
        match(error.message, /^dataset 'events':\n {2}- schedule: /);
        match(error.message, problem);
        equal(error.message.split("\n").length, 2, error.message);
        return true;
      });
    });

  it("refuses what is no schedule at all before it looks at it", () => {
    throws(() => declare({ ...dailyAt("02:30", "UTC"), kind: "hourly" as "daily" }), /schedule.kind/);
    throws(() => declare({ ...dailyAt("02:30", "UTC"), dayOffset: Number.NaN }), /schedule.dayOffset/);
  });

  it("takes hours where a run writes all of them", () => {
    const table = { registration: registered({ looksAt: "table" }) };
    ok(declare(dailyAt("02:30", "UTC"), [day, hour], table));
    ok(
      declare(dailyAt("02:30", "UTC"), [day, hour], {
        registration: projection({ day: { from: "2021-12-01" }, hour: {} }),
      }),
    );
    throws(() => declare(dailyAt("02:30", "UTC"), [wholeHour], table), /nothing tells whether a day is there/);
    ok(declare(dailyAt("02:30", "UTC", { dueBy: "never" }), [wholeHour], table));
  });

  it("refuses a time that the zone's clocks leave out, since the scheduler would leave out that day", () => {
    throws(
      () => at("02:30", {}, "America/New_York"),
      /do not show 02:30 .* such as 2027-03-14, .* from 02:00 to 03:00/,
    );
    for (const [time, zone] of [
      ["01:59", "America/New_York"],
      ["03:00", "America/New_York"],
      ["02:30", "Europe/London"],
      ["02:30", "Australia/Lord_Howe"],
      ["00:00", "America/New_York"],
    ] as const)
      ok(at(time, {}, zone), `${time} ${zone}`);
    throws(() => at("02:29", {}, "Australia/Lord_Howe"), /from 02:00 to 02:30/);
    throws(() => at("00:15", {}, "America/Santiago"), /from 00:00 to 01:00/);
    throws(() => at("01:30", {}, "Europe/London"), /from 01:00 to 02:00/);
  });

  it("judges each minute of the day as the zone's clocks do", () => {
    for (const zone of ["America/New_York", "Australia/Lord_Howe", "Asia/Tokyo", "Africa/Casablanca", "Asia/Gaza"]) {
      const shown = new Set<string>();
      let days = 0;
      // Minutes that are shown on every day of two years: those that are not are a gap.
      const missing = new Set<string>();
      for (let start = DateTime.fromISO("2027-01-01", { zone }); start.year < 2029; start = start.plus({ days: 1 })) {
        days++;
        if (start.plus({ days: 1 }).offset <= start.offset) continue;
        for (let minute = 0; minute < 24 * 60; minute += 15) {
          const [h, m] = [Math.floor(minute / 60), minute % 60];
          const found = DateTime.fromObject({ ...start.toObject(), hour: h, minute: m }, { zone });
          const time = `${String(h).padStart(2, "0")}:${String(m).padStart(2, "0")}`;
          if (found.hour !== h || found.minute !== m) missing.add(time);
          else shown.add(time);
        }
      }
      ok(days > 700);
      for (const time of missing) throws(() => at(time, {}, zone), /do not show/, `${zone} ${time}`);
      for (const time of shown) if (!missing.has(time)) ok(at(time, {}, zone));
    }
  });
});
