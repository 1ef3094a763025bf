import { deepEqual, match, throws } from "node:assert/strict";
import { csv } from "../../contract/csv";
import { column } from "../../contract/columns";
import { defineDataset, type Dataset, type PartitionValues } from "../../contract/dataset";
import { outputOf, raw } from "../../contract/inputs";
import { dateKey } from "../../contract/keys";
import { partitionPath } from "../../contract/layout";
import { ContractError } from "../../contract/problems";

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
    ["a comment that Glue cuts", { columns: [column("a", "string", "説".repeat(256))] }, /256 characters/],
    ["a delimiter of two characters", { format: csv({ delimiter: "::" }) }, /got "::"/],
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
    [
      "a comment of two lines",
      { columns: [column("a", "string", "a\nb")] },
      /column 'a': the comment has a line break/,
    ],
    ["a description of two lines", { description: "a\nb" }, /description must be one line/],
    ["a reserved input", { steps: [{ ...one, inputs: { code: raw } }, two] }, /'code' is a reserved name/],
  ];
  for (const [title, change, expected] of broken)
    it(`rejects ${title}`, () => {
      match(problemsOf(change).join("\n"), expected);
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
