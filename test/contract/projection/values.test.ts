import { deepEqual, equal, ok, throws } from "node:assert/strict";
import * as fc from "fast-check";
import { DateTime } from "luxon";
import { locationTemplate, renderPath } from "../../../contract/layout";
import { placesOf } from "../../../contract/projection/places";
import { projectionParameters } from "../../../contract/projection/render";
import { columnText, listValues, projectedValues } from "../../../contract/projection/values";
import { projectedKeys } from "./declarations";
import { SOUND } from "./tables";

const NOW = Date.parse("2021-12-05T16:00:00Z");

/** The projected values of a key `k` with these properties. */
function valuesOf(properties: Readonly<Record<string, string>>, now = NOW): string[] {
  const named = Object.entries(properties).map(([name, value]) => [`projection.k.${name}`, value]);
  const values = projectedValues(Object.fromEntries(named) as Record<string, string>, "k", now);
  ok(values);
  const list = listValues(values);
  for (const value of list) ok(values.has(value), value);
  return list;
}

const date = (format: string, range: string, interval?: string, unit?: string): string[] =>
  valuesOf({
    type: "date",
    ...{ format, range },
    ...(interval === undefined ? {} : { interval }),
    ...(unit === undefined ? {} : { "interval.unit": unit }),
  });

describe("projected values", () => {
  it("are those of the Athena user guide's examples", () => {
    deepEqual(valuesOf({ type: "integer", range: "1,3" }), ["1", "2", "3"]);
    deepEqual(valuesOf({ type: "integer", range: "1,3", interval: "2" }), ["1", "3"]);
    deepEqual(valuesOf({ type: "integer", range: "1,3", digits: "2" }), ["01", "02", "03"]);
    deepEqual(date("yyyy-MM", "2017-11,2018-02", "1", "MONTHS"), ["2017-11", "2017-12", "2018-01", "2018-02"]);
    deepEqual(date("yyyy-MM", "2017-11,2018-02", "2", "MONTHS"), ["2017-11", "2018-01"]);
    deepEqual(valuesOf({ type: "enum", values: "A,B,Unknown" }), ["A", "B", "Unknown"]);
  });

  it("go by days and months without an interval", () => {
    deepEqual(date("yyyy/MM/dd", "2024/02/28,2024/03/01"), ["2024/02/28", "2024/02/29", "2024/03/01"]);
    deepEqual(date("yyyyMM", "202112,202201"), ["202112", "202201"]);
  });

  it("reckon from the time of the query, in UTC", () => {
    // 01:00 on the 6th in Tokyo.
    deepEqual(date("yyyy-MM-dd", "2021-12-04,NOW"), ["2021-12-04", "2021-12-05"]);
    deepEqual(date("yyyy-MM-dd", "2021-12-04,NOW+9HOURS"), ["2021-12-04", "2021-12-05", "2021-12-06"]);
    deepEqual(date("yyyy-MM-dd-HH", "NOW-1HOURS, NOW + 1 HOUR", "1", "HOURS"), [
      ...["2021-12-05-15", "2021-12-05-16", "2021-12-05-17"],
    ]);
    deepEqual(date("yyyy", "NOW-2YEARS,NOW", "1", "YEARS"), ["2019", "2020", "2021"]);
    deepEqual(date("yyyyMM", "NOW-2MONTHS,NOW-1MONTH"), ["202110", "202111"]);
    deepEqual(date("yyyy-MM-dd", "NOW-1WEEK,NOW", "1", "WEEKS"), ["2021-11-28", "2021-12-05"]);
  });

  it("are none when the range has not begun", () => {
    deepEqual(date("yyyy-MM-dd", "2021-12-06,NOW"), []);
  });

  it("begin at the beginning, whatever the interval", () => {
    deepEqual(date("yyyy-MM-dd-HH", "2021-12-01-05,2021-12-01-23", "8", "HOURS"), [
      ...["2021-12-01-05", "2021-12-01-13", "2021-12-01-21"],
    ]);
    deepEqual(valuesOf({ type: "integer", range: "-7,7", interval: "5" }), ["-7", "-2", "3"]);
  });

  it("need not be listed: a range of 64 bits is a question of arithmetic", () => {
    const parameters = {
      "projection.k.type": "integer",
      "projection.k.range": "-9223372036854775808,9223372036854775807",
    };
    const values = projectedValues(parameters, "k", NOW);
    ok(values);
    ok(values.has("9223372036854775807") && values.has("-9223372036854775808") && !values.has("9223372036854775808"));
    ok(!values.has("007") && !values.has("+7") && !values.has("-0") && values.has("0"));
    throws(() => listValues(values), /18446744073709551616 projected values are too many to list/);
  });

  it("are the days that a calendar counts, and no other text", () => {
    const days = fc.integer({ min: 0, max: 20_000 });
    fc.assert(
      fc.property(days, fc.nat(400), fc.integer({ min: 1, max: 40 }), fc.nat(500), (first, more, interval, asked) => {
        const start = DateTime.utc(2000, 1, 1).plus({ days: first });
        const text = (offset: number) => start.plus({ days: offset }).toFormat("yyyy-MM-dd");
        const expected = Array.from({ length: Math.floor(more / interval) + 1 }, (_, index) => text(index * interval));
        const parameters = {
          "projection.k.type": "date",
          "projection.k.format": "yyyy-MM-dd",
          "projection.k.range": `${text(0)},${text(more)}`,
          "projection.k.interval": String(interval),
        };
        const values = projectedValues(parameters, "k", NOW);
        ok(values);
        deepEqual(listValues(values), expected);
        equal(values.has(text(asked - 50)), expected.includes(text(asked - 50)));
      }),
    );
  });

  it("are dates in a date column, whatever the folders look like", () => {
    const parameters = { "projection.k.type": "date", "projection.k.format": "yyyy/MM/dd/HH" };
    equal(columnText(parameters, "k", "date", "2021/12/01/05"), "2021-12-01");
    equal(columnText(parameters, "k", "timestamp", "2021/12/01/05"), "2021-12-01 05:00:00");
    equal(columnText(parameters, "k", "string", "2021/12/01/05"), "2021/12/01/05");
  });
});

describe("places of projected partitions", () => {
  const names = SOUND.partitionKeys.map((key) => key.name);
  const { "storage.location.template": template } = SOUND.parameters;
  const places = placesOf(SOUND.parameters, names, template, NOW);
  const at = (folder: string) => places.find(`${SOUND.location}${folder}partition.csv`);
  const inside = "day=2021-12-06/hour=2021/12/01/05/shard=07/site=osaka/customer=x y/";

  it("are found for an object of the partition, with the texts of its keys", () => {
    equal(places.prefix, "s3://lake/events/output/day=");
    const texts = { day: "2021-12-06", hour: "2021/12/01/05", shard: "07", site: "osaka", customer: "x y" };
    deepEqual(at(inside), { location: `${SOUND.location}${inside}`, texts });
    deepEqual(at(`${inside}deeper/`), { location: `${SOUND.location}${inside}`, texts });
  });

  const outside: Readonly<Record<string, string>> = {
    "a day before the range": inside.replace("2021-12-06", "2021-11-30"),
    "a day after now": inside.replace("2021-12-06", "2021-12-07"),
    "a day that there is not": inside.replace("2021-12-06", "2021-11-31"),
    "a shard without its zero": inside.replace("07", "7"),
    "a shard beyond the range": inside.replace("07", "16"),
    "an unknown site": inside.replace("osaka", "kyoto"),
    "a missing level": inside.replace("site=osaka/", ""),
    "another order": "site=osaka/day=2021-12-06/hour=2021/12/01/05/shard=07/customer=x/",
  };
  for (const [title, folder] of Object.entries(outside))
    it(`are not ${title}`, () => {
      equal(at(folder), undefined);
    });

  it("take a repeated key for one", () => {
    const parameters = { "projection.a.type": "enum", "projection.a.values": "x,xy" };
    const places = placesOf(parameters, ["a"], "s3://b/${a}/of/${a}/", NOW);
    deepEqual(places.find("s3://b/xy/of/xy/file")?.texts, { a: "xy" });
    equal(places.find("s3://b/x/of/xy/file"), undefined);
  });

  it("are where the layout puts every projected value", () => {
    const location = "s3://lake/t/output/";
    fc.assert(
      fc.property(projectedKeys, fc.nat(), ({ partitionKeys: keys, registration }, pick) => {
        const parameters = projectionParameters({ partitionKeys: keys, registration }, location);
        const chosen = keys.map((key) => {
          const values = projectedValues(parameters, key.name, NOW);
          if (values === undefined) return [key.name, "someone"];
          return [key.name, values.count === 0n ? undefined : values.at(BigInt(pick) % values.count)];
        });
        fc.pre(chosen.every(([, value]) => value !== undefined));
        const texts = Object.fromEntries(chosen) as Record<string, string>;
        let path: string;
        try {
          path = renderPath(keys, texts);
        } catch (error) {
          // Athena projects the 31st of every month, when months and days are keys of their own.
          ok(/the calendar has no day/.test(String(error)), String(error));
          return;
        }
        const names = keys.map((key) => key.name);
        const found = placesOf(parameters, names, locationTemplate(keys, location), NOW);
        deepEqual(found.find(`${location}${path}file.csv`), { location: `${location}${path}`, texts });
      }),
      { numRuns: 300 },
    );
  }).timeout(30_000);
});
