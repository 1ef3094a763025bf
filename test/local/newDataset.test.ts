import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as os from "node:os";
import * as path from "node:path";
import * as prettier from "prettier";
import type { Dataset } from "../../contract/dataset";
import { run } from "../../local/command";
import { createDataset } from "../../local/newDataset/create";
import { readSample } from "../../local/newDataset/sample";
import { ensureVenv } from "../../local/python";

const load = createRequire(__filename);
const ROOT = path.resolve(__dirname, "../..");
const SAMPLE = `Store ID,売上日,Temp Max,qty,ok,memo,QTY
001,2021-12-01,12.5,3,true,a b,x
002,2021-12-02,,4,false,東京,
`;
const JST = { partitionKey: "process_date_jst", timeZone: "Asia/Tokyo" };

describe("npm run new", function () {
  this.timeout(120_000);
  let root: string;
  let from: string;
  beforeEach(() => {
    // Within the checkout, so that the new declaration finds the contract.
    fs.mkdirSync(path.join(ROOT, ".laptop"), { recursive: true });
    root = fs.mkdtempSync(path.join(ROOT, ".laptop/new-"));
    from = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "sample-")), "raw.csv");
    fs.writeFileSync(from, SAMPLE);
    // The bundled dataset alone, whatever the checkout has besides.
    fs.cpSync(path.join(ROOT, "datasets/features"), path.join(root, "datasets/features"), { recursive: true });
    fs.writeFileSync(
      path.join(root, "datasets/index.ts"),
      `import { defineDatasets } from "../contract/rules/datasets";\nimport { features } from "./features/dataset";\n\n` +
        `export const datasets = defineDatasets([features]);\n`,
    );
    fs.symlinkSync(path.join(ROOT, "contract"), path.join(root, "contract"));
  });
  afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

  async function pytest(name: string) {
    const requirements = path.join(ROOT, "test/requirements.txt");
    const { python } = await ensureVenv({ name: "test", requirements }, console.log);
    return run(python, ["-m", "pytest", "-q", "-p", "no:cacheprovider", path.join(root, "datasets", name)]);
  }

  it("finds names that Glue takes, and types by which every cell is read as it is written", async () => {
    deepEqual(
      (await readSample(from)).columns.map(({ name, type }) => [name, type]),
      [
        ["store_id", "string"],
        ["column2", "date"],
        ["temp_max", "double"],
        ["qty", "bigint"],
        ["ok", "boolean"],
        ["memo", "string"],
        ["qty_2", "string"],
      ],
    );
  });

  it("takes digits that no number carries for a text, and any separator within quotes", async () => {
    fs.writeFileSync(
      from,
      '"a;b","c\nd;",e,f\n12345678901234567890,9007199254740993,9007199254740993,-5\n1,1.5,7,2.5\n',
    );
    deepEqual(
      (await readSample(from)).columns.map(({ header, type }) => [header, type]),
      [
        ["a;b", "string"],
        ["c\nd;", "string"],
        ["e", "bigint"],
        ["f", "double"],
      ],
    );
  });

  it("writes a declaration that is one, and lists it", async () => {
    await createDataset(root, "daily_sales", { from, ...JST });
    const file = path.join(root, "datasets/daily_sales/dataset.ts");
    const { dailySales } = load(file) as { dailySales: Dataset };
    deepEqual(
      dailySales.partitionKeys.map(({ name }) => name),
      ["process_date_jst"],
    );
    const { datasets } = load(path.join(root, "datasets/index.ts")) as { datasets: readonly Dataset[] };
    deepEqual(datasets.map(({ name }) => name).slice(-1), ["daily_sales"]);
  });

  it("formats what it writes, where lines are short and where they are long", async () => {
    const names = ["a", ...Array.from({ length: 6 }, (_, index) => `a_quite_long_name_${index}`)];
    for (const name of names) {
      fs.writeFileSync(from, name === "a" ? "x\n1\n" : SAMPLE);
      await createDataset(root, name, { from, ...JST });
    }
    const options = await prettier.resolveConfig(path.join(ROOT, "index.ts"));
    for (const file of ["index.ts", ...names.map((name) => `${name}/dataset.ts`)]) {
      const text = fs.readFileSync(path.join(root, "datasets", file), "utf8");
      equal(await prettier.format(text, { ...options, filepath: file }), text);
    }
  });

  it("cuts a long heading to a comment that the catalogue takes, between two characters", async () => {
    const heading = "売上".repeat(60);
    fs.writeFileSync(from, SAMPLE.replace("売上日", heading));
    await createDataset(root, "sales", { from, ...JST });
    const { sales } = load(path.join(root, "datasets/sales/dataset.ts")) as { sales: Dataset };
    equal(sales.columns[1]?.comment, heading.slice(0, 85));
  });

  it("writes scripts that turn the sample into a partition, by the test that it writes beside them", async () => {
    await createDataset(root, "sales", { from, ...JST });
    const { code, output } = await pytest("sales");
    equal(code, 0, output);
    match(output, /1 passed/);
  });

  it("writes a test that follows the declaration, and asks where the day lies once its keys change", async () => {
    await createDataset(root, "sales", { from, ...JST });
    const file = path.join(root, "datasets/sales/dataset.ts");
    const key = /dateKey\("process_date_jst", \{ timeZone: "Asia\/Tokyo" \}\)/;
    const declared = fs.readFileSync(file, "utf8");
    match(declared, key);
    const keys = ["year", "month"].map(
      (name, index) => `dateKey("${name}", { timeZone, format: "${["yyyy", "MM"][index]}" })`,
    );
    fs.writeFileSync(
      file,
      declared.replace(key, keys.join(", ")).replace(/(\n\/\*\*)/, `\nconst timeZone = "Asia/Tokyo";\n$1`),
    );
    const before = await pytest("sales");
    equal(before.code, 1, before.output);
    match(before.output, /year=2021\/month=12\/partition\.csv/);
    const test = path.join(root, "datasets/sales/test_scripts.py");
    fs.writeFileSync(
      test,
      fs.readFileSync(test, "utf8").replace('"process_date_jst=2021-12-01"', '"year=2021/month=12"'),
    );
    const after = await pytest("sales");
    equal(after.code, 0, after.output);
  });

  it("chooses quotes where cells hold the delimiter, and says that all columns are texts then", async () => {
    fs.writeFileSync(from, 'item,price\n"箱,割れ物","1,200"\n"5"" 管",3\n');
    const said = await createDataset(root, "quoted", { from, ...JST });
    ok(said.some((line) => /every column is a string/.test(line)));
    const declared = fs.readFileSync(path.join(root, "datasets/quoted/dataset.ts"), "utf8");
    match(declared, /csv\(\{ quote: '"' \}\)/);
    match(declared, /viewType/);
    const { code, output } = await pytest("quoted");
    equal(code, 0, output);
  });

  it("says in one sentence what a file is that it cannot take", async () => {
    const refused = async (content: string | Buffer, reason: RegExp) => {
      fs.writeFileSync(from, content);
      await rejects(createDataset(root, "sales", { from, ...JST }), reason);
    };
    await refused(Buffer.from([0x93, 0xfa, 0x2c, 0x96, 0x7b, 0x0a]), /is not UTF-8 \(Shift_JIS\?\)/);
    await refused(Buffer.from("a,b\n1,2\n", "utf16le"), /is no text/);
    await refused('a,b\n"x\ny",2\n', /holds a line break/);
    await refused("", /raw\.csv is empty/);
    await refused("a,b\n1,2\n1,2,3\n4,5\n", /cannot be read as CSV: [^]*Line: 3;/);
    for (const separator of ["\t", ";", "|"])
      await refused(`a${separator}b,c\n`.repeat(2).replace(",c", separator), /its header has more of .* than of ","/);
    await refused(`${"a".repeat(300)},b\n1,2\n`, /dataset 'sales'[^]*a{300}/);
    ok(!fs.existsSync(path.join(root, "datasets/sales")));
  });

  it("writes nothing where something would be overwritten, or could not be", async () => {
    const before = fs.readdirSync(path.join(root, "datasets"));
    await rejects(createDataset(root, "features", { from, ...JST }), /there is a dataset 'features' already/);
    await rejects(createDataset(root, "Sales", { from, ...JST }), /'Sales' must begin with a lower-case letter/);
    await rejects(createDataset(root, "observations_of_the_north", { from, ...JST }), /job[^]*at most 38[^]*shorten/);
    await rejects(createDataset(root, "sales", { from: "/nowhere.csv", ...JST }), /there is no file \/nowhere\.csv/);
    await rejects(createDataset(root, "sales", { from, ...JST, timeZone: "Tokyo" }), /'Tokyo' is no IANA zone/);
    await rejects(createDataset(root, "sales", { from, ...JST, partitionKey: "qty" }), /has a column 'qty'/);
    fs.writeFileSync(from, "a,b,a\n1,2,3\n");
    await rejects(createDataset(root, "sales", { from, ...JST }), /column 'a' occurs twice/);
    deepEqual(fs.readdirSync(path.join(root, "datasets")), before);
  });
});
