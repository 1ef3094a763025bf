import { DateTime, IANAZone } from "luxon";
import { byteLength } from "../bytes";
import { DATE_FORMATS, DATE_PARTS, type DateKey, type IntegerKey, type KeyType, type PartitionKey } from "../keys";
import type { Escaping } from "../parse";
import { repeated } from "../problems";

/** Letters that every reader of a partition path takes unescaped: S3, Hive, Athena, Spectrum and Spark agree on these. */
const SAFE_VALUE = /^[A-Za-z0-9._-]+$/;

/** What Hive calls the partition of rows whose key is null or empty (`hive.exec.default.partition.name`). */
const NULL_PARTITION = "__HIVE_DEFAULT_PARTITION__";

/** A partition value in Glue (API reference, ValueString). */
const LONGEST_VALUE = 1024;

/** Whole numbers that a Glue type holds. */
const RANGES = { int: 2n ** 31n, bigint: 2n ** 63n, string: 2n ** 63n } as const;

/** What is wrong with a key's declaration; empty when nothing is. */
export function keyProblems(key: PartitionKey, escaping: Escaping = "none"): string[] {
  const where = `partition key '${key.name}'`;
  const problems: string[] = [];
  if (!/^[a-z][a-z0-9_]{0,254}$/.test(key.name))
    problems.push(
      `a name is a lower-case letter, then lower-case letters, digits and _ (Glue folds case, engines skip folders ` +
        `that begin with _), at most 255 characters; rename it to '${suggestName(key.name)}'`,
    );
  problems.push(...commentProblems(key.comment ?? ""));
  const types = typesOf(key);
  if (!types.includes(key.type)) problems.push(`type '${key.type}' is not one of ${types.join(", ")}`);
  switch (key.kind) {
    case "date":
      problems.push(...zoneProblems(key.timeZone));
      if (!DATE_FORMATS.includes(key.format))
        problems.push(`format '${key.format}' is not one of ${DATE_FORMATS.join(", ")}`);
      break;
    case "integer": {
      const most = key.type === "int" ? 9 : 18;
      if (key.digits !== undefined && (!Number.isInteger(key.digits) || key.digits < 1 || key.digits > most))
        problems.push(`digits must be a whole number from 1 to ${most}, got ${key.digits}`);
      break;
    }
    case "enum":
      if (key.values.length === 0) problems.push("an enum key needs at least one value");
      for (const value of repeated(key.values)) problems.push(`value ${shown(value)} is declared more than once`);
      for (const value of key.values) problems.push(...(textProblem(value, escaping) ?? []));
      break;
    case "injected":
      break;
  }
  return problems.map((problem) => `${where}: ${problem}`);
}

/** What Glue takes in no comment and no description of one line: the characters below the blank, but for the tab. */
export const CONTROL = /[\u0000-\u0008\u000a-\u001f]/;

/** Glue takes 255 characters of one line (API reference, CommentString); the AWS provider counts bytes, and takes 255. */
export const LONGEST_COMMENT = 255;

/** What is wrong with the comment of a key or a column; empty when nothing is. */
export function commentProblems(comment: string): string[] {
  const length = byteLength(comment);
  return [
    ...(length > LONGEST_COMMENT
      ? [
          `the comment has ${length} bytes, the AWS provider takes ${LONGEST_COMMENT} (85 Japanese characters); shorten it`,
        ]
      : []),
    ...(CONTROL.test(comment)
      ? ["the comment has a line break or another control character, which Glue refuses; write it in one line"]
      : []),
  ];
}

/** The Glue types that carry every value of a key. */
function typesOf(key: PartitionKey): KeyType[] {
  switch (key.kind) {
    case "date":
      if (key.format === "yyyy-MM-dd") return ["string", "date"];
      // Ten digits pass the int's 2147483647.
      if (key.format === "yyyyMMddHH") return ["string", "bigint"];
      return /^[A-Za-z]+$/.test(key.format) ? ["string", "int", "bigint"] : ["string"];
    case "integer":
      return ["string", "int", "bigint"];
    case "enum":
    case "injected":
      return ["string"];
  }
}

/** The three-letter names that IANA has; JavaScript knows more of them, scripts and schedulers do not. */
const SHORT_ZONES = "CET EET EST GMT HST MET MST PRC ROC ROK UCT UTC WET".split(" ");

/** Zones that were judged: to ask for one costs more than all other checks of a declaration. */
const judgedZones = new Map<string, readonly string[]>();

export function zoneProblems(zone: string): readonly string[] {
  const problems = judgedZones.get(zone) ?? judgeZone(zone);
  judgedZones.set(zone, problems);
  return problems;
}

function judgeZone(zone: string): readonly string[] {
  if (!IANAZone.isValidZone(zone)) return [`time zone '${zone}' is not an IANA zone; write one such as 'Asia/Tokyo'`];
  const known = new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;
  if (/^[A-Za-z]{3}$/.test(zone) && !SHORT_ZONES.includes(zone))
    return [`time zone '${zone}' is not an IANA zone; write '${known}'`];
  const otherCase = known.toLowerCase() === zone.toLowerCase() && known !== zone;
  return otherCase ? [`time zone '${zone}' is spelled '${known}'`] : [];
}

/** A legal name near the one given, for error texts. */
export function suggestName(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9_]+/g, "_")
      .replace(/^[^a-z]+/, "")
      .slice(0, 30) || "name"
  );
}

/** Why `value` cannot be a value of `key`, or `undefined` when it can. */
export function valueProblem(key: PartitionKey, value: string, escaping: Escaping = "none"): string | undefined {
  const where = `partition key '${key.name}'`;
  if (value === "") return `${where} has an empty value; every partition needs one`;
  const [problem] = [...textProblem(value, escaping), ...kindProblem(key, value)];
  return problem === undefined ? undefined : `${where}: ${problem}`;
}

/** What no folder's value may be, whatever its key. */
function textProblem(value: string, escaping: Escaping): string[] {
  const what = `value ${shown(value)}`;
  if (value === "") return [`${what} is empty; leave it out`];
  if (value === NULL_PARTITION) return [`${what} is Hive's name for null; every partition needs a value`];
  if (/^\.\.?$/.test(value)) return [`${what} means a folder itself or its parent; choose another`];
  const length = [...value].length;
  if (length > LONGEST_VALUE) return [`${what} has ${length} characters, Glue takes ${LONGEST_VALUE}`];
  if (escaping === "none")
    return SAFE_VALUE.test(value)
      ? []
      : [
          `${what} has characters other than letters, digits, '.', '_' and '-'; choose others, or declare ` +
            `escaping: "hive"`,
        ];
  // Hive and Trino escape it, Spark does not; no file system has it in a name.
  if (value.includes("\0")) return [`${what} holds a NUL character`];
  if (/\p{Surrogate}/u.test(value)) return [`${what} holds half a surrogate pair, which UTF-8 cannot carry`];
  return [];
}

function kindProblem(key: PartitionKey, value: string): string[] {
  switch (key.kind) {
    case "date":
      return isDate(key, value) ? [] : [`value ${shown(value)} is not a date written as ${key.format}`];
    case "integer":
      return integerProblem(key, value);
    case "enum":
      return key.values.includes(value) ? [] : [`value ${shown(value)} is not one of ${key.values.join(", ")}`];
    case "injected":
      return [];
  }
}

function isDate({ format }: DateKey, value: string): boolean {
  const part = DATE_PARTS[format];
  if (part) {
    const { first, last, digits = 0 } = part;
    const number = Number(value);
    return /^\d+$/.test(value) && number >= first && number <= last && value === String(number).padStart(digits, "0");
  }
  const parsed = DateTime.fromFormat(value, format, { zone: "utc", locale: "en" });
  // Luxon reads 24 o'clock as the next day, and knows a year 0; Java has none.
  return parsed.isValid && parsed.year > 0 && parsed.toFormat(format) === value;
}

function integerProblem({ digits, type }: IntegerKey, value: string): string[] {
  if (digits !== undefined)
    return new RegExp(`^[0-9]{${digits}}$`).test(value)
      ? []
      : [`value ${shown(value)} is not a whole number of ${digits} digits`];
  if (!/^(0|-?[1-9][0-9]*)$/.test(value)) return [`value ${shown(value)} is not a whole number without leading zeros`];
  const number = BigInt(value);
  return number >= -RANGES[type] && number < RANGES[type] ? [] : [`value ${shown(value)} is too large for ${type}`];
}

/**
 * A day that no calendar has, written over several levels: `year=2021/month=02/day=30/`. `undefined` when there is such
 * a day, or when the keys do not name one.
 *
 * @param values each a value of its key
 */
export function dayProblem(
  keys: readonly PartitionKey[],
  values: Readonly<Record<string, string>>,
): string | undefined {
  const dates = keys.filter((key) => key.kind === "date");
  const only = (...formats: readonly string[]): string | undefined => {
    const found = dates.filter((key) => formats.includes(key.format));
    const [key] = found;
    return key && found.length === 1 ? values[key.name] : undefined;
  };
  const day = only("dd", "d");
  const yearAndMonth = only("yyyy-MM", "yyyyMM");
  const month = only("MM", "M") ?? yearAndMonth?.slice(-2);
  // Of an unknown year: one that has the 29th of February.
  const year = only("yyyy") ?? yearAndMonth?.slice(0, 4) ?? "2000";
  const oneClock = new Set(dates.map((key) => key.timeZone)).size === 1;
  if (day === undefined || month === undefined || !oneClock) return undefined;
  const found = DateTime.utc(Number(year), Number(month), Number(day));
  return found.isValid ? undefined : `the calendar has no day ${day} in month ${month} of ${year}; check both values`;
}

/** In quotes; long ones are cut, and what a terminal would not show is written as its code. */
function shown(value: string): string {
  const cut = value.length > 80 ? `${value.slice(0, 80)}…` : value;
  return `'${cut.replace(/[\p{Cc}\p{Cs}]/gu, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`)}'`;
}
