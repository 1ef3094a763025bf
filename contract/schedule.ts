import { dayAt, instantAt, readClock } from "./localTime";

/** How a schedule takes in data that comes late: it runs recent days again. */
export interface Reprocess {
  readonly kind: "lastDays";
  /** How many days a firing runs, the newest included. */
  readonly days: number;
}

/** When a dataset's pipeline runs by itself. */
export interface Schedule {
  readonly kind: "daily";
  /** `hh:mm` on the clocks of {@link timeZone}. */
  readonly at: string;
  /** IANA name. The scheduler keeps it: summer time moves with the zone's clocks. */
  readonly timeZone: string;
  /** Days to add to the day of the firing, which the time zones of the partition keys say; -1 is "yesterday". */
  readonly dayOffset: number;
  /** `hh:mm`, the next one after {@link at}: by then the partition must be there, or an alarm says so. Or `never`. */
  readonly dueBy: string;
  /** Absent: each firing runs one day. */
  readonly reprocess?: Reprocess;
}

/** Hours from start to alarm where the declaration does not say. */
const HOURS_TO_DUE = 2;

/**
 * A run a day.
 *
 * @param at `hh:mm`, such as `02:30`
 * @param timeZone IANA name of the clocks that show it, such as `Asia/Tokyo`; the partition's day is a matter of the
 *   key's own zone
 * @param options.dayOffset default 0, the day of the firing; -1 where 02:30 processes yesterday
 * @param options.dueBy `hh:mm` on the same clocks: when the partition must be there. Default: two hours after `at`;
 *   `never` for runs that do not write their day's partition
 * @param options.reprocess default: the one day
 */
export function dailyAt(
  at: string,
  timeZone: string,
  options: { readonly dayOffset?: number; readonly dueBy?: string; readonly reprocess?: Reprocess } = {},
): Schedule {
  // A misspelt option stays in the declaration, which is refused for it.
  const { dayOffset = 0, dueBy = hoursAfter(at, HOURS_TO_DUE), reprocess, ...unknown } = options;
  return {
    ...{ kind: "daily", at, timeZone, dayOffset, dueBy },
    ...(reprocess === undefined ? {} : { reprocess }),
    ...unknown,
  };
}

/**
 * Each firing runs this many days, the newest included: `lastDays(3)` with `dayOffset: -1` runs yesterday and the two
 * days before it. Days are independent executions: one that fails holds up no other.
 */
export function lastDays(days: number): Reprocess {
  return { kind: "lastDays", days };
}

/** The offsets of the days that a firing runs, newest first. */
export function dayOffsets({ dayOffset, reprocess }: Pick<Schedule, "dayOffset" | "reprocess">): number[] {
  return Array.from({ length: reprocess?.days ?? 1 }, (_, back) => dayOffset - back);
}

/** The schedule as EventBridge Scheduler writes it; the zone goes beside it. */
export function cronOf({ at }: Pick<Schedule, "at">): string {
  const { hour, minute } = readClock(at) ?? {};
  if (hour === undefined || minute === undefined) throw new Error(`'${at}' is not a time such as 02:30`);
  return `cron(${minute} ${hour} * * ? *)`;
}

/** What EventBridge Scheduler fills in: the instant for which a firing was set, whenever it comes. */
export const SCHEDULED_TIME = "<aws.scheduler.scheduled-time>";

/** The request that a firing makes, `StartPipelineExecution`, with the fields as the AWS API names them. */
export function startRequest(pipelineName: string, dayOffset: number): string {
  return JSON.stringify({
    PipelineName: pipelineName,
    PipelineParameters: [
      { Name: "ScheduledTime", Value: SCHEDULED_TIME },
      { Name: "DayOffset", Value: String(dayOffset) },
    ],
  });
}

/** One firing of a schedule. */
export interface Firing {
  /** For which it was set. */
  readonly startsAt: Date;
  /** When its partition must be there. */
  readonly dueAt: Date;
}

/**
 * The newest firing whose partition must be there by now; `undefined` where none ever must.
 *
 * Due is the next time after the start at which the zone's clocks show it; of an hour that they show twice, the second.
 */
export function newestDue(schedule: Pick<Schedule, "at" | "timeZone" | "dueBy">, now: Date): Firing | undefined {
  const { at, timeZone, dueBy } = schedule;
  if (dueBy === "never") return undefined;
  const today = dayAt(now, timeZone);
  for (let back = 0; ; back++) {
    const day = addDays(today, -back);
    const dueAt = instantAt(dueBy > at ? day : addDays(day, 1), dueBy, timeZone, "last");
    if (dueAt <= now) return { startsAt: instantAt(day, at, timeZone, "first"), dueAt };
  }
}

function addDays(day: Date, days: number): Date {
  return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate() + days));
}

/** `hh:mm` some hours later on the clock; a text that is none stays as it is, for the rules to refuse. */
function hoursAfter(at: string, hours: number): string {
  const read = readClock(at);
  if (!read) return at;
  return [(read.hour + hours) % 24, read.minute].map((part) => String(part).padStart(2, "0")).join(":");
}
