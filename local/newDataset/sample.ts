import { DuckDBInstance } from "@duckdb/node-api";
import { COLUMN_TYPES, type ColumnType } from "../../contract/columns";
import { misreading } from "../../contract/csvValues";
import { UserError } from "../../operations/commandLine";

/** A column of a sample, as a declaration can have it. */
export interface SampleColumn {
  /** As the file's header has it. */
  readonly header: string;
  /** As the catalogue takes it. */
  readonly name: string;
  readonly type: ColumnType;
}

/** Types that a column may turn out to have, the narrowest first; a text is whatever is none of them. */
const CANDIDATES: readonly ColumnType[] = ["boolean", "bigint", "double", "date", "timestamp"];

/**
 * The columns of a CSV file with a header: names that Glue takes, and the narrowest type by which every cell is read as
 * it is written.
 *
 * @throws Error when the file cannot be read as CSV, UserError when its header names no columns
 */
export async function sampleColumns(file: string): Promise<SampleColumn[]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    // Without a header, or it would give names of its own to those that occur twice.
    const read = "SELECT * FROM read_csv($file, all_varchar = true, header = false, null_padding = false)";
    const [first = [], ...rows] = (await connection.runAndReadAll(read, { file })).getRowsJson();
    const headers = first.map(String);
    const twice = headers.filter((header, index) => headers.indexOf(header) !== index);
    if (twice.length > 0 || first.includes(null))
      throw new UserError(
        `${file}: ${twice.length > 0 ? `column '${twice[0]}' occurs twice` : "a column has no name"}; the scripts take ` +
          `columns by their names, so give each its own`,
      );
    const names = uniqueNames(headers);
    return headers.map((header, index) => {
      const cells = rows.map((row) => row[index]).filter((cell) => cell !== null && cell !== undefined && cell !== "");
      return { header, name: names[index] ?? `column${index + 1}`, type: typeOf(cells.map(String)) };
    });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function typeOf(cells: readonly string[]): ColumnType {
  if (cells.length === 0) return "string";
  // Codes: as a number 007 would be 7.
  if (cells.some((cell) => /^0\d/.test(cell))) return CANDIDATES.slice(3).find((type) => fits(type, cells)) ?? "string";
  return CANDIDATES.find((type) => fits(type, cells)) ?? "string";
}

const fits = (type: ColumnType, cells: readonly string[]): boolean =>
  COLUMN_TYPES.includes(type) && cells.every((cell) => misreading(type, cell) === undefined);

/** `Temp Max` → `temp_max`; what has no Latin letter becomes `column1`. */
function uniqueNames(headers: readonly string[]): string[] {
  const taken = new Set<string>();
  return headers.map((header, index) => {
    const plain = header
      .normalize("NFKC")
      .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "_")
      .replace(/^_+|_+$/g, "");
    const own = /^[a-z]/.test(plain) ? plain : plain === "" ? `column${index + 1}` : `c_${plain}`;
    let name = own;
    for (let count = 2; taken.has(name); count++) name = `${own}_${count}`;
    taken.add(name);
    return name;
  });
}
