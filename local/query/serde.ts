import type { StorageDescriptor } from "@aws-sdk/client-glue";
import { DEFAULT_NULL_TEXT, LAZY_SIMPLE_SERDE, OPEN_CSV_SERDE, TEXT_INPUT_FORMAT } from "../../contract/csv";
import { lazySimpleReader, openCsvReader, type CellReader } from "../../contract/csvReader";

const CTRL_A = "\u0001";

/** The parameters of each SerDe that decide how a line is read. */
const FOLLOWED: Readonly<Record<string, readonly string[]>> = {
  [LAZY_SIMPLE_SERDE]: ["field.delim", "serialization.format", "escape.delim", "serialization.null.format"],
  [OPEN_CSV_SERDE]: ["separatorChar", "quoteChar", "escapeChar"],
};
/** Catalogues write these, and they change nothing in what is read here. */
const IDLE: Readonly<Record<string, RegExp>> = { "line.delim": /^\n$/, "serialization.format": /^/ };
/** Of a table's parameters those that change the reading and are not followed; all others are hints. */
const NOT_FOLLOWED = [
  "serialization.encoding",
  "serialization.last.column.takes.rest",
  "skip.footer.line.count",
  "timestamp.formats",
];

type Parameters = Readonly<Record<string, string>>;

/** How the files of a table or partition are read. */
export interface TextFormat {
  /** Lines at the beginning of each file that are no rows. */
  readonly skip: number;
  readonly read: CellReader;
}

/**
 * What Hive and Trino make of a descriptor: they read its SerDe's parameters, and the table's own over them.
 *
 * @param what names the table or partition in errors
 * @throws Error for another SerDe, for parameters this reader does not follow, and for what the engines refuse
 */
export function textFormat(what: string, descriptor: StorageDescriptor, table: Parameters): TextFormat {
  const { SerdeInfo: serde, InputFormat: format } = descriptor;
  const library = serde?.SerializationLibrary ?? "";
  const followed = FOLLOWED[library];
  if (followed === undefined)
    throw new Error(`${what} has SerDe '${library}'; only ${Object.keys(FOLLOWED).join(" and ")} are read here`);
  if (format !== TEXT_INPUT_FORMAT)
    throw new Error(`${what} has InputFormat '${format ?? ""}'; only ${TEXT_INPUT_FORMAT} is read here`);
  const own = serde?.Parameters ?? {};
  for (const [name, value] of Object.entries(own))
    if (!followed.includes(name) && !IDLE[name]?.test(value))
      throw new Error(`${what}: SerDe parameter '${name}' is not followed here`);
  for (const name of NOT_FOLLOWED)
    if (table[name] !== undefined && table[name] !== "0")
      throw new Error(`${what}: parameter '${name}' of the table is not followed here`);
  const parameters = {
    ...own,
    ...Object.fromEntries(Object.entries(table).filter(([name]) => followed.includes(name))),
  };
  const skip = headerLines(what, table["skip.header.line.count"] ?? "0");
  return library === OPEN_CSV_SERDE
    ? { skip, read: openCsv(what, parameters, descriptor) }
    : { skip, read: lazySimple(what, parameters) };
}

function headerLines(what: string, count: string): number {
  if (!/^\d+$/.test(count)) throw new Error(`${what}: skip.header.line.count '${count}' is not a whole number`);
  return Number(count);
}

function lazySimple(what: string, parameters: Parameters): CellReader {
  const { "escape.delim": escape, "serialization.null.format": nullText = DEFAULT_NULL_TEXT } = parameters;
  return lazySimpleReader({
    // Without both it is Ctrl-A, and each line one column.
    delimiter: byteOf(what, parameters["field.delim"] ?? parameters["serialization.format"] ?? "", CTRL_A),
    nullText,
    ...(escape === undefined ? {} : { escape: byteOf(what, escape, "\\") }),
  });
}

/** A number is taken for a byte; of a longer text the first character counts. */
function byteOf(what: string, text: string, absent: string): string {
  if (text === "") return absent;
  const byte = /^[+-]?\d+$/.test(text) ? Number(text) : NaN;
  const char = byte >= -128 && byte <= 127 ? String.fromCharCode(byte & 0xff) : text.charAt(0);
  if (char > "\u007f")
    throw new Error(`${what}: ${JSON.stringify(text)} is not ASCII: LazySimpleSerDe would cut UTF-8 within characters`);
  return char;
}

function openCsv(what: string, parameters: Parameters, { Columns: columns = [] }: StorageDescriptor): CellReader {
  const typed = columns.filter(({ Type: type }) => type !== "string");
  if (typed.length > 0)
    throw new Error(
      `${what}: OpenCSVSerde reads text alone, and Trino refuses other types: ` +
        typed.map(({ Name: name, Type: type }) => `column '${name}' is ${type}`).join(", "),
    );
  const { separatorChar = ",", quoteChar = '"', escapeChar = "\\" } = parameters;
  if (separatorChar === "" || quoteChar === "" || escapeChar === "")
    throw new Error(`${what}: separatorChar, quoteChar and escapeChar must not be empty`);
  const [delimiter, quote] = [separatorChar.charAt(0), quoteChar.charAt(0)];
  // Both engines read an escape of " as a backslash: the library's default for writing is not its default for reading.
  const escape = escapeChar.startsWith('"') ? "\\" : escapeChar.charAt(0);
  if (new Set([delimiter, quote, escape]).size < 3)
    throw new Error(`${what}: the separator, quote and escape characters must be different`);
  return openCsvReader({ delimiter, quote, escape });
}
