import { deepEqual, equal, match } from "node:assert/strict";
import * as fc from "fast-check";
import { csv } from "../../contract/csv";
import { csvProblems } from "../../contract/rules/csv";
import { column } from "../../contract/columns";
import type { DatasetDocument } from "../../contract/document";
import { count } from "../../operations/reconcile/outcome";
import { firstLineProblems } from "../../operations/reconcile/verify";
import { dialects, fileOf, rowsOf } from "../support/csvFiles";
import { useLake } from "../support/laptop";

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
  firstLineProblems("p.csv", typeof text === "string" ? bytes(text) : text, given).join("; ");

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
        const longer = rows.map((row) => ["x", ...row]);
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
    equal(problems(bytes(`${"晴".repeat(30_000)},b,c\n`).subarray(0, 64 * 1024)), "");
  });

  const bad: [title: string, text: string | Uint8Array, problem: RegExp, given?: DatasetDocument][] = [
    ["too few columns", "a,b\n", /first line of 'p\.csv' has 2 columns, the table 3 \(feature1, feature2, y\): "a,b"/],
    ["too many columns, as an index column makes", "0,a,b,1\n", /has 4 columns, the table 3/],
    ["a quoted comma", '"a,b",c,1\n', /has 4 columns/],
    ["a header that is not declared", "feature1,feature2,y\na,b,1\n", /begins with a header.*write header=False/],
    ["no header where one is declared", "a,b,1\n", /has no header.*write header=True/, withHeader],
    ["a header in another order", "feature2,feature1,y\n", /has no header/, withHeader],
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
    ["values in quotes where none are declared", '"a","b","c"\n', /every value in quotes.*csv\.QUOTE_NONE.*quote: '"'/],
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
    ["an empty first line", "\na,b,1\n", /has 1 columns, the table 3/],
  ];
  for (const [title, text, problem, given] of bad)
    it(`rejects ${title}`, () => {
      match(problems(text, given), problem);
    });

  it("rejects a long line with no more of it than helps", () => {
    equal(problems("x".repeat(200)).length < 220, true);
  });
});

describe("a folder that no reader could read", () => {
  const lake = useLake();
  const day = "process_date_jst=2021-12-01/";
  const row = "a,b,1\n";
  const folders: [title: string, files: Record<string, string | Uint8Array>, reason: RegExp][] = [
    ["nothing in it", {}, /^no data file: did the script write this day\?$/],
    ["only _SUCCESS", { _SUCCESS: "" }, /^no data file, only 1 hidden ones$/],
    ["only markers", { _$folder$: "", ".part.tmp": "x", "_tmp/a.csv": row, "": "" }, /^no data file, only 4 hidden/],
    ["a file of 0 bytes", { "partition.csv": "" }, /^'partition\.csv' is empty$/],
    [
      "a folder in it",
      { "part/partition.csv": row },
      /^'partition\.csv' lies in a folder below the partition; write it/,
    ],
    ["a header", { "partition.csv": `feature1,feature2,y\n${row}` }, /begins with a header/],
    ["a byte order mark", { "partition.csv": `\ufeff${row}` }, /byte order mark/],
    ["Windows line ends", { "partition.csv": "a,b,1\r\n" }, /Windows line ends/],
    ["UTF-16", { "partition.csv": utf16(row) }, /NUL byte/],
    ["Shift_JIS", { "partition.csv": new Uint8Array([...SHIFT_JIS, ...bytes(",b,1\n")]) }, /Shift_JIS/],
    ["a column too few", { "partition.csv": "a,1\n" }, /has 2 columns, the table 3/],
    [
      "one good and two bad files, and names both",
      { "a.csv": row, "b.csv": "", "c.csv": "1\n" },
      /^'b\.csv' is empty; the first line of 'c\.csv' has 1 columns/,
    ],
  ];
  for (const [title, files, reason] of folders)
    it(`rejects a folder with ${title}: nothing is registered, nothing deleted`, async () => {
      const table = await lake.table();
      for (const [name, body] of Object.entries(files)) await lake.put(table, day + name, body);
      const before = await lake.files(table);
      const outcomes = await lake.reconcile(table, { process_date_jst: "2021-12-01" });
      deepEqual([count(outcomes).requested, count(outcomes).rejected], [1, 1]);
      match(outcomes[0]?.reason ?? "", reason);
      deepEqual(await lake.partitions(table), {});
      deepEqual(await lake.files(table), before);
      equal(lake.faults.calls.filter(({ operation }) => !/^(GET|LIST|GetTable)$/.test(operation)).length, 0);
    });

  it("is no obstacle to markers beside a good file", async () => {
    const table = await lake.table();
    await lake.put(table, `${day}partition.csv`);
    await lake.put(table, `${day}_SUCCESS`, "");
    equal(count(await lake.reconcile(table, { process_date_jst: "2021-12-01" })).created, 1);
  });

  it("rejects it, and leaves the partition registered that an earlier run made of it", async () => {
    const table = await lake.table();
    await lake.put(table, `${day}partition.csv`);
    await lake.reconcile(table, { process_date_jst: "2021-12-01" });
    const before = await lake.partitions(table);
    await lake.put(table, `${day}partition.csv`, "broken\n");
    equal(count(await lake.reconcile(table, { process_date_jst: "2021-12-01" })).rejected, 1);
    deepEqual(await lake.partitions(table), before);
  });
});
