import { deepEqual, equal, match } from "node:assert/strict";
import * as fc from "fast-check";
import { csv } from "../../contract/csv";
import { csvProblems } from "../../contract/rules/csv";
import { column } from "../../contract/columns";
import type { DatasetDocument } from "../../contract/document";
import { contentProblem } from "../../operations/reconcile/contents";
import { dialects, fileOf, rowsOf } from "../support/csvFiles";

const names = ["feature1", "feature2", "y"];
const document: DatasetDocument = {
  name: "features",
  partitionKeys: [],
  columns: names.map((name) => column(name, "string", "")),
  format: csv(),
};
const withHeader = { ...document, format: csv({ header: true }) };
const quoted = { ...document, format: csv({ quote: '"' }) };
const escaped = { ...document, format: csv({ escape: "\\" }) };
const windows = { ...document, format: csv({ newline: "\r\n" }) };
const bytes = (text: string) => new TextEncoder().encode(text);
const problems = (text: string | Uint8Array, given = document) =>
  contentProblem("p.csv", { bytes: typeof text === "string" ? bytes(text) : text, cut: false }, given).problem ?? "";
/** Of a file that goes on. */
const cut = (text: string | Uint8Array, given = document) =>
  contentProblem("p.csv", { bytes: typeof text === "string" ? bytes(text) : text, cut: true }, given);

/** 晴れ in Shift_JIS. */
const SHIFT_JIS = [0x90, 0xb0, 0x82, 0xea];
const utf16 = (text: string) => new Uint8Array(Buffer.from(`\ufeff${text}`, "utf16le"));

/** Text of a cell that LazySimpleSerDe reads as it was written. */
const safeCell = fc.string({ unit: "grapheme" }).filter((cell) => !/[,\n\r\0\ufeff]/.test(cell) && cell !== names[0]);

describe("the first line of a file", () => {
  it("is accepted exactly when it has as many columns as the table", () => {
    fc.assert(
      fc.property(fc.array(safeCell, { minLength: 1, maxLength: 6 }), fc.boolean(), (cells, ended) => {
        const line = cells.join(",") + (ended ? "\n" : "");
        equal(problems(line) === "", cells.length === names.length, line);
      }),
    );
  });

  it("is accepted in a file of any dialect, and never with a cell more", () => {
    const carried = dialects.filter((format) => csvProblems(format, document.columns).length === 0);
    const files = carried.chain((format) => fc.record({ format: fc.constant(format), rows: rowsOf(format, names) }));
    fc.assert(
      fc.property(files, fc.boolean(), ({ format, rows }, lastLineEnd) => {
        const given = { ...document, format };
        equal(problems(fileOf(format, names, rows, lastLineEnd), given), "");
        // A cell that no dialect must escape.
        const cell = ["x", "y", "z", "w"].find((char) => !Object.values(format).includes(char)) ?? "";
        const longer = rows.map((row) => [cell, ...row]);
        match(problems(fileOf(format, names, longer, lastLineEnd), given), /has 4 columns, the table 3/);
      }),
      { numRuns: 200 },
    );
  });

  it("is accepted in the file of a document that says less of the dialect, as earlier ones did", () => {
    const format = JSON.parse('{ "kind": "csv", "delimiter": ";", "header": false }') as typeof document.format;
    equal(problems("a;b;\\N\n", { ...document, format }), "");
    match(problems("a;b;c\r\n", { ...document, format }), /Windows line ends/);
  });

  it("is accepted in quotes and with escapes where the dataset declares them", () => {
    equal(problems('"a,b","say ""hi""","C:\\\\new"\n', quoted), "");
    equal(problems("a\\,b,C:\\\\new,\\N\n", escaped), "");
    for (const text of ['a,\\"b\\",c\n', '\\"a,b\\",c\nx,y,z\n', 'a,\\"x\\"\\"y\\",c\n', '\\"a,b,c\\"\n'])
      equal(problems(text, escaped), "", text);
    equal(problems('aaa,b"b"b,a\\"b\n', quoted), "");
    equal(problems(`'a,"b",c',"x",'it''s'\n'a',b,c\n`, { ...document, format: csv({ quote: "'" }) }), "");
    equal(
      problems('"feature1",feature2,"y"\n"a",b,"1"\n', { ...document, format: csv({ quote: '"', header: true }) }),
      "",
    );
    equal(problems("a,b,c\r\nd,e,f\r\n", windows), "");
    equal(problems("a,b,c", windows), "");
  });

  it("is accepted in Japanese, without a line end, and with empty cells", () => {
    equal(problems("晴れ,くもり,雨\n"), "");
    equal(problems("a,b,c"), "");
    equal(problems(",,\n"), "");
  });

  it("is judged by the dataset's delimiter", () => {
    equal(problems("a\tb\tc\n", { ...document, format: csv({ delimiter: "\t" }) }), "");
    match(problems("a,b,c\n", { ...document, format: csv({ delimiter: "\t" }) }), /has 1 columns, the table 3/);
  });

  it("is accepted when it is longer than what is looked at", () => {
    const long = bytes(`${"晴".repeat(30_000)},b,c\n`).subarray(0, 64 * 1024);
    deepEqual(cut(long), {});
    match(
      cut(bytes(`a,b,c,${"晴".repeat(30_000)}`).subarray(0, 64 * 1024)).problem ?? "",
      /more than 3 columns, the table 3/,
    );
    match(cut(`a,b,c\r${"x".repeat(70_000)}`).problem ?? "", /carriage return within a line/);
  });

  it("tells the rows of a file of which all was seen, and of no other", () => {
    const rows = (text: string, given = document) =>
      contentProblem("p.csv", { bytes: bytes(text), cut: false }, given).rows;
    deepEqual([rows("a,b,1\n"), rows("a,b,1\na,b,2"), rows("feature1,feature2,y\na,b,1\n", withHeader)], [1, 2, 1]);
    deepEqual(cut("a,b,1\na,b,2\na,"), {});
  });

  const bad: [title: string, text: string | Uint8Array, problem: RegExp, given?: DatasetDocument][] = [
    ["too few columns", "a,b\n", /first line of 'p\.csv' has 2 columns, the table 3 \(feature1, feature2, y\): "a,b"/],
    ["too many columns, as an index column makes", "0,a,b,1\n", /has 4 columns, the table 3/],
    ["a quoted comma", '"a,b",c,1\n', /has 4 columns/],
    ["a header that is not declared", "feature1,feature2,y\na,b,1\n", /begins with a header.*write header=False/],
    ["no header where one is declared", "a,b,1\n", /has no header.*write header=True/, withHeader],
    [
      "a header in another order",
      "feature2,feature1,y\n",
      /no header in the table's order: it is feature2, feature1, y, the/,
      withHeader,
    ],
    ["a byte order mark", "\ufeffa,b,1\n", /byte order mark.*write encoding="utf-8"/],
    ["UTF-16", utf16("a,b,1\n"), /NUL byte.*UTF-16/],
    ["UTF-16 without a mark", utf16("a,b,1\n").subarray(2), /NUL byte.*UTF-16/],
    ["Shift_JIS", new Uint8Array([...SHIFT_JIS, ...bytes(",b,1\n")]), /not UTF-8 \(Shift_JIS\?\)/],
    [
      "Shift_JIS below a header of plain letters",
      new Uint8Array([...bytes("feature1,feature2,y\n"), ...SHIFT_JIS, ...bytes(",b,1\n")]),
      /not UTF-8 \(Shift_JIS\?\)/,
      withHeader,
    ],
    ["a character that ends with the file", bytes("a,b,晴").subarray(0, -1), /not UTF-8/],
    ["Windows line ends", "a,b,1\r\n", /Windows line ends; write lineterminator="\\n"/],
    ["the line ends of an old Mac", "a,b,1\ra,b,2\r", /Windows line ends|carriage return/],
    ["a carriage return within a cell", "a,b\rc,1\n", /carriage return within a line/],
    ["no Windows line ends where they are declared", "a,b,1\n", /line ends of "\\n".*lineterminator="\\r\\n"/, windows],
    ["a carriage return within a cell of them", "a,b\rc,1\r\n", /carriage return within a line/, windows],
    [
      "values in quotes where none are declared",
      '"a","b","c"\n',
      /every value in quotes in 'feature1', 'feature2', 'y'.*csv\.QUOTE_NONE.*quote: '"'/,
    ],
    [
      "texts in quotes beside numbers",
      '"a","b",1\n"c","d",2\n',
      /every value in quotes in 'feature1', 'feature2', and/,
    ],
    [
      "quotes doubled in quotes",
      'a,b,c\n"say ""hi""",b,c\n',
      /^line 2 of 'p\.csv' has a value in quotes with quotes doubled/,
    ],
    ["a quoted comma that hides a missing column", 'a,b,c\n"a,b",c\n', /^line 2 of 'p\.csv' has a delimiter in quotes/],
    ["a line break in quotes that no dialect declares", 'a,b,c\nd,e,"f\ng"\n', /^line 3 of 'p\.csv' has 1 columns/],
    ["a later line with a column less", `${"a,b,c\n".repeat(500)}a,b\n`, /^line 501 of 'p\.csv' has 2 columns/],
    ["a later line that is empty", "a,b,c\n\n", /^line 2 of 'p\.csv' has 1 columns/],
    ["a later line with Windows line ends", "a,b,c\nd,e,f\r\n", /Windows line ends/],
    ["a header in capitals that is not declared", "Feature1,FEATURE2,Y\na,b,1\n", /begins with a header/],
    ["a header in quotes that is not declared", '"feature1","feature2","y"\n1,2,3\n', /begins with a header/],
    ["a header twice", "feature1,feature2,y\nfeature1,feature2,y\na,b,1\n", /has its header twice/, withHeader],
    ["a header without rows", "feature1,feature2,y\n", /has a header and no row.*write no file/, withHeader],
    ["a byte order mark of UTF-16 alone", new Uint8Array([0xff, 0xfe]), /not UTF-8 \(UTF-16\)/],
    ["a quoted comma, and says that quotes are text", '"a,b",c,1\n', /4 columns.*quotes are text: "/],
    ["a line break in quotes", '"a\nb",c,1\n', /first line of 'p\.csv' ends within quotes/, quoted],
    ["other quotes than declared", "'a,b',c,1\n", /has 4 columns/, quoted],
    [
      "a backslash that OpenCSVSerde drops",
      '"C:\\new",b,c\n',
      /holds "\\\\n", of which readers drop.*write it twice/,
      quoted,
    ],
    ["a null that OpenCSVSerde does not know", "\\N,b,c\n", /holds "\\\\N"/, quoted],
    ["a backslash that escapes nothing", "C:\\temp,b,c\n", /holds "\\\\t"/, escaped],
    ["a quoted header that is not declared", '"feature1","feature2","y"\n', /begins with a header/, quoted],
    [
      "no quoted header where one is declared",
      '"a","b","c"\n',
      /has no header/,
      { ...document, format: csv({ quote: '"', header: true }) },
    ],
    ["a short row below the header", "feature1,feature2,y\na,b\n", /^line 2 of 'p\.csv' has 2 columns/, withHeader],
    ["an empty first line of quoted values", "\n", /has 0 columns, the table 3/, quoted],
    ["a header between rows", "a,b,c\na,b,c\nfeature1,feature2,y\nd,e,f\n", /^line 3 of 'p\.csv' is a header/],
    ["a byte order mark between rows", "a,b,c\n\ufeffa,b,c\n", /^line 2 of 'p\.csv' begins with a byte order mark/],
    ["quotes that are half a cell's", 'a,5" x 3",b\n', /has "5\\" x 3\\"", in which readers find other quotes/, quoted],
    ["quotes within the first cell", '5" x 3" y,a,b\n', /find other quotes/, quoted],
    ["text after a closing quote", '"a"b,c,d\n', /find other quotes/, quoted],
    ["a blank before a quote", 'aaa, "b",c\n', /find other quotes/, quoted],
    ["an escaped quote where a cell begins", '\\"a",b,c\n', /find other quotes/, quoted],
    ["an escape where a cell begins", "\\\\server,b,c\n", /find other quotes/, quoted],
    [
      "quotes other than the declared ones",
      '"a","b","c"\n',
      /every value in quotes/,
      { ...document, format: csv({ quote: "'" }) },
    ],
    ["an empty first line", "\na,b,1\n", /has 1 columns, the table 3/],
  ];
  for (const [title, text, problem, given] of bad)
    it(`rejects ${title}`, () => {
      match(problems(text, given), problem);
    });

  it("takes a declared header in capitals or in quotes: readers pass over the line", () => {
    equal(problems('"Feature1",FEATURE2,"y"\na,b,1\n', withHeader), "");
  });

  it("takes values that have quotes of their own", () => {
    equal(problems('say "hi",5",b\n"x" and "y",d,e\n'), "");
  });

  it("takes rows with fewer cells only where files are that old, and all alike", () => {
    const older = (text: string, fewest: number) =>
      contentProblem("p.csv", { bytes: bytes(text), cut: false }, document, fewest).problem ?? "";
    equal(older("a,b\nc,d\n", 2), "");
    equal(older("a,b,c\n", 2), "");
    match(older("a\n", 2), /has 1 columns/);
    match(older("a,b\nc,d,e\n", 2), /^line 2 of 'p\.csv' has 3 columns.*\(2 in the first line\)/);
    match(older("a,b\nc\n", 2), /^line 2 of 'p\.csv' has 1 columns/);
    match(older("a,b,c,d\n", 2), /has 4 columns/);
  });

  it("rejects a long line with no more of it than helps", () => {
    equal(problems("x".repeat(200)).length < 220, true);
  });
});
