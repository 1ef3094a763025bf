import type { Column, ColumnType } from "../columns";
import type { Csv } from "../csv";
import { lazySimpleSplit } from "../csvReader";

/** Characters that a value of the type may hold, digits apart: LazySimpleSerDe knows them in no other way. */
const CHARACTERS: Readonly<Record<ColumnType, string>> = {
  string: "",
  boolean: "truefalsTRUEFALS",
  tinyint: "+-",
  smallint: "+-",
  int: "+-",
  bigint: "+-",
  float: "+-.eENaInfity",
  double: "+-.eENaInfity",
  date: "-",
  timestamp: "-: .",
};

const show = (text: string): string => JSON.stringify(text);

/**
 * What is wrong with a dialect, and with columns that its SerDe cannot carry; empty when nothing is. Sources: Hive's
 * LazySerDeParameters and OpenCSVSerde, Trino's TextEncodingOptions and CsvDeserializer, the Athena user guide
 * (csv-serde, lazy-simple-serde) and Redshift's CREATE EXTERNAL TABLE.
 */
export function csvProblems(format: Csv, columns: readonly Column[]): string[] {
  return [
    ...characterProblems(format),
    ...(format.quote === undefined ? lazySimpleProblems(format, columns) : openCsvProblems(format, columns)),
    ...headerProblems(format, columns),
    ...newlineProblems(format),
    ...encodingProblems(format),
  ];
}

/** The header is a line like any other: a name that holds the delimiter would be two. */
function headerProblems({ header, delimiter, quote, escape }: Csv, columns: readonly Column[]): string[] {
  if (!header || quote !== undefined) return [];
  return Object.entries({ delimiter, escape }).flatMap(([role, value]) => {
    const named = columns.find(({ name }) => value !== undefined && value !== "" && name.includes(value));
    return named === undefined
      ? []
      : [
          `csv ${role} ${show(value ?? "")} stands in the name of column '${named.name}', and files have a header; choose another`,
        ];
  });
}

function characterProblems(format: Csv): string[] {
  const problems: string[] = [];
  const roles = (["delimiter", "quote", "escape"] as const).flatMap((role) => {
    const value = format[role];
    return value === undefined ? [] : [{ role, value }];
  });
  for (const { role, value } of roles) {
    const problem = characterProblem(role, value);
    if (problem !== undefined) problems.push(`csv ${role} ${problem}, got ${show(value)}`);
  }
  roles.forEach(({ role, value }, index) => {
    for (const other of roles.slice(index + 1))
      if (other.value === value)
        problems.push(
          `csv ${role} and ${other.role} are both ${show(value)}: readers refuse the table or cannot tell them apart; ` +
            (other.role === "escape" && role === "quote"
              ? `leave 'escape' out, a doubled quote is read as one`
              : `choose another ${other.role}`),
        );
  });
  return problems;
}

function characterProblem(role: "delimiter" | "quote" | "escape", value: string): string | undefined {
  if (value === "" && role !== "delimiter") return "is empty; leave it out for none";
  if (value.length !== 1)
    return `must be one character: readers take the first alone${/^\\[t0-9]/.test(value) ? ` (a tab is written "\\t" in TypeScript)` : ""}`;
  if (/[\r\n\0]/.test(value)) return "must not be a line break or NUL: lines are cut before cells";
  if (value > "\u007f") return "must be ASCII: LazySimpleSerDe compares bytes, and Redshift Spectrum takes no other";
  if (role === "delimiter")
    return /["\\]/.test(value)
      ? `must not be a quote or backslash, which pandas, crawlers and readers take for quoting`
      : undefined;
  return /[A-Za-z0-9 ]/.test(value) || (role === "quote" && (value < " " || value === "\\"))
    ? `must be a punctuation mark${role === "quote" ? " other than the backslash" : ""}`
    : undefined;
}

function lazySimpleProblems({ delimiter, escape, nullText }: Csv, columns: readonly Column[]): string[] {
  const problems: string[] = [];
  if (/^\d/.test(delimiter))
    problems.push(
      `csv delimiter ${show(delimiter)} is a number, which LazySimpleSerDe takes for the byte of that number`,
    );
  if (escape !== undefined && /^[rn]$/.test(delimiter))
    problems.push(
      `csv delimiter ${show(delimiter)} cannot be escaped: Hive reads ${escape}${delimiter} as a line break`,
    );
  for (const [role, value] of Object.entries({ delimiter, escape }))
    if (value?.length === 1)
      for (const { name, type } of columns)
        if (CHARACTERS[type]?.includes(value))
          problems.push(
            `csv ${role} ${show(value)} stands in values of column '${name}' (${type}), which are not escaped; ` +
              `choose another ${role}`,
          );
  return [...problems, ...nullTextProblems(nullText, delimiter, escape)];
}

function nullTextProblems(nullText: string | undefined, delimiter: string, escape: string | undefined): string[] {
  if (nullText === undefined || characterProblem("delimiter", delimiter) !== undefined) return [];
  if (/[\r\n\0]/.test(nullText)) return [`csv nullText ${show(nullText)} holds a line break or NUL: no cell can be it`];
  const [first] = lazySimpleSplit(`${nullText}${delimiter}x`, delimiter, escape);
  return first === nullText
    ? []
    : [
        `csv nullText ${show(nullText)} ${nullText.includes(delimiter) ? "holds the delimiter" : "ends with the escape"}: ` +
          `no cell can be it; choose another text, such as "\\\\N"`,
      ];
}

function openCsvProblems({ quote, escape, nullText }: Csv, columns: readonly Column[]): string[] {
  const problems: string[] = [];
  if (escape === '"' && quote !== '"')
    problems.push(`csv escape ${show(escape)} is read as a backslash by Hive and Trino; leave it out, or write "\\\\"`);
  if (nullText !== undefined)
    problems.push(
      `csv nullText ${show(nullText)}: with a quote OpenCSVSerde reads the table, which has no null; leave it out, and ` +
        `write nullif(column, '') in a view`,
    );
  const typed = columns.filter(({ type }) => type !== "string");
  if (typed.length > 0)
    problems.push(
      `with a csv quote OpenCSVSerde reads the table, which has text alone: Trino refuses other types, in Athena an empty ` +
        `number is an error and a date is days since 1970. Declare string, and cast in a view, or leave the quote out: ` +
        typed.map(({ name, type }) => `column '${name}' (${type})`).join(", "),
    );
  return problems;
}

function newlineProblems({ newline }: Csv): string[] {
  if (["\n", "\r\n"].includes(newline)) return [];
  const why = newline === "\r" ? ": readers other than Hive and Trino see one line" : "";
  return [`csv newline must be "\\n" or "\\r\\n"${why}, got ${show(newline)}`];
}

function encodingProblems({ encoding }: Csv): string[] {
  if (encoding === "utf-8") return [];
  const why = /^utf[-_]?8[-_](sig|bom)$/.test(encoding)
    ? "Hive and Trino drop its byte order mark, other readers put it before the first value"
    : "engines read UTF-8 (Hive alone follows serialization.encoding); convert in the script";
  return [`csv encoding must be "utf-8", got ${show(encoding)}: ${why}`];
}
