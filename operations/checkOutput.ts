import * as fs from "node:fs";
import * as path from "node:path";
import type { Column } from "../contract/columns";
import { csv, DEFAULT_NULL_TEXT, type Csv } from "../contract/csv";
import { cellReader } from "../contract/csvReader";
import { misreading, otherNumber, viewMisreading } from "../contract/csvValues";
import type { DatasetDocument } from "../contract/document";
import { readPath } from "../contract/layout";
import { UserError } from "./commandLine";
import { Copies } from "./copies";
import { contentProblem, Lines } from "./reconcile/contents";
import { isHidden } from "./reconcile/folders";
import { bareCells, quotesAreText } from "./reconcile/quotes";
import { COMPRESSED } from "./reconcile/verify";

/** Something that readers would not see, or see otherwise than it was written. */
export interface Finding {
  /** Below the output folder. */
  readonly file: string;
  /** Line of the file, from 1. Absent: the file as a whole. */
  readonly row?: number;
  readonly column?: string;
  readonly problem: string;
}

export interface OutputCheck {
  readonly partitions: number;
  readonly files: number;
  /** Lines that are rows. */
  readonly rows: number;
  readonly bytes: number;
}

/** Bytes that are read at once, and by which a file's encoding is judged. */
const BLOCK = 64 * 1024;
/** A job with more files fails at their upload (https://github.com/aws/sagemaker-python-sdk/issues/1619). */
const MOST_FILES = 50_000;

/**
 * Reads a local output folder as the table's readers will read it from S3, before anything is uploaded. Whatever its
 * size, one line is held at a time.
 *
 * @param root the folder of the output: what lies in it becomes the table's folder
 * @param tell gets each finding as it is met
 * @throws UserError when there is no such folder
 */
export async function checkOutput(
  root: string,
  { partitionKeys, escaping, columns, format }: DatasetDocument,
  tell: (finding: Finding) => void,
): Promise<OutputCheck> {
  if (!fs.existsSync(root) || !fs.statSync(root).isDirectory()) throw new UserError(`${root} is no folder`);
  const count = { partitions: new Set<string>(), files: 0, rows: 0, bytes: 0 };
  const copies = new Copies(root);
  for (const { file, entry } of filesBelow(root)) {
    const folder = file.slice(0, file.lastIndexOf("/") + 1);
    const report = (problem: string) => tell({ file, problem });
    if (entry.isDirectory()) {
      if (!file.split("/").some(isHidden))
        report("is an empty folder, of which nothing reaches S3: its partition would not be there");
      continue;
    }
    if (!entry.isFile()) {
      report("is no plain file: SageMaker uploads neither links nor special files");
      continue;
    }
    if (file.split("/").some(isHidden)) {
      report("has a name that readers skip (it begins with _ or .)");
      continue;
    }
    count.files += 1;
    if (count.files === MOST_FILES + 1)
      report(`is one file more than ${MOST_FILES}: so many fail at their upload; write fewer and larger ones`);
    const place = readPath(partitionKeys, folder, escaping);
    if ("problems" in place) report(`lies in no partition: ${place.problems.join("; ")}`);
    else count.partitions.add(folder);
    const size = fs.statSync(path.join(root, file)).size;
    count.bytes += size;
    const [compressed] = COMPRESSED.exec(file) ?? /\.gz$/i.exec(file) ?? [];
    const twin = size === 0 ? undefined : await copies.earlier(file, size);
    if (twin !== undefined) report(`is the same as '${twin}': readers of the partition would find each row twice`);
    if (size === 0) report("is empty");
    else if (compressed !== undefined)
      report(`is not looked into: engines take '${compressed}' for its format; check it before it is compressed`);
    else count.rows += await checkFile(root, file, { columns, format }, tell);
  }
  if (count.files === 0) tell({ file: ".", problem: "holds no file: the run would register nothing" });
  return { ...count, partitions: count.partitions.size };
}

function* filesBelow(root: string, below = ""): Generator<{ file: string; entry: fs.Dirent }> {
  const entries = fs.readdirSync(path.join(root, below), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = path.posix.join(below, entry.name);
    if (entry.isDirectory() && fs.readdirSync(path.join(root, file)).length > 0) yield* filesBelow(root, file);
    else yield { file, entry };
  }
}

/** @returns the number of rows */
async function checkFile(
  root: string,
  file: string,
  document: Pick<DatasetDocument, "columns" | "format">,
  tell: (finding: Finding) => void,
): Promise<number> {
  const name = file.slice(file.lastIndexOf("/") + 1);
  const encoding = contentProblem(name, start(path.join(root, file)), document).problem;
  // Of an unreadable file no line means anything.
  if (encoding !== undefined && /byte order mark|NUL byte|not UTF-8/.test(encoding)) {
    tell({ file, problem: encoding });
    return 0;
  }
  const format = csv(document.format);
  const { columns } = document;
  const lines = new Lines(
    name,
    format,
    columns.map((column) => column.name),
    columns.length,
  );
  const cellsOf = cellReader(format);
  let index = 0;
  let blank = false;
  try {
    for await (const { text, ended } of textLines(path.join(root, file))) {
      const row = index + 1;
      const problem = lines.problem(index, text, ended);
      // The row is told already.
      if (problem !== undefined)
        tell({ file, row, problem: problem.replace(/^(the first line|line \d+) of '[^']*' /, "") });
      else if (index > 0 || !format.header) {
        const line = ended && text.endsWith("\r") ? text.slice(0, -1) : text;
        const bare = quotesAreText(format) && line.includes('"') ? bareCells(line, format) : [];
        for (const [at, cell] of cellsOf(line).entries()) {
          const column = columns[at];
          if (column === undefined || cell === null) continue;
          const misread = /^".*"$/.test(bare[at] ?? "")
            ? `${clip(cell)} keeps its quotes: to readers they are text`
            : cellProblem(column, cell, format);
          if (misread !== undefined) tell({ file, row, column: column.name, problem: misread });
        }
      }
      index += 1;
      blank = text === "" || text === "\r";
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    tell({ file, problem: `is not UTF-8 after line ${index} (Shift_JIS?); write encoding="utf-8"` });
  }
  if (blank && columns.length === 1 && index > 1)
    tell({ file, row: index, problem: "is empty, and a row to readers; end the file with one line end" });
  const rows = index - (format.header ? 1 : 0);
  const after = rows <= 0 ? `'${name}' has a header and no row` : lines.afterAll();
  if (after !== undefined) tell({ file, problem: after });
  return Math.max(0, rows);
}

function cellProblem({ type, viewType }: Column, cell: string, { quote, nullText }: Csv): string | undefined {
  if (cell.includes("\ufffd"))
    return `'${clip(cell)}' holds U+FFFD, which stands where a decoder lost a character; read the source in its own encoding`;
  if (type === "string" && quote === undefined && nullText !== DEFAULT_NULL_TEXT && cell === DEFAULT_NULL_TEXT)
    return `'${cell}' is text to readers; write null as '${nullText ?? ""}'`;
  const misread =
    misreading(type, cell) ??
    otherNumber(type, cell) ??
    (viewType === undefined ? undefined : viewMisreading(viewType, cell));
  return misread === undefined ? undefined : `'${clip(cell)}' ${misread}`;
}

function start(file: string): { bytes: Uint8Array; cut: boolean } {
  const handle = fs.openSync(file, "r");
  try {
    const buffer = Buffer.alloc(BLOCK);
    const bytes = buffer.subarray(0, fs.readSync(handle, buffer, 0, BLOCK, 0));
    return { bytes, cut: bytes.length === BLOCK };
  } finally {
    fs.closeSync(handle);
  }
}

/** Lines as engines find them: a line feed ends one, whatever stands around it. */
async function* textLines(file: string): AsyncGenerator<{ readonly text: string; readonly ended: boolean }> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  for await (const chunk of fs.createReadStream(file, { highWaterMark: BLOCK })) {
    const pieces = (rest + decoder.decode(chunk as Buffer, { stream: true })).split("\n");
    rest = pieces.pop() ?? "";
    for (const text of pieces) yield { text, ended: true };
  }
  rest += decoder.decode();
  if (rest !== "") yield { text: rest, ended: false };
}

const clip = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
