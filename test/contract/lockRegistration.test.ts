import { deepEqual, ok } from "node:assert/strict";
import type { Dataset } from "../../contract/dataset";
import { partitionPlan } from "../../contract/lock/changes";
import { compareLock } from "../../contract/lock/compare";
import type { ChangeKind } from "../../contract/lock/kinds";
import { lockOf } from "../../contract/lock/lock";
import type { DateRange, IntegerRange } from "../../contract/registration";
import { events, projected, withChanges } from "./lockTables";

const changes = (from: Dataset, to: Dataset) => compareLock(lockOf([from]), [to]);
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
    [{ from: "NOW-3YEARS" }, { from: "2000-01-01" }, "range-changed"],
    [{ from: "2021-12-01", to: "NOW" }, { from: "2021-12-01", to: "NOW+1DAYS" }, "range-widened"],
    [{ from: "2021-12-01", to: "NOW+9HOURS" }, { from: "2021-12-01", to: "NOW" }, "range-changed"],
    [{ from: "2021-12-01", to: "NOW+3DAYS" }, { from: "2021-12-01" }, "range-changed"],
    [{ from: "9", to: "12" }, { from: "10", to: "12" }, "range-changed"],
    [{ from: "10", to: "12" }, { from: "9", to: "12" }, "range-widened"],
  ];
  for (const [from, to, kind] of bounds)
    it(`calls ${JSON.stringify(to)} after ${JSON.stringify(from)} ${kind}`, () => {
      deepEqual(kinds(projected({ ...ranges, day: from }), projected({ ...ranges, day: to })), [kind]);
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

  it("has no partitions that keep a schema of their own", () => {
    const wider = withChanges({ ...projected(ranges), columns: [{ ...a, type: "bigint" }, b, c] });
    const [change] = changes(projected(ranges), wider);
    ok(change);
    deepEqual([change.kind, partitionPlan(change).need], ["column-widened", "nothing"]);
  });
});
