import { deepEqual, equal, throws } from "node:assert/strict";
import * as fc from "fast-check";
import { DATE_FORMATS, dateKey, valuesAt, valuesOnDay, type DateFormat } from "../../contract/keys";
import { valueProblem } from "../../contract/rules/keys";

const day = dateKey("process_date_jst", { timeZone: "Asia/Tokyo" });
const levels = (timeZone: string) => [
  dateKey("year", { timeZone, format: "yyyy" }),
  dateKey("month", { timeZone, format: "MM" }),
  dateKey("day", { timeZone, format: "dd" }),
  dateKey("hour", { timeZone, format: "HH" }),
];

/** Each format as the clocks of a zone show it, by the runtime's own calendar. */
function byIntl(timeZone: string, at: number): Record<DateFormat, string> {
  const parts = new Intl.DateTimeFormat("en-US", {
    ...{ timeZone, hourCycle: "h23", calendar: "gregory" },
    ...{ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit" },
  }).formatToParts(at);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? "";
  const [y, m, d, h] = [part("year").padStart(4, "0"), part("month"), part("day"), part("hour")];
  return {
    ...{ "yyyy-MM-dd": `${y}-${m}-${d}`, yyyyMMdd: `${y}${m}${d}` },
    ...{ "yyyy-MM-dd-HH": `${y}-${m}-${d}-${h}`, yyyyMMddHH: `${y}${m}${d}${h}` },
    ...{ "yyyy-MM": `${y}-${m}`, yyyyMM: `${y}${m}`, yyyy: y },
    ...{ MM: m, dd: d, HH: h, M: String(Number(m)), d: String(Number(d)), H: String(Number(h)) },
  };
}

describe("partition keys at an instant", () => {
  it("names a day by the calendar of the key's zone", () => {
    deepEqual(valuesAt([day], new Date("2021-11-30T14:59:59Z")), { process_date_jst: "2021-11-30" });
    deepEqual(valuesAt([day], new Date("2021-11-30T15:00:00Z")), { process_date_jst: "2021-12-01" });
  });

  it("splits one instant into year, month, day and hour", () => {
    const values = valuesAt(levels("America/New_York"), new Date("2022-01-01T04:30:00Z"));
    deepEqual(values, { year: "2021", month: "12", day: "31", hour: "23" });
  });

  it("agrees with Intl on every format at any instant in any zone of the world", () => {
    const zones = fc.constantFrom(...Intl.supportedValuesOf("timeZone"));
    fc.assert(
      fc.property(zones, fc.integer({ min: Date.UTC(1975, 0), max: Date.UTC(2060, 0) }), (timeZone, at) => {
        const keys = DATE_FORMATS.map((format, index) => dateKey(`k${index}`, { timeZone, format }));
        const values = valuesAt(keys, new Date(at));
        const expected = byIntl(timeZone, at);
        DATE_FORMATS.forEach((format, index) => equal(values[`k${index}`], expected[format]));
        for (const key of keys) equal(valueProblem(key, values[key.name] ?? ""), undefined);
      }),
      { numRuns: 500 },
    );
  }).timeout(30_000);

  it("agrees with Intl at the edges of days, months and years, and where clocks change", () => {
    const edges = [
      ["Asia/Tokyo", "2023-12-31T15:00:00Z"],
      ["Asia/Tokyo", "2024-02-28T15:00:00Z"],
      ["America/New_York", "2024-03-10T07:00:00Z"],
      ["America/New_York", "2024-11-03T06:00:00Z"],
      ["Australia/Lord_Howe", "2024-10-05T15:30:00Z"],
      ["America/Sao_Paulo", "2018-11-04T03:00:00Z"],
      ["Asia/Beirut", "2024-03-30T22:00:00Z"],
      ["Pacific/Apia", "2011-12-30T10:00:00Z"],
      ["Asia/Pyongyang", "2018-05-04T15:00:00Z"],
    ] as const;
    for (const [timeZone, edge] of edges)
      for (const milliseconds of [-1, 0, 1, 3_599_999, 3_600_000]) {
        const at = Date.parse(edge) + milliseconds;
        const expected = byIntl(timeZone, at);
        const values = valuesAt(levels(timeZone), new Date(at));
        deepEqual(Object.values(values), [expected.yyyy, expected.MM, expected.dd, expected.HH], `${timeZone} ${at}`);
      }
  });

  it("counts a day of 23 or 25 hours as one day", () => {
    const key = dateKey("d", { timeZone: "America/New_York" });
    deepEqual(valuesAt([key], new Date("2024-03-11T03:30:00Z"), -1), { d: "2024-03-09" });
    deepEqual(valuesAt([key], new Date("2024-11-04T04:30:00Z"), -1), { d: "2024-11-02" });
  });

  it("counts a day that a zone skipped: the calendar has it", () => {
    const key = dateKey("d", { timeZone: "Pacific/Apia" });
    deepEqual(valuesAt([key], new Date("2011-12-31T00:00:00Z")), { d: "2011-12-31" });
    deepEqual(valuesAt([key], new Date("2011-12-31T00:00:00Z"), -1), { d: "2011-12-30" });
  });

  it("gives the offset day that a calendar in UTC gives", () => {
    const instants = fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2040, 0) });
    fc.assert(
      fc.property(
        fc.constantFrom("UTC", "Asia/Tokyo", "America/Santiago"),
        instants,
        fc.integer({ min: -400, max: 400 }),
        (timeZone, at, offset) => {
          const key = dateKey("d", { timeZone });
          const local = new Date(`${valuesAt([key], new Date(at)).d}T00:00:00Z`);
          const expected = new Date(local.getTime() + offset * 86_400_000).toISOString().slice(0, 10);
          equal(valuesAt([key], new Date(at), offset).d, expected);
        },
      ),
    );
  });

  it("rejects an instant that is none, and years that have no four digits", () => {
    throws(() => valuesAt([day], new Date(NaN)), /must be a valid time/);
    throws(() => valuesAt([day], new Date("+010000-01-02T00:00:00Z")), /'process_date_jst': the year 10000/);
    throws(() => valuesAt([day], new Date("0000-06-01T00:00:00Z")), /the year 0/);
    throws(() => valuesAt([dateKey("d", { timeZone: "Asia/Tokio" })], new Date()), /no time in zone 'Asia\/Tokio'/);
  });
});

describe("partition keys on a day", () => {
  it("have a value for each format without hours", () => {
    const formats = DATE_FORMATS.filter((format) => !format.includes("H"));
    const keys = formats.map((format) => dateKey(format, { timeZone: "UTC", format }));
    deepEqual(valuesOnDay(keys, "2021-02-03"), {
      ...{ "yyyy-MM-dd": "2021-02-03", yyyyMMdd: "20210203", "yyyy-MM": "2021-02", yyyyMM: "202102", yyyy: "2021" },
      ...{ MM: "02", M: "2", dd: "03", d: "3" },
    });
  });

  for (const format of ["HH", "H", "yyyy-MM-dd-HH", "yyyyMMddHH"] as const)
    it(`rejects an hour written as ${format} for a whole day`, () => {
      throws(() => valuesOnDay([dateKey("hour", { timeZone: "UTC", format })], "2021-12-01"), /'hour' is an hour/);
    });

  it("rejects a day that there is not", () => {
    throws(() => valuesOnDay([day], "2021-02-29"), /'2021-02-29' is not a day/);
  });
});
