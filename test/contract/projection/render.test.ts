import { deepEqual, equal, ok } from "node:assert/strict";
import * as fc from "fast-check";
import { dateKey, enumKey, injectedKey, integerKey, valuesAt } from "../../../contract/keys";
import { problemText, projectionProblems } from "../../../contract/projection/check";
import { rangeProblems } from "../../../contract/projection/declared";
import { projectionParameters } from "../../../contract/projection/render";
import { projectedValues } from "../../../contract/projection/values";
import { projection, registered } from "../../../contract/registration";
import { projectedKeys, ZONES } from "./declarations";

const LOCATION = "s3://lake/features/output/";
const tokyo = { timeZone: "Asia/Tokyo" };

/** The upper end of a range that is left open. */
function openEnd(timeZone: string, format: "yyyy-MM-dd" | "yyyy-MM-dd-HH" = "yyyy-MM-dd"): string {
  const dataset = {
    partitionKeys: [dateKey("d", { timeZone, format })],
    registration: projection({ d: { from: format === "yyyy-MM-dd" ? "2021-12-01" : "2021-12-01-00" } }),
  };
  return projectionParameters(dataset, LOCATION)["projection.d.range"]?.split(",")[1] ?? "";
}

describe("the parameters of a projected dataset", () => {
  it("are these for one day key", () => {
    const dataset = {
      partitionKeys: [dateKey("process_date_jst", tokyo)],
      registration: projection({ process_date_jst: { from: "2021-12-01" } }),
    };
    deepEqual(projectionParameters(dataset, LOCATION), {
      "projection.enabled": "true",
      "projection.process_date_jst.type": "date",
      "projection.process_date_jst.format": "yyyy-MM-dd",
      "projection.process_date_jst.range": "2021-12-01,NOW+9HOURS",
      "projection.process_date_jst.interval": "1",
      "projection.process_date_jst.interval.unit": "DAYS",
      "storage.location.template": `${LOCATION}process_date_jst=\${process_date_jst}/`,
    });
  });

  it("are these for keys of all kinds, in their order", () => {
    const dataset = {
      partitionKeys: [
        dateKey("year", { ...tokyo, format: "yyyy" }),
        dateKey("month", { ...tokyo, format: "MM" }),
        dateKey("day", { ...tokyo, format: "d" }),
        dateKey("hour", { ...tokyo, format: "HH" }),
        enumKey("site", { values: ["tokyo", "osaka"] }),
        integerKey("shard", { digits: 3 }),
        integerKey("delta"),
        injectedKey("customer"),
      ],
      registration: projection({
        year: { from: "2020", to: "NOW" },
        month: {},
        day: { from: "2", to: "30" },
        hour: { to: "11" },
        shard: { from: 0, to: 127 },
        delta: { from: -5, to: 5 },
      }),
    };
    const parameters = projectionParameters(dataset, LOCATION);
    const shown = Object.entries(parameters).map(([name, value]) => `${name.replace("projection.", "")}=${value}`);
    deepEqual(shown, [
      "enabled=true",
      ...["year.type=date", "year.format=yyyy", "year.range=2020,NOW", "year.interval=1", "year.interval.unit=YEARS"],
      ...["month.type=integer", "month.range=1,12", "month.digits=2"],
      ...["day.type=integer", "day.range=2,30"],
      ...["hour.type=integer", "hour.range=0,11", "hour.digits=2"],
      ...["site.type=enum", "site.values=tokyo,osaka"],
      ...["shard.type=integer", "shard.range=0,127", "shard.digits=3"],
      ...["delta.type=integer", "delta.range=-5,5"],
      "customer.type=injected",
      "storage.location.template=" +
        LOCATION +
        "year=${year}/month=${month}/day=${day}/hour=${hour}/site=${site}/shard=${shard}/delta=${delta}/customer=${customer}/",
    ]);
  });

  it("are none for a registered dataset", () => {
    deepEqual(projectionParameters({ partitionKeys: [dateKey("d", tokyo)] }, LOCATION), {});
    deepEqual(projectionParameters({ partitionKeys: [dateKey("d", tokyo)], registration: registered() }, LOCATION), {});
  });

  const ends: readonly (readonly [zone: string, end: string])[] = [
    ["UTC", "NOW"],
    ["Asia/Tokyo", "NOW+9HOURS"],
    ["Asia/Kathmandu", "NOW+6HOURS"],
    ["Europe/London", "NOW+1HOURS"],
    ["Africa/Abidjan", "NOW"],
    ["America/New_York", "NOW-4HOURS"],
    ["America/St_Johns", "NOW-2HOURS"],
    ["Pacific/Kiritimati", "NOW+14HOURS"],
    ["Pacific/Marquesas", "NOW-9HOURS"],
  ];
  for (const [zone, end] of ends)
    it(`end at ${end} in ${zone}, when they are left open`, () => {
      equal(openEnd(zone), end);
      equal(openEnd(zone, "yyyy-MM-dd-HH"), end);
    });

  it("show a day from its first minute, in every zone of the world", () => {
    const instants = fc.integer({ min: Date.UTC(2025, 0), max: Date.UTC(2037, 11) });
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        instants,
        fc.constantFrom("yyyy-MM-dd", "yyyyMMddHH"),
        (zone, now, format) => {
          const key = dateKey("d", { timeZone: zone, format });
          const from = format === "yyyy-MM-dd" ? "2021-12-01" : "2021120100";
          const parameters = projectionParameters(
            { partitionKeys: [key], registration: projection({ d: { from } }) },
            LOCATION,
          );
          const values = projectedValues(parameters, "d", now);
          ok(values?.has(valuesAt([key], new Date(now)).d ?? ""), `${zone} ${new Date(now).toISOString()}`);
          // Not a whole day too early either: two hours of rounding and of winter time are all there is.
          const later = valuesAt(
            [dateKey("d", { timeZone: zone, format: "yyyyMMddHH" })],
            new Date(now + 4 * 3_600_000),
          );
          if (format === "yyyyMMddHH") ok(!values?.has(later.d ?? ""));
        },
      ),
      { numRuns: 500 },
    );
  }).timeout(30_000);

  it("are all accepted by the rules, which know nothing of their author", () => {
    fc.assert(
      fc.property(projectedKeys, (dataset) => {
        deepEqual(rangeProblems(dataset.partitionKeys, dataset.registration.ranges), []);
        const parameters = projectionParameters(dataset, LOCATION);
        const partitionKeys = dataset.partitionKeys.map(({ name, type }) => ({ name, type }));
        const problems = projectionProblems({ partitionKeys, parameters, location: LOCATION });
        deepEqual(problems.map(problemText), []);
      }),
      { numRuns: 300 },
    );
  }).timeout(30_000);
});
