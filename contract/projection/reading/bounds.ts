import { plus, UNITS, type Unit } from "./calendar";
import { formatDate, parseDate, type DatePattern } from "./pattern";

/** An end of a date range: a date, or the time of the query with something added. */
export type Bound =
  | { readonly kind: "date"; readonly at: number }
  | { readonly kind: "now"; readonly amount: number; readonly unit: Unit };

/** Word for word what the documentation gives, anchored; capitals only. (Athena user guide, partition-projection-supported-types) */
const NOW = /^\s*NOW\s*(([+-])\s*([0-9]+)\s*(YEARS?|MONTHS?|WEEKS?|DAYS?|HOURS?|MINUTES?|SECONDS?)\s*)?$/;

/** Whether an end of a range is reckoned from the time of the query. */
export function isRelative(text: string): boolean {
  return NOW.test(text);
}

/**
 * Reads one end of a date range; `undefined` when it is neither a date of the pattern nor a relative one. Blanks belong
 * to a date's text, around `NOW` they mean nothing.
 */
export function readBound(text: string, pattern: DatePattern): Bound | undefined {
  const match = NOW.exec(text);
  if (match) {
    const [, , sign, digits = "0", word = "DAYS"] = match;
    const unit = UNITS.find((each) => each === (word.endsWith("S") ? word : `${word}S`)) ?? "DAYS";
    return { kind: "now", amount: Number(digits) * (sign === "-" ? -1 : 1), unit };
  }
  const at = parseDate(pattern, text);
  return at === undefined ? undefined : { kind: "date", at };
}

/** The first instant of the value that a bound stands for at the time of a query, in UTC. */
export function boundAt(bound: Bound, pattern: DatePattern, now: number): number {
  if (bound.kind === "date") return bound.at;
  const exact = plus(now, bound.amount, bound.unit);
  return parseDate(pattern, formatDate(pattern, exact)) ?? exact;
}

/** A time that has passed. To compare two ends of one kind any time will do. */
const SOME_TIME = Date.UTC(2024, 0, 31);

/**
 * Whether a range begins after its end, whenever it is asked. A first date may be passed by a relative end; a relative
 * first value that is after a date stays so.
 */
export function isReversed(from: Bound, to: Bound, pattern: DatePattern): boolean {
  const comparable = from.kind === to.kind || from.kind === "now";
  return comparable && boundAt(from, pattern, SOME_TIME) > boundAt(to, pattern, SOME_TIME);
}
