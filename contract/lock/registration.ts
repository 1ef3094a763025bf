import type { Difference } from "./columns";
import type { Fact, LockedRegistration } from "./lock";

/** The strategy, and under projection the ranges: what lies outside is not seen, without an error. */
export function registrationDifferences(before: LockedRegistration, after: LockedRegistration): Difference[] {
  if (before.strategy !== after.strategy)
    return [{ kind: "registration-changed", subject: "registration", from: before.strategy, to: after.strategy }];
  const [was, is] = [before.ranges ?? {}, after.ranges ?? {}];
  // A key that came or went is told with the keys.
  return Object.keys(is).flatMap((key) => (was[key] ? rangeDifferences(key, was[key], is[key] ?? {}) : []));
}

type Range = Readonly<Record<string, Fact>>;

function rangeDifferences(key: string, before: Range, after: Range): Difference[] {
  const bounds = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...bounds].flatMap((bound): Difference[] => {
    const [from, to] = [before[bound], after[bound]];
    if (from === to) return [];
    const kind = isWider(bound, from, to) ? "range-widened" : "range-changed";
    return [{ kind, subject: `range of '${key}', ${bound}`, from: shown(from), to: shown(to) }];
  });
}

/**
 * Whether a bound certainly moved outwards. Without `from` a range begins with the format's first value. Without `to`
 * it ends today, where a run writes: what was written lies before it, unless the range went into the future.
 */
function isWider(bound: string, from: Fact | undefined, to: Fact | undefined): boolean {
  if (bound === "from") return to === undefined || (from !== undefined && (compared(to, from) ?? 0) < 0);
  if (bound !== "to") return false;
  if (to === undefined) return !/\+/.test(String(from));
  return from !== undefined && (compared(to, from) ?? 0) > 0;
}

/** Athena's times that are reckoned from the query's: `NOW-3YEARS`. */
const RELATIVE = /^\s*NOW\s*(?:([+-])\s*(\d+)\s*([A-Z]+?)S?\s*)?$/i;

/** Below zero where `a` is before `b`; undefined where that is not certain. */
function compared(a: Fact, b: Fact): number | undefined {
  const [one, other] = [String(a), String(b)];
  const [now, then] = [RELATIVE.exec(one), RELATIVE.exec(other)];
  if (now && then) {
    const amount = ([, sign, digits = "0"]: RegExpExecArray) => Number(`${sign ?? ""}${digits}`);
    const unit = (relative: RegExpExecArray) => relative[3]?.toUpperCase();
    const alike = unit(now) === unit(then) || unit(now) === undefined || unit(then) === undefined;
    return alike ? amount(now) - amount(then) : undefined;
  }
  if (now || then) return undefined;
  if (/^-?\d+$/.test(one) && /^-?\d+$/.test(other)) return Number(one) - Number(other);
  // Values of one format have one width, so that their text orders them.
  return one.length === other.length ? (one < other ? -1 : 1) : undefined;
}

const shown = (value: Fact | undefined): string => (value === undefined ? "not given" : String(value));
