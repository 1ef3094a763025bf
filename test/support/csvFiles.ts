import * as fc from "fast-check";
import { csv, type Csv, type CsvOptions } from "../../contract/csv";
import { csvProblems } from "../../contract/rules/csv";

const usual = fc.constantFrom(",", "\t", ";", "|", '"', "'", "`", "^", "\\", "\u0001", " ");
const character = fc.oneof(usual, fc.string({ unit: "binary-ascii", minLength: 1, maxLength: 1 }));

/** Dialects of all kinds that the contract lets pass for columns of strings. */
export const dialects: fc.Arbitrary<Csv> = fc
  .record<CsvOptions>(
    {
      delimiter: character,
      quote: character,
      escape: character,
      header: fc.boolean(),
      nullText: fc.constantFrom("", "NULL", "なし", "-", "\\\\"),
      newline: fc.constantFrom("\n", "\r\n"),
    },
    { requiredKeys: [] },
  )
  .map((options) => csv(options))
  .filter((format) => csvProblems(format, []).length === 0);

/** A cell, null where the dialect has null, that the dialect carries. */
function cells(format: Csv): fc.Arbitrary<string | null> {
  const { delimiter, quote = '"', escape = "\\", nullText } = format;
  const special = fc.constantFrom(delimiter, quote, escape, '"', "\\", " ", "n", "晴", "☔", nullText ?? "");
  const text = fc
    .array(fc.oneof(special, fc.string({ unit: "grapheme", maxLength: 3 })), { maxLength: 4 })
    .map((parts) => parts.join("").replace(/[\r\n\0\ufeff]/g, ""))
    .filter((cell) => written(format, cell) !== nullText && (quotesOrEscapes(format) || !cell.includes(delimiter)));
  return format.quote === undefined ? fc.oneof(text, fc.constant(null)) : text;
}

/** Rows of so many cells, and of nothing that makes the first line look like another dialect's. */
export function rowsOf(format: Csv, columns: readonly string[]): fc.Arbitrary<(string | null)[][]> {
  const row = fc
    .array(cells(format), { minLength: columns.length, maxLength: columns.length })
    .filter((given) => !given.every((cell, index) => cell === columns[index]))
    .filter((given) => format.quote !== undefined || !given.some((cell) => /^"|"$/.test(cell ?? "")));
  return fc.array(row, { minLength: 1, maxLength: 4 });
}

const quotesOrEscapes = ({ quote, escape }: Csv) => quote !== undefined || escape !== undefined;

/** A cell as a careful writer of the dialect writes it. */
function written({ delimiter, quote, escape, nullText }: Csv, cell: string | null): string {
  if (cell === null) return nullText ?? "";
  const twice = (text: string, character: string) => text.replaceAll(character, () => character + character);
  if (quote !== undefined) return quote + twice(escape === undefined ? cell : twice(cell, escape), quote) + quote;
  if (escape === undefined) return cell;
  return [...cell].map((char) => (char === escape || char === delimiter ? escape + char : char)).join("");
}

/** The file of such rows, with a header where the dialect has one. */
export function fileOf(
  format: Csv,
  columns: readonly string[],
  rows: readonly (readonly (string | null)[])[],
  lastLineEnd = true,
): string {
  const lines = [...(format.header ? [columns] : []), ...rows];
  const text = lines.map((line) => line.map((cell) => written(format, cell)).join(format.delimiter));
  return text.join(format.newline) + (lastLineEnd ? format.newline : "");
}
