import { createHash } from "node:crypto";
import { tableNameOf, type Dataset } from "../../contract/dataset";
import { LATE_METRIC } from "../../contract/freshness";
import type { RunMetric } from "../../contract/metrics";
import type { Names } from "../../contract/names";

/** What a dashboard is shown with. The numbers are made up, and the same on every machine. */
export interface Example {
  /** Of the range that is shown, in milliseconds since 1970; every point lies in it. */
  readonly from: number;
  readonly to: number;
  /** Start of each day in the range. */
  readonly days: readonly number[];
  /** Points of a metric, as CloudWatch would return them: instant and value. */
  readonly points: (metric: readonly string[]) => readonly (readonly [at: number, value: number])[];
  /** Alarms that are red, by name. */
  readonly red: readonly string[];
  /** Of each log group, what its query would find. */
  readonly rows: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const DAYS = 14;
const FROM = Date.UTC(2021, 10, 18);

/** Days of the range: a script failed, and somebody ran that day again the next; and the newest, with a wrong file. */
const BROKEN = 4;
const WRONG = DAYS - 1;

type Metric = "ExecutionSucceeded" | "ExecutionFailed" | "ExecutionDuration" | RunMetric;

/**
 * Two weeks: a week's rhythm, a day that was run again, and trouble on the newest day, both of the first dataset with a
 * schedule.
 */
export function example(names: Names, datasets: readonly Dataset[]): Example {
  const subject = datasets.find(({ schedule }) => schedule !== undefined) ?? datasets[0];
  const owners = new Map(
    datasets.flatMap(({ name }) => [name, names.dataset(name).pipeline].map((key) => [key, name])),
  );
  const late = (day: number, hours: number) => [FROM + day * DAY, FROM + day * DAY + hours * HOUR] as const;
  const lateTimes = [late(BROKEN + 19 / 24, 6), late(WRONG + 19 / 24, 5)];
  const table = subject === undefined ? "" : tableNameOf(subject);
  const path = subject === undefined ? "" : `${subject.partitionKeys[0]?.name ?? "key"}=2021-12-01/`;
  return {
    ...{ from: FROM, to: FROM + DAYS * DAY, days: Array.from({ length: DAYS }, (_, day) => FROM + day * DAY) },
    points: (metric) => {
      if (metric[1] === LATE_METRIC)
        return Array.from({ length: DAYS * 24 }, (_, hour) => FROM + hour * HOUR).map((at) => [
          at,
          lateTimes.some(([start, end]) => start <= at && at < end) ? 1 : 0,
        ]);
      const owner = owners.get(metric.at(-1) ?? "");
      if (owner === undefined) throw new Error(`no example values for the metric ${metric.join(" ")}`);
      return Array.from({ length: DAYS }, (_, day) => {
        const value = valueOf(metric[1] as Metric, owner, owner === subject?.name, day);
        return value === undefined ? [] : [[FROM + day * DAY, value] as const];
      }).flat();
    },
    red: [names.lateAlarm],
    rows: {
      [names.registrar.logGroup]: [
        {
          "@timestamp": "2021-12-01 17:41:20",
          ...{ table, path, ending: "rejected" },
          reason: "partition.csv: line 1: 9 fields, the table has 10 columns",
        },
      ],
      [names.checker.logGroup]: [
        { late: subject?.name ?? "", day: "2021-12-01", reason: "", seen: "2021-12-01 23:45:02" },
        { late: subject?.name ?? "", day: "2021-11-22", reason: "", seen: "2021-11-23 00:45:02" },
      ],
    },
  };
}

/** @param troubled whether the trouble is this dataset's */
function valueOf(metric: Metric, dataset: string, troubled: boolean, day: number): number | undefined {
  const wrong = troubled && day === WRONG;
  const failed = wrong || (troubled && day === BROKEN);
  const runs = failed ? 0 : troubled && day === BROKEN + 1 ? 2 : 1;
  const size = 2_000 * 3 ** (4 * share(dataset, "size"));
  const weekday = new Date(FROM + day * DAY).getUTCDay();
  const rows = Math.round(size * (weekday === 0 || weekday === 6 ? 0.6 : 1) * (0.95 + 0.1 * share(dataset, day)));
  switch (metric) {
    case "ExecutionSucceeded":
      return runs === 0 ? undefined : runs;
    case "ExecutionFailed":
      return failed ? 1 : undefined;
    case "ExecutionDuration":
      return Math.round((6 + 5 * share(dataset, "minutes") + share(dataset, day) + rows / 30_000) * 60_000);
    // A run whose script failed comes to no registration, which could tell anything.
    case "PartitionsRegistered":
      return failed && !wrong ? undefined : runs;
    case "PartitionsNotRegistered":
      return failed && !wrong ? undefined : Number(wrong);
    case "Rows":
      return failed && !wrong ? undefined : runs * rows;
    case "Bytes":
      return failed && !wrong ? undefined : runs * rows * Math.round(14 + 40 * share(dataset, "bytes"));
  }
}

/** A number from 0 to 1 that looks like chance. */
function share(...of: readonly (string | number)[]): number {
  return createHash("sha256").update(of.join("/")).digest().readUInt32BE() / 2 ** 32;
}
