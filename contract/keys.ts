import { DateTime } from "luxon";

/**
 * Formats a date key's value may take: `DateTimeFormatter` patterns of Java, as Athena's partition projection reads
 * them, of which Luxon writes the same text. Those with a year sort as the dates do.
 */
export const DATE_FORMATS = [
  "yyyy-MM-dd",
  "yyyyMMdd",
  "yyyy-MM-dd-HH",
  "yyyyMMddHH",
  "yyyy-MM",
  "yyyyMM",
  "yyyy",
  "MM",
  "M",
  "dd",
  "d",
  "HH",
  "H",
] as const;
export type DateFormat = (typeof DATE_FORMATS)[number];

/** The numbers that one part of a date can be, and the width they are padded to; no `digits`, no padding. */
export interface DatePart {
  readonly first: number;
  readonly last: number;
  readonly digits?: number;
}

/** Formats that are a part of a date without its year: months, days, hours. */
export const DATE_PARTS: { readonly [Format in DateFormat]?: DatePart } = {
  MM: { first: 1, last: 12, digits: 2 },
  M: { first: 1, last: 12 },
  dd: { first: 1, last: 31, digits: 2 },
  d: { first: 1, last: 31 },
  HH: { first: 0, last: 23, digits: 2 },
  H: { first: 0, last: 23 },
};

/**
 * Glue types of partition keys. A string can carry every value, and is what readers agree on: Glue cannot filter int or
 * date keys that hold a null partition (aws-sdk#670), and Athena calls date keys slow (data-types).
 */
export type KeyType = "string" | "int" | "bigint" | "date";

interface KeyBase<Name extends string> {
  /** Lower case: Glue folds names, and `MSCK REPAIR TABLE` skips camel-case folders. */
  readonly name: Name;
  /** Glue type of the key. Default `string`. */
  readonly type: KeyType;
  readonly comment?: string;
}

/** A day, or a part of one, seen from one time zone. */
export interface DateKey<Name extends string = string> extends KeyBase<Name> {
  readonly kind: "date";
  readonly timeZone: string;
  readonly format: DateFormat;
}

/** A whole number. */
export interface IntegerKey<Name extends string = string> extends KeyBase<Name> {
  readonly kind: "integer";
  readonly type: Exclude<KeyType, "date">;
  /** Width to which zeros pad it. Absent: no leading zeros, and a minus is possible. */
  readonly digits?: number;
}

/** One of a few words. */
export interface EnumKey<Name extends string = string> extends KeyBase<Name> {
  readonly kind: "enum";
  readonly type: "string";
  readonly values: readonly string[];
}

/** Text that is not known beforehand: a customer, a device. */
export interface InjectedKey<Name extends string = string> extends KeyBase<Name> {
  readonly kind: "injected";
  readonly type: "string";
}

export type PartitionKey<Name extends string = string> =
  DateKey<Name> | IntegerKey<Name> | EnumKey<Name> | InjectedKey<Name>;

/**
 * A partition key whose value is a date in one time zone.
 *
 * @param options.timeZone IANA name: the zone whose calendar names the folder
 * @param options.format default `yyyy-MM-dd`; `yyyy`, `MM`, `dd`, `HH` make separate keys of one instant
 * @param options.type default `string`; `date` for `yyyy-MM-dd`, `int` or `bigint` for formats of digits alone
 */
export function dateKey<const Name extends string>(
  name: Name,
  options: {
    readonly timeZone: string;
    readonly format?: DateFormat;
    readonly type?: KeyType;
    readonly comment?: string;
  },
): DateKey<Name> {
  return { kind: "date", type: "string", format: "yyyy-MM-dd", ...options, name };
}

/**
 * A partition key whose value is a whole number.
 *
 * @param options.digits width of the zero-padded value, 1 to 18: `integerKey("shard", { digits: 3 })` renders `007`.
 *   Default: as it is written, `7`
 * @param options.type default `string`; or `int` or `bigint`
 */
export function integerKey<const Name extends string>(
  name: Name,
  options: { readonly digits?: number; readonly type?: Exclude<KeyType, "date">; readonly comment?: string } = {},
): IntegerKey<Name> {
  return { kind: "integer", type: "string", ...options, name };
}

/** @param options.values every value the key may take */
export function enumKey<const Name extends string>(
  name: Name,
  options: { readonly values: readonly string[]; readonly comment?: string },
): EnumKey<Name> {
  return { kind: "enum", type: "string", ...options, name };
}

/**
 * A key whose values are not known beforehand. Under partition projection every query must name them (Athena's
 * `injected`); registered, it is a key like any other.
 */
export function injectedKey<const Name extends string>(
  name: Name,
  options: { readonly comment?: string } = {},
): InjectedKey<Name> {
  return { kind: "injected", type: "string", ...options, name };
}

/** Whether a key needs more than a day to have a value. */
export function namesHour(key: DateKey): boolean {
  return key.format.includes("H");
}

/**
 * The values of the date keys at one instant, each in its key's own time zone: the only place where a clock
 * reading becomes a partition. Of an hour that a zone has twice, both are one value.
 *
 * @param dayOffset days to add on the calendar, where each day follows the one before, whatever the zone's clocks do;
 *   -1 is "yesterday"
 * @throws Error for an instant that is none, or outside the years 1 to 9999
 */
export function valuesAt(keys: readonly PartitionKey[], instant: Date, dayOffset = 0): Record<string, string> {
  if (Number.isNaN(instant.getTime())) throw new Error("the instant of a partition must be a valid time");
  return valuesOf(keys, ({ timeZone }) =>
    // What the zone's clocks show, taken as UTC: a day can be added there that the zone skipped (Samoa, 2011-12-30).
    DateTime.fromJSDate(instant, { zone: timeZone }).setZone("utc", { keepLocalTime: true }).plus({ days: dayOffset }),
  );
}

/**
 * The values of the date keys for one calendar day.
 *
 * @param day `yyyy-MM-dd`; an hour has no value for a whole day and is refused
 */
export function valuesOnDay(keys: readonly PartitionKey[], day: string): Record<string, string> {
  const parsed = DateTime.fromFormat(day, "yyyy-MM-dd", { zone: "utc", locale: "en" });
  if (!parsed.isValid || parsed.toFormat("yyyy-MM-dd") !== day)
    throw new Error(`'${day}' is not a day written as yyyy-MM-dd, such as 2021-12-01`);
  return valuesOf(keys, (key) => {
    if (namesHour(key))
      throw new Error(`partition key '${key.name}' is an hour; a day alone ('${day}') does not name one`);
    return parsed;
  });
}

/** @param clockOf what the clocks of a key's zone show, as UTC */
function valuesOf(keys: readonly PartitionKey[], clockOf: (key: DateKey) => DateTime): Record<string, string> {
  const values: Record<string, string> = {};
  for (const key of keys) {
    if (key.kind !== "date") continue;
    const clock = clockOf(key);
    if (!clock.isValid) throw new Error(`partition key '${key.name}': no time in zone '${key.timeZone}'`);
    if (clock.year < 1 || clock.year > 9999)
      throw new Error(`partition key '${key.name}': the year ${clock.year} is not one of four digits`);
    values[key.name] = clock.setLocale("en").toFormat(key.format);
  }
  return values;
}
