import { deepEqual, equal, match } from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import * as fc from "fast-check";
import { column, COLUMN_TYPES, type ColumnType } from "../../contract/columns";
import { csv, serdeOf, tableParametersOf, type CsvOptions } from "../../contract/csv";
import { cellReader, textLines } from "../../contract/csvReader";
import { csvProblems } from "../../contract/rules/csv";
import { dialects, fileOf, rowsOf } from "../support/csvFiles";

const LAZY = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe";
const OPEN = "org.apache.hadoop.hive.serde2.OpenCSVSerde";
const names = ["feature1", "feature2", "y"];

const columnsOf = (...types: ColumnType[]) => types.map((type, index) => column(`c${index}`, type, ""));
const problems = (options: CsvOptions, ...types: ColumnType[]) => csvProblems(csv(options), columnsOf(...types));

describe("a CSV dialect", () => {
  it("is LazySimpleSerDe's plain one when nothing is said", () => {
    deepEqual(serdeOf(csv()), {
      inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
      outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
      serializationLibrary: LAZY,
      parameters: { "field.delim": ",", "serialization.format": "," },
    });
    deepEqual(tableParametersOf(csv()), {
      classification: "csv",
      EXTERNAL: "TRUE",
      columnsOrdered: "true",
      areColumnsQuoted: "false",
      delimiter: ",",
    });
  });

  it("tells LazySimpleSerDe the escape character and the text of null, and Spectrum the latter in the table", () => {
    const format = csv({ delimiter: "\t", escape: "\\", nullText: "", header: true });
    deepEqual(serdeOf(format).parameters, {
      "field.delim": "\t",
      "serialization.format": "\t",
      "escape.delim": "\\",
      "serialization.null.format": "",
    });
    deepEqual(tableParametersOf(format), {
      ...tableParametersOf(csv({ delimiter: "\t" })),
      "skip.header.line.count": "1",
      "serialization.null.format": "",
    });
  });

  it("with a quote is OpenCSVSerde's, which is told all three characters", () => {
    const format = csv({ quote: '"', header: true });
    const { serializationLibrary, parameters } = serdeOf(format);
    equal(serializationLibrary, OPEN);
    deepEqual(parameters, { separatorChar: ",", quoteChar: '"', escapeChar: "\\" });
    deepEqual(tableParametersOf(format), {
      ...tableParametersOf(csv({ header: true })),
      areColumnsQuoted: "true",
    });
    deepEqual(serdeOf(csv({ delimiter: ";", quote: "'", escape: "^" })).parameters, {
      ...{ separatorChar: ";", quoteChar: "'", escapeChar: "^" },
    });
  });

  it("survives the way to the scripts, and says nothing new when it is declared again", () => {
    fc.assert(
      fc.property(dialects, (format) => {
        deepEqual(JSON.parse(JSON.stringify(format)), format);
        equal(JSON.stringify(csv(format)), JSON.stringify(format));
      }),
    );
  });

  it("carries any rows when nothing is wrong with it: they are read as they were written", () => {
    const files = dialects.chain((format) => fc.record({ format: fc.constant(format), rows: rowsOf(format, names) }));
    fc.assert(
      fc.property(files, fc.boolean(), ({ format, rows }, lastLineEnd) => {
        const lines = textLines(fileOf(format, names, rows, lastLineEnd));
        deepEqual(lines.slice(format.header ? 1 : 0).map(cellReader(format)), rows);
      }),
      { numRuns: 300 },
    );
  });

  it("with a quote is read as DuckDB writes it, and written as DuckDB reads it", async () => {
    // DuckDB doubles quotes and knows backslashes as text: an escape character that no cell holds says the same.
    const format = csv({ quote: '"', escape: "\u0001", header: true });
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "dialect-"));
    const [theirs, ours] = [path.join(folder, "theirs.csv"), path.join(folder, "ours.csv")];
    const connection = await (await DuckDBInstance.create()).connect();
    try {
      const rows = fc.sample(rowsOf(format, names), { numRuns: 40, seed: 7 }).flat();
      const clean = rows.map((row) => row.map((cell) => (cell ?? "").replaceAll("\u0001", "")));
      await connection.run(`CREATE TABLE t (i INTEGER, ${names.map((name) => `${name} VARCHAR`).join(", ")})`);
      for (const [index, row] of clean.entries())
        await connection.run("INSERT INTO t VALUES (?, ?, ?, ?)", [index, ...row]);
      await connection.run(
        `COPY (SELECT * EXCLUDE i FROM t ORDER BY i) TO '${theirs}' (FORMAT csv, HEADER, FORCE_QUOTE *, QUOTE '"')`,
      );
      const lines = textLines(fs.readFileSync(theirs, "utf8"));
      deepEqual(lines.slice(1).map(cellReader(format)), clean);

      fs.writeFileSync(ours, fileOf(format, names, clean));
      const options = `header = true, all_varchar = true, auto_detect = false, delim = ',', quote = '"', escape = '"'`;
      const columns = `columns = {${names.map((name) => `'${name}': 'VARCHAR'`).join(", ")}}`;
      const read = await connection.runAndReadAll(
        `SELECT * FROM read_csv('${ours}', ${options}, ${columns}, nullstr = '\u0002', allow_quoted_nulls = false)`,
      );
      deepEqual(read.getRows(), clean);
    } finally {
      connection.closeSync();
      fs.rmSync(folder, { recursive: true });
    }
  });

  const fine: [title: string, options: CsvOptions, types?: ColumnType[]][] = [
    ["the default with every type", {}, [...COLUMN_TYPES]],
    ["a tab with every type", { delimiter: "\t" }, [...COLUMN_TYPES]],
    ["Hive's own delimiter", { delimiter: "\u0001" }, [...COLUMN_TYPES]],
    ["a pipe, escaped", { delimiter: "|", escape: "\\" }, [...COLUMN_TYPES]],
    ["a blank, between strings", { delimiter: " " }, ["string"]],
    ["a hyphen, between strings", { delimiter: "-" }, ["string"]],
    ["empty cells as null", { nullText: "" }, [...COLUMN_TYPES]],
    ["the words of other systems for null", { nullText: "NULL", escape: "\\" }],
    ["the default null with an escape", { escape: "\\" }],
    ["a Japanese word for null", { nullText: "なし" }],
    ["RFC 4180", { quote: '"', newline: "\r\n", header: true }, ["string"]],
    ["quotes whose backslashes are text", { quote: '"', escape: "\u0001" }, ["string"]],
    ["single quotes between semicolons", { quote: "'", delimiter: ";" }, ["string"]],
    ["Windows line ends", { newline: "\r\n" }, [...COLUMN_TYPES]],
    ["UTF-8 by another spelling", { encoding: "UTF8" }],
  ];
  for (const [title, options, types = []] of fine)
    it(`accepts ${title}`, () => {
      deepEqual(problems(options, ...types), []);
    });

  const wrong: [title: string, options: CsvOptions, problem: RegExp, types?: ColumnType[]][] = [
    ["a delimiter of two characters", { delimiter: "::" }, /^csv delimiter must be one character: .* got "::"$/],
    ["a tab spelt out", { delimiter: "\\t" }, /a tab is written "\\t" in TypeScript/],
    ["no delimiter", { delimiter: "" }, /^csv delimiter must be one character: .* got ""$/],
    ["an empty quote", { quote: "" }, /^csv quote is empty; leave it out for none, got ""$/],
    ["an empty escape", { escape: "" }, /^csv escape is empty; leave it out/],
    ["two quotes", { quote: "''" }, /^csv quote must be one character/],
    ["a Japanese comma", { delimiter: "、" }, /^csv delimiter must be ASCII: .* got "、"$/],
    ["a paragraph sign, one byte in Latin-1", { delimiter: "§" }, /must be ASCII/],
    ["typographic quotes", { quote: "「" }, /^csv quote must be ASCII/],
    ["a line feed as delimiter", { delimiter: "\n" }, /^csv delimiter must not be a line break or NUL/],
    ["NUL as escape", { escape: "\0" }, /^csv escape must not be a line break or NUL/],
    ["a quote as delimiter", { delimiter: '"' }, /^csv delimiter must not be a quote or backslash/],
    ["a backslash as delimiter", { delimiter: "\\" }, /^csv delimiter must not be a quote or backslash/],
    ["a letter as quote", { quote: "q" }, /^csv quote must be a punctuation mark/],
    ["a backslash as quote", { quote: "\\", escape: "^" }, /^csv quote must be .* other than the backslash/],
    ["a blank as escape", { escape: " " }, /^csv escape must be a punctuation mark/],
    ["a digit, which LazySimpleSerDe takes for a byte", { delimiter: "1" }, /delimiter "1" is a number/],
    ["a delimiter that an escape makes a line break", { delimiter: "n", escape: "\\" }, /\\n as a line break/],
    ["delimiter and escape alike", { delimiter: "|", escape: "|" }, /^csv delimiter and escape are both "\|"/],
    ["delimiter and quote alike", { delimiter: "'", quote: "'" }, /^csv delimiter and quote are both "'"/],
    ["quote and escape alike", { quote: '"', escape: '"' }, /are both .* leave 'escape' out/],
    [
      "a header that holds the delimiter",
      { delimiter: "c", header: true },
      /^csv delimiter "c" stands in the name of column 'c/,
    ],
    ["an escape that readers change", { quote: "'", escape: '"' }, /^csv escape "\\"" is read as a backslash/],
    [
      "a null where there is none",
      { quote: '"', nullText: "\\N" },
      /OpenCSVSerde .* has no null; .* nullif\(column, ''\)/,
    ],
    ["a null of two cells", { nullText: "a,b" }, /^csv nullText "a,b" holds the delimiter/],
    ["a null that escapes the delimiter", { nullText: "x\\", escape: "\\" }, /ends with the escape/],
    ["a null of two lines", { nullText: "a\nb" }, /^csv nullText "a\\nb" holds a line break/],
    ["the default null with its letter", { delimiter: "N" }, /nullText "\\\\N" holds the delimiter/],
    ["the line ends of an old Mac", { newline: "\r" }, /^csv newline must be .* got "\\r"$/],
    ["line ends of another kind", { newline: ";" }, /^csv newline must be "\\n" or "\\r\\n", got ";"$/],
    ["Excel's UTF-8", { encoding: "utf-8-sig" }, /byte order mark/],
    ["Shift_JIS", { encoding: "Shift_JIS" }, /got "shift_jis": .* convert in the script/],
    ["UTF-16", { encoding: "utf-16" }, /^csv encoding must be "utf-8"/],
    ["numbers in quotes", { quote: '"' }, /text alone: .*cast in a view.*: column 'c1' \(int\)$/, ["string", "int"]],
    [
      "a hyphen between dates",
      { delimiter: "-" },
      /^csv delimiter "-" stands in values of column 'c0' \(date\)/,
      ["date"],
    ],
    ["a colon between times", { delimiter: ":" }, /column 'c0' \(timestamp\)/, ["timestamp"]],
    ["a point between numbers", { delimiter: "." }, /column 'c0' \(double\)/, ["double"]],
    ["a sign as escape of numbers", { escape: "-" }, /^csv escape "-" .* \(int\), which are not escaped/, ["int"]],
  ];
  const text: ColumnType[] = ["string"];
  for (const [title, options, problem, types = text] of wrong)
    it(`refuses ${title}, once`, () => {
      const found = problems(options, ...types);
      equal(found.length, 1, found.join("\n"));
      match(found[0] ?? "", problem);
    });

  it("reports everything at once", () => {
    const found = problems({ delimiter: "::", quote: "“", nullText: "", newline: "\r", encoding: "cp932" }, "date");
    equal(found.length, 6, found.join("\n"));
  });
});
