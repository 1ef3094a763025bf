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
 * empty string, and null in every other type.
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
      return /^[+-]?((\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|NaN|Infinity)$/.test(text) ? text : null;
    case "date":
      return /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : null;
    case "timestamp":
      // With a space between date and time: the T of ISO 8601 is null.
      return /^\d{4}-\d{2}-\d{2}( \d{2}:\d{2}:\d{2}(\.\d{1,9})?)?$/.test(text) ? text : null;
    default:
      return text;
  }
}

/** The decimal part of a valid number is cut, as Hive and Trino do; blanks and overflow make it null. */
function wholeNumber(text: string, bits: number): string | null {
  const [, sign = "", digits = ""] = /^([+-]?)(\d+)(?:\.\d*)?$/.exec(text) ?? [];
  if (digits === "") return null;
  const value = BigInt(`${sign === "-" ? "-" : ""}${digits}`);
  return BigInt.asIntN(bits, value) === value ? value.toString() : null;
}

/** A name as an SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
