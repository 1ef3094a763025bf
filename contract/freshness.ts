import { tableNameOf, type Dataset } from "./dataset";
import { dayOf } from "./day";
import { namesHour, type PartitionKey } from "./keys";
import { addresses } from "./layout";
import type { Escaping } from "./parse";
import { registrationOf } from "./registration";
import { newestDue, type Schedule } from "./schedule";

/** Minutes between two looks of the checker, at full quarters of an hour. */
export const CHECK_MINUTES = 15;

/** A dataset with a schedule, as the checker must know it. */
export interface WatchedDataset {
  readonly name: string;
  readonly table: string;
  readonly schedule: Pick<Schedule, "at" | "timeZone" | "dayOffset" | "dueBy">;
  /** Name of the schedule that runs the newest day. */
  readonly scheduleName: string;
  readonly partitionKeys: readonly PartitionKey[];
  readonly escaping?: Escaping;
  /** Absent where partitions are registered; else, under projection, the S3 prefix that must hold data. */
  readonly outputPrefix?: string;
}

/** What the checker of a stack is deployed with, as `watch.json` beside its code: any number of datasets fits. */
export interface WatchList {
  readonly project: string;
  readonly stack: string;
  readonly database: string;
  readonly bucket: string;
  readonly scheduleGroup: string;
  readonly topicArn: string;
  /** CloudWatch namespace of its metric. */
  readonly metrics: string;
  /** Value of the metric's dimension `Stack`. */
  readonly base: string;
  /** URL or path of the runbook. */
  readonly runbook: string;
  readonly datasets: readonly WatchedDataset[];
}

/** File of the {@link WatchList} beside the checker's code. */
export const WATCH_FILE = "watch.json";

/** The metric: how many datasets lack the partition that must be there. */
export const LATE_METRIC = "LateDatasets";

/** What the checker is told: the instant for which its own firing was set, ISO 8601. It reads no clock. */
export interface CheckEvent {
  readonly time: string;
}

/** A dataset as the checker must know it; `undefined` where nothing is ever due. */
export function watchedDataset(dataset: Dataset, bucket: string, scheduleName: string): WatchedDataset | undefined {
  const { name, partitionKeys, escaping, schedule } = dataset;
  if (schedule === undefined || schedule.dueBy === "never") return undefined;
  const { at, timeZone, dayOffset, dueBy } = schedule;
  return {
    ...{ name, table: tableNameOf(dataset), schedule: { at, timeZone, dayOffset, dueBy }, scheduleName, partitionKeys },
    ...(escaping === undefined ? {} : { escaping }),
    ...(registrationOf(dataset).strategy === "projection"
      ? { outputPrefix: addresses(dataset, bucket).outputPrefix }
      : {}),
  };
}

/** A day whose partition must be there. */
export interface DueDay {
  /** `yyyy-MM-dd` in the zone of the outermost date key: the day as a run gets it. */
  readonly processDate: string;
  /** Values of the keys that a day gives a value to. */
  readonly values: Readonly<Record<string, string>>;
  /** The instant for which its run was set. */
  readonly startsAt: Date;
  /** Whether it has become due since the last look: what is said, is said once. */
  readonly justDue: boolean;
}

/** The newest day of a dataset that must be there at an instant, by its schedule in its zone. */
export function dueDay({ schedule, partitionKeys }: WatchedDataset, now: Date): DueDay | undefined {
  const firing = newestDue(schedule, now);
  if (firing === undefined) return undefined;
  const day = dayOf(partitionKeys, firing.startsAt, schedule.dayOffset);
  // The hour of the firing is that of no data.
  const ofDay = partitionKeys.flatMap((key) => (key.kind === "date" && !namesHour(key) ? [key.name] : []));
  const sinceDue = now.getTime() - firing.dueAt.getTime();
  return {
    processDate: day.processDate,
    values: Object.fromEntries(Object.entries(day.values).filter(([name]) => ofDay.includes(name))),
    startsAt: firing.startsAt,
    justDue: sinceDue < CHECK_MINUTES * 60_000,
  };
}
