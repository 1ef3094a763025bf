import type { StorageDescriptor } from "@aws-sdk/client-glue";

const LAZY_SIMPLE = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe";
const TEXT_INPUT = "org.apache.hadoop.mapred.TextInputFormat";
const CTRL_A = "\u0001";
const KNOWN = ["field.delim", "serialization.format", "serialization.null.format"];

export interface SerdeOptions {
  readonly delimiter: string;
  readonly nullText: string;
}

/**
 * How the descriptor's LazySimpleSerDe cuts lines.
 *
 * @throws Error for another SerDe, and for parameters this reader does not follow
 */
export function serdeOptions(what: string, descriptor: StorageDescriptor): SerdeOptions {
  const { SerdeInfo: serde, InputFormat: format } = descriptor;
  const library = serde?.SerializationLibrary;
  if (library !== LAZY_SIMPLE)
    throw new Error(`${what} has SerDe '${library ?? ""}'; only ${LAZY_SIMPLE} is read here`);
  if (format !== TEXT_INPUT)
    throw new Error(`${what} has InputFormat '${format ?? ""}'; only ${TEXT_INPUT} is read here`);
  const parameters = serde?.Parameters ?? {};
  for (const name of Object.keys(parameters))
    if (!KNOWN.includes(name)) throw new Error(`${what}: SerDe parameter '${name}' is not followed here`);
  return {
    // Hive and Trino fall back to serialization.format, then to Ctrl-A.
    delimiter: separator(parameters["field.delim"] ?? parameters["serialization.format"]),
    nullText: parameters["serialization.null.format"] ?? "\\N",
  };
}

/** Hive takes a number as a byte and of a longer text the first character. */
function separator(text: string | undefined): string {
  if (text === undefined || text === "") return CTRL_A;
  return /^[+-]?\d+$/.test(text) ? String.fromCharCode(Number(text)) : text.charAt(0);
}

/** Lines to fields. Quotes mean nothing; a byte order mark stays in the first field; CR, LF and CRLF end lines. */
export function parseLines(text: string, skip: number, { delimiter, nullText }: SerdeOptions): (string | null)[][] {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.at(-1) === "") lines.pop();
  return lines.slice(skip).map((line) => line.split(delimiter).map((field) => (field === nullText ? null : field)));
}
