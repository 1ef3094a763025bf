const TYPES: Readonly<Record<string, string>> = {
  tinyint: "TINYINT",
  smallint: "SMALLINT",
  int: "INTEGER",
  integer: "INTEGER",
  bigint: "BIGINT",
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
  const known = TYPES[type];
  if (known !== undefined) return known;
  if (/^(var)?char\(\d+\)$/.test(type)) return "VARCHAR";
  if (/^decimal(\(\d+,\d+\))?$/.test(type)) return type === "decimal" ? "DECIMAL(10,0)" : type.toUpperCase();
  throw new Error(`type '${hive}' is not read here`);
}

/** A name as an SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
