import { csv, type Csv } from "../../contract/csv";
import { cellReader, lazySimpleSplit } from "../../contract/csvReader";
import type { DatasetDocument } from "../../contract/document";
import { headerProblem } from "./headers";
import { bareCells, cutOtherwise, quoteProblem, QuotedColumns, quotesAreText } from "./quotes";
import type { Start } from "./readStart";

/** What the beginning of a file shows. */
export interface Contents {
  /** What engines would read wrongly; absent when nothing. */
  readonly problem?: string;
  /** Rows of the file; only when all of it was seen. */
  readonly rows?: number;
  /** Rows of the file, estimated by its beginning and its size; else {@link rows}. Absent for cut off compressed files. */
  readonly about?: number;
}

/**
 * What engines would read wrongly in a file: its encoding, and every whole line of its beginning. Cells are those that
 * the engine finds, by the declared dialect. The first problem is told: it mostly is the reason of the others.
 *
 * @param fewest cells that rows may have, all alike: fewer than the columns where some were appended since
 */
export function contentProblem(
  name: string,
  { bytes, cut, size }: Start,
  document: Pick<DatasetDocument, "columns" | "format">,
  fewest: number = document.columns.length,
): Contents {
  const text = decoded(name, bytes, cut);
  if (typeof text !== "string") return text;
  // A document of an earlier version says less of the dialect.
  const format = csv(document.format);
  const names = document.columns.map((column) => column.name);
  const lines = text.split("\n");
  const last = lines.pop() ?? "";
  const lone = lines.length === 0;
  const whole = !cut && (last !== "" || lone);
  if (whole) lines.push(last);
  if (cut && lone) return { ...tooWide(name, last, format, names) };
  const judge = new Lines(name, format, names, fewest);
  for (const [index, line] of lines.entries()) {
    const problem = judge.problem(index, line, !(whole && index === lines.length - 1));
    if (problem !== undefined) return { problem };
  }
  const rows = lines.length - (format.header ? 1 : 0);
  const problem =
    rows === 0 && !cut
      ? `'${name}' has a header and no row: the day would be there, and empty; write no file where there is no row`
      : judge.afterAll();
  if (problem !== undefined) return { problem };
  if (!cut) return { rows, about: rows };
  const seen = bytes.length - Buffer.byteLength(last);
  return size === undefined ? {} : { about: Math.round((rows * size) / seen) };
}

function decoded(name: string, bytes: Uint8Array, cut: boolean): string | { problem: string } {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    return {
      problem: `'${name}' begins with a byte order mark, which some readers take for part of the first value; write encoding="utf-8"`,
    };
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (bytes.includes(0))
    return {
      problem: `'${name}' holds a NUL byte: not UTF-8 text (UTF-16${utf16 ? "" : "?"}); write encoding="utf-8"`,
    };
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes, { stream: cut });
  } catch {
    return { problem: `'${name}' is not UTF-8 (${utf16 ? "UTF-16" : "Shift_JIS?"}); write encoding="utf-8"` };
  }
}

/** A line that goes on beyond what is looked at can already have too many cells. */
function tooWide(name: string, text: string, format: Csv, names: readonly string[]): Contents {
  if (text.slice(0, -1).includes("\r"))
    return { problem: `'${name}' holds a carriage return within a line, where readers end it` };
  const cells = cellReader(format)(text);
  if (cells.length <= names.length) return {};
  return {
    problem: `the first line of '${name}' has more than ${cells.length - 1} columns, the table ${names.length}: ${clip(text)}`,
  };
}

/** The lines of one file, as they are looked at one after the other. */
export class Lines {
  private readonly cellsOf;
  private readonly cutOtherwise;
  private readonly quoted;
  private width: number | undefined;

  constructor(
    private readonly name: string,
    private readonly format: Csv,
    private readonly names: readonly string[],
    private readonly fewest: number,
  ) {
    this.cellsOf = cellReader(format);
    this.cutOtherwise = cutOtherwise(format);
    this.quoted = new QuotedColumns(names.length);
  }

  /** @param ended whether a line end follows */
  problem(index: number, line: string, ended: boolean): string | undefined {
    const { name, format, names } = this;
    const ends = lineEndProblem(name, line, ended, format);
    if (ends !== undefined) return ends;
    const text = ended && format.newline === "\r\n" ? line.slice(0, -1) : line;
    const stray = strayProblem(name, index, line);
    if (stray !== undefined) return stray;
    const where = `${index === 0 ? "the first line" : `line ${index + 1}`} of '${name}'`;
    const cells = this.cellsOf(text);
    if (format.quote !== undefined && cells.at(-1) === null)
      return `${where} ends within quotes, and readers end the row there; take line breaks out of cells: ${clip(text)}`;
    const width = this.widthProblem(where, cells.length, text);
    if (width !== undefined) return width;
    const isFirst = index === 0;
    if (isFirst || (index === 1 && format.header)) {
      const header = headerProblem(
        name,
        index,
        cells.map((cell) => cell ?? format.nullText ?? ""),
        names,
        format,
      );
      if (header !== undefined) return header;
      if (isFirst && format.header) return undefined;
    } else if (cells.length > 1 && cells.every((cell, column) => cell === names[column]))
      return `${where} is a header, as put together files have it, and would be read as data; take it out`;
    const escaped = strayEscape(text, format);
    if (escaped !== undefined)
      return `${where} holds ${JSON.stringify(escaped)}, of which readers drop the first character; write it twice: ${clip(text)}`;
    const cut = this.cutOtherwise(text, cells);
    if (cut !== undefined)
      return `${where} has ${JSON.stringify(cut)}, in which readers find other quotes; put all of the value in quotes, and double those within: ${clip(text)}`;
    if (!quotesAreText(format) || !this.quoted.isOpen(text)) return undefined;
    const bare = bareCells(text, format);
    this.quoted.add(bare);
    const quotes = text.includes('"') ? quoteProblem(bare) : undefined;
    return quotes === undefined ? undefined : `${where} ${quotes}: ${clip(text)}`;
  }

  afterAll(): string | undefined {
    const columns = quotesAreText(this.format) ? this.quoted.columns().map((column) => this.names[column]) : [];
    if (columns.length === 0) return undefined;
    return (
      `'${this.name}' has every value in quotes in ${columns.map((column) => `'${column}'`).join(", ")}, and they become ` +
      `part of it; write quoting=csv.QUOTE_NONE, or declare csv({ quote: '"' })`
    );
  }

  private widthProblem(where: string, width: number, text: string): string | undefined {
    const { names, fewest, format } = this;
    const quotes = format.quote === undefined && text.includes('"') ? `; to readers of this table quotes are text` : "";
    const [expected, list] =
      this.width === undefined || this.width === names.length
        ? [
            width === names.length || (this.width === undefined && width >= fewest && width < names.length),
            names.join(", "),
          ]
        : [width === this.width, `${this.width} in the first line`];
    this.width ??= width;
    return expected
      ? undefined
      : `${where} has ${width} columns, the table ${names.length} (${list})${quotes}: ${clip(text)}`;
  }
}

/** What no reader passes over where it stands; at the beginning of a file its encoding is told by it. */
function strayProblem(name: string, index: number, text: string): string | undefined {
  if (text.includes("\0")) return `line ${index + 1} of '${name}' holds a NUL byte; take it out`;
  if (index === 0 || !text.startsWith("\ufeff")) return undefined;
  return `line ${index + 1} of '${name}' begins with a byte order mark, which readers take for part of the value; write encoding="utf-8"`;
}

function lineEndProblem(name: string, text: string, ended: boolean, { newline }: Csv): string | undefined {
  if (!text.includes("\r"))
    return newline === "\r\n" && ended
      ? `'${name}' has line ends of "\\n", the dataset declares "\\r\\n"; write lineterminator="\\r\\n"`
      : undefined;
  const windows = text.endsWith("\r");
  if (newline === "\n" && windows)
    return `'${name}' has Windows line ends; write lineterminator="\\n", or declare csv({ newline: "\\r\\n" })`;
  if (newline === "\r\n" && ended && !windows)
    return `'${name}' has line ends of "\\n", the dataset declares "\\r\\n"; write lineterminator="\\r\\n"`;
  return text.slice(0, ended ? -1 : undefined).includes("\r")
    ? `'${name}' holds a carriage return within a line, where readers end it`
    : undefined;
}

/** The first escape character, and what follows it, that stands where no writer escapes; a path such as C:\new has it. */
function strayEscape(text: string, { delimiter, quote, escape, nullText }: Csv): string | undefined {
  if (escape === undefined || !text.includes(escape)) return undefined;
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
