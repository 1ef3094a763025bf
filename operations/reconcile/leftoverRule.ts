import type { Partition } from "@aws-sdk/client-glue";
import type { DataFile } from "./folders";
import { FACTS, newestOf } from "./facts";
import { OPERATE, type ReconcileRequest } from "./request";

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

/** What the times of a partition's files are compared with. */
export type Times = Pick<ReconcileRequest, "document" | "operate" | "facts"> & {
  readonly startedAt?: Date | undefined;
  readonly processDate?: string | undefined;
};

/**
 * What the times of a partition's files say against it. A run that writes again under other names leaves the files of
 * the earlier run beside its own, and readers see the rows of both: earlier is what was there before the run began, and
 * what another execution registered and is still there. A run that wrote nothing into the one partition that it is for
 * has not done its work, whatever lies there.
 *
 * @param exact whether the run is for this one partition
 * @param below characters of the keys above the files' names
 */
export function fileTimeProblems(
  times: Times,
  files: readonly DataFile[],
  current: Partition | undefined,
  exact: boolean,
  below: number,
): string[] {
  const { startedAt } = times;
  const { earlier, own } = startedAt === undefined ? { earlier: [], own: [] } : byRun(files, startedAt);
  if (startedAt !== undefined && exact && own.length === 0 && earlier.length > 0)
    return [
      `the run wrote no file here: the newest is of ${newestOf(files)?.toISOString() ?? "?"}, before it began ` +
        `(${startedAt.toISOString()}); did the script write this day?`,
    ];
  const old = own.length > 0 && earlier.length > 0 ? earlier : stillThere(times, files, current);
  if (old.length === 0) return [];
  const names = old.slice(0, TOLD).map(({ key }) => `'${key.slice(below)}'`);
  const more = old.length > TOLD ? ` and ${old.length - TOLD} more` : "";
  const since = newestOf(old)
    ?.toISOString()
    .replace(/\.\d+Z/, "Z");
  // A run that looks at the whole table names no day.
  const day = times.processDate ?? (startedAt === undefined ? "<day>" : undefined);
  return [
    `${names.join(", ")}${more} ${old.length > 1 ? "are" : "is"} of an earlier run (${since ?? "?"}), beside ` +
      `${files.length - old.length} of a later one, and readers would see the rows of both; let the script keep its file ` +
      `names, and move the old ones aside: ${times.operate ?? OPERATE} leftovers ${times.document.name}` +
      (day === undefined ? "" : ` --process-date ${day}`),
  ];
}

/** Files that another execution registered, beside newer ones. */
function stillThere({ facts }: Times, files: readonly DataFile[], current: Partition | undefined): readonly DataFile[] {
  const { [FACTS.execution]: by, [FACTS.newest]: newest } = current?.Parameters ?? {};
  if (by === undefined || newest === undefined || by === facts[FACTS.execution]) return [];
  const then = secondOf(new Date(newest));
  const old = files.filter(({ modified }) => secondOf(modified) <= then);
  return old.length < files.length ? old : [];
}
