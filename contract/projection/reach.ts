import { boundAt, readBound, type Bound } from "./reading/bounds";
import { lengthOf, monthsOf } from "./reading/calendar";
import { readInteger } from "./reading/columns";
import type { DatePattern } from "./reading/pattern";

/** An end of a range. */
export type End = "from" | "to";

const DAY = 86_400_000;
/** Days of a month, at least and at most. */
const MONTH_DAYS = [28, 31] as const;

/**
 * Whether a range with the one end certainly has every value that it has now with the other, and loses none of them
 * that the other keeps. A first value that is reckoned from the time of the query moves on, and passes every date in the
 * end; a last one never falls back.
 *
 * @param now milliseconds since 1970
 */
export function reachesAsFar(end: End, one: Bound, other: Bound, pattern: DatePattern, now: number): boolean {
  if (one.kind === "now" && other.kind === "now") return isAsFar(end, ...distances(end, one, other));
  if (end === "from" && one.kind === "now") return false;
  const [a, b] = [boundAt(one, pattern, now), boundAt(other, pattern, now)];
  return isAsFar(end, a, b);
}

/** The same for the texts of two ends; numbers where there is no pattern. What cannot be read reaches nowhere. */
export function textReachesAsFar(
  end: End,
  one: string,
  other: string,
  pattern: DatePattern | undefined,
  now: number,
): boolean {
  if (pattern) {
    const [a, b] = [readBound(one, pattern), readBound(other, pattern)];
    return a !== undefined && b !== undefined && reachesAsFar(end, a, b, pattern, now);
  }
  const [a, b] = [readInteger(one), readInteger(other)];
  return a !== undefined && b !== undefined && isAsFar(end, a, b);
}

function isAsFar<N extends number | bigint>(end: End, one: N, other: N): boolean {
  return end === "from" ? one <= other : one >= other;
}

type Relative = Extract<Bound, { readonly kind: "now" }>;

/** Distances from now, in milliseconds: of months alone by their number, otherwise by the days they may have. */
function distances(end: End, one: Relative, other: Relative): [number, number] {
  if (lengthOf(one.unit) === undefined && lengthOf(other.unit) === undefined)
    return [one.amount * monthsOf(one.unit), other.amount * monthsOf(other.unit)];
  const [a, b] = [spanOf(one), spanOf(other)];
  return end === "from" ? [a.most, b.least] : [a.least, b.most];
}

function spanOf({ amount, unit }: Relative): { readonly least: number; readonly most: number } {
  const length = lengthOf(unit);
  const lengths = length === undefined ? MONTH_DAYS.map((days) => days * DAY * monthsOf(unit)) : [length];
  const spans = lengths.map((each) => amount * each);
  return { least: Math.min(...spans), most: Math.max(...spans) };
}
