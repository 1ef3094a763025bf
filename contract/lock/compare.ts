import type { Dataset } from "../dataset";
import { own } from "../pipeline/json";
import type { Change } from "./changes";
import { columnDifferences, type Difference } from "./columns";
import { keyDifferences } from "./keys";
import { lockOf, sorted, type Lock, type LockedFormat, type LockedTable } from "./lock";
import { registrationDifferences } from "./registration";

/**
 * What the declarations would change of the tables in the lock, in the order of the datasets' names. Empty when the
 * lock fits.
 *
 * @param now milliseconds since 1970: what lies before it may be written already
 * @throws ContractError when two datasets have one name
 */
export function compareLock(lock: Lock, datasets: readonly Dataset[], now = Date.now()): Change[] {
  const declared = lockOf(datasets).tables;
  const all = Object.keys(sorted({ ...lock.tables, ...declared }));
  return all.flatMap((dataset): Change[] => {
    const [before, after] = [own(lock.tables, dataset), own(declared, dataset)];
    if (before && after)
      return tableDifferences(before, after, now).map((difference) => ({ dataset, before, after, ...difference }));
    if (after)
      return [{ dataset, kind: "table-added", subject: `table '${after.table}'`, to: `in ${after.prefix}/`, after }];
    if (before)
      return [
        {
          dataset,
          kind: "table-removed",
          subject: `table '${before.table}'`,
          from: removedTable(before, declared),
          before,
        },
      ];
    return [];
  });
}

/** A dataset under a new name is a new dataset; it is worth saying who took over. */
function removedTable({ table, prefix }: LockedTable, declared: Lock["tables"]): string {
  const heir = Object.entries(declared).find(([, other]) => other.table === table || other.prefix === prefix)?.[0];
  return `in ${prefix}/${heir === undefined ? "" : ` (dataset '${heir}' has its table or prefix)`}`;
}

function tableDifferences(before: LockedTable, after: LockedTable, now: number): Difference[] {
  return [
    ...valueDifferences("table-renamed", "table", before.table, after.table),
    ...valueDifferences("prefix-changed", "prefix", before.prefix, after.prefix),
    ...valueDifferences("prefix-changed", "table.folder", before.folder, after.folder),
    ...keyDifferences(before.partitionKeys, after.partitionKeys),
    ...valueDifferences(
      // Unescaped values are letters, digits and ._- alone, which escaping leaves as they are.
      before.escaping === "none" && after.escaping === "hive" ? "escaping-added" : "escaping-changed",
      "escaping",
      before.escaping,
      after.escaping,
    ),
    ...columnDifferences(before.columns, after.columns),
    ...formatDifferences(before.format, after.format),
    ...registrationDifferences(before, after, now),
  ];
}

function valueDifferences(kind: Difference["kind"], subject: string, from?: string, to?: string): Difference[] {
  if (from === to) return [];
  const shown = (value: string | undefined) => (value === undefined ? "not given" : JSON.stringify(value));
  return [{ kind, subject, from: shown(from), to: shown(to) }];
}

function formatDifferences(before: LockedFormat, after: LockedFormat): Difference[] {
  const [was, is] = [factsOf(before), factsOf(after)];
  return Object.keys({ ...was, ...is }).flatMap((subject) =>
    valueDifferences("format-changed", subject, was[subject], is[subject]),
  );
}

function factsOf(format: LockedFormat): Record<string, string> {
  const named = (what: string, parameters: Readonly<Record<string, string>>) =>
    Object.entries(parameters).map(([name, value]) => [`${what} '${name}'`, value]);
  return Object.fromEntries([
    ["SerDe", format.serializationLibrary],
    ["input format", format.inputFormat],
    ["output format", format.outputFormat],
    ...named("SerDe parameter", format.serdeParameters),
    ...named("table parameter", format.tableParameters),
  ]) as Record<string, string>;
}
