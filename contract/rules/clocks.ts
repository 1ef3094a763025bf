import { DATE_PARTS, type DateFormat, type DateKey, type PartitionKey } from "../keys";

/** What a format names of an instant, from the coarsest on. */
const UNITS = ["y", "M", "d", "H"] as const;
type Unit = (typeof UNITS)[number];

const unitsOf = (format: DateFormat): Unit[] => UNITS.filter((unit) => format.includes(unit));

/**
 * Dates whose parts are seen from different time zones: around midnight they would be put together to a day that it is
 * nowhere. Whole dates of several zones may stand beside each other.
 */
export function clockProblems(keys: readonly PartitionKey[]): string[] {
  const dates = keys.filter((key) => key.kind === "date");
  const torn = dates.flatMap((part) => {
    const other = coarserElsewhere(part, dates);
    return other ? [[other, part] as const] : [];
  });
  const [first] = torn;
  if (!first) return [];
  const named = [...new Set(torn.flat())].map(({ name, timeZone }) => `'${name}' (${timeZone})`);
  return [
    `partition keys ${named.join(", ")} are parts of one date in different time zones, which around midnight is no day ` +
      `at all; give them one timeZone`,
  ];
}

/** The key of another zone that a part of a date would be read with, when its own zone has none. */
function coarserElsewhere(part: DateKey, dates: readonly DateKey[]): DateKey | undefined {
  const [unit] = unitsOf(part.format);
  if (!DATE_PARTS[part.format] || unit === undefined) return undefined;
  const coarser = UNITS.slice(0, UNITS.indexOf(unit));
  const has = (key: DateKey, unit: Unit): boolean => unitsOf(key.format).includes(unit);
  const missing = coarser.filter((each) => !dates.some((key) => key.timeZone === part.timeZone && has(key, each)));
  return dates.find((key) => missing.some((each) => has(key, each)));
}
