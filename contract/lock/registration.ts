import { DATE_FORMATS, DATE_PARTS } from "../keys";
import { own } from "../pipeline/json";
import { textReachesAsFar, type End } from "../projection/reach";
import { isRelative } from "../projection/reading/bounds";
import { readPattern } from "../projection/reading/pattern";
import { nowIn } from "../projection/render";
import type { Difference } from "./columns";
import type { Fact, LockedKey, LockedTable } from "./lock";

type Tables = Pick<LockedTable, "partitionKeys" | "registration">;

/**
 * The strategy, and under projection the ranges: what lies outside is not seen, without an error.
 *
 * @param now milliseconds since 1970
 */
export function registrationDifferences(before: Tables, after: Tables, now: number): Difference[] {
  const [from, to] = [before.registration, after.registration];
  if (from.strategy !== to.strategy) {
    const projected = [from.strategy, to.strategy].includes("projection");
    const kind = projected ? "registration-changed" : "registration-moved";
    return [{ kind, subject: "registration", from: from.strategy, to: to.strategy }];
  }
  const keys = after.partitionKeys.filter(({ name }) => before.partitionKeys.some((key) => key.name === name));
  // A key that came or went is told with the keys.
  return keys.flatMap((key) => {
    const ranges = [from, to].map((registration) => own(registration.ranges ?? {}, key.name) ?? {});
    return rangeDifferences(key, ranges[0] ?? {}, ranges[1] ?? {}, now);
  });
}

type Range = Readonly<Record<string, Fact>>;

function rangeDifferences(key: LockedKey, before: Range, after: Range, now: number): Difference[] {
  const bounds = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...bounds].flatMap((bound): Difference[] => {
    const [was, is] = [before[bound], after[bound]];
    if (was === is) return [];
    const change = { subject: `range of '${key.name}', ${bound}`, from: shown(was), to: shown(is) };
    if (bound !== "from" && bound !== "to") return [{ kind: "range-changed", ...change }];
    const [one, other] = [String(was ?? endByDefault(key, bound)), String(is ?? endByDefault(key, bound))];
    const reaches = (far: string, near: string) => far === near || isAsFar(key, bound, far, near, now);
    const wider = reaches(other, one);
    // Two words for one end.
    if (wider && reaches(one, other) && isRelative(one) === isRelative(other)) return [];
    // Without an end a range ends today in the key's zone, where a run writes: UTC's may be a day more, with no data.
    const today = bound === "to" && is === undefined && isRelative(one) && !one.includes("+");
    return [{ kind: wider || today ? "range-widened" : "range-changed", ...change }];
  });
}

/** What a range without an end has there, as `render.ts` writes it. */
function endByDefault({ kind, format, timeZone }: LockedKey, end: End): string {
  const known = DATE_FORMATS.find((each) => each === format);
  if (kind !== "date" || !known) return "";
  const part = DATE_PARTS[known];
  if (part) return String(end === "from" ? part.first : part.last);
  return end === "to" ? nowIn(String(timeZone)) : "";
}

function isAsFar({ kind, format }: LockedKey, end: End, one: string, other: string, now: number): boolean {
  const known = DATE_FORMATS.find((each) => each === format);
  const pattern = kind === "date" && known && !DATE_PARTS[known] ? readPattern(known) : undefined;
  return textReachesAsFar(end, one, other, pattern && "parts" in pattern ? pattern : undefined, now);
}

const shown = (value: Fact | undefined): string => (value === undefined ? "not given" : String(value));
