import { fieldsOf, instantOf, type Fields, type Unit } from "./calendar";

/*
 * Date patterns of Java's DateTimeFormatter, as far as they are made of numbers: what `projection.<key>.format` may
 * hold. Written from Java's documentation alone, so that it can contradict the formats of the declaration's own keys.
 */

type Field = keyof Fields | "dayOfYear";
type Part = { readonly text: string } | { readonly field: Field; readonly width: number };

export interface DatePattern {
  readonly parts: readonly Part[];
  /** Legal for Java, and not computed here: names of months, weeks, eras, zones, optional sections. */
  readonly opaque: boolean;
  /** The smallest unit that the text carries; absent when {@link opaque}. */
  readonly finest?: Unit;
}

/** What is wrong with a pattern. */
export interface BadPattern {
  readonly rule: string;
  readonly fix: string;
}

/** Letters that stand for numbers, with the widths that are computed here, and the most that Java takes. */
const NUMBERS: Readonly<Record<string, { field: Field; widths: readonly number[]; most: number }>> = {
  y: { field: "year", widths: [1, 2, 4], most: 19 },
  u: { field: "year", widths: [1, 2, 4], most: 19 },
  M: { field: "month", widths: [1, 2], most: 5 },
  L: { field: "month", widths: [1, 2], most: 5 },
  d: { field: "day", widths: [1, 2], most: 2 },
  D: { field: "dayOfYear", widths: [1, 2, 3], most: 3 },
  H: { field: "hour", widths: [1, 2], most: 2 },
  m: { field: "minute", widths: [1, 2], most: 2 },
  s: { field: "second", widths: [1, 2], most: 2 },
  S: { field: "millisecond", widths: [1, 2, 3, 4, 5, 6, 7, 8, 9], most: 9 },
};
/** The other letters that Java knows. */
const OPAQUE = /[ABEFGKNOQVWXYZaceghknpqvwxz[\]]/;

/** Coarse to fine: each level is needed for the next. */
const LEVELS: readonly { readonly fields: readonly Field[]; readonly letters: string; readonly unit: Unit }[] = [
  { fields: ["year"], letters: "yyyy", unit: "YEARS" },
  { fields: ["month"], letters: "MM", unit: "MONTHS" },
  { fields: ["day", "dayOfYear"], letters: "dd", unit: "DAYS" },
  { fields: ["hour"], letters: "HH", unit: "HOURS" },
  { fields: ["minute"], letters: "mm", unit: "MINUTES" },
  { fields: ["second"], letters: "ss", unit: "SECONDS" },
  { fields: ["millisecond"], letters: "SSS", unit: "MILLISECONDS" },
];

/** Reads a pattern; Java, or Athena with it, would refuse a bad one. */
export function readPattern(pattern: string): DatePattern | BadPattern {
  const parts: Part[] = [];
  let opaque = false;
  let weekYear = false;
  // A quoted text, two quotes for one, a run of one letter, or any other character.
  for (const [token] of pattern.matchAll(/'(?:[^']|'')+'|''|([A-Za-z])\1*|[^A-Za-z]/gs)) {
    const number = NUMBERS[token.charAt(0)];
    if (token === "'") return { rule: "every quote has its closing one", fix: "write '' for a quote itself" };
    if (token.startsWith("'")) parts.push({ text: token === "''" ? "'" : token.slice(1, -1).replaceAll("''", "'") });
    else if (number && token.length > number.most)
      return { rule: `at most ${number.most} of the letter ${token.charAt(0)}`, fix: "shorten it" };
    else if (number && number.widths.includes(token.length)) parts.push({ field: number.field, width: token.length });
    else if (number || OPAQUE.test(token.charAt(0))) [opaque, weekYear] = [true, weekYear || token.startsWith("Y")];
    else if (/[A-Za-z]/.test(token))
      return {
        rule: `${token.charAt(0)} is no letter of Java's date patterns`,
        fix: `put text into quotes: '${token}'`,
      };
    else if (/[{}#]/.test(token))
      return { rule: `${token} is reserved in Java's date patterns`, fix: "put it into quotes" };
    else parts.push({ text: token });
  }
  const fields = parts.flatMap((part) => ("field" in part ? [part.field] : []));
  if (weekYear && fields.some((field) => field === "month" || field === "dayOfYear"))
    return { rule: "Y is the year of a week, which months and days do not go with", fix: "write yyyy-MM-dd" };
  if (opaque) return { parts, opaque };
  return completeness(parts, fields);
}

function completeness(parts: readonly Part[], fields: readonly Field[]): DatePattern | BadPattern {
  const has = LEVELS.map((level) => level.fields.some((field) => fields.includes(field)));
  const last = has.lastIndexOf(true);
  // The day of a year stands for month and day.
  if (fields.includes("dayOfYear")) {
    if (has[1]) return { rule: "D is the day of the year, which months do not go with", fix: "write d for the day" };
    has[1] = true;
  }
  const missing = LEVELS.find((_, level) => level <= Math.max(last, 0) && !has[level]);
  if (missing !== undefined) {
    const minutes = missing.unit === "MONTHS" && fields.includes("minute");
    return {
      rule: `the format names whole dates, from the year down`,
      fix: minutes
        ? "write MM for the month: m is the minute"
        : `add the ${missing.unit.slice(0, -1).toLowerCase()} (${missing.letters}), or project the key as an integer`,
    };
  }
  const finest = LEVELS[last]?.unit;
  return { parts, opaque: false, ...(finest === undefined ? {} : { finest }) };
}

/** A text as a part of a regular expression. */
export const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

/** The first instant that a text names, in UTC; `undefined` when the text is not of the pattern, or is no date. */
export function parseDate({ parts, opaque }: DatePattern, text: string): number | undefined {
  if (opaque) return undefined;
  const source = parts.map((part) =>
    "text" in part
      ? literally(part.text)
      : part.field === "dayOfYear"
        ? `(\\d{${part.width},3})`
        : part.width > 1
          ? `(\\d{${part.width}})`
          : `(\\d{1,${part.field === "year" ? 9 : 2}})`,
  );
  const match = new RegExp(`^${source.join("")}$`, "s").exec(text);
  if (!match) return undefined;
  const fields: Record<Field, number> = { ...fieldsOf(0), year: 1970, dayOfYear: 0 };
  const numbers = parts.flatMap((part) => ("field" in part ? [part] : []));
  numbers.forEach(({ field, width }, index) => {
    const digits = match[index + 1] ?? "";
    const shortYear = field === "year" && width === 2;
    if (field === "millisecond") fields.millisecond = Math.floor(Number(`0.${digits}`) * 1000 + 1e-6);
    else fields[field] = Number(digits) + (shortYear ? 2000 : 0);
  });
  const { dayOfYear, ...rest } = fields;
  const named = numbers.some(({ field }) => field === "dayOfYear");
  const start = instantOf(rest);
  if (!named || start === undefined) return start;
  const instant = start + (dayOfYear - 1) * 86_400_000;
  return dayOfYear > 0 && fieldsOf(instant).year === rest.year ? instant : undefined;
}

/** The text of an instant, in UTC. */
export function formatDate({ parts }: DatePattern, instant: number): string {
  const fields = fieldsOf(instant);
  return parts
    .map((part) => {
      if ("text" in part) return part.text;
      const { field, width } = part;
      if (field === "millisecond")
        return String(fields.millisecond).padStart(3, "0").padEnd(width, "0").slice(0, width);
      if (field === "year" && width === 2) return String(fields.year % 100).padStart(2, "0");
      return String(field === "dayOfYear" ? dayOfYear(instant, fields.year) : fields[field]).padStart(width, "0");
    })
    .join("");
}

function dayOfYear(instant: number, year: number): number {
  const first = instantOf({ ...fieldsOf(0), year }) ?? 0;
  return Math.floor((instant - first) / 86_400_000) + 1;
}
