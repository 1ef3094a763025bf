import type { Csv } from "../../contract/csv";

/** A name as somebody else writes it: in capitals, in quotes, with blanks. */
const loosely = (cell: string): string =>
  cell
    .trim()
    .replace(/^(["'])(.*)\1$/s, "$2")
    .trim()
    .toLowerCase();

/**
 * What is wrong with a line where a header stands, or could stand by mistake; undefined when nothing is.
 *
 * @param index 0, or 1 for the line below a header
 */
export function headerProblem(
  name: string,
  index: number,
  cells: readonly string[],
  columns: readonly string[],
  { header }: Pick<Csv, "header">,
): string | undefined {
  const found = isHeader(cells, columns);
  if (index > 0)
    return found ? `'${name}' has its header twice: the second would be read as data; write it once` : undefined;
  if (found && !header)
    return `'${name}' begins with a header, the dataset declares none: it would be read as data; write header=False`;
  if (found || !header) return undefined;
  const given = cells.map(loosely);
  const swapped = [...given].sort().join("\n") === [...columns.slice(0, cells.length)].sort().join("\n");
  return swapped
    ? `'${name}' has no header in the table's order: it is ${cells.join(", ")}, the table's ${columns.join(", ")}, and ` +
        `CSV is read by position; write columns=[…] in the table's order`
    : `'${name}' has no header, the dataset declares one: its first row would be lost; write header=True`;
}

/** Of one column alone, the name in capitals may well be a value. */
function isHeader(cells: readonly string[], columns: readonly string[]): boolean {
  const same = (read: (cell: string) => string) => cells.every((cell, index) => read(cell) === columns[index]);
  return cells.length > 0 && (same((cell) => cell) || (cells.length > 1 && same(loosely)));
}
