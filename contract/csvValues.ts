/** What engines make of a cell that LazySimpleSerDe has cut out of a line, by the column's type. */

const INTEGER_BITS: Readonly<Record<string, number>> = { tinyint: 8, smallint: 16, int: 32, integer: 32, bigint: 64 };

/**
 * What a cell's text means in a column of a type, in one way of writing it, or null where LazySimpleSerDe finds no value of the type. An empty cell is an
 * empty string, and null in every other type. Hive and Trino agree on all of this; where they do not, it is null.
 */
export function readValue(hive: string, text: string): string | null {
  const type = hive.toLowerCase();
  const bits = INTEGER_BITS[type];
  if (bits !== undefined) return wholeNumber(text, bits);
  switch (type) {
    case "boolean":
      return /^(true|false)$/i.test(text) ? text.toLowerCase() : null;
    case "float":
    case "double":
      return floatingNumber(text, type === "float");
    case "date":
      return date(text);
    case "timestamp":
      return timestamp(text);
    default:
      return text;
  }
}

/** Decimals of a valid number are cut; blanks and overflow make it null. */
function wholeNumber(text: string, bits: number): string | null {
  const [, sign = "", digits = "", decimals = ""] = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text) ?? [];
  if (digits === "" && decimals === "") return null;
  const value = BigInt(`${sign === "-" ? "-" : ""}${digits || "0"}`);
  return BigInt.asIntN(bits, value) === value ? value.toString() : null;
}

/** Java's own parser: blanks around are passed over, a `d` or `f` may end it, what is too big is infinite. */
function floatingNumber(text: string, single: boolean): string | null {
  const [, sign = "", word, digits = ""] =
    /^[\0- ]*([+-]?)(?:(NaN|Infinity)|((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[dDfF]?)[\0- ]*$/.exec(text) ?? [];
  if (word === "NaN") return word;
  if (word === undefined && digits === "") return null;
  const value = Number(`${sign}${word ?? digits}`);
  return String(single ? Math.fround(value) : value);
}

/** What follows a blank is passed over, and days and months that are too high roll over: 2021-02-30 is 2021-03-02. */
function date(text: string): string | null {
  const [, year = "", month = "", day = ""] = /^\s*(\d{1,4})-(\d{1,2})-(\d{1,2})(?: .*)?$/.exec(text) ?? [];
  return year === "" ? null : startOfDay(year, month, day).toISOString().slice(0, 10);
}

/** Date, a blank, time: the T of ISO 8601 is null, and so is a date alone. */
function timestamp(text: string): string | null {
  const [, year = "", month = "", day = "", hour = "", minute = "", second = "", fraction = ""] =
    /^\s*(\d{1,4})-(\d{1,2})-(\d{1,2}) (\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d{1,9})?\s*$/.exec(text) ?? [];
  if (year === "") return null;
  const instant = startOfDay(year, month, day);
  instant.setUTCHours(Number(hour), Number(minute), Number(second));
  return instant.toISOString().slice(0, 19).replace("T", " ") + fraction;
}

function startOfDay(year: string, month: string, day: string): Date {
  const start = new Date(0);
  start.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  return start;
}

/**
 * What a reader of a column would get that the writer did not mean: no value, or another one. Undefined where the cell is
 * read as it was written. An empty cell is no misreading: it is an empty text, and no value in every other type.
 */
export function misreading(hive: string, text: string): string | undefined {
  const type = hive.toLowerCase();
  if (type === "string" || text === "") return undefined;
  const value = readValue(type, text);
  if (value === null) return `is no ${type} to a reader, who gets NULL${HINTS[type] ?? ""}`;
  const read = `is read as ${value}`;
  if (INTEGER_BITS[type] !== undefined) return text.includes(".") ? `${read}: decimals are cut` : undefined;
  // A day written dd-MM-yy is one of the first century.
  if ((type === "date" || type === "timestamp") && !/^\s*(?!0000)\d{4}-/.test(text)) return read;
  if (type === "date") return dayOf(text) === value && /^\s*[\d-]+( 00:00:00(\.0+)?)?$/.test(text) ? undefined : read;
  if (type === "timestamp") return `${dayOf(text)} ${timeOf(text)}` === value.slice(0, 19) ? undefined : read;
  if (type === "float" || type === "double")
    return Number.isFinite(Number(value)) || /nan|inf/i.test(text) ? undefined : `${read}: it is too large`;
  return undefined;
}

/** How a value is written that pandas and others write otherwise. */
const HINTS: Readonly<Record<string, string>> = {
  boolean: "; write true or false",
  date: "; write yyyy-MM-dd",
  timestamp: "; write yyyy-MM-dd HH:mm:ss, with a blank and without a zone",
};

/** The day that a text names, whether there is such a day or not. */
function dayOf(text: string): string {
  const [, year = "", month = "", day = ""] = /^\s*(\d{1,4})-(\d{1,2})-(\d{1,2})/.exec(text) ?? [];
  return `${year.padStart(4, "0")}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}

/**
 * What a view's `TRY_CAST` makes of a text otherwise than it was written; undefined where it takes it. Casts of Trino take
 * no decimals for whole numbers, but times without seconds and short forms of true and false.
 */
export function viewMisreading(hive: string, text: string): string | undefined {
  const misread = misreading(hive, text) ?? otherNumber(hive, text);
  if (misread === undefined || CASTS[hive]?.test(text)) return undefined;
  return `is not this ${hive} in the typed view, which has NULL or another value there`;
}

const CASTS: Readonly<Record<string, RegExp>> = {
  boolean: /^(t|f|0|1)$/i,
  timestamp: /^\d{4}-\d{2}-\d{2}( ([01]\d|2[0-3]):[0-5]\d)?$/,
};

/** The time of day that a text names, whether there is such a time or not. */
function timeOf(text: string): string {
  const [, ...parts] = / (\d{1,2}):(\d{1,2}):(\d{1,2})/.exec(text) ?? [];
  return parts.map((part) => part.padStart(2, "0")).join(":");
}

/** What a reader gets of a number that no floating one of the type is; undefined where the text is a rounding of it. */
export function otherNumber(hive: string, text: string): string | undefined {
  const type = hive.toLowerCase();
  if (type !== "float" && type !== "double") return undefined;
  const value = Number(readValue(type, text) ?? Number.NaN);
  if (value === 0) return /^[^eE]*[1-9]/.test(text) ? "is read as 0: it is too small" : undefined;
  // Decimals are roundings everywhere; a whole number is a count or an id.
  const [, sign = "", digits] = /^\s*([+-]?)0*(\d+)(?:\.0*)?\s*$/.exec(text) ?? [];
  if (digits === undefined || !Number.isFinite(value)) return undefined;
  const significant = digits.replace(/0+$/, "");
  const rounded = Math.abs(value).toPrecision(Math.min(100, significant.length));
  const exact = BigInt(`${sign}${digits}`.replace("+", "")) === BigInt(value);
  return exact || rounded.replace(/\.|e.*$/g, "") === significant
    ? undefined
    : `is read as ${BigInt(value)}: a ${type} holds no more digits`;
}
