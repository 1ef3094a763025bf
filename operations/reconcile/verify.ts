import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { csv, type Csv } from "../../contract/csv";
import { cellReader, lazySimpleSplit } from "../../contract/csvReader";
import type { DatasetDocument } from "../../contract/document";
import { readPath } from "../../contract/layout";
import type { FoundPartition } from "./listing";

/** Enough to see the first lines of a file, and its encoding; of a longer first line only the encoding is judged. */
const FIRST_BYTES = 64 * 1024;

/**
 * Why a folder must not become a partition; empty when it may. Nothing is changed or deleted.
 *
 * @param bucket bucket of the files
 */
export async function verify(
  s3: S3Client,
  bucket: string,
  document: DatasetDocument,
  found: FoundPartition,
): Promise<string[]> {
  const levels = found.path.split("/").length - 1;
  if (levels < document.partitionKeys.length)
    return found.files.map(
      ({ key }) =>
        `'${nameOf(key)}' lies above the partition folders, where no reader sees it; write it below ` +
        document.partitionKeys
          .slice(levels)
          .map(({ name }) => `'${name}'`)
          .join(", "),
    );
  const read = readPath(document.partitionKeys, found.path, document.escaping);
  if ("problems" in read) return [...read.problems];
  if (found.files.length === 0)
    return [
      found.hidden > 0
        ? `no data file, only ${found.hidden} hidden ones`
        : "no data file: did the script write this day?",
    ];
  const problems: string[] = [];
  for (const file of found.files) {
    const name = nameOf(file.key);
    if (file.key.slice(file.key.indexOf(found.path) + found.path.length).includes("/"))
      problems.push(`'${name}' lies in a folder below the partition; write it into the partition itself`);
    else if (file.bytes === 0) problems.push(`'${name}' is empty`);
    else problems.push(...firstLineProblems(name, await firstBytes(s3, bucket, file.key), document));
  }
  return problems;
}

const nameOf = (key: string): string => key.slice(key.lastIndexOf("/") + 1);

async function firstBytes(s3: S3Client, bucket: string, key: string): Promise<Uint8Array> {
  const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, Range: `bytes=0-${FIRST_BYTES - 1}` }));
  if (!object.Body) throw new Error(`s3://${bucket}/${key} has no body`);
  return object.Body.transformToByteArray();
}

/**
 * What engines would read wrongly at the beginning of a file: its encoding, then its first line, and below a header the
 * first row. Cells are those that the engine finds, by the declared dialect.
 */
export function firstLineProblems(name: string, bytes: Uint8Array, document: DatasetDocument): string[] {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    return [
      `'${name}' begins with a byte order mark, which some readers take for part of the first value; write encoding="utf-8"`,
    ];
  if (bytes.includes(0)) return [`'${name}' holds a NUL byte: not UTF-8 text (UTF-16?); write encoding="utf-8"`];
  const cut = bytes.length === FIRST_BYTES;
  let start: string;
  try {
    start = new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: cut });
  } catch {
    return [`'${name}' is not UTF-8 (Shift_JIS?); write encoding="utf-8"`];
  }
  // A document of an earlier version says less of the dialect.
  const format = csv(document.format);
  const names = document.columns.map((column) => column.name);
  const pieces = start.split("\n");
  const last = pieces.pop() ?? "";
  const lines = pieces.map((text) => ({ text, ended: true }));
  if (!cut && (last !== "" || lines.length === 0)) lines.push({ text: last, ended: false });
  for (const [index, { text, ended }] of lines.slice(0, format.header ? 2 : 1).entries()) {
    const problem =
      lineEndProblem(name, text, ended, format) ??
      lineProblem(name, index, ended && format.newline === "\r\n" ? text.slice(0, -1) : text, format, names);
    if (problem !== undefined) return [problem];
  }
  return [];
}

function lineEndProblem(name: string, text: string, ended: boolean, { newline }: Csv): string | undefined {
  const windows = text.endsWith("\r");
  if (newline === "\n" && windows)
    return `'${name}' has Windows line ends; write lineterminator="\\n", or declare csv({ newline: "\\r\\n" })`;
  if (newline === "\r\n" && ended && !windows)
    return `'${name}' has line ends of "\\n", the dataset declares "\\r\\n"; write lineterminator="\\r\\n"`;
  return text.slice(0, ended ? -1 : undefined).includes("\r")
    ? `'${name}' holds a carriage return within a line, where readers end it`
    : undefined;
}

function lineProblem(
  name: string,
  index: number,
  text: string,
  format: Csv,
  names: readonly string[],
): string | undefined {
  const where = `${index === 0 ? "the first line" : `line ${index + 1}`} of '${name}'`;
  const cells = cellReader(format)(text);
  if (format.quote !== undefined && cells.at(-1) === null)
    return `${where} ends within quotes, and readers end the row there; take line breaks out of cells: ${clip(text)}`;
  const quotes = format.quote === undefined && text.includes('"') ? `; to readers of this table quotes are text` : "";
  if (cells.length !== names.length)
    return `${where} has ${cells.length} columns, the table ${names.length} (${names.join(", ")})${quotes}: ${clip(text)}`;
  if (format.quote === undefined && cells.length > 1 && cells.every((cell) => /^".*"$/.test(cell ?? "")))
    return (
      `${where} has every value in quotes, which become part of it; write quoting=csv.QUOTE_NONE, or declare ` +
      `csv({ quote: '"' }): ${clip(text)}`
    );
  const escaped = strayEscape(text, format);
  if (escaped !== undefined)
    return `${where} holds ${JSON.stringify(escaped)}, of which readers drop the first character; write it twice: ${clip(text)}`;
  const isHeader = cells.every((cell, column) => (cell ?? format.nullText) === names[column]);
  if (index === 0 && isHeader !== format.header)
    return isHeader
      ? `'${name}' begins with a header, the dataset declares none: it would be read as data; write header=False`
      : `'${name}' has no header, the dataset declares one: its first row would be lost; write header=True`;
  return undefined;
}

/** The first escape character, and what follows it, that stands where no writer escapes; a path such as C:\new has it. */
function strayEscape(text: string, { delimiter, quote, escape, nullText }: Csv): string | undefined {
  if (escape === undefined) return undefined;
  const cells = quote === undefined ? lazySimpleSplit(text, delimiter, escape) : [text];
  for (const cell of cells)
    for (let at = cell === nullText ? -1 : cell.indexOf(escape); at >= 0; at = cell.indexOf(escape, at + 2)) {
      const next = cell.charAt(at + 1);
      // OpenCSVSerde drops it before all but these two. LazySimpleSerDe always drops it: letters are where it is a mistake.
      const meant = quote === undefined ? next === delimiter || !/^[A-Za-z0-9]?$/.test(next) : next === quote;
      if (next !== escape && !meant) return escape + next;
    }
  return undefined;
}

const clip = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
