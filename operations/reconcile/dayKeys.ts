import { namesHour, valuesOnDay, type DateFormat, type DateKey, type PartitionKey } from "../../contract/keys";

/** A look covers so many days at most: some thirty years. */
const MOST_DAYS = 11_000;

/**
 * Tells which day a partition belongs to: both give the same text for a day and for the values of a partition of it,
 * whatever hour and other keys that has.
 *
 * @throws Error for keys without a date
 */
export function dayIds(keys: readonly PartitionKey[]): {
  /** The keys that say the day. */
  readonly dated: readonly DateKey[];
  readonly ofDay: (day: string) => string;
  readonly ofValues: (values: Readonly<Record<string, string>>) => string;
} {
  const dated = keys.filter((key): key is DateKey => key.kind === "date" && dayFormat(key.format) !== undefined);
  if (dated.length === 0)
    throw new Error("the table has no date key, so that no partition belongs to a day; look at the whole table");
  return {
    dated,
    ofDay: (day) => JSON.stringify(dated.map((key) => dayValue(key, day))),
    ofValues: (values) => JSON.stringify(dated.map((key) => withoutHour(key.format, values[key.name] ?? ""))),
  };
}

/** The days of a scope, both ends included. */
export function daysOf({ from, to }: { readonly from: string; readonly to: string }): string[] {
  // Refuses what is no day, and writes it as it is.
  for (const day of [from, to]) valuesOnDay([], day);
  if (from > to) throw new Error(`the days end with ${to}, before they begin with ${from}; swap them`);
  const days: string[] = [];
  for (let at = Date.parse(from); at <= Date.parse(to); at += 86_400_000) {
    days.push(new Date(at).toISOString().slice(0, 10));
    if (days.length > MOST_DAYS)
      throw new Error(`${from} to ${to} are more than ${MOST_DAYS} days; look at the whole table`);
  }
  return days;
}

/** A format without its hours; undefined for an hour alone. */
export function dayFormat(format: DateFormat): DateFormat | undefined {
  if (format === "yyyy-MM-dd-HH") return "yyyy-MM-dd";
  if (format === "yyyyMMddHH") return "yyyyMMdd";
  return namesHour({ format } as DateKey) ? undefined : format;
}

/** The day of a value that may have an hour as well. */
function withoutHour(format: DateFormat, value: string): string {
  return namesHour({ format } as DateKey) ? value.slice(0, dayFormat(format)?.length) : value;
}

export function dayValue(key: DateKey, day: string): string {
  return valuesOnDay([{ ...key, format: dayFormat(key.format) ?? key.format }], day)[key.name] ?? "";
}
