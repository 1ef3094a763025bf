import type { Dataset } from "../dataset";
import { namesHour } from "../keys";
import { gapWith, readClock } from "../localTime";
import { registrationOf } from "../registration";
import type { Schedule } from "../schedule";
import { zoneProblems } from "./keys";

/** A year back or ahead; what is further away is a backfill. */
const MOST_DAYS_OFF = 366;

/** A month; each day is a schedule of its own, and all of them start together. */
const MOST_DAYS_AGAIN = 31;

/** What is wrong with when a dataset runs; empty when nothing is, or when it has no schedule. */
export function scheduleProblems(dataset: Pick<Dataset, "partitionKeys" | "schedule" | "registration">): string[] {
  const { schedule } = dataset;
  if (schedule === undefined) return [];
  return [...timeProblems(schedule), ...dayProblems(schedule), ...keyProblems(dataset, schedule)].map(
    (problem) => `schedule: ${problem}`,
  );
}

function timeProblems({ at, timeZone, dueBy }: Schedule): string[] {
  const zone = zoneProblems(timeZone);
  const clock = readClock(at) ? [] : [`'${at}' is not a time of the day; write hours and minutes, such as '02:30'`];
  const problems = [...clock, ...zone];
  if (dueBy !== "never" && !readClock(dueBy) && dueBy !== at)
    problems.push(`dueBy '${dueBy}' is not a time of the day such as '04:00', nor 'never'`);
  if (dueBy === at && clock.length === 0)
    problems.push(`dueBy '${dueBy}' is when the run starts; a run takes time, name a later one`);
  const gap = problems.length === 0 ? gapWith(at, timeZone) : undefined;
  if (gap)
    problems.push(
      `the clocks of ${timeZone} do not show ${at} on some days, such as ${gap.day}, when they go from ${gap.from} to ` +
        `${gap.to}: that day would have no run (EventBridge Scheduler user guide, schedule-types); choose a time outside ` +
        `${gap.from} to ${gap.to}, or a zone that keeps its clocks, such as UTC`,
    );
  return problems;
}

function dayProblems({ dayOffset, reprocess }: Schedule): string[] {
  const problems: string[] = [];
  if (!Number.isInteger(dayOffset) || Math.abs(dayOffset) > MOST_DAYS_OFF)
    problems.push(
      `dayOffset must be a whole number of days from -${MOST_DAYS_OFF} to ${MOST_DAYS_OFF}, got ${dayOffset}; -1 is yesterday`,
    );
  const days = reprocess?.days ?? 1;
  if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS_AGAIN)
    problems.push(
      `reprocess: lastDays takes a whole number from 1 to ${MOST_DAYS_AGAIN}, got ${days}; older days are for a backfill`,
    );
  return problems;
}

function keyProblems(
  { partitionKeys, registration }: Pick<Dataset, "partitionKeys" | "registration">,
  { dueBy }: Schedule,
): string[] {
  const dates = partitionKeys.filter((key) => key.kind === "date");
  if (dates.length === 0)
    return [
      `no partition key is a date, so that a day names no partition; declare one such as ` +
        `dateKey("process_date_jst", { timeZone: "Asia/Tokyo" }), or start runs from what brings the data`,
    ];
  const hours = dates.filter(namesHour).map((key) => `'${key.name}'`);
  const declared = registrationOf({ ...(registration === undefined ? {} : { registration }) });
  if (hours.length > 0 && declared.strategy === "registered" && declared.looksAt === "run")
    return [
      `partition key ${hours.join(" and ")} is an hour, and a daily run registers one of a day's; where a run writes ` +
        `all of them say registration: registered({ looksAt: "table" })`,
    ];
  if (hours.length === dates.length && dueBy !== "never")
    return [
      `the only date keys, ${hours.join(" and ")}, name hours, so that nothing tells whether a day is there; say ` +
        `dueBy: "never", or declare a key for the day`,
    ];
  return [];
}
