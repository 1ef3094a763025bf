import { deepEqual, match, throws } from "node:assert/strict";
import { csv } from "../../contract/csv";
import { column } from "../../contract/columns";
import { defineDataset, type Dataset, type PartitionValues } from "../../contract/dataset";
import { outputOf, raw } from "../../contract/inputs";
import { dateKey } from "../../contract/keys";
import { partitionPath } from "../../contract/layout";
import { ContractError } from "../../contract/problems";
import { athena } from "../../contract/registration";
import { dailyAt } from "../../contract/schedule";

const day = dateKey("day", { timeZone: "Asia/Tokyo" });
const valid = {
  name: "events",
  description: "events",
  prefix: "events",
  partitionKeys: [day],
  columns: [column("a", "string", "")],
  format: csv(),
  steps: [
    { name: "one", script: "one.py", inputs: { raw }, outputs: { first: "execution" } },
    { name: "two", script: "two.py", inputs: { first: outputOf("one", "first") }, outputs: { last: "table" } },
  ],
} as const satisfies Dataset;

/** What a compiler would not let pass. */
const untyped = (value: unknown) => value as object;

/** The problems of a declaration with one change. */
function problemsOf(change: Partial<Dataset>): readonly string[] {
  try {
    defineDataset<Dataset["partitionKeys"], Dataset["columns"]>({ ...valid, ...change });
  } catch (error) {
    if (error instanceof ContractError) return error.problems;
    throw error;
  }
  return [];
}

describe("dataset declaration", () => {
  it("accepts a valid one and a table without partition keys", () => {
    deepEqual(problemsOf({}), []);
    deepEqual(problemsOf({ partitionKeys: [] }), []);
  });

  const [one, two] = valid.steps;
  const broken: [string, Partial<Dataset>, RegExp][] = [
    ["an upper-case name", { name: "Events" }, /rename it to 'events'/],
    ["a prefix with a slash at its end", { prefix: "events/" }, /prefix 'events\/'/],
    ["a prefix with a key=val folder", { prefix: "events/day=1" }, /key=val/],
    ["no column", { columns: [] }, /at least one column/],
    ["an upper-case column", { columns: [column("A", "string", "")] }, /rename it to 'a'/],
    ["a key that is also a column", { columns: [column("day", "string", "")] }, /'day' is declared more than once/],
    ["two columns of one name", { columns: [column("a", "string", ""), column("a", "int", "")] }, /'a' is declared/],
    ["a comment too long", { columns: [column("a", "string", "説".repeat(86))] }, /258 bytes/],
    ["no description", { description: "" }, /description must be one line of 1 to 2048 bytes .* got 0/],
    ["a long description", { description: "説".repeat(683) }, /got 2049/],
    ["a delimiter of two characters", { format: csv({ delimiter: "::" }) }, /got "::"/],
    ["a misspelt csv option", { format: csv(untyped({ quotes: '"' })) }, /^format: Unrecognized key: "quotes"/],
    ["a csv option that is null", { format: csv(untyped({ nullText: null })) }, /^format\.nullText: expected string/],
    ["an encoding that is null", { format: csv(untyped({ encoding: null })) }, /encoding must be "utf-8", got "null"/],
    ["a misspelt column option", { columns: [column("a", "string", "", untyped({ viewtype: "date" }))] }, /"viewtype"/],
    ["a reader's account without its name", { readers: [athena(untyped("123456789012"))] }, /^readers\[0\]: Unrec/],
    ["a misspelt schedule option", { schedule: dailyAt("02:30", "UTC", untyped({ dayoffset: -1 })) }, /"dayoffset"/],
    ["two steps of one name", { steps: [one, { ...two, name: "one" }] }, /step 'one' is declared more than once/],
    [
      "a step that reads a later one",
      { steps: [{ ...one, inputs: { x: outputOf("two", "last") } }, two] },
      /does not come before/,
    ],
    [
      "an output that is not there",
      { steps: [one, { ...two, inputs: { x: outputOf("one", "frist") } }] },
      /which has first/,
    ],
    [
      "an output that every object seems to have",
      { steps: [one, { ...two, inputs: { x: outputOf("one", "constructor") } }] },
      /output 'constructor' of 'one', which has first/,
    ],
    [
      "parts of one date in two time zones",
      {
        partitionKeys: [
          dateKey("year", { timeZone: "Asia/Tokyo", format: "yyyy" }),
          dateKey("month", { timeZone: "UTC", format: "MM" }),
          dateKey("date", { timeZone: "UTC", format: "dd" }),
        ],
      },
      /'year' \(Asia\/Tokyo\), 'month' \(UTC\), 'date' \(UTC\) are parts of one date in different time zones/,
    ],
    [
      "an hour of another time zone than its day's",
      { partitionKeys: [day, dateKey("hour", { timeZone: "UTC", format: "HH" })] },
      /'day' \(Asia\/Tokyo\), 'hour' \(UTC\) are parts of one date/,
    ],
    [
      "a misspelt end of a range",
      {
        registration: { strategy: "projection", ranges: { day: { from: "2021-12-01", too: "2021-12-31" } as object } },
      },
      /registration\.ranges\.day: Unrecognized key: "too"/,
    ],
    ["no output to the table", { steps: [one] }, /exactly one output of the steps goes to the table, got 0/],
    [
      "a step that reads the table",
      {
        steps: [
          { ...one, outputs: { first: "table" } },
          { ...two, outputs: { last: "execution" } },
        ],
      },
      /which goes to the table/,
    ],
    ["an input that is no folder's name", { steps: [{ ...one, inputs: { "a/b": raw } }, two] }, /input 'a\/b' must be/],
    [
      "an output that leaves its folder",
      { steps: [one, { ...two, outputs: { "../x": "table" } }] },
      /output '\.\.\/x' must be/,
    ],
    ["a prefix inside another dataset's raw files", { prefix: "a/raw" }, /holds folder 'raw'/],
    ["the folder of Athena's answers", { prefix: "query-results/x" }, /kept for a week, and deleted; choose another/],
    [
      "a comment of two lines",
      { columns: [column("a", "string", "a\nb")] },
      /column 'a': the comment has a line break/,
    ],
    ["a bell in a comment", { columns: [column("a", "string", "a\u0007")] }, /column 'a': .*control character/],
    ["a bell in the description", { description: "a\u0007" }, /without control characters/],
    ["an owner without a name", { owner: "" }, /owner must have 1 to 255 characters, got 0/],
    ["an owner that Glue does not take", { owner: "x".repeat(256) }, /owner must have 1 to 255 characters, got 256/],
    ["a tag that IAM takes for the owner's", { owner: "x", tags: { Owner: "y" } }, /tag 'Owner' is made from/],
    ["two tags that are one for IAM", { tags: { Cost: "1", cost: "2" } }, /tag 'cost' is there in several cases/],
    ["a prefix that leaves no room", { prefix: "a".repeat(513) }, /prefix has 513 characters, at most 512/],
    ["a description of two lines", { description: "a\nb" }, /description must be one line/],
    ["a folder of a table that is not there yet", { table: { folder: "old" } }, /'old' is for a table .* already/],
    ["a folder with a slash at its end", { table: { existing: true, folder: "a/" } }, /'a\/' must be folders of/],
    ["a folder of partitions", { table: { existing: true, folder: "a/day=1" } }, /'a\/day=1' must be folders of/],
    ...["events", "events/raw", "events/code/x"].map((folder): [string, Partial<Dataset>, RegExp] => [
      `a table in ${folder}, with files that are no rows`,
      { table: { existing: true, folder } },
      /lie in each other: readers would take those for rows/,
    ]),
    ["a reserved input", { steps: [{ ...one, inputs: { code: raw } }, two] }, /'code' is a reserved name/],
  ];
  for (const [title, change, expected] of broken)
    it(`rejects ${title}`, () => {
      match(problemsOf(change).join("\n"), expected);
    });

  it("accepts a table that lies elsewhere, or beside the dataset's other folders", () => {
    for (const folder of ["Warehouse/old_events.v2", "events2", "events/data", "events/output"])
      deepEqual(problemsOf({ table: { existing: true, folder } }), []);
  });

  it("accepts whole dates of several time zones, and the parts of one beside them", () => {
    const utc = { timeZone: "UTC" };
    const parts = (["yyyy", "MM", "dd"] as const).map((format) => dateKey(format.toLowerCase(), { ...utc, format }));
    for (const partitionKeys of [[day, dateKey("day_utc", utc)], [day, ...parts], parts])
      deepEqual(problemsOf({ partitionKeys }), []);
  });

  it("rejects members that are missing, of another type or misspelt, by their place", () => {
    const given: unknown = { ...valid, columns: [{ name: "a", type: "string" }], format: undefined, perfix: "events" };
    throws(
      () => defineDataset(given as Dataset),
      (error: ContractError) => {
        deepEqual(error.problems, [
          "columns[0].comment: expected string, received undefined",
          "format: expected object, received undefined",
          'declaration: Unrecognized key: "perfix"',
        ]);
        return true;
      },
    );
    throws(
      () => defineDataset(null as unknown as Dataset),
      /dataset '\?':\n {2}- declaration: expected object, received null/,
    );
  });

  it("reports all problems at once", () => {
    throws(
      () => defineDataset({ ...valid, name: "E", prefix: "/", columns: [] }),
      (error: ContractError) => error.problems.length === 3,
    );
  });

  it("makes a missing or misspelt partition key a compile error", () => {
    const dataset = defineDataset(valid);
    const right: PartitionValues<typeof dataset> = { day: "2021-12-01" };
    partitionPath(dataset, right);
    // @ts-expect-error the key is missing
    throws(() => partitionPath(dataset, {}), /'day' has no value/);
    // @ts-expect-error the key is misspelt
    throws(() => partitionPath(dataset, { dya: "2021-12-01" }), /'dya' is not a partition key/);
  });
});
