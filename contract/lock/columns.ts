import type { Change } from "./changes";
import type { LockedColumn } from "./lock";
import { sequenceChanges } from "./sequence";

/** What a comparison of one part of a table finds; the table itself is added by the caller. */
export type Difference = Pick<Change, "kind" | "subject" | "from" | "to">;

/**
 * Type → types that hold every value of it, written in the same way. Of what the Athena user guide lists ("Types of
 * updates", compatible data types) only what loses nothing: text to a number is null for text that is no number.
 */
export const WIDER: Readonly<Record<string, readonly string[]>> = {
  tinyint: ["smallint", "int", "bigint"],
  smallint: ["int", "bigint"],
  int: ["bigint"],
  float: ["double"],
};

const widens = (from: string, to: string): boolean => WIDER[from]?.includes(to) ?? false;

/** CSV binds cells to columns by position, so what counts is the order. */
export function columnDifferences(before: readonly LockedColumn[], after: readonly LockedColumn[]): Difference[] {
  const oldTypes = new Map(before.map(({ name, type }) => [name, type]));
  const newTypes = new Map(after.map(({ name, type }) => [name, type]));
  const names = (columns: readonly LockedColumn[]) => columns.map(({ name }) => name);
  const changes = sequenceChanges(names(before), names(after), (index) => {
    const [from, to] = [before[index]?.type ?? "", after[index]?.type ?? ""];
    return from === to || widens(from, to);
  });
  const typed = (from: string, to: string): Difference[] => {
    const [was, is] = [oldTypes.get(from) ?? "", newTypes.get(to) ?? ""];
    if (was === is) return [];
    const kind = widens(was, is) ? "column-widened" : "column-retyped";
    return [{ kind, subject: `column '${to}'`, from: was, to: is }];
  };
  const place = (name: string): string => {
    const behind = after[after.findIndex((each) => each.name === name) - 1];
    return `${newTypes.get(name) ?? ""} ${behind ? `behind '${behind.name}'` : "at the beginning"}`;
  };
  return [
    ...changes.removed.map((name): Difference => ({
      ...{ kind: "column-removed", subject: `column '${name}'`, from: oldTypes.get(name) ?? "" },
    })),
    ...changes.renamed.map(({ from, to }): Difference => ({
      ...{ kind: "column-renamed", subject: `column '${from}'`, from: `'${from}'`, to: `'${to}'` },
    })),
    ...(changes.reordered
      ? [{ kind: "columns-reordered", subject: "columns", from: list(names(before)), to: list(names(after)) } as const]
      : []),
    ...changes.inserted.map((name): Difference => ({
      ...{ kind: "column-inserted", subject: `column '${name}'`, to: place(name) },
    })),
    ...changes.kept.flatMap((name) => typed(name, name)),
    ...changes.renamed.flatMap(({ from, to }) => typed(from, to)),
    ...changes.appended.map((name): Difference => ({
      ...{ kind: "column-appended", subject: `column '${name}'`, to: `${newTypes.get(name) ?? ""} at the end` },
    })),
  ];
}

/** Names in their order. */
export const list = (names: readonly string[]): string => (names.length === 0 ? "none" : names.join(", "));
