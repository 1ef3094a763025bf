import type { Dataset } from "../dataset";
import { breakOf, type Change } from "./changes";
import { compareLock } from "./compare";
import { lockOf, type Lock } from "./lock";

/** What a person states about tables whose change would break data or readers; each names what it is about. */
export interface Statements {
  /** Datasets whose data and partitions fit the new declaration by now. */
  readonly rebuilt?: readonly string[];
  /** Datasets that are gone on purpose. */
  readonly removed?: readonly string[];
  /** Columns that hold the same data under a new name. */
  readonly renamed?: readonly { readonly dataset: string; readonly from: string; readonly to: string }[];
}

export interface LockUpdate {
  /** Every difference, accepted or not. */
  readonly changes: readonly Change[];
  /** Those that break something and are covered by no statement; nothing may be written while there are any. */
  readonly refused: readonly Change[];
  /** Statements about what did not change: mistyped, or left over. Nothing may be written while there are any. */
  readonly idle: readonly string[];
  /** The lock of the declarations, when nothing stands against it. */
  readonly lock?: Lock;
}

/**
 * What `npm run lock` may write: compatible changes always, breaking ones where a statement covers them, all or
 * nothing.
 *
 * @param now milliseconds since 1970
 * @throws ContractError when two datasets have one name
 */
export function updateLock(
  lock: Lock,
  datasets: readonly Dataset[],
  statements: Statements = {},
  now = Date.now(),
): LockUpdate {
  const changes = compareLock(lock, datasets, now);
  const breaking = changes.filter((change) => breakOf(change));
  const refused = breaking.filter((change) => !isCovered(change, statements));
  const idle = idleStatements(breaking, statements);
  return {
    ...{ changes, refused, idle },
    ...(refused.length + idle.length > 0 ? {} : { lock: lockOf(datasets) }),
  };
}

function isCovered(change: Change, { rebuilt = [], removed = [], renamed = [] }: Statements): boolean {
  if (change.kind === "table-removed") return removed.includes(change.dataset);
  return rebuilt.includes(change.dataset) || renamed.some((statement) => isRenamed(change, statement));
}

/** The names as a change shows them, in quotes. */
function isRenamed(change: Change, { dataset, from, to }: { dataset: string; from: string; to: string }): boolean {
  return (
    change.kind === "column-renamed" &&
    change.dataset === dataset &&
    change.from === `'${from}'` &&
    change.to === `'${to}'`
  );
}

function idleStatements(
  breaking: readonly Change[],
  { rebuilt = [], removed = [], renamed = [] }: Statements,
): string[] {
  const covers = (kinds: (change: Change) => boolean) => breaking.some(kinds);
  return [
    ...rebuilt
      .filter((name) => !covers(({ dataset, kind }) => dataset === name && kind !== "table-removed"))
      .map((name) => `rebuilt ${name}: no change of '${name}' needs it`),
    ...removed
      .filter((name) => !covers(({ dataset, kind }) => dataset === name && kind === "table-removed"))
      .map((name) => `removed ${name}: no dataset '${name}' is missing from the declarations`),
    ...renamed
      .filter((statement) => !covers((change) => isRenamed(change, statement)))
      .map(
        ({ dataset, from, to }) =>
          `renamed ${dataset}.${[from, to].join("=")}: no such renaming of a column is declared`,
      ),
  ];
}
