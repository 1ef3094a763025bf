import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import * as fc from "fast-check";
import { DateTime } from "luxon";
import { dateKey, enumKey, integerKey, keyProblems, valueProblem, valuesAt, valuesOnDay } from "../../contract/keys";

const day = dateKey("process_date_jst", { timeZone: "Asia/Tokyo" });

describe("partition keys", () => {
  it("names a day by the calendar of the key's zone", () => {
    deepEqual(valuesAt([day], new Date("2021-11-30T14:59:59Z")), { process_date_jst: "2021-11-30" });
    deepEqual(valuesAt([day], new Date("2021-11-30T15:00:00Z")), { process_date_jst: "2021-12-01" });
  });

  it("splits one instant into year, month, day and hour", () => {
    const zone = { timeZone: "America/New_York" };
    const keys = [
      dateKey("year", { ...zone, format: "yyyy" }),
      dateKey("month", { ...zone, format: "MM" }),
      dateKey("day", { ...zone, format: "dd" }),
      dateKey("hour", { ...zone, format: "HH" }),
    ];
    deepEqual(valuesAt(keys, new Date("2022-01-01T04:30:00Z")), { year: "2021", month: "12", day: "31", hour: "23" });
  });

  it("counts a day of 23 or 25 hours as one day", () => {
    const key = dateKey("d", { timeZone: "America/New_York" });
    deepEqual(valuesAt([key], new Date("2024-03-11T03:30:00Z"), -1), { d: "2024-03-09" });
    deepEqual(valuesAt([key], new Date("2024-11-04T04:30:00Z"), -1), { d: "2024-11-02" });
  });

  it("agrees with Intl on the day of any instant in any zone", () => {
    const zones = fc.constantFrom(
      "Asia/Tokyo",
      "America/New_York",
      "Europe/Berlin",
      "Pacific/Apia",
      "Asia/Kathmandu",
      "UTC",
    );
    fc.assert(
      fc.property(zones, fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2040, 0) }), (timeZone, at) => {
        const byIntl = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" }).format(at);
        equal(valuesAt([dateKey("d", { timeZone })], new Date(at)).d, byIntl);
      }),
    );
  });

  for (const value of ["2026-02-30", "2026-1-5", "20260105", "２０２６-01-01", "2026-01-01 ", "", "null", "2026-13-01"])
    it(`rejects '${value}' as a day, and names it`, () => {
      const problem = valueProblem(day, value);
      ok(problem);
      match(problem, /process_date_jst/);
      if (value) ok(problem.includes(value));
    });

  it("accepts every day there is, and no other text of digits and dashes", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1900, max: 2100 }),
        fc.integer({ min: 0, max: 13 }),
        fc.integer({ min: 0, max: 32 }),
        (y, m, d) => {
          const text = `${y}-${String(m).padStart(2, "0")}-${String(d).padStart(2, "0")}`;
          equal(valueProblem(day, text) === undefined, DateTime.utc(y, m, d).isValid);
        },
      ),
    );
  });

  it("rejects an hour for a whole day", () => {
    throws(() => valuesOnDay([dateKey("hour", { timeZone: "UTC", format: "HH" })], "2021-12-01"), /'hour' is an hour/);
  });

  it("rejects a number without its padding and a word outside the enum", () => {
    equal(valueProblem(integerKey("shard", { digits: 3 }), "007"), undefined);
    match(valueProblem(integerKey("shard", { digits: 3 }), "7") ?? "", /'7' is not a whole number of 3 digits/);
    match(valueProblem(enumKey("region", { values: ["jp", "us"] }), "de") ?? "", /'de' is not one of jp, us/);
  });

  it("rejects a declaration that no service could take", () => {
    match(keyProblems(dateKey("ProcessDate", { timeZone: "Asia/Tokyo" })).join(), /'processdate'/);
    match(keyProblems(dateKey("d", { timeZone: "Asia/Tokio" })).join(), /'Asia\/Tokio' is not an IANA zone/);
    match(keyProblems(integerKey("n", { digits: 0 })).join(), /got 0/);
    match(keyProblems(enumKey("e", { values: ["a b"] })).join(), /'a b'/);
  });
});
