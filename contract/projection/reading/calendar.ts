/** Units of time as `projection.<key>.interval.unit` names them (`ChronoUnit` of Java), coarse to fine. */
export const UNITS = ["YEARS", "MONTHS", "WEEKS", "DAYS", "HOURS", "MINUTES", "SECONDS", "MILLISECONDS"] as const;
export type Unit = (typeof UNITS)[number];

const SECOND = 1000;
const DAY = 86_400 * SECOND;

/** Length in milliseconds; years and months have none. */
const LENGTHS: { readonly [U in Unit]?: number } = {
  WEEKS: 7 * DAY,
  DAYS: DAY,
  HOURS: 3600 * SECOND,
  MINUTES: 60 * SECOND,
  SECONDS: SECOND,
  MILLISECONDS: 1,
};

/** Milliseconds of a unit, or `undefined` for one that is counted in months. */
export function lengthOf(unit: Unit): number | undefined {
  return LENGTHS[unit];
}

/** Months in a year or a month; 0 for units that have a length. */
export function monthsOf(unit: Unit): number {
  return unit === "YEARS" ? 12 : unit === "MONTHS" ? 1 : 0;
}

export interface Fields {
  readonly year: number;
  /** 1 to 12 */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
}

/** The fields of an instant, in UTC. */
export function fieldsOf(instant: number): Fields {
  const date = new Date(instant);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    millisecond: date.getUTCMilliseconds(),
  };
}

/** The instant with these fields in UTC, or `undefined` when no calendar or clock has them. */
export function instantOf(fields: Fields): number | undefined {
  const { year, month, day, hour, minute, second, millisecond } = fields;
  const date = new Date(0);
  // Date.UTC takes the years 0 to 99 for 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, millisecond);
  const instant = date.getTime();
  const real = Object.values(fieldsOf(instant));
  // The calendar of JavaScript carries over: its 30th of February is the 1st or 2nd of March.
  const same = [year, month, day, hour, minute, second, millisecond].every((field, index) => field === real[index]);
  return year >= 1 && same ? instant : undefined;
}

/** An instant some units later, in UTC; of a day that the month does not have, the month's last one, as in Java. */
export function plus(instant: number, amount: number, unit: Unit): number {
  const length = lengthOf(unit);
  if (length !== undefined) return instant + amount * length;
  const fields = fieldsOf(instant);
  const months = fields.year * 12 + fields.month - 1 + amount * monthsOf(unit);
  const [year, month] = [Math.floor(months / 12), months - Math.floor(months / 12) * 12];
  const lastDay = new Date(0);
  lastDay.setUTCFullYear(year, month + 1, 0);
  const date = new Date(instant);
  date.setUTCFullYear(year, month, Math.min(fields.day, lastDay.getUTCDate()));
  return date.getTime();
}
