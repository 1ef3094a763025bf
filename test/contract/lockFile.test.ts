import fc from "fast-check";
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { column } from "../../contract/columns";
import { csv } from "../../contract/csv";
import { compareLock } from "../../contract/lock/compare";
import { parseLock, renderLock } from "../../contract/lock/file";
import { lockOf, type Lock } from "../../contract/lock/lock";
import { projection } from "../../contract/registration";
import { events, withChanges } from "./lockTables";

const other = withChanges({
  name: "another",
  prefix: "another",
  partitionKeys: [],
  format: csv({ delimiter: "\t", header: true }),
});
const projected = withChanges({
  name: "projected",
  registration: projection({ day: { from: "2021-12-01" }, shard: { from: 0, to: 15 } }),
});
const lock = lockOf([events, other, projected]);
const text = renderLock(lock);

function problemsOf(content: string): string {
  const read = parseLock(content);
  return "problems" in read ? read.problems.join("\n") : "";
}

function lockIn(content: string): Lock | undefined {
  const read = parseLock(content);
  return "lock" in read ? read.lock : undefined;
}

describe("the lock's file", () => {
  it("is read as it was written, and written again as it was", () => {
    deepEqual(lockIn(text), lock);
    equal(renderLock(lockIn(text) ?? lockOf([])), text);
  });

  it("is the same for the same declarations, and another for others", () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([events, other, projected], { minLength: 3 }),
        fc.array(fc.constantFrom("int", "string", "date"), { minLength: 1, maxLength: 4 }),
        (datasets, types) => {
          equal(renderLock(lockOf(datasets)), text);
          const columns = types.map((type, index) => column(`n${index}`, type as "int", ""));
          const changed = lockOf([withChanges({ columns }), other, projected]);
          deepEqual(lockIn(renderLock(changed)), changed);
        },
      ),
    );
  });

  it("has a line for each column, so that a review shows which one came", () => {
    const appended = lockOf([withChanges({ columns: [...events.columns, column("d", "date", "")] }), other, projected]);
    const before = new Set(text.split("\n"));
    const added = renderLock(appended)
      .split("\n")
      .filter((line) => !before.has(line));
    equal(added.length, 3, added.join("\n"));
    match(added[0] ?? "", /"name": "c"/);
    match(added[1] ?? "", /"name": "d", "type": "date"/);
    match(added[2] ?? "", /digest/);
  });

  it("has the folder of a table that lies elsewhere, and none of others", () => {
    const elsewhere = lockOf([withChanges({ table: { existing: true, folder: "lake/events" } })]);
    deepEqual(lockIn(renderLock(elsewhere)), elsewhere);
    match(renderLock(elsewhere), /"folder": "lake\/events"/);
    deepEqual(text.includes('"folder"'), false);
    const moved = compareLock(elsewhere, [withChanges({ table: { existing: true } })]);
    deepEqual(
      moved.map(({ kind, subject, from, to }) => [kind, subject, from, to]),
      [["prefix-changed", "table.folder", '"lake/events"', "not given"]],
    );
  });

  it("may be without any table", () => {
    deepEqual(lockIn(renderLock(lockOf([]))), lockOf([]));
  });

  const harmless: [title: string, content: string][] = [
    ["Windows line ends", text.replaceAll("\n", "\r\n")],
    ["a byte order mark", `\ufeff${text}`],
    ["other blanks", JSON.stringify(JSON.parse(text))],
    ["no line end at its end", text.trimEnd()],
  ];
  for (const [title, content] of harmless)
    it(`is read with ${title}`, () => {
      deepEqual(lockIn(content), lock);
    });

  const conflict = text.replace(
    '      { "name": "c"',
    '<<<<<<< HEAD\n      { "name": "x" },\n=======\n>>>>>>> topic\n      { "name": "c"',
  );
  const twice = text.replace(
    '  "tables": {\n',
    `  "tables": {\n${/ {4}"another": \{.*?\n {4}\},\n/s.exec(text)?.[0] ?? ""}`,
  );
  const bad: [title: string, content: string, problem: RegExp][] = [
    [
      "an empty file",
      "",
      /^it is empty; bring back what 'npm run lock' wrote last \('git checkout -- tables\.lock\.json'/,
    ],
    ["a merge conflict", conflict, /merge conflict; take the side that is deployed.*--ours.*npm run lock/],
    ["a cut file", text.slice(0, text.length / 2), /^it is not JSON \(/],
    ["another file", '{"lockfileVersion": 3}', /version: .*bring back/],
    ["a list", "[]", /expected object.*bring back/],
    [
      "a newer version",
      text.replace('"version": 1', '"version": 2'),
      /version 2, and this checkout knows version 1; bring/,
    ],
    ["an older form", text.replace('"version": 1', '"version": 0'), /version: /],
    ["an entry without columns", text.replace('"columns"', '"cols"'), /tables\.another.*columns/s],
    [
      "a changed type",
      text.replace('"name": "a", "type": "int"', '"name": "a", "type": "bigint"'),
      /'another' was changed by/,
    ],
    ["a removed column", text.replace(/ +\{ "name": "a", "type": "int" \},\n/, ""), /changed by hand/],
    ["a renamed entry", text.replace('"another": {', '"some": {'), /'some' was changed by hand/],
    ["another digest", text.replace(/"digest": "./, '"digest": "x'), /'another' was changed by hand/],
    ["an entry twice", twice, /an entry twice, or in another order/],
  ];
  for (const [title, content, problem] of bad)
    it(`tells what is wrong with ${title}, and what to do`, () => {
      ok(content !== text, "the file is not broken");
      match(problemsOf(content), problem);
    });

  it("tells of a file under another name, also of a change that is committed", () => {
    const read = parseLock(text.replace(/"digest": "./, '"digest": "x'), "locks/stg.json");
    ok("problems" in read);
    match(read.problems.join(), /'npm run lock -- --file locks\/stg\.json'.*git checkout <commit> -- locks\/stg\.json/);
  });

  it("answers with problems, never with an exception, whatever is in it", () => {
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(40), fc.string({ maxLength: 10 }), (at, length, put) => {
        const content = text.slice(0, at) + put + text.slice(at + length);
        const read = parseLock(content);
        // What is read without a problem is what was written: no damage passes for a lock.
        if ("lock" in read) deepEqual(read.lock, lock);
      }),
      { numRuns: 300 },
    );
  });
});
