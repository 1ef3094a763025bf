import { readFileSync } from "node:fs";
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

/** Characters in which a header ends. */
const LONGEST_HEADER = 1024 ** 2;

/** What a sample says of a declaration. */
export interface Sample {
  readonly columns: readonly SampleColumn[];
  /** Whether some cell holds what only a dialect with quotes carries. All columns are texts then. */
  readonly quoted: boolean;
}

/**
 * Reads a CSV file with a header: names that Glue takes, and the narrowest type by which every cell is read as it is
 * written.
 *
 * @throws UserError when the file is no CSV in UTF-8, when its header names no columns, and for what no dialect carries
 */
export async function readSample(file: string): Promise<Sample> {
  const bytes = readFileSync(file);
  if (bytes.includes(0) || (bytes[0] === 0x1f && bytes[1] === 0x8b))
    throw new UserError(`${file} is no text (compressed, or UTF-16?); save it as CSV in UTF-8`);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new UserError(`${file} is not UTF-8 (Shift_JIS?); save it as UTF-8, such as: iconv -f CP932 -t UTF-8`);
  }
  const width = widthOf(file, text);
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    // Nothing is guessed: where a row has other cells than the header, DuckDB would look for another header. Without a
    // header, or it would give names of its own to those that occur twice.
    const types = Array.from({ length: width }, (_, index) => `c${index}: 'VARCHAR'`).join(", ");
    const read =
      `SELECT * FROM read_csv($file, auto_detect = false, columns = {${types}}, header = false, skip = 0, delim = ',', ` +
      `quote = '"', escape = '"', strict_mode = true, null_padding = false)`;
    const [first = [], ...rows] = (await connection.runAndReadAll(read, { file })).getRowsJson();
    const headers = first.map(String);
    const twice = headers.filter((header, index) => headers.indexOf(header) !== index);
    if (twice.length > 0 || first.includes(null))
      throw new UserError(
        `${file}: ${twice.length > 0 ? `column '${twice[0]}' occurs twice` : "a column has no name"}; the scripts take ` +
          `columns by their names, so give each its own`,
      );
    const names = uniqueNames(headers);
    const all = headers.map((_, index) =>
      rows.map((row) => row[index]).flatMap((cell) => (typeof cell === "string" && cell !== "" ? [cell] : [])),
    );
    const lines = all.flat().find((cell) => /[\r\n]/.test(cell));
    if (lines !== undefined)
      throw new UserError(
        `${file}: the cell ${JSON.stringify(lines.slice(0, 60))} holds a line break, which no table of CSV files carries; ` +
          `take it out`,
      );
    const quoted = all.flat().some((cell) => /[,"]/.test(cell));
    const columns = headers.map((header, index): SampleColumn => ({
      header,
      name: names[index] ?? `column${index + 1}`,
      type: quoted ? "string" : typeOf(all[index] ?? []),
    }));
    return { columns, quoted };
  } catch (error) {
    if (error instanceof UserError) throw error;
    const [reason = ""] = String(error).split("\n");
    throw new UserError(`${file} cannot be read as CSV: ${reason}; give it a header and as many cells in each row`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/**
 * Cells of the header; a quoted one may hold anything.
 *
 * @throws UserError when there is none, and when another character than the comma seems to separate them
 */
function widthOf(file: string, text: string): number {
  const [header = ""] =
    /^(?:"(?:[^"]|"")*"|[^"\r\n])*/.exec(text.slice(0, LONGEST_HEADER).replace(/^[\r\n]+/, "")) ?? [];
  if (header.trim() === "") throw new UserError(`${file} is empty; give it a header with the columns' names`);
  const plain = header.replace(/"(?:[^"]|"")*"/g, "");
  const commas = plain.split(",").length;
  const other = ["\t", ";", "|"].find((separator) => plain.split(separator).length > commas);
  if (other !== undefined)
    throw new UserError(
      `${file}: its header has more of ${JSON.stringify(other)} than of ",", and the scripts read cells between commas; ` +
        `save it with commas, or put names that hold ${JSON.stringify(other)} into quotes`,
    );
  return commas;
}

function typeOf(cells: readonly string[]): ColumnType {
  if (cells.length === 0) return "string";
  // Codes: as a number 007 would be 7.
  if (cells.some((cell) => /^0\d/.test(cell))) return CANDIDATES.slice(3).find((type) => fits(type, cells)) ?? "string";
  // Digits that a double rounds: keys and identifiers beyond bigint.
  const long = cells.some((cell) => /^[+-]?\d+$/.test(cell) && !Number.isSafeInteger(Number(cell)));
  return CANDIDATES.find((type) => !(long && type === "double") && fits(type, cells)) ?? "string";
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
