import { DateTime } from "luxon";
import type { PartitionKey } from "../contract/keys";
import { dayIds } from "./reconcile/dayKeys";
import { FACTS } from "./reconcile/facts";
import type { PlannedPartition } from "./reconcile/request";

/**
 * How one day of a dataset stands.
 *
 * - `complete`: its partitions are registered, as readers should see them
 * - `unregistered`: data in S3 that Glue does not have
 * - `stale`: registered with another location, schema or SerDe than the table's, or other files than are there now
 * - `rejected`: files that readers could not read, or would misread
 * - `gone`: registered, and no data in S3; of several partitions one is enough
 * - `missing`: neither
 */
export const DAY_STATES = ["complete", "unregistered", "stale", "rejected", "gone", "missing"] as const;
export type DayState = (typeof DAY_STATES)[number];

export interface DayStatus {
  /** `yyyy-MM-dd`, in the time zone of the dataset's keys. */
  readonly day: string;
  readonly state: DayState;
  /** Partitions of the day; more than one where other keys divide it. */
  readonly partitions: number;
  readonly files: number;
  readonly bytes: number;
  /** ARN of the execution that registered it. */
  readonly execution?: string;
  /** When its files were verified, ISO 8601. */
  readonly verified?: string;
  /** Why it is not complete. */
  readonly reasons: readonly string[];
}

/** Today in the time zone of the first date key. */
export function today(keys: readonly PartitionKey[], now = new Date()): string {
  const zone = keys.find((key) => key.kind === "date")?.timeZone ?? "utc";
  return DateTime.fromJSDate(now, { zone }).toFormat("yyyy-MM-dd", { locale: "en" });
}

/**
 * The status of each day, from a plan over those days.
 *
 * @param elsewhere told of what belongs to none of the days
 */
export async function statusOfDays(
  keys: readonly PartitionKey[],
  days: readonly string[],
  planned: AsyncIterable<PlannedPartition>,
  elsewhere: (partition: PlannedPartition) => void,
): Promise<DayStatus[]> {
  const { ofDay, ofValues } = dayIds(keys);
  const found = new Map<string, PlannedPartition[]>(days.map((day) => [ofDay(day), []]));
  for await (const partition of planned) {
    const values = Object.fromEntries(keys.map(({ name }, index) => [name, partition.values[index] ?? ""]));
    const list = found.get(ofValues(values));
    if (list) list.push(partition);
    else elsewhere(partition);
  }
  return days.map((day) => statusOf(day, found.get(ofDay(day)) ?? []));
}

function statusOf(day: string, partitions: readonly PlannedPartition[]): DayStatus {
  const is = (action: PlannedPartition["action"]) => partitions.some((each) => each.action === action);
  const state: DayState = is("reject")
    ? "rejected"
    : is("create")
      ? "unregistered"
      : is("update")
        ? "stale"
        : is("remove")
          ? "gone"
          : is("same")
            ? "complete"
            : "missing";
  const newest = partitions.flatMap(({ current }) => (current?.Parameters ? [current.Parameters] : [])).at(-1);
  const execution = newest?.[FACTS.execution];
  const verified = newest?.[FACTS.verified];
  const sum = (of: (partition: PlannedPartition) => number) => partitions.reduce((total, each) => total + of(each), 0);
  return {
    ...{
      day,
      state,
      partitions: partitions.length,
      files: sum(({ files }) => files),
      bytes: sum(({ bytes }) => bytes),
    },
    ...(execution === undefined ? {} : { execution }),
    ...(verified === undefined ? {} : { verified }),
    reasons: partitions.flatMap(({ path, reason }) => (reason === undefined ? [] : [`${path}: ${reason}`])),
  };
}
