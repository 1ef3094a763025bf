import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import type { Dataset } from "../../contract/dataset";
import { folder, partitionOf, raw, tableOf, type InputSource, type Upstream } from "../../contract/inputs";
import { ContractError } from "../../contract/problems";
import { datasetSetProblems, defineDatasets } from "../../contract/rules/datasets";
import { datasets } from "../../datasets";
import { features } from "../../datasets/features/dataset";

/** A dataset whose one step reads these sources. */
function dataset(name: string, change: Partial<Dataset> = {}, ...sources: readonly InputSource[]): Dataset {
  const inputs = Object.fromEntries(sources.map((source, index) => [`input${index}`, source]));
  const step = { name: "step", script: "step.py", inputs, outputs: { rows: "table" } } as const;
  return { ...features, name, prefix: name, steps: [step], ...change };
}

/** What another dataset must know of one that need not exist. */
const upstream = (name: string): Upstream => ({ name, prefix: name, partitionKeys: features.partitionKeys });
const reading = (name: string, ...others: readonly string[]): Dataset =>
  dataset(name, {}, ...others.map((other) => tableOf(upstream(other))));

describe("the datasets of a program", () => {
  it("are accepted as they are in this repository", () => {
    deepEqual(datasetSetProblems(datasets), []);
  });

  it("are accepted beside each other, alike as their names may be", () => {
    const alike = ["a", "a_b", "ab", "a_b_c", "b"].map((name) => dataset(name));
    deepEqual(datasetSetProblems(alike), []);
    equal(defineDatasets(alike), alike);
    deepEqual(datasetSetProblems([]), []);
  });

  it("are each checked, also one that nothing has checked before", () => {
    const unchecked: unknown = { ...dataset("a"), columns: [{ name: "A b", type: "int", comment: "" }] };
    throws(
      () => defineDatasets([dataset("b"), unchecked as Dataset]),
      ({ problems }: ContractError) => {
        deepEqual(problems.length, 1);
        match(problems[0] ?? "", /^dataset 'a': column 'A b' must be/);
        return true;
      },
    );
    throws(
      () => defineDatasets([features, undefined as unknown as Dataset]),
      /dataset \[1\]: declaration: expected object, received undefined/,
    );
  });

  const cases: [title: string, datasets: readonly Dataset[], problems: readonly RegExp[]][] = [
    ["two of one name", [dataset("a"), dataset("b"), dataset("a", { prefix: "c" })], [/^name 'a' is declared 2 times/]],
    [
      "names that differ in nothing but _ and -",
      [dataset("a_b"), dataset("a-b", { prefix: "c" })],
      [/names 'a_b' and 'a-b' are one name/],
    ],
    [
      "two of one table",
      [dataset("a"), dataset("b", { table: { physicalName: "a" } })],
      [/datasets 'a' and 'b' share the table 'a'; .*physicalName/],
    ],
    [
      "two of one prefix",
      [dataset("a", { prefix: "x/y" }), dataset("b", { prefix: "x/y" })],
      [/datasets 'a' and 'b' have the same prefix 'x\/y'/],
    ],
    [
      "a prefix inside another",
      [dataset("a", { prefix: "x/y/z" }), dataset("b", { prefix: "x" })],
      [/dataset 'a': prefix 'x\/y\/z' lies inside 'x' of dataset 'b'/],
    ],
    [
      "a prefix inside a table of another",
      [dataset("a", { table: { existing: true, folder: "lake" } }), dataset("b", { prefix: "lake/b" })],
      [/dataset 'b': prefix 'lake\/b' lies inside 'lake' of dataset 'a'/],
    ],
    [
      "two tables of one folder",
      ["a", "b"].map((name) => dataset(name, { table: { existing: true, folder: "lake", physicalName: name } })),
      [/datasets 'a' and 'b' have the same prefix 'lake'/],
    ],
    [
      "an input from another declaration's table",
      [dataset("a", {}, tableOf({ ...upstream("b"), table: { existing: true, folder: "lake" } })), dataset("b")],
      [/input 'input0': reads a dataset 'b' that is not the one in the list/],
    ],
    [
      "an input from a dataset that is not listed",
      [dataset("a", {}, tableOf(upstream("b")))],
      [/dataset 'a', step 'step', input 'input0': reads dataset 'b', which is not in the list/],
    ],
    [
      "an input from another declaration of a listed name",
      [dataset("a", {}, tableOf({ ...upstream("b"), prefix: "old" })), dataset("b")],
      [/input 'input0': reads a dataset 'b' that is not the one in the list/],
    ],
    ["a dataset that reads itself", [reading("a", "a")], [/dataset 'a' reads itself/]],
    [
      "a circle of datasets",
      [reading("a", "b"), reading("b", "c"), reading("c", "a"), reading("d", "a")],
      [/in a circle: a reads b reads c reads a/],
    ],
    [
      "two circles",
      [reading("a", "b"), reading("b", "a"), reading("c", "d", "a"), reading("d", "c")],
      [/circle: a reads b reads a/, /circle: c reads d reads c/],
    ],
  ];
  for (const [title, given, problems] of cases)
    it(`are rejected with ${title}, and with no other reason`, () => {
      const got = datasetSetProblems(given);
      equal(got.length, problems.length, got.join("\n"));
      problems.forEach((problem, index) => match(got[index] ?? "", problem));
    });

  it("are rejected for all reasons at once, as one error", () => {
    const given = [
      reading("a", "x"),
      reading("b", "c"),
      reading("c", "b"),
      dataset("a"),
      dataset("d", { prefix: "b/d" }),
    ];
    throws(
      () => defineDatasets(given),
      (error) => {
        ok(error instanceof ContractError);
        equal(error.subject, "datasets");
        // Name, prefix twice, input, circle.
        equal(error.problems.length, 5, error.message);
        return true;
      },
    );
  });

  it("may read each other in any order of the list, and the same one twice", () => {
    const given = [
      dataset("c", {}, tableOf(upstream("b")), partitionOf(upstream("a"))),
      dataset("b", {}, tableOf(upstream("a")), tableOf(upstream("a")), raw, folder("master")),
      dataset("a"),
    ];
    deepEqual(datasetSetProblems(given), []);
  });

  it("may be a thousand, each reading the one before it, and not more than IAM has roles for", () => {
    const chain = Array.from({ length: 1000 }, (_, index) =>
      index === 0 ? dataset("d0") : reading(`d${index}`, `d${index - 1}`),
    );
    deepEqual(datasetSetProblems(chain), []);
    const closed = [...chain.slice(1), reading("d0", "d999")];
    equal(datasetSetProblems(closed).length, 1);
    const many = Array.from({ length: 4996 }, (_, index) => dataset(`d${index}`));
    match(datasetSetProblems(many).join(), /^4996 datasets, .*at most 5,000 roles, so that a stack holds 4995/);
    deepEqual(datasetSetProblems(many.slice(1)), []);
  });

  /** Folders whose names begin alike, with the characters that sort around the slash. */
  const folderName = fc.constantFrom("a", "b", "a-b", "a_b", "ab", "a0", "a-");
  const prefix = fc.array(folderName, { minLength: 1, maxLength: 4 }).map((folders) => folders.join("/"));

  it("have exactly the nested and equal prefixes that a comparison of all pairs finds", () => {
    fc.assert(
      fc.property(fc.array(prefix, { maxLength: 12 }), (prefixes) => {
        const list = prefixes.map((each, index) => dataset(`d${index}`, { prefix: each }));
        const problems = datasetSetProblems(list);
        const at = (name: string | undefined) => prefixes[Number(name?.slice(1))] ?? "?";
        const inside = (inner: string, outer: string) => inner.startsWith(`${outer}/`);
        // All but one dataset of each outermost prefix overlap with an earlier one.
        const outermost = new Set(prefixes.filter((inner) => !prefixes.some((outer) => inside(inner, outer))));
        equal(problems.length, prefixes.length - outermost.size, problems.join("\n"));
        const named = new Set<string>();
        for (const problem of problems) {
          const [one = "", other = ""] = [...problem.matchAll(/'(d\d+)'/g)].map(([, name]) => name ?? "");
          if (problem.includes("same prefix")) equal(at(one), at(other), problem);
          else ok(inside(at(one), at(other)), problem);
          for (const name of [one, other]) named.add(name);
        }
        const overlaps = (each: string, index: number) =>
          prefixes.some(
            (other, its) => its !== index && (each === other || inside(each, other) || inside(other, each)),
          );
        prefixes.forEach((each, index) => ok(!overlaps(each, index) || named.has(`d${index}`), `d${index}: ${each}`));
      }),
    );
  });

  it("have a circle exactly where one can come back to where one started", () => {
    const size = 7;
    const node = fc.nat({ max: size - 1 });
    fc.assert(
      fc.property(fc.array(fc.tuple(node, node), { maxLength: 14 }), (edges) => {
        const list = Array.from({ length: size }, (_, from) =>
          reading(`d${from}`, ...edges.filter(([reader]) => reader === from).map(([, read]) => `d${read}`)),
        );
        const reaches = Array.from({ length: size }, (_, from) =>
          Array.from({ length: size }, (_, to) => edges.some(([a, b]) => a === from && b === to)),
        );
        for (let via = 0; via < size; via++)
          for (const row of reaches) if (row[via]) reaches[via]?.forEach((yes, to) => (row[to] ||= yes));
        const problems = datasetSetProblems(list);
        equal(
          problems.length > 0,
          reaches.some((row, index) => row[index] === true),
          problems.join("\n"),
        );
        for (const problem of problems) {
          const circle = [...problem.matchAll(/\bd(\d)/g)].map(([, digit]) => Number(digit));
          if (circle.length === 1) circle.push(circle[0] ?? -1);
          for (const [index, to] of circle.slice(1).entries())
            ok(
              edges.some(([a, b]) => a === circle[index] && b === to),
              problem,
            );
        }
      }),
    );
  });
});
