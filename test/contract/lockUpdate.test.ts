import { deepEqual, equal } from "node:assert/strict";
import { column } from "../../contract/columns";
import { lockOf } from "../../contract/lock/lock";
import { updateLock, type Statements } from "../../contract/lock/update";
import { events, withChanges } from "./lockTables";

const lock = lockOf([events]);
const [a, b, c] = events.columns;
if (!a || !b || !c) throw new Error("the dataset has three columns");
const removed = withChanges({ columns: [a, b] });
const renamed = withChanges({ columns: [a, { ...b, name: "text" }, c] });
const other = withChanges({ name: "other", prefix: "other" });

function outcome(datasets: readonly (typeof events)[], statements?: Statements) {
  const { refused, idle, lock: written } = updateLock(lock, datasets, statements);
  return { refused: refused.map(({ kind }) => kind), idle, written: written !== undefined };
}

describe("an update of the lock", () => {
  it("locks what breaks nothing", () => {
    const appended = withChanges({ columns: [...events.columns, column("d", "date", "")] });
    deepEqual(updateLock(lock, [appended, other]).lock, lockOf([appended, other]));
    deepEqual(updateLock(lock, [events]).changes, []);
  });

  it("locks nothing at all when one table's change breaks something", () => {
    deepEqual(outcome([removed, other]), { refused: ["column-removed"], idle: [], written: false });
  });

  it("takes a table that is said to be rebuilt, and no other", () => {
    deepEqual(outcome([removed], { rebuilt: ["events"] }), { refused: [], idle: [], written: true });
    const two = updateLock(lockOf([events, other]), [removed, { ...other, prefix: "moved" }], { rebuilt: ["events"] });
    deepEqual(
      two.refused.map(({ dataset }) => dataset),
      ["other"],
    );
    equal(two.lock, undefined);
  });

  it("takes a table that is said to be removed, not one that is said to be rebuilt", () => {
    deepEqual(outcome([], { removed: ["events"] }), { refused: [], idle: [], written: true });
    deepEqual(outcome([], { rebuilt: ["events"] }).refused, ["table-removed"]);
    deepEqual(outcome([removed], { removed: ["events"] }).refused, ["column-removed"]);
  });

  it("takes the very renaming that is stated", () => {
    const statement = (from: string, to: string) => ({ renamed: [{ dataset: "events", from, to }] });
    deepEqual(outcome([renamed], statement("b", "text")), { refused: [], idle: [], written: true });
    deepEqual(outcome([renamed], statement("b", "txt")).refused, ["column-renamed"]);
    deepEqual(outcome([renamed], statement("c", "text")).refused, ["column-renamed"]);
    deepEqual(outcome([removed], statement("c", "text")).refused, ["column-removed"]);
  });

  it("does not let one statement cover another change of the table", () => {
    const both = { ...renamed, prefix: "moved" };
    deepEqual(outcome([both], { renamed: [{ dataset: "events", from: "b", to: "text" }] }).refused, ["prefix-changed"]);
  });

  it("refuses statements about what did not change, so that none is left in a script", () => {
    for (const statements of [
      { rebuilt: ["events"] },
      { removed: ["events"] },
      { renamed: [{ dataset: "events", from: "b", to: "text" }] },
      { rebuilt: ["evnts"] },
    ]) {
      const { idle, written } = outcome([events, other], statements);
      equal(idle.length, 1, JSON.stringify(statements));
      equal(written, false);
    }
  });
});
