import type { DatasetDocument } from "../../contract/document";
import { readPath } from "../../contract/layout";
import type { DataFile, FoundPartition } from "./folders";
import { byRun } from "./leftoverRule";
import { OPERATE, type ReconcileRequest } from "./request";

/** What a folder is by its name alone. */
export interface Place {
  /** In the order of the keys; empty when the name is none of a partition. */
  readonly values: readonly string[];
  readonly problems: readonly string[];
}

/** The values that a folder's name gives, or why it gives none; of files above the partitions' folders, each file. */
export function placeOf({ path, files }: FoundPartition, { partitionKeys: keys, escaping }: DatasetDocument): Place {
  const levels = path.split("/").length - 1;
  if (levels < keys.length) {
    const below = keys.slice(levels).map(({ name }) => `'${name}'`);
    return {
      values: [],
      problems: files.map(
        ({ key }) =>
          `'${key.slice(key.lastIndexOf("/") + 1)}' lies above the partition folders, where no reader sees it; ` +
          `write it below ${below.join(", ")}`,
      ),
    };
  }
  const read = readPath(keys, path, escaping);
  return "problems" in read
    ? { values: [], problems: read.problems }
    : { values: keys.map(({ name }) => read.values[name] ?? ""), problems: [] };
}

/** Whether a file lies in a folder below that of its partition. */
export const liesBelow = (file: DataFile, folder: string): boolean => file.key.slice(folder.length).includes("/");

/**
 * The way out for what lies at a place of no partition and would fail every look at the whole table: the command that
 * moves it aside. Nothing for what the run itself wrote, which is the script's to correct.
 */
export function wayOut(
  { startedAt, operate, document }: Pick<ReconcileRequest, "startedAt" | "operate" | "document">,
  files: readonly DataFile[],
): string[] {
  if (startedAt !== undefined && byRun(files, startedAt).earlier.length === 0) return [];
  return [`what is older than the newest run moves aside with ${operate ?? OPERATE} leftovers ${document.name}`];
}
