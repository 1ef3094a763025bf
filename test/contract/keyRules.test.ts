import { deepEqual, equal, match, ok } from "node:assert/strict";
import * as fc from "fast-check";
import { dateKey, enumKey, injectedKey, integerKey, type PartitionKey } from "../../contract/keys";
import { dayProblem, keyProblems, valueProblem } from "../../contract/rules/keys";

const zone = { timeZone: "Asia/Tokyo" };
const day = dateKey("process_date_jst", zone);
const part = (format: "MM" | "M" | "dd" | "d" | "HH" | "H") => dateKey("part", { ...zone, format });

describe("values of partition keys", () => {
  for (const value of [
    "2026-02-30",
    "2026-1-5",
    "20260105",
    "２０２６-01-01",
    "2026-01-01 ",
    "",
    "null",
    "2026-13-01",
    "0000-01-01",
  ])
    it(`rejects '${value}' as a day, and names it`, () => {
      const problem = valueProblem(day, value);
      ok(problem);
      match(problem, /process_date_jst/);
      if (value) ok(problem.includes(value));
    });

  it("accepts every day there is, and no other text of digits and dashes", () => {
    const [year, month, date] = [fc.integer({ min: 1, max: 9999 }), fc.nat(13), fc.nat(32)];
    fc.assert(
      fc.property(year, month, date, (y, m, d) => {
        const text = `${String(y).padStart(4, "0")}-${String(m).padStart(2, "0")}-${String(d).padStart(2, "0")}`;
        const real = new Date(`${text}T00:00:00Z`);
        const there = !Number.isNaN(real.getTime()) && real.toISOString().startsWith(text);
        equal(valueProblem(day, text) === undefined, there);
      }),
    );
  });

  // What the clock says when the test runs must not matter: some months have no 31st.
  it("accepts each part of a date in its own spelling, whatever the day is today", () => {
    const accepted = (key: PartitionKey) =>
      Array.from({ length: 100 }, (_, n) => [String(n), String(n).padStart(2, "0"), `${n}.0`])
        .flat()
        .filter((text) => valueProblem(key, text) === undefined);
    const range = (from: number, to: number, digits: number) =>
      Array.from({ length: to - from + 1 }, (_, n) => String(from + n).padStart(digits, "0"));
    const distinct = (texts: string[]) => [...new Set(texts)];
    deepEqual(distinct(accepted(part("MM"))), range(1, 12, 2));
    deepEqual(distinct(accepted(part("M"))), range(1, 12, 1));
    deepEqual(distinct(accepted(part("dd"))), range(1, 31, 2));
    deepEqual(distinct(accepted(part("d"))), range(1, 31, 1));
    deepEqual(distinct(accepted(part("HH"))), range(0, 23, 2));
    deepEqual(distinct(accepted(part("H"))), range(0, 23, 1));
  });

  it("rejects 24 o'clock", () => {
    const hour = dateKey("hour", { ...zone, format: "yyyy-MM-dd-HH" });
    equal(valueProblem(hour, "2021-12-01-23"), undefined);
    match(valueProblem(hour, "2021-12-01-24") ?? "", /'2021-12-01-24' is not a date written as yyyy-MM-dd-HH/);
  });

  it("rejects a number without its padding, and one with zeros where there is none", () => {
    equal(valueProblem(integerKey("shard", { digits: 3 }), "007"), undefined);
    match(valueProblem(integerKey("shard", { digits: 3 }), "7") ?? "", /'7' is not a whole number of 3 digits/);
    for (const value of ["0", "7", "-7", "123456"]) equal(valueProblem(integerKey("n"), value), undefined);
    for (const value of ["007", "-0", "7.0", "1e3", "-"])
      match(valueProblem(integerKey("n"), value) ?? "", /is not a whole number without leading zeros/);
  });

  it("rejects a number that its type cannot hold", () => {
    equal(valueProblem(integerKey("n", { type: "int" }), "-2147483648"), undefined);
    match(valueProblem(integerKey("n", { type: "int" }), "2147483648") ?? "", /'2147483648' is too large for int/);
    match(valueProblem(integerKey("n", { type: "bigint" }), "9223372036854775808") ?? "", /too large for bigint/);
  });

  it("rejects a word outside the enum", () => {
    match(valueProblem(enumKey("region", { values: ["jp", "us"] }), "de") ?? "", /'de' is not one of jp, us/);
  });

  for (const value of [".", "..", "__HIVE_DEFAULT_PARTITION__", ""])
    for (const escaping of ["none", "hive"] as const)
      it(`rejects '${value}' of any key (escaping ${escaping})`, () => {
        ok(valueProblem(injectedKey("customer"), value, escaping)?.startsWith("partition key 'customer'"));
        ok(keyProblems(enumKey("e", { values: [value] }), escaping).length > 0);
      });

  it("rejects characters that readers disagree on, unless they are escaped", () => {
    for (const value of ["a/b", "k=v", "100%", "a:b", "a b", "日本", "\t"]) {
      match(valueProblem(injectedKey("c"), value) ?? "", /characters other than .* or declare escaping: "hive"/);
      equal(valueProblem(injectedKey("c"), value, "hive"), undefined);
    }
  });

  it("takes any text of 1 to 1024 characters with Hive's escaping, if UTF-8 and every reader can carry it", () => {
    equal(valueProblem(injectedKey("c"), "説".repeat(1024), "hive"), undefined);
    equal(valueProblem(injectedKey("c"), "🗾".repeat(1024), "hive"), undefined);
    for (const escaping of ["hive", "none"] as const)
      match(valueProblem(injectedKey("c"), "x".repeat(1025), escaping) ?? "", /has 1025 characters, Glue takes 1024/);
    match(valueProblem(injectedKey("c"), "a\0b", "hive") ?? "", /'a\\u0000b' holds a NUL/);
    match(valueProblem(injectedKey("c"), "a\ud800", "hive") ?? "", /'a\\ud800' holds half a surrogate pair/);
  });
});

describe("days over several keys", () => {
  const keys = [
    dateKey("year", { ...zone, format: "yyyy" }),
    dateKey("month", { ...zone, format: "MM" }),
    dateKey("day", { ...zone, format: "dd" }),
  ];
  const problemOf = (year: string, month: string, day: string) => dayProblem(keys, { year, month, day });

  it("must be days of the calendar", () => {
    equal(problemOf("2024", "02", "29"), undefined);
    match(problemOf("2023", "02", "29") ?? "", /no day 29 in month 02 of 2023/);
    match(problemOf("2023", "04", "31") ?? "", /no day 31 in month 04/);
  });

  it("may be of an unknown year, or of a year and month in one key", () => {
    const [, month, day] = keys;
    ok(month && day);
    equal(dayProblem([month, day], { month: "02", day: "29" }), undefined);
    match(dayProblem([month, day], { month: "02", day: "30" }) ?? "", /no day 30/);
    const both = [dateKey("ym", { ...zone, format: "yyyy-MM" }), dateKey("d", { ...zone, format: "d" })];
    match(dayProblem(both, { ym: "2023-02", d: "29" }) ?? "", /no day 29 in month 02 of 2023/);
  });

  it("are not looked for in keys of two clocks", () => {
    const two = [dateKey("month", { ...zone, format: "MM" }), dateKey("day", { timeZone: "UTC", format: "dd" })];
    equal(dayProblem(two, { month: "02", day: "30" }), undefined);
  });
});

describe("declarations of partition keys", () => {
  const broken: readonly (readonly [string, PartitionKey, RegExp])[] = [
    ["capitals", dateKey("ProcessDate", zone), /rename it to 'processdate'/],
    ["an underscore at its beginning", enumKey("_day", { values: ["a"] }), /begin with _.* rename it to 'day'/],
    ["a digit at its beginning", enumKey("1st", { values: ["a"] }), /rename it to 'st'/],
    ["an unknown zone", dateKey("d", { timeZone: "Asia/Tokio" }), /'Asia\/Tokio' is not an IANA zone/],
    ["an abbreviated zone", dateKey("d", { timeZone: "JST" }), /'JST' is not an IANA zone; write 'Asia\/Tokyo'/],
    ["a zone in small letters", dateKey("d", { timeZone: "asia/tokyo" }), /'asia\/tokyo' is spelled 'Asia\/Tokyo'/],
    [
      "an unknown format",
      dateKey("d", { ...zone, format: "yyyy/MM/dd" as "yyyy" }),
      /format 'yyyy\/MM\/dd' is not one of/,
    ],
    [
      "the type date for a month",
      dateKey("d", { ...zone, format: "yyyy-MM", type: "date" }),
      /type 'date' is not one of string/,
    ],
    [
      "ten digits as an int",
      dateKey("d", { ...zone, format: "yyyyMMddHH", type: "int" }),
      /'int' is not one of string, bigint/,
    ],
    ["no digits", integerKey("n", { digits: 0 }), /from 1 to 18, got 0/],
    ["more digits than an int has", integerKey("n", { digits: 10, type: "int" }), /from 1 to 9, got 10/],
    ["no value", enumKey("e", { values: [] }), /at least one value/],
    ["a value twice", enumKey("e", { values: ["a", "b", "a"] }), /value 'a' is declared more than once/],
    ["a value of other letters", enumKey("e", { values: ["a b"] }), /'a b'/],
    ["a long comment", injectedKey("i", { comment: "説".repeat(86) }), /258 bytes, the AWS provider takes 255/],
  ];
  for (const [title, key, expected] of broken)
    it(`rejects ${title}`, () => {
      match(keyProblems(key).join("\n"), expected);
    });

  const sound: readonly PartitionKey[] = [
    day,
    dateKey("d", { timeZone: "UTC", type: "date" }),
    dateKey("d", { timeZone: "America/Argentina/Buenos_Aires", format: "yyyyMMddHH", type: "bigint" }),
    dateKey("d", { timeZone: "Japan", format: "yyyy", type: "int" }),
    integerKey("n"),
    integerKey("n", { digits: 18, type: "bigint" }),
    injectedKey("i", { comment: "顧".repeat(85) }),
  ];
  for (const key of sound)
    it(`accepts ${JSON.stringify(key)}`, () => {
      deepEqual(keyProblems(key), []);
    });
});
