import { deepEqual, ok } from "node:assert/strict";
import type { Dataset } from "../../contract/dataset";
import { partitionPlan, verdictOf } from "../../contract/lock/changes";
import { compareLock } from "../../contract/lock/compare";
import type { ChangeKind } from "../../contract/lock/kinds";
import { lockOf } from "../../contract/lock/lock";
import { dateKey } from "../../contract/keys";
import { athenaRepair, projection, type DateRange, type IntegerRange } from "../../contract/registration";
import { events, projected, withChanges } from "./lockTables";

const NOW = Date.UTC(2026, 10, 21);
const changes = (from: Dataset, to: Dataset) => compareLock(lockOf([from]), [to], NOW);
const kinds = (from: Dataset, to: Dataset): ChangeKind[] => changes(from, to).map(({ kind }) => kind);
const ranges: { readonly day: DateRange; readonly shard: IntegerRange } = {
  day: { from: "2021-12-01" },
  shard: { from: 0, to: 15 },
};
const [a, b, c] = events.columns;
if (!a || !b || !c) throw new Error("the dataset has three columns");

describe("the lock of a projected table", () => {
  const moved = (change: Partial<typeof ranges>) => kinds(projected(ranges), projected({ ...ranges, ...change }));
  it("takes wider ranges", () => {
    deepEqual(moved({ day: { from: "2021-11-30" } }), ["range-widened"]);
    deepEqual(moved({ shard: { from: 0, to: 31 } }), ["range-widened"]);
    deepEqual(kinds(projected({ ...ranges, day: { from: "2021-12-01", to: "2022-01-31" } }), projected(ranges)), [
      "range-widened",
    ]);
  });

  const bounds: [from: DateRange, to: DateRange, kind: ChangeKind][] = [
    [{ from: "NOW-3YEARS" }, { from: "NOW-5YEARS" }, "range-widened"],
    [{ from: "NOW-5YEARS" }, { from: "NOW-3YEARS" }, "range-changed"],
    [{ from: "NOW-3YEARS" }, { from: "NOW-30MONTHS" }, "range-changed"],
    [{ from: "NOW-3YEARS" }, { from: "2000-01-01" }, "range-widened"],
    [{ from: "NOW-3YEARS" }, { from: "2024-01-01" }, "range-changed"],
    [{ from: "2000-01-01" }, { from: "NOW-30YEARS" }, "range-changed"],
    [{ from: "NOW-1MONTHS" }, { from: "NOW-31DAYS" }, "range-widened"],
    [{ from: "NOW-1MONTHS" }, { from: "NOW-30DAYS" }, "range-changed"],
    [{ from: "2021-12-01", to: "2099-12-31" }, { from: "2021-12-01" }, "range-changed"],
    [{ from: "2021-12-01" }, { from: "2021-12-01", to: "2099-12-31" }, "range-widened"],
    [{ from: "2021-12-01" }, { from: "2021-12-01", to: "2026-11-20" }, "range-changed"],
    // Tokyo's today ends nine hours before UTC's.
    [{ from: "2021-12-01" }, { from: "2021-12-01", to: "NOW" }, "range-changed"],
    [{ from: "2021-12-01", to: "NOW" }, { from: "2021-12-01" }, "range-widened"],
    [{ from: "2021-12-01", to: "NOW" }, { from: "2021-12-01", to: "NOW+1DAYS" }, "range-widened"],
    [{ from: "2021-12-01", to: "NOW+9HOURS" }, { from: "2021-12-01", to: "NOW" }, "range-changed"],
    [{ from: "2021-12-01", to: "NOW+3DAYS" }, { from: "2021-12-01" }, "range-changed"],
  ];
  for (const [from, to, kind] of bounds)
    it(`calls ${JSON.stringify(to)} after ${JSON.stringify(from)} ${kind}`, () => {
      deepEqual(kinds(projected({ ...ranges, day: from }), projected({ ...ranges, day: to })), [kind]);
    });

  it("knows two words for one end", () => {
    const same: [DateRange, DateRange][] = [
      [
        { from: "2021-12-01", to: "NOW+1DAYS" },
        { from: "2021-12-01", to: "NOW+24HOURS" },
      ],
      [{ from: "NOW-3YEARS" }, { from: "NOW-36MONTHS", to: "NOW+9HOURS" }],
    ];
    for (const [from, to] of same)
      deepEqual(kinds(projected({ ...ranges, day: from }), projected({ ...ranges, day: to })), []);
    const month = (range: DateRange): Dataset =>
      withChanges({
        partitionKeys: [dateKey("month", { timeZone: "UTC", format: "MM" })],
        registration: projection({ month: range }),
      });
    deepEqual(kinds(month({}), month({ from: "01", to: "12" })), []);
    deepEqual(kinds(month({}), month({ from: "02", to: "12" })), ["range-changed"]);
    deepEqual(kinds(month({ from: "02", to: "11" }), month({})), ["range-widened", "range-widened"]);
  });

  it("takes today in the key's zone for the end of a range, also where UTC is a day ahead", () => {
    const west = (day: DateRange): Dataset =>
      withChanges({
        partitionKeys: [dateKey("day", { timeZone: "America/Los_Angeles" })],
        registration: projection({ day }),
      });
    const open = { from: "2021-12-01" };
    deepEqual(kinds(west({ ...open, to: "NOW" }), west(open)), ["range-widened"]);
    deepEqual(kinds(west({ ...open, to: "NOW+1DAYS" }), west(open)), ["range-changed"]);
  });

  it("is looked up by name alone: a dataset and a key may be called constructor", () => {
    const named = (day: DateRange): Dataset =>
      withChanges({
        name: "constructor",
        partitionKeys: [dateKey("constructor", { timeZone: "UTC" })],
        registration: projection({ constructor: day }),
      });
    deepEqual(
      compareLock(lockOf([]), [named({ from: "2021-12-01" })], NOW).map(({ kind }) => kind),
      ["table-added"],
    );
    deepEqual(kinds(named({ from: "2021-12-01" }), named({ from: "2021-12-02" })), ["range-changed"]);
  });

  it("refuses narrower ones: rows would vanish without an error", () => {
    deepEqual(moved({ day: { from: "2021-12-02" } }), ["range-changed"]);
    deepEqual(moved({ day: { from: "2021-12-01", to: "2022-01-31" } }), ["range-changed"]);
    deepEqual(moved({ shard: { from: 1, to: 15 } }), ["range-changed"]);
    deepEqual(moved({ shard: { from: 0, to: 9 } }), ["range-changed"]);
  });

  it("refuses that its folders are to be registered, which they are not", () => {
    const [change] = changes(projected(ranges), events);
    ok(change);
    deepEqual([change.kind, partitionPlan(change).need], ["registration-changed", "register"]);
  });

  it("is not what Athena's own registration is: that one is like ours", () => {
    const repaired = withChanges({ registration: athenaRepair() });
    for (const [from, to] of [
      [events, repaired],
      [repaired, events],
    ] as const) {
      const [change] = changes(from, to);
      ok(change);
      deepEqual(
        [change.kind, verdictOf(change), partitionPlan(change).need],
        ["registration-moved", "compatible", "nothing"],
      );
    }
    deepEqual(kinds(repaired, projected(ranges)), ["registration-changed"]);
  });

  it("has no partitions that keep a schema of their own", () => {
    const wider = withChanges({ ...projected(ranges), columns: [{ ...a, type: "bigint" }, b, c] });
    const [change] = changes(projected(ranges), wider);
    ok(change);
    deepEqual([change.kind, partitionPlan(change).need], ["column-widened", "nothing"]);
  });
});
