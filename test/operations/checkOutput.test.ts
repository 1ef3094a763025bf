import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { column } from "../../contract/columns";
import { csv, type CsvOptions } from "../../contract/csv";
import type { DatasetDocument } from "../../contract/document";
import { dateKey } from "../../contract/keys";
import { checkOutput, type Finding } from "../../operations/checkOutput";

const DAY = "day=2021-12-01";
const documentOf = (format: CsvOptions = {}): DatasetDocument => ({
  name: "sales",
  partitionKeys: [dateKey("day", { timeZone: "Asia/Tokyo" })],
  columns: [column("shop", "string", ""), column("n", "bigint", ""), column("at", "date", "")],
  format: csv(format),
});

describe("check-output", () => {
  let root: string;
  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), "output-"));
  });
  afterEach(() => fs.rmSync(root, { recursive: true }));

  const write = (file: string, content: string | Buffer) => {
    fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    fs.writeFileSync(path.join(root, file), content);
  };
  async function check(document = documentOf()) {
    const found: Finding[] = [];
    const counts = await checkOutput(root, document, (finding) => found.push(finding));
    return { counts, found: found.map(({ file, row, column: name, problem }) => [file, row, name, problem] as const) };
  }
  async function only(content: string | Buffer, format: CsvOptions = {}) {
    write(`${DAY}/p.csv`, content);
    return (await check(documentOf(format))).found.map(([, row, name, problem]) => [row, name, problem] as const);
  }

  it("has nothing to say of an output as it should be, and counts it", async () => {
    write(`${DAY}/a.csv`, "東京,1,2021-12-01\n,,\n");
    write(`day=2021-12-02/a.csv`, "\\N,-5,2021-12-02");
    const { counts, found } = await check();
    deepEqual(found, []);
    deepEqual(counts, { partitions: 2, files: 2, rows: 3, bytes: 39 });
  });

  it("finds what lies where no reader looks", async () => {
    write("top.csv", "a,1,2021-12-01\n");
    write("Day=2021-12-01/p.csv", "a,1,2021-12-01\n");
    write("day=2021-12-32/p.csv", "a,1,2021-12-01\n");
    write(`${DAY}/deep/p.csv`, "a,1,2021-12-01\n");
    write(`${DAY}/_p.csv`, "a,1,2021-12-01\n");
    write(`${DAY}/empty.csv`, "");
    fs.symlinkSync("empty.csv", path.join(root, DAY, "link.csv"));
    const { found } = await check();
    const said = Object.fromEntries(found.map(([file, , , problem]) => [file, problem]));
    match(said["top.csv"] ?? "", /no partition.*0 levels/);
    match(said["Day=2021-12-01/p.csv"] ?? "", /expected 'day=…'/);
    match(said["day=2021-12-32/p.csv"] ?? "", /2021-12-32' is not a date/);
    match(said[`${DAY}/deep/p.csv`] ?? "", /2 levels/);
    match(said[`${DAY}/_p.csv`] ?? "", /readers skip/);
    match(said[`${DAY}/empty.csv`] ?? "", /is empty/);
    match(said[`${DAY}/link.csv`] ?? "", /links/);
    equal(found.length, 7);
  });

  it("finds rows that shift, and cells that become another value or none, by row and column", async () => {
    const found = await only(
      ["a,1,2021-12-01", "a,b,1,2021-12-01", "a,1", "a,1.5,2021/12/01", '"a",1e3,2021-02-30', "a,007,2021-12-01"].join(
        "\n",
      ),
    );
    deepEqual(
      found.map(([row, name]) => [row, name]),
      [
        [2, undefined],
        [3, undefined],
        [4, "n"],
        [4, "at"],
        [5, "shop"],
        [5, "n"],
        [5, "at"],
      ],
    );
    match(found[0]?.[2] ?? "", /^has 4 columns, the table 3/);
    match(found[2]?.[2] ?? "", /'1.5' is read as 1/);
    match(found[4]?.[2] ?? "", /keeps its quotes/);
  });

  it("finds a fault beyond the first block of a large file", async () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `shop${index},${index},2021-12-01`);
    lines[15_000] = "shop,x,2021-12-01";
    deepEqual(
      (await only(lines.join("\n"))).map(([row, name]) => [row, name]),
      [[15_001, "n"]],
    );
  });

  it("finds another encoding beyond the first block, and does not pass over what it cannot read", async () => {
    const good = Buffer.from("shop,1,2021-12-01\n".repeat(5000));
    const found = await only(Buffer.concat([good, Buffer.from([0x93, 0xfa, 0x2c, 0x31, 0x0a])]));
    match(found[0]?.[2] ?? "", /^is not UTF-8 after line \d+ \(Shift_JIS\?\)/);
    write(`${DAY}/p.parquet`, "PAR1");
    ok((await check()).found.some(([file, , , problem]) => /parquet$/.test(file) && /not looked into/.test(problem)));
  });

  it("finds other encodings, line ends, headers and cells that go over lines", async () => {
    match((await only("\ufeffa,1,2021-12-01\n"))[0]?.[2] ?? "", /byte order mark/);
    match((await only(Buffer.from("a,1,2021-12-01\n", "utf16le")))[0]?.[2] ?? "", /UTF-16/);
    match((await only(Buffer.from([0x93, 0xfa, 0x96, 0x7b, 0x2c, 0x31, 0x2c, 0x0a])))[0]?.[2] ?? "", /Shift_JIS/);
    match((await only("a,1,2021-12-01\r\n"))[0]?.[2] ?? "", /Windows line ends/);
    match((await only("shop,n,at\na,1,2021-12-01\n"))[0]?.[2] ?? "", /begins with a header/);
    match((await only("a,1,2021-12-01\n", { header: true }))[0]?.[2] ?? "", /has no header/);
    ok(
      (await only('"a\nb","1","2021-12-01"\n', { quote: '"' })).some(([, , problem]) =>
        /ends within quotes/.test(problem),
      ),
    );
  });

  it("finds what is no fault of a line alone: a NUL far down, a lost character, a file twice, a day without a file", async () => {
    const far = await only(`${"aaaa,1,2021-12-01\n".repeat(6000)}a\0,1,2021-12-01\n`);
    deepEqual(far, [[6001, undefined, "holds a NUL byte; take it out"]]);
    match((await only("a\ufffd,1,2021-12-01\n"))[0]?.[2] ?? "", /U\+FFFD/);
    await only("a,1,2021-12-01\n");
    write(`${DAY}/other.csv`, "b,1,2021-12-01\n");
    write(`${DAY}/twin.csv`, "a,1,2021-12-01\n");
    write("day=2021-12-03/p.csv", "a,1,2021-12-01\n");
    fs.mkdirSync(path.join(root, "day=2021-12-02"));
    const { found, counts } = await check();
    deepEqual(
      found.map(([file]) => file),
      [`${DAY}/twin.csv`, "day=2021-12-02"],
    );
    match(found[0]?.[3] ?? "", /is the same as 'day=2021-12-01\/p\.csv'/);
    match(found[1]?.[3] ?? "", /is an empty folder/);
    equal(counts.partitions, 2);
  });

  it("finds another null, what the typed view would not read, and an empty line at the end of one column", async () => {
    match(
      (await only("\\N,1,2021-12-01\n", { nullText: "NULL" }))[0]?.[2] ?? "",
      /is text to readers; write null as 'NULL'/,
    );
    const one = (format: CsvOptions, type: "string" | "bigint"): DatasetDocument => ({
      ...documentOf(format),
      columns: [column("n", type, "", type === "string" ? { viewType: "int" } : {})],
    });
    write(`${DAY}/p.csv`, '"1"\n"1.5"\n');
    deepEqual(
      (await check(one({ quote: '"' }, "string"))).found.map(([, row, name]) => [row, name]),
      [[2, "n"]],
    );
    write(`${DAY}/p.csv`, "1\n\n2\n\n");
    match(
      (await check(one({}, "bigint"))).found.map(([, row, , problem]) => `${row}: ${problem}`).join(),
      /^4: is empty/,
    );
  });

  it("takes escaped quotes for text", async () => {
    deepEqual(await only('\\"a\\",1,2021-12-01\n', { escape: "\\" }), []);
  });

  it("says so where there is nothing, and where there is no folder", async () => {
    match((await check()).found[0]?.[3] ?? "", /no file/);
    await rejects(
      checkOutput(path.join(root, "nothing"), documentOf(), () => undefined),
      /is no folder/,
    );
  });
});
