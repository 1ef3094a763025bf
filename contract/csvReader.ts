/**
 * The model of the engines that read the tables' files: what Hive and Trino make of a line. Both were run over the same
 * lines to write it (Hive 3.1.3 on Hadoop 3.3.6, Trino 483); test/contract/csvReader.test.ts holds their answers.
 */
import { DEFAULT_NULL_TEXT, type Csv } from "./csv";

/** The cells of one line; null where the engine reads null. Engines fill short rows with null and drop extra cells. */
export type CellReader = (line: string) => (string | null)[];

/** How LazySimpleSerDe cuts a line: a plain split, in which the character after an escape is text. */
export interface LazySimpleOptions {
  readonly delimiter: string;
  readonly escape?: string;
  readonly nullText: string;
}

/** How OpenCSVSerde cuts a line. The three characters differ. */
export interface OpenCsvOptions {
  readonly delimiter: string;
  readonly quote: string;
  readonly escape: string;
}

/** What the engine reads in a dataset's lines. */
export function cellReader({ delimiter, quote, escape, nullText = DEFAULT_NULL_TEXT }: Csv): CellReader {
  if (quote !== undefined) return openCsvReader({ delimiter, quote, escape: escape ?? "\\" });
  return lazySimpleReader({ delimiter, nullText, ...(escape === undefined ? {} : { escape }) });
}

/** Lines of a text file: LF, CRLF and CR end one; a byte order mark at the beginning is dropped. */
export function textLines(text: string): string[] {
  const lines = text.replace(/^\ufeff/, "").split(/\r\n|\n|\r/);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** Quotes mean nothing; a cell is compared with the null text before it is unescaped. */
export function lazySimpleReader({ delimiter, escape, nullText }: LazySimpleOptions): CellReader {
  return (line) =>
    lazySimpleSplit(line, delimiter, escape).map((raw) => {
      if (raw === nullText) return null;
      return escape === undefined || !raw.includes(escape) ? raw : unescaped(raw, escape);
    });
}

/** The cells of a line as they are written. */
export function lazySimpleSplit(line: string, delimiter: string, escape: string | undefined): string[] {
  if (escape === undefined) return line.split(delimiter);
  const cells: string[] = [];
  let start = 0;
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    if (char === delimiter) {
      cells.push(line.slice(start, at));
      start = at + 1;
    } else if (char === escape) at++;
  }
  return [...cells, line.slice(start)];
}

/** Hive also makes a line break of an escaped `n` or `r`, Trino the letter: no declared dialect has them escaped. */
function unescaped(raw: string, escape: string): string {
  let text = "";
  for (let at = 0; at < raw.length; at++) {
    // An escape that ends the cell is text.
    if (raw.charAt(at) === escape && at + 1 < raw.length) at++;
    text += raw.charAt(at);
  }
  return text;
}

/**
 * Nothing but a missing cell is null: an empty cell is an empty string. An escape character is dropped unless it stands,
 * within a cell, before a quote or another one. A cell whose quote is not closed on its line is null; so is an empty line.
 */
export function openCsvReader({ delimiter, quote, escape }: OpenCsvOptions): CellReader {
  return (line) => {
    if (line === "") return [];
    const cells: string[] = [];
    let cell = "";
    let inQuotes = false;
    let inField = false;
    for (let at = 0; at < line.length; at++) {
      const char = line.charAt(at);
      const next = line.charAt(at + 1);
      const within = inQuotes || inField;
      if (char === escape) {
        if (within && (next === quote || next === escape)) {
          cell += next;
          at++;
        }
      } else if (char === quote) {
        if (within && next === quote) {
          cell += quote;
          at++;
        } else {
          // In the middle of a cell a quote is text as well; blanks before an opening one are dropped. Not so in the
          // first three characters of a line: that is how the library counts.
          if (at > 2 && line.charAt(at - 1) !== delimiter && next !== "" && next !== delimiter)
            cell = cell !== "" && [...cell].every(isJavaBlank) ? "" : cell + quote;
          inQuotes = !inQuotes;
        }
        inField = !inField;
      } else if (char === delimiter && !inQuotes) {
        cells.push(cell);
        cell = "";
        inField = false;
      } else {
        cell += char;
        inField = true;
      }
    }
    return [...cells, inQuotes ? null : cell];
  };
}

/** `Character.isWhitespace` of Java: without the no-break spaces, with the four information separators. */
function isJavaBlank(char: string): boolean {
  return (char >= "\u001c" && char <= "\u001f") || (/\s/.test(char) && !"\u00a0\u2007\u202f\ufeff".includes(char));
}
