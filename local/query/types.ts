const INTEGERS: Readonly<Record<string, { sql: string; bits: number }>> = {
  tinyint: { sql: "TINYINT", bits: 8 },
  smallint: { sql: "SMALLINT", bits: 16 },
  int: { sql: "INTEGER", bits: 32 },
  integer: { sql: "INTEGER", bits: 32 },
  bigint: { sql: "BIGINT", bits: 64 },
};
const OTHERS: Readonly<Record<string, string>> = {
  string: "VARCHAR",
  boolean: "BOOLEAN",
  float: "FLOAT",
  double: "DOUBLE",
  date: "DATE",
  timestamp: "TIMESTAMP",
};

/**
 * DuckDB's name for a Hive type.
 *
 * @throws Error for a type that this reader does not know
 */
export function sqlType(hive: string): string {
  const type = hive.toLowerCase().replaceAll(" ", "");
  const known = INTEGERS[type]?.sql ?? OTHERS[type];
  if (known !== undefined) return known;
  if (/^(var)?char\(\d+\)$/.test(type)) return "VARCHAR";
  if (/^decimal(\(\d+,\d+\))?$/.test(type)) return type === "decimal" ? "DECIMAL(10,0)" : type.toUpperCase();
  throw new Error(`type '${hive}' is not read here`);
}

/**
 * The text of a cell as DuckDB takes it, or null where LazySimpleSerDe finds no value of the type. An empty cell is an
 * empty string, and null in every other type. Hive and Trino agree on all of this; where they do not, it is null.
 */
export function canonical(hive: string, text: string): string | null {
  const type = hive.toLowerCase();
  const integer = INTEGERS[type];
  if (integer) return wholeNumber(text, integer.bits);
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

/** A name as an SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
