/*
 * Quotes in files of a dialect that has none. To its readers they are text: what a writer meant as quoting is told by
 * how the quotes stand, for a value may have quotes of its own.
 */

const QUOTED = /^".*"$/s;

/** What quotes of one line can only be as quoting, which readers do not know; undefined when they may be text. */
export function quoteProblem(cells: readonly (string | null)[]): string | undefined {
  const doubled = cells.find((cell) => cell !== null && /^"(?:[^"]|"")*""(?:[^"]|"")*"$/.test(cell) && cell.length > 2);
  if (doubled !== undefined)
    return `has a value in quotes with quotes doubled, and readers of this table keep all of them; ${FIX}`;
  const opens = cells.findIndex((cell) => cell !== null && /^"/.test(cell) && !QUOTED.test(cell));
  const closes = cells.findLastIndex((cell) => cell !== null && /"$/.test(cell) && !/^"/.test(cell));
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

  add(cells: readonly (string | null)[]): void {
    this.rows += 1;
    this.all.forEach((all, column) => {
      const cell = cells[column];
      this.all[column] = all && typeof cell === "string" && cell.length >= 2 && QUOTED.test(cell);
    });
  }

  columns(): number[] {
    return this.rows === 0 ? [] : this.all.flatMap((all, column) => (all ? [column] : []));
  }
}
