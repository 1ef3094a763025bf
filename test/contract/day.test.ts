import { deepEqual, equal, throws } from "node:assert/strict";
import * as fc from "fast-check";
import { NOT_GIVEN, resolveDay, type DayRequest } from "../../contract/day";
import { dateKey, integerKey } from "../../contract/keys";

const tokyo = { timeZone: "Asia/Tokyo" };
const keys = { partitionKeys: [dateKey("process_date_jst", tokyo)] };
const request = (given: Partial<DayRequest>): DayRequest => ({
  processDate: NOT_GIVEN,
  scheduledTime: NOT_GIVEN,
  startedAt: "2021-06-15T00:00:00Z",
  ...given,
});
const dayOf = (given: Partial<DayRequest>) => resolveDay(keys, request(given)).processDate;

describe("the day of a run", () => {
  it("begins at midnight in Tokyo, which is 15:00 in UTC", () => {
    equal(dayOf({ startedAt: "2021-11-30T14:59:59.999Z" }), "2021-11-30");
    equal(dayOf({ startedAt: "2021-11-30T15:00:00Z" }), "2021-12-01");
    equal(dayOf({ startedAt: "2021-11-30T15:00:00.000000+00:00" }), "2021-12-01");
    equal(dayOf({ startedAt: "2021-12-01T00:00:00+09:00" }), "2021-12-01");
  });

  it("is what ProcessDate says, before the schedule and the start", () => {
    const { processDate, values } = resolveDay(
      keys,
      request({ processDate: "2020-02-29", scheduledTime: "2021-12-01T00:00:00Z" }),
    );
    deepEqual([processDate, values], ["2020-02-29", { process_date_jst: "2020-02-29" }]);
  });

  it("is the scheduler's, before that of a late start", () => {
    equal(dayOf({ scheduledTime: "2021-11-30T14:59:00Z", startedAt: "2021-11-30T15:01:00Z" }), "2021-11-30");
  });

  it("is one day for all keys of a run", () => {
    const levels = {
      partitionKeys: [
        dateKey("year", { ...tokyo, format: "yyyy" }),
        dateKey("month", { ...tokyo, format: "MM" }),
        dateKey("day", { ...tokyo, format: "dd" }),
        integerKey("shard", { digits: 2 }),
      ],
    };
    const expected = { processDate: "2022-01-01", values: { year: "2022", month: "01", day: "01" } };
    deepEqual(resolveDay(levels, request({ startedAt: "2021-12-31T15:00:00Z" })), expected);
    deepEqual(resolveDay(levels, request({ processDate: "2022-01-01" })), expected);
  });

  it("is the same whether it comes from its start, its schedule or its name", () => {
    const instants = fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2040, 0) });
    fc.assert(
      fc.property(instants, (at) => {
        const iso = new Date(at).toISOString();
        const byStart = resolveDay(keys, request({ startedAt: iso }));
        deepEqual(resolveDay(keys, request({ scheduledTime: iso })), byStart);
        deepEqual(resolveDay(keys, request({ processDate: byStart.processDate })), byStart);
      }),
    );
  });

  it("is some days away from the schedule's or the start's, over the ends of months and years", () => {
    const scheduledTime = "2021-12-31T17:30:00Z";
    equal(dayOf({ scheduledTime }), "2022-01-01");
    equal(dayOf({ scheduledTime, dayOffset: "0" }), "2022-01-01");
    equal(dayOf({ scheduledTime, dayOffset: "-1" }), "2021-12-31");
    equal(dayOf({ startedAt: "2024-03-01T00:00:00Z", dayOffset: "-1" }), "2024-02-29");
    equal(dayOf({ startedAt: "2024-02-28T15:00:00Z", dayOffset: "1" }), "2024-03-01");
  });

  it("stays what ProcessDate says, whatever the offset", () => {
    equal(dayOf({ processDate: "2021-12-01", dayOffset: "-1" }), "2021-12-01");
  });

  it("goes back as the calendar does, in every zone, where clocks change and where none does", () => {
    const at = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2029, 0) });
    const zones = ["Asia/Tokyo", "America/New_York", "Europe/London", "Australia/Lord_Howe", "America/Santiago", "UTC"];
    fc.assert(
      fc.property(at, fc.constantFrom(...zones), fc.integer({ min: -800, max: 800 }), (instant, timeZone, offset) => {
        const partitionKeys = [dateKey("day", { timeZone })];
        const startedAt = new Date(instant).toISOString();
        const { processDate } = resolveDay({ partitionKeys }, request({ startedAt }));
        const moved = resolveDay({ partitionKeys }, request({ startedAt, dayOffset: String(offset) }));
        const apart = (Date.parse(moved.processDate) - Date.parse(processDate)) / 86_400_000;
        deepEqual([apart, moved.values], [offset, { day: moved.processDate }]);
      }),
    );
  });

  for (const dayOffset of ["", "yesterday", "1.5", "+1", "１", "-", "12345"])
    it(`rejects '${dayOffset}' as DayOffset, and names it`, () => {
      throws(
        () => dayOf({ dayOffset }),
        (error: Error) => error.message.startsWith(`DayOffset '${dayOffset}' is not a whole number of days`),
      );
    });

  for (const processDate of [
    "2021-13-01",
    "2021-02-29",
    "2021-1-5",
    "20211201",
    "yesterday",
    "",
    "2021-12-01T00:00:00Z",
  ])
    it(`rejects '${processDate}' as ProcessDate, and names it`, () => {
      throws(
        () => dayOf({ processDate }),
        (error: Error) => error.message.startsWith(`'${processDate}' is not a day written as yyyy-MM-dd`),
      );
    });

  for (const time of ["<aws.scheduler.scheduled-time>", "2021-11-31T00:00:00Z", "1638284400", "12:00", "T12", ""])
    it(`rejects '${time}' as a time, and names it`, () => {
      for (const given of [{ scheduledTime: time }, { startedAt: time }])
        throws(
          () => dayOf(given),
          (error: Error) => error.message.startsWith(`'${time}' is not an ISO 8601 time`),
        );
    });

  it("rejects a day for a table of hours", () => {
    const hours = { partitionKeys: [dateKey("hour", { ...tokyo, format: "HH" })] };
    throws(() => resolveDay(hours, request({ processDate: "2021-12-01" })), /'hour' is an hour/);
  });
});
