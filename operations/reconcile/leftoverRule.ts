import type { DataFile } from "./folders";
import { newestOf } from "./facts";
import type { ReconcileRequest } from "./request";

/** S3 counts in seconds. */
export const secondOf = (time: Date): number => Math.floor(time.getTime() / 1000) * 1000;

/** Files of one partition by the run that wrote them: an earlier one, or the one that began at `startedAt`. */
export function byRun(
  files: readonly DataFile[],
  startedAt: Date,
): { readonly earlier: readonly DataFile[]; readonly own: readonly DataFile[] } {
  const start = secondOf(startedAt);
  const isOwn = ({ modified }: DataFile) => modified.getTime() >= start;
  return { earlier: files.filter((file) => !isOwn(file)), own: files.filter(isOwn) };
}

/** Names of leftovers that are told. */
const TOLD = 3;

/**
 * What the times of a partition's files say against it. A run that writes again under other names leaves the files of
 * the earlier run beside its own, and readers see the rows of both. A run that wrote nothing into the one partition that
 * it is for has not done its work, whatever lies there.
 *
 * @param exact whether the run is for this one partition
 * @param below characters of the keys above the files' names
 */
export function fileTimeProblems(
  { startedAt, document, processDate }: ReconcileRequest,
  files: readonly DataFile[],
  exact: boolean,
  below: number,
): string[] {
  if (startedAt === undefined) return [];
  const { earlier, own } = byRun(files, startedAt);
  if (earlier.length === 0) return [];
  if (own.length === 0)
    return exact
      ? [
          `the run wrote no file here: the newest is of ${newestOf(files)?.toISOString() ?? "?"}, before it began ` +
            `(${startedAt.toISOString()}); did the script write this day?`,
        ]
      : [];
  const names = earlier.slice(0, TOLD).map(({ key }) => `'${key.slice(below)}'`);
  const more = earlier.length > TOLD ? ` and ${earlier.length - TOLD} more` : "";
  const day = processDate ?? "<day>";
  return [
    `${names.join(", ")}${more} ${earlier.length > 1 ? "are" : "is"} of an earlier run, beside ${own.length} of this one ` +
      `(since ${startedAt.toISOString()}), and readers would see the rows of both; let the script keep its file names, ` +
      `and move the old ones aside: npm run operate -- leftovers ${document.name} --process-date ${day}`,
  ];
}
