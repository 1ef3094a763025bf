import { deepEqual, match } from "node:assert/strict";
import { dateKey, enumKey, injectedKey, integerKey, type PartitionKey } from "../../../contract/keys";
import { rangeProblems, type Ranges } from "../../../contract/projection/declared";

const tokyo = { timeZone: "Asia/Tokyo" };
const day = dateKey("day", tokyo);
const shard = integerKey("shard", { digits: 2 });
const month = dateKey("month", { ...tokyo, format: "MM" });
const year = dateKey("year", { ...tokyo, format: "yyyy", type: "int" });

const problemsOf = (key: PartitionKey, range?: Ranges[string]): string[] =>
  rangeProblems([key], range === undefined ? {} : { [key.name]: range });

describe("the ranges of a projected dataset", () => {
  const sound: readonly (readonly [PartitionKey, Ranges[string] | undefined])[] = [
    [day, { from: "2021-12-01" }],
    [day, { from: "2021-12-01", to: "2021-12-01" }],
    [day, { from: "NOW-3YEARS", to: "NOW+1DAY" }],
    [day, { from: "2021-12-01", to: " NOW + 9 HOURS " }],
    [month, undefined],
    [month, {}],
    [month, { from: "04", to: "09" }],
    [shard, { from: 0, to: 99 }],
    [integerKey("n"), { from: -10, to: 10 }],
    [integerKey("n", { type: "bigint" }), { from: 0, to: 2 ** 40 }],
    [enumKey("e", { values: ["a", "b"] }), undefined],
    [injectedKey("i"), undefined],
  ];
  for (const [key, range] of sound)
    it(`accepts ${JSON.stringify(range ?? "none")} for ${key.kind} key '${key.name}'`, () => {
      deepEqual(problemsOf(key, range), []);
    });

  const broken: readonly (readonly [title: string, key: PartitionKey, range: Ranges[string] | undefined, RegExp])[] = [
    ["no range of a day", day, undefined, /'day': it has no first value; write \{ day: \{ from: "…" \} \}/],
    ["a range without a beginning", day, { to: "2021-12-01" }, /it has no first value/],
    ["another format", day, { from: "20211201" }, /range: value '20211201' is not a date written as yyyy-MM-dd/],
    ["a day that there is not", day, { from: "2021-02-30" }, /'2021-02-30' is not a date/],
    ["an unknown relative date", day, { from: "2021-12-01", to: "now" }, /value 'now' is not a date/],
    [
      "dates upside down",
      day,
      { from: "2021-12-02", to: "2021-12-01" },
      /begins with '2021-12-02', after its end '2021-12-01'/,
    ],
    [
      "relative dates upside down",
      day,
      { from: "NOW", to: "NOW-1DAYS" },
      /begins with 'NOW', after its end 'NOW-1DAYS'/,
    ],
    ["a beginning that today never reaches", day, { from: "NOW+1YEARS" }, /begins with 'NOW\+1YEARS', after its end,/],
    [
      "more values than a table parameter holds",
      enumKey("e", { values: Array.from({ length: 80_000 }, (_, index) => `v${index}`) }),
      undefined,
      /its values have \d+ characters, a table parameter takes 512000/,
    ],
    ["a month without its zero", month, { from: "4" }, /value '4' is not a date written as MM/],
    ["months upside down", month, { from: "09", to: "04" }, /begins with '09', after its end '04'/],
    ["a time for a month", month, { to: "NOW" }, /'NOW' is a time, and MM are numbers of no year/],
    ["a year that is a number", year, { from: "2021" }, /its type is int, make it a string, or the key an integerKey/],
    ["no range of numbers", shard, undefined, /'shard': it has no range; write \{ shard: \{ from: 0, to: 9 \} \}/],
    ["half a number", shard, { from: 0.5, to: 3 }, /range ends are whole numbers, got 0\.5/],
    ["numbers upside down", shard, { from: 3, to: 1 }, /begins with 3, above its end 1/],
    ["too few digits", shard, { from: 0, to: 100 }, /100 has more than the 2 digits of the key; give it 3/],
    ["a minus before digits", shard, { from: -1, to: 1 }, /2 digits have no minus/],
    ["a number beyond its type", integerKey("n", { type: "int" }), { from: 0, to: 2 ** 31 }, /beyond the type int/],
    ["a comma in a value", enumKey("e", { values: ["a,b"] }), undefined, /value 'a,b' has a comma/],
    ["a blank at the end of a value", enumKey("e", { values: ["a "] }), undefined, /blanks at its ends/],
    ["a range of an enum", enumKey("e", { values: ["a"] }), { from: "a" }, /range of 'e', which is an enum key/],
  ];
  for (const [title, key, range, expected] of broken)
    it(`rejects ${title}`, () => {
      match(problemsOf(key, range).join("\n"), expected);
    });

  it("rejects a range of no key, and values that are escaped, which Athena does not do", () => {
    const problems = rangeProblems([day], { day: { from: "2021-12-01" }, dya: { from: "2021-12-01" } }, "hive");
    match(problems.join("\n"), /escaping "hive": Athena puts projected values into the address as they are/);
    match(problems.join("\n"), /range of 'dya', which is no partition key; the keys are day/);
  });
});
