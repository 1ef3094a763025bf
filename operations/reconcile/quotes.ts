import type { Csv } from "../../contract/csv";

/*
 * Double quotes in files of a dialect that has none, or others. To its readers they are text: what a writer meant as
 * quoting is told by how the quotes stand, for a value may have quotes of its own.
 */

const QUOTED = /^".*"$/s;

/** Whether double quotes are text to the readers of a dialect. */
export const quotesAreText = ({ quote }: Csv): boolean => quote !== '"';

/** The cells of a line as they are written, without what the dialect quotes or escapes: such quotes were meant as text. */
export function bareCells(text: string, { delimiter, quote, escape }: Csv): string[] {
  const meant = [
    ...(escape === undefined ? [] : [`${code(escape)}.`]),
    ...(quote === undefined ? [] : [inQuotes(quote)]),
  ];
  return (meant.length === 0 ? text : text.replace(new RegExp(meant.join("|"), "gs"), "_")).split(delimiter);
}

/**
 * The first cell of a line that readers of a dialect with quotes find otherwise than it stands there, as it stands; or
 * undefined.
 */
export function cutOtherwise(format: Csv): (text: string, read: readonly (string | null)[]) => string | undefined {
  const { delimiter, quote, escape = "\\" } = format;
  if (quote === undefined) return () => undefined;
  const [d, q, e] = [code(delimiter), code(quote), code(escape)];
  const cell = new RegExp(`(?:(${inQuotes(quote, escape)})|([^${d}]*))${d}`, "gsy");
  const twice = new RegExp(`[${q}${e}](${q})|${e}(${e})`, "g");
  const escaped = new RegExp(`${e}([${q}${e}])`, "g");
  return (text, read) => {
    if (!text.includes(quote) && !text.includes(escape)) return undefined;
    let index = 0;
    for (const [whole, quoted, plain = ""] of `${text}${delimiter}`.matchAll(cell)) {
      const meant = quoted?.slice(1, -1).replace(twice, "$1$2") ?? plain.replace(escaped, "$1");
      if (read[index++] !== meant) return whole.slice(0, -1);
    }
    return undefined;
  };
}

/** A pattern of a cell in quotes, in which quotes are doubled or escaped. */
function inQuotes(quote: string, escape = "\\"): string {
  const plain = `[^${code(quote)}${code(escape)}]*`;
  return `${code(quote)}${plain}(?:(?:${code(quote)}${code(quote)}|${code(escape)}.)${plain})*${code(quote)}`;
}

/** A character in a pattern, whatever it means there. */
const code = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** What quotes of one line can only be as quoting, which readers do not know; undefined when they may be text. */
export function quoteProblem(cells: readonly string[]): string | undefined {
  const doubled = cells.find((cell) => /^"(?:[^"]|"")*""(?:[^"]|"")*"$/.test(cell) && cell.length > 2);
  if (doubled !== undefined)
    return `has a value in quotes with quotes doubled, and readers of this table keep all of them; ${FIX}`;
  const opens = cells.findIndex((cell) => /^"/.test(cell) && !QUOTED.test(cell));
  const closes = cells.findLastIndex((cell) => /"$/.test(cell) && !/^"/.test(cell));
  return opens >= 0 && closes > opens
    ? `has a delimiter in quotes, where readers of this table cut the value in two; ${FIX}`
    : undefined;
}

const FIX = `write quoting=csv.QUOTE_NONE and an escape character, or declare csv({ quote: '"' })`;

/** The columns of which every value so far is in quotes. */
export class QuotedColumns {
  private readonly all: boolean[];
  private rows = 0;

  constructor(columns: number) {
    this.all = Array.from({ length: columns }, () => true);
  }

  /** Whether a line can still say something: without a quote in it, no column is quoted, and then none is left. */
  isOpen(text: string): boolean {
    if (text.includes('"')) return true;
    this.rows += 1;
    this.all.fill(false);
    return false;
  }

  add(cells: readonly string[]): void {
    this.rows += 1;
    this.all.forEach((all, column) => {
      const cell = cells[column];
      this.all[column] = all && cell !== undefined && cell.length >= 2 && QUOTED.test(cell);
    });
  }

  columns(): number[] {
    return this.rows === 0 ? [] : this.all.flatMap((all, column) => (all ? [column] : []));
  }
}
