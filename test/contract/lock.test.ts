import { deepEqual, equal, match, notEqual, ok, throws } from "node:assert/strict";
import { column } from "../../contract/columns";
import { csv } from "../../contract/csv";
import type { Dataset } from "../../contract/dataset";
import { dateKey, enumKey, type integerKey } from "../../contract/keys";
import { breakOf, describe as tell, partitionPlan, verdictOf } from "../../contract/lock/changes";
import { compareLock } from "../../contract/lock/compare";
import { KINDS, type ChangeKind } from "../../contract/lock/kinds";
import { lockOf } from "../../contract/lock/lock";
import { athena, redshiftSpectrum, registered } from "../../contract/registration";
import { dailyAt } from "../../contract/schedule";
import { events, projected, withChanges } from "./lockTables";

const [day, area, shard] = events.partitionKeys as readonly [
  ReturnType<typeof dateKey>,
  ReturnType<typeof enumKey>,
  ReturnType<typeof integerKey>,
];
const [a, b, c] = events.columns;
if (!a || !b || !c) throw new Error("the dataset has three columns");

const changes = (from: Dataset, to: Dataset) => compareLock(lockOf([from]), [to]);
const kinds = (from: Dataset, to: Dataset): ChangeKind[] => changes(from, to).map(({ kind }) => kind);
const ranges = { day: { from: "2021-12-01" }, shard: { from: 0, to: 15 } };

describe("the lock", () => {
  it("fits the declarations that it was made of", () => {
    for (const dataset of [events, projected(ranges), withChanges({ partitionKeys: [] })])
      deepEqual(changes(dataset, dataset), []);
  });

  it("says nothing of what no reader's data depends on", () => {
    const same = withChanges({
      description: "other words",
      owner: "data@example.com",
      tags: { cost: "42" },
      readers: [athena(), redshiftSpectrum({ accountIds: ["123456789012"] })],
      registration: registered({ looksAt: "table" }),
      partitionKeys: [{ ...day, comment: "the day" }, { ...area, values: ["osaka", "tokyo"] }, shard],
      columns: [{ ...a, comment: "changed" }, b, c],
      table: { existing: true },
    });
    deepEqual(changes(events, same), []);
  });

  /** A new field does not compile until it is decided, here and in lock.ts, whether written data depends on it. */
  const fields: Readonly<Record<keyof Dataset, readonly [noticed: boolean, change: Partial<Dataset>]>> = {
    name: [true, { name: "other" }],
    description: [false, { description: "other words" }],
    prefix: [true, { prefix: "other" }],
    partitionKeys: [true, { partitionKeys: [] }],
    escaping: [true, { escaping: "hive" }],
    columns: [true, { columns: [] }],
    format: [true, { format: csv({ quote: '"' }) }],
    steps: [false, { steps: [{ name: "one", script: "one.py", inputs: {}, outputs: { out: "table" } }] }],
    readers: [false, { readers: [redshiftSpectrum()] }],
    registration: [true, projected(ranges)],
    schedule: [false, { schedule: dailyAt("02:30", "Asia/Tokyo") }],
    exampleDay: [false, { exampleDay: "2001-01-31" }],
    table: [true, { table: { physicalName: "other" } }],
    owner: [false, { owner: "data@example.com" }],
    tags: [false, { tags: { cost: "42" } }],
  };
  for (const [field, [noticed, change]] of Object.entries(fields))
    it(`${noticed ? "notices" : "leaves free"} the field '${field}'`, () => {
      equal(changes(events, withChanges(change)).length > 0, noticed);
    });

  it("does not depend on the order in which datasets are listed", () => {
    const other = withChanges({ name: "another", prefix: "another" });
    equal(JSON.stringify(lockOf([events, other])), JSON.stringify(lockOf([other, events])));
  });

  it("refuses two datasets of one name", () => {
    throws(() => lockOf([events, withChanges({ prefix: "other" })]), /'events' is declared more than once/);
  });

  const compatible: [title: string, to: Dataset, kind: ChangeKind, need: string][] = [
    [
      "a column at the end",
      withChanges({ columns: [a, b, c, column("d", "string", "")] }),
      "column-appended",
      "nothing",
    ],
    ["a wider whole number", withChanges({ columns: [{ ...a, type: "bigint" }, b, c] }), "column-widened", "update"],
    ["a wider float", withChanges({ columns: [a, b, { ...c, type: "double" }] }), "column-widened", "update"],
    ["escaped values", withChanges({ escaping: "hive" }), "escaping-added", "nothing"],
    [
      "one value more of an enumeration",
      withChanges({ partitionKeys: [day, { ...area, values: ["kyoto", "osaka", "tokyo"] }, shard] }),
      "key-values-added",
      "nothing",
    ],
  ];
  for (const [title, to, kind, need] of compatible)
    it(`takes ${title}`, () => {
      const found = changes(events, to);
      deepEqual(
        found.map((change) => [change.kind, verdictOf(change), partitionPlan(change).need]),
        [[kind, "compatible", need]],
      );
    });

  const breaking: [title: string, to: Dataset, ...kinds: ChangeKind[]][] = [
    ["another prefix", withChanges({ prefix: "moved" }), "prefix-changed"],
    ["another name in the catalogue", withChanges({ table: { physicalName: "events_v2" } }), "table-renamed"],
    ["a key more", withChanges({ partitionKeys: [day, area, shard, enumKey("x", { values: ["y"] })] }), "key-added"],
    ["a key less", withChanges({ partitionKeys: [day, area] }), "key-removed"],
    ["no keys any more", withChanges({ partitionKeys: [] }), "key-removed", "key-removed", "key-removed"],
    ["keys in another order", withChanges({ partitionKeys: [area, day, shard] }), "keys-reordered"],
    ["a renamed key", withChanges({ partitionKeys: [{ ...day, name: "date_jst" }, area, shard] }), "key-renamed"],
    ["another time zone", withChanges({ partitionKeys: [{ ...day, timeZone: "UTC" }, area, shard] }), "key-changed"],
    ["another format", withChanges({ partitionKeys: [{ ...day, format: "yyyyMMdd" }, area, shard] }), "key-changed"],
    ["other digits", withChanges({ partitionKeys: [day, area, { ...shard, digits: 3 }] }), "key-changed"],
    [
      "a value less of an enumeration",
      withChanges({ partitionKeys: [day, { ...area, values: ["tokyo"] }, shard] }),
      "key-values-removed",
    ],
    [
      "another value of an enumeration",
      withChanges({ partitionKeys: [day, { ...area, values: ["tokyo", "kyoto"] }, shard] }),
      "key-values-removed",
      "key-values-added",
    ],
    [
      "another kind of key",
      withChanges({ partitionKeys: [day, area, dateKey("shard", { timeZone: "UTC", format: "HH" })] }),
      "key-changed",
      "key-changed",
      "key-changed",
      "key-changed",
    ],
    ["a column at the beginning", withChanges({ columns: [column("d", "int", ""), a, b, c] }), "column-inserted"],
    ["a column in the middle", withChanges({ columns: [a, column("d", "string", ""), b, c] }), "column-inserted"],
    ["a removed column", withChanges({ columns: [a, b] }), "column-removed"],
    ["a column removed from the middle", withChanges({ columns: [a, c] }), "column-removed"],
    ["columns in another order", withChanges({ columns: [b, a, c] }), "columns-reordered"],
    ["a renamed column", withChanges({ columns: [a, { ...b, name: "text" }, c] }), "column-renamed"],
    [
      "a column replaced by one of another type",
      withChanges({ columns: [a, column("n", "int", ""), c] }),
      "column-removed",
      "column-inserted",
    ],
    ["a narrower type", withChanges({ columns: [{ ...a, type: "smallint" }, b, c] }), "column-retyped"],
    ["text that becomes a number", withChanges({ columns: [a, { ...b, type: "int" }, c] }), "column-retyped"],
    ["a number that becomes text", withChanges({ columns: [{ ...a, type: "string" }, b, c] }), "column-retyped"],
    ["a header", withChanges({ format: csv({ header: true }) }), "format-changed"],
    // LazySimpleSerDe has it under two names.
    ["another delimiter", withChanges({ format: csv({ delimiter: "\t" }) }), "format-changed", "format-changed"],
    ["projection", projected(ranges), "registration-changed"],
  ];
  for (const [title, to, ...expected] of breaking)
    it(`refuses ${title}, says why and what to do instead`, () => {
      const found = changes(events, to);
      deepEqual(
        found.map(({ kind }) => kind),
        expected,
      );
      ok(found.some((change) => verdictOf(change) === "breaking"));
      for (const change of found) {
        notEqual(tell(change), "");
        const broken = breakOf(change);
        if (broken) for (const text of Object.values(broken)) notEqual(text, "");
      }
    });

  it("refuses a table that is gone, and takes a new one", () => {
    const other = withChanges({ name: "another", prefix: "another" });
    const [added, removed] = compareLock(lockOf([events]), [other]);
    deepEqual([added?.kind, removed?.kind], ["table-added", "table-removed"]);
    ok(added && removed);
    deepEqual([verdictOf(added), verdictOf(removed)], ["compatible", "breaking"]);
  });

  it("refuses values that are escaped no more", () => {
    deepEqual(kinds(withChanges({ escaping: "hive" }), events), ["escaping-changed"]);
    deepEqual(changes(events, withChanges({ escaping: "none" })), []);
  });

  it("says who has the table or prefix of a dataset under a new name", () => {
    const renamed = withChanges({ name: "incidents", table: { physicalName: "events" } });
    const removed = compareLock(lockOf([events]), [renamed]).find(({ kind }) => kind === "table-removed");
    match(removed ? tell(removed) : "", /dataset 'incidents' has its table or prefix/);
  });

  it("tells what was there and what is there now", () => {
    const to = withChanges({
      prefix: "moved",
      partitionKeys: [{ ...day, timeZone: "UTC" }, area, shard],
      columns: [{ ...a, type: "bigint" }, { ...b, name: "text" }, c, column("d", "date", "")],
    });
    deepEqual(changes(events, to).map(tell), [
      'prefix: "events" → "moved"',
      "partition key 'day', timeZone: Asia/Tokyo → UTC",
      "column 'b': 'b' → 'text'",
      "column 'a': int → bigint",
      "column 'd': new, date at the end",
    ]);
  });

  it("needs nothing done to the partitions of a table that has none", () => {
    const plain = withChanges({ partitionKeys: [] });
    const [change] = changes(plain, { ...plain, columns: [{ ...a, type: "bigint" }, b, c] });
    ok(change);
    deepEqual([change.kind, partitionPlan(change).need], ["column-widened", "nothing"]);
  });

  it("says for every kind of change what it means for the partitions that exist", () => {
    for (const [kind, { partitions }] of Object.entries(KINDS)) notEqual(partitions.why, "", kind);
  });
});
