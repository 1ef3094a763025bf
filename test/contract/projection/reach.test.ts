import { equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { textReachesAsFar, type End } from "../../../contract/projection/reach";
import { readPattern } from "../../../contract/projection/reading/pattern";
import { listValues, projectedValues } from "../../../contract/projection/values";

const DAY = 86_400_000;
const days = readPattern("yyyy-MM-dd");
const pattern = "parts" in days ? days : undefined;
const reaches = (end: End, one: string, other: string, now: number) => textReachesAsFar(end, one, other, pattern, now);

/** What Athena computes for a range of days at one time. */
function valuesOf(from: string, to: string, now: number) {
  const properties = { type: "date", format: "yyyy-MM-dd", range: `${from},${to}` };
  const parameters = Object.entries(properties).map(([name, value]): [string, string] => [
    `projection.d.${name}`,
    value,
  ]);
  return projectedValues(Object.fromEntries(parameters), "d", now);
}

describe("ends of projected ranges", () => {
  const BASE = Date.UTC(2024, 0, 1);
  const time = fc.integer({ min: 0, max: 3 * 365 * 24 }).map((hours) => BASE + hours * 3_600_000);
  const end = fc.oneof(
    fc.integer({ min: 0, max: 3 * 365 }).map((day) => new Date(BASE + day * DAY).toISOString().slice(0, 10)),
    fc
      .tuple(fc.integer({ min: -70, max: 70 }), fc.constantFrom("HOURS", "DAYS", "WEEKS", "MONTHS"))
      .map(([amount, unit]) => `NOW${amount < 0 ? "-" : "+"}${Math.abs(amount)}${unit}`),
    fc.constant("NOW"),
  );

  it("that reach as far have all that Athena computes for the others", () => {
    let compared = 0;
    fc.assert(
      fc.property(end, end, end, end, time, (from, to, otherFrom, otherTo, now) => {
        if (!reaches("from", from, otherFrom, now) || !reaches("to", to, otherTo, now)) return;
        const [wide, narrow] = [valuesOf(from, to, now), valuesOf(otherFrom, otherTo, now)];
        ok(wide && narrow);
        for (const value of listValues(narrow)) ok(wide.has(value), value);
        compared += narrow.count > 0n ? 1 : 0;
      }),
      { numRuns: 2000 },
    );
    ok(compared > 20, `only ${compared} ranges were compared`);
  });

  it("that are reckoned from the query keep their distance for ever", () => {
    fc.assert(
      fc.property(end, end, time, time, (one, other, now, later) => {
        if (!one.startsWith("NOW") || !other.startsWith("NOW")) return;
        for (const each of ["from", "to"] as const)
          equal(reaches(each, one, other, now), reaches(each, one, other, later));
      }),
    );
  });

  it("that cannot be read reach nowhere", () => {
    equal(reaches("from", "20211201", "2021-12-01", BASE), false);
    equal(textReachesAsFar("to", "x", "1", undefined, BASE), false);
    equal(textReachesAsFar("to", "010", "9", undefined, BASE), true);
  });
});
