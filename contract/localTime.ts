import { DateTime, IANAZone } from "luxon";

/** A clock reading without a day, `hh:mm`, 24 hours. */
const CLOCK = /^([01][0-9]|2[0-3]):([0-5][0-9])$/;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Hours and minutes of `hh:mm`; `undefined` for any other text. */
export function readClock(text: string): { readonly hour: number; readonly minute: number } | undefined {
  const [, hour, minute] = CLOCK.exec(text) ?? [];
  return hour === undefined ? undefined : { hour: Number(hour), minute: Number(minute) };
}

/**
 * The instant at which a zone's clocks show a time on a day.
 *
 * @param day its midnight in UTC stands for the calendar day
 * @param which of the two, where the clocks go back and show the time twice. Where they go forward and never show it,
 *   it is as long after the change as it would have been after the hour before
 * @throws Error for a time that is not `hh:mm`
 */
export function instantAt(day: Date, clock: string, timeZone: string, which: "first" | "last"): Date {
  const read = readClock(clock);
  if (!read) throw new Error(`'${clock}' is not a time such as 02:30`);
  const shown = Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate(), read.hour, read.minute);
  const zone = IANAZone.create(timeZone);
  const offsets = [shown - DAY, shown + DAY].map((around) => zone.offset(around) * MINUTE);
  const instants = offsets.map((offset) => shown - offset).filter((at) => at + zone.offset(at) * MINUTE === shown);
  const [before = 0] = offsets;
  if (instants.length === 0) return new Date(shown - before);
  return new Date(which === "first" ? Math.min(...instants) : Math.max(...instants));
}

/** The calendar day that a zone's clocks show at an instant, as its midnight in UTC. */
export function dayAt(instant: Date, timeZone: string): Date {
  const { year, month, day } = DateTime.fromJSDate(instant, { zone: timeZone });
  return new Date(Date.UTC(year, month - 1, day));
}

/** A stretch of the clock that a zone leaves out on some day of the year. */
export interface Gap {
  /** An instance of it, `yyyy-MM-dd`. */
  readonly day: string;
  /** First minute that is left out, `hh:mm`. */
  readonly from: string;
  /** First minute after it. */
  readonly to: string;
}

/**
 * The years that are searched. A fixed stretch of the future: what counts are the rules now in force, which the time
 * zone database carries forward; what a zone did in the past is of no matter, and no answer depends on today.
 */
const YEARS = { from: 2027, to: 2036 } as const;

const gapsOfZone = new Map<string, readonly Gap[]>();

/** Where a zone's clocks go forward, one instance for each stretch of the clock; empty for most zones of Asia. */
export function gapsOf(timeZone: string): readonly Gap[] {
  const known = gapsOfZone.get(timeZone);
  if (known) return known;
  const zone = IANAZone.create(timeZone);
  const found = new Map<string, Gap>();
  for (let at = Date.UTC(YEARS.from, 0); at < Date.UTC(YEARS.to + 1, 0); at += DAY) {
    const [before, after] = [zone.offset(at), zone.offset(at + DAY)];
    if (after <= before) continue;
    // To the minute: the first one of the new offset.
    let [low, high] = [0, DAY / MINUTE];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (zone.offset(at + middle * MINUTE) === before) low = middle;
      else high = middle;
    }
    const shown = (offset: number) => DateTime.fromMillis(at + (high + offset) * MINUTE, { zone: "utc" });
    const gap = {
      day: shown(before).toFormat("yyyy-MM-dd"),
      from: shown(before).toFormat("HH:mm"),
      to: shown(after).toFormat("HH:mm"),
    };
    found.set(`${gap.from}-${gap.to}`, found.get(`${gap.from}-${gap.to}`) ?? gap);
  }
  const gaps = [...found.values()];
  gapsOfZone.set(timeZone, gaps);
  return gaps;
}

/** The gap that holds a time of the day; `undefined` when a zone's clocks show it every day. */
export function gapWith(clock: string, timeZone: string): Gap | undefined {
  return gapsOf(timeZone).find(({ from, to }) =>
    from < to ? from <= clock && clock < to : clock >= from || clock < to,
  );
}
