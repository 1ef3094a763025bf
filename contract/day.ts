import { DateTime } from "luxon";
import type { DatasetDocument } from "./document";
import { dateKey, valuesAt, valuesOnDay, type PartitionKey } from "./keys";

/** A pipeline parameter that was not given. Parameters have no null, and an empty default is easily mistaken. */
export const NOT_GIVEN = "auto";

/** What a run knows of its day, in the order in which it counts. */
export interface DayRequest {
  /** `yyyy-MM-dd`, or `auto`. */
  readonly processDate: string;
  /** The scheduler's instant, ISO 8601 in UTC, or `auto`. */
  readonly scheduledTime: string;
  /** The execution's start, ISO 8601. */
  readonly startedAt: string;
  /**
   * Days to add to the day of the schedule or the start, a whole number: `-1` is the day before. A day that is given
   * stays as it is. Absent in definitions of an earlier version: `0`.
   */
  readonly dayOffset?: string;
}

export interface ResolvedDay {
  /** The day as scripts get it, `yyyy-MM-dd`. */
  readonly processDate: string;
  /** Value of each date key. */
  readonly values: Readonly<Record<string, string>>;
}

/**
 * The day of a run. Pipelines have no date arithmetic and the scheduler speaks UTC, so it is computed once, here, in
 * the time zone of the dataset's keys; no script reads a clock.
 *
 * @throws Error when a given day or time is not one
 */
export function resolveDay(
  { partitionKeys }: Pick<DatasetDocument, "partitionKeys">,
  request: DayRequest,
): ResolvedDay {
  if (request.processDate !== NOT_GIVEN)
    return { processDate: request.processDate, values: valuesOnDay(partitionKeys, request.processDate) };
  const text = request.scheduledTime === NOT_GIVEN ? request.startedAt : request.scheduledTime;
  const instant = DateTime.fromISO(text, { zone: "utc" });
  // Luxon takes a time without a day as one of today: a clock reading.
  if (!instant.isValid || !/^\d{4}-/.test(text))
    throw new Error(`'${text}' is not an ISO 8601 time such as 2021-12-01T00:00:00Z`);
  return dayOf(partitionKeys, instant.toJSDate(), offsetOf(request.dayOffset ?? "0"));
}

/**
 * The day that an instant belongs to, some days on. Its name is that of the outermost date key's zone.
 *
 * @param dayOffset days on the calendar, as in {@link valuesAt}
 */
export function dayOf(keys: readonly PartitionKey[], instant: Date, dayOffset = 0): ResolvedDay {
  const timeZone = keys.find((key) => key.kind === "date")?.timeZone ?? "utc";
  const { day = "" } = valuesAt([dateKey("day", { timeZone })], instant, dayOffset);
  return { processDate: day, values: valuesAt(keys, instant, dayOffset) };
}

function offsetOf(text: string): number {
  if (!/^-?[0-9]{1,4}$/.test(text))
    throw new Error(`DayOffset '${text}' is not a whole number of days such as 0 or -1`);
  return Number(text);
}
