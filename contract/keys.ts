import { DateTime, IANAZone } from "luxon";

/** Formats a date key's value may take: Java `DateTimeFormatter` patterns, as Athena's partition projection reads them. */
export const DATE_FORMATS = ["yyyy-MM-dd", "yyyyMMdd", "yyyy-MM", "yyyy", "MM", "dd", "HH"] as const;
export type DateFormat = (typeof DATE_FORMATS)[number];

interface KeyBase<Name extends string> {
  /** Lower case: Glue folds names, and `MSCK REPAIR TABLE` skips camel-case folders. */
  readonly name: Name;
  /** Glue type of the key. Strings: Glue cannot filter int or date keys that hold a null partition (aws-sdk#670). */
  readonly type: "string";
  readonly comment?: string;
}

/** A day, or a part of one, seen from one time zone. */
export interface DateKey<Name extends string = string> extends KeyBase<Name> {
  readonly kind: "date";
  readonly timeZone: string;
  readonly format: DateFormat;
}

/** A whole number, zero-padded to a fixed width. */
export interface IntegerKey<Name extends string = string> extends KeyBase<Name> {
  readonly kind: "integer";
  readonly digits: number;
}

/** One of a few words. */
export interface EnumKey<Name extends string = string> extends KeyBase<Name> {
  readonly kind: "enum";
  readonly values: readonly string[];
}

/** Text that is not known beforehand: a customer, a device. */
export interface InjectedKey<Name extends string = string> extends KeyBase<Name> {
  readonly kind: "injected";
}

export type PartitionKey<Name extends string = string> =
  DateKey<Name> | IntegerKey<Name> | EnumKey<Name> | InjectedKey<Name>;

/**
 * A partition key whose value is a date in one time zone.
 *
 * @param options.timeZone IANA name: the zone whose calendar names the folder
 * @param options.format default `yyyy-MM-dd`; `yyyy`, `MM`, `dd`, `HH` make separate keys of one instant
 */
export function dateKey<const Name extends string>(
  name: Name,
  options: { readonly timeZone: string; readonly format?: DateFormat; readonly comment?: string },
): DateKey<Name> {
  return { kind: "date", type: "string", format: "yyyy-MM-dd", ...options, name };
}

/** @param options.digits width of the zero-padded value, 1 to 18: `integerKey("shard", { digits: 3 })` renders `007` */
export function integerKey<const Name extends string>(
  name: Name,
  options: { readonly digits: number; readonly comment?: string },
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

/** Letters that every reader of a partition path takes unescaped: S3, Hive, Athena, Spectrum and Spark agree on these. */
export const SAFE_VALUE = /^[A-Za-z0-9._-]+$/;

/** What is wrong with a key's declaration; empty when nothing is. */
export function keyProblems(key: PartitionKey): string[] {
  const problems: string[] = [];
  const where = `partition key '${key.name}'`;
  if (!/^[a-z_][a-z0-9_]{0,254}$/.test(key.name))
    problems.push(
      `${where}: a name is lower-case letters, digits and _ (Glue folds case), at most 255 characters; rename it to '${suggestName(key.name)}'`,
    );
  switch (key.kind) {
    case "date":
      if (!IANAZone.isValidZone(key.timeZone))
        problems.push(`${where}: time zone '${key.timeZone}' is not an IANA zone; write one such as 'Asia/Tokyo'`);
      if (!DATE_FORMATS.includes(key.format))
        problems.push(`${where}: format '${key.format}' is not one of ${DATE_FORMATS.join(", ")}`);
      break;
    case "integer":
      if (!Number.isInteger(key.digits) || key.digits < 1 || key.digits > 18)
        problems.push(`${where}: digits must be a whole number from 1 to 18, got ${key.digits}`);
      break;
    case "enum":
      if (key.values.length === 0) problems.push(`${where}: an enum key needs at least one value`);
      for (const value of key.values)
        if (!SAFE_VALUE.test(value))
          problems.push(`${where}: value '${value}' must be made of letters, digits, '.', '_' and '-'`);
      break;
    case "injected":
      break;
  }
  return problems;
}

/** A legal name near the one given, for error texts. */
export function suggestName(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9_]+/g, "_")
      .replace(/^(?=[0-9])/, "_") || "name"
  );
}

/** Why `value` cannot be a value of `key`, or `undefined` when it can. */
export function valueProblem(key: PartitionKey, value: string): string | undefined {
  const where = `partition key '${key.name}'`;
  if (value === "") return `${where} has an empty value; every partition needs one`;
  if (!SAFE_VALUE.test(value))
    return `${where}: value '${value}' has characters other than letters, digits, '.', '_' and '-'`;
  switch (key.kind) {
    case "date": {
      // Months and days of a year that has them all, so that `MM` = 02 or `dd` = 31 alone are possible.
      const parsed = DateTime.fromFormat(value, key.format, { zone: "utc", locale: "en" });
      if (!parsed.isValid || parsed.toFormat(key.format) !== value)
        return `${where}: value '${value}' is not a date written as ${key.format}`;
      return undefined;
    }
    case "integer":
      return new RegExp(`^[0-9]{${key.digits}}$`).test(value)
        ? undefined
        : `${where}: value '${value}' is not a whole number of ${key.digits} digits`;
    case "enum":
      return key.values.includes(value)
        ? undefined
        : `${where}: value '${value}' is not one of ${key.values.join(", ")}`;
    case "injected":
      return undefined;
  }
}

/** Whether a key needs more than a day to have a value. */
export function namesHour(key: DateKey): boolean {
  return key.format.includes("H");
}

/**
 * The values of the date keys at one instant, each in its key's own time zone: the only place where a clock
 * reading becomes a partition.
 *
 * @param dayOffset days to add on the calendar of the zone (so that a day of 23 or 25 hours counts as one); -1 is "yesterday"
 */
export function valuesAt(keys: readonly PartitionKey[], instant: Date, dayOffset = 0): Record<string, string> {
  if (Number.isNaN(instant.getTime())) throw new Error("the instant of a partition must be a valid time");
  return Object.fromEntries(
    keys
      .filter((key) => key.kind === "date")
      .map((key) => [
        key.name,
        DateTime.fromJSDate(instant, { zone: key.timeZone })
          .setLocale("en")
          .plus({ days: dayOffset })
          .toFormat(key.format),
      ]),
  );
}

/**
 * The values of the date keys for one calendar day.
 *
 * @param day `yyyy-MM-dd`; an `HH` key has no value for a whole day and is refused
 */
export function valuesOnDay(keys: readonly PartitionKey[], day: string): Record<string, string> {
  const parsed = DateTime.fromFormat(day, "yyyy-MM-dd", { zone: "utc", locale: "en" });
  if (!parsed.isValid || parsed.toFormat("yyyy-MM-dd") !== day)
    throw new Error(`'${day}' is not a day written as yyyy-MM-dd, such as 2021-12-01`);
  return Object.fromEntries(
    keys
      .filter((key) => key.kind === "date")
      .map((key) => {
        if (namesHour(key))
          throw new Error(`partition key '${key.name}' is an hour; a day alone ('${day}') does not name one`);
        return [key.name, parsed.toFormat(key.format)];
      }),
  );
}
