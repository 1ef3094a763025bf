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

  it("writes a declaration that is one, formatted as the others, and lists it", async () => {
    await createDataset(root, "daily_sales", { from, ...JST });
    const file = path.join(root, "datasets/daily_sales/dataset.ts");
    const text = fs.readFileSync(file, "utf8");
    equal(
      await prettier.format(text, { ...(await prettier.resolveConfig(path.join(ROOT, "index.ts"))), filepath: file }),
      text,
    );
    const { dailySales } = load(file) as { dailySales: Dataset };
    deepEqual(
      dailySales.partitionKeys.map(({ name }) => name),
      ["process_date_jst"],
    );
    const { datasets } = load(path.join(root, "datasets/index.ts")) as { datasets: readonly Dataset[] };
    deepEqual(datasets.map(({ name }) => name).slice(-1), ["daily_sales"]);
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
    const { python } = await ensureVenv(
      { name: "test", requirements: path.join(ROOT, "test/requirements.txt") },
      console.log,
    );
    const { code, output } = await run(python, [
      "-m",
      "pytest",
      "-q",
      "-p",
      "no:cacheprovider",
      path.join(root, "datasets/sales"),
    ]);
    equal(code, 0, output);
    match(output, /1 passed/);
  });

  it("chooses quotes where cells hold the delimiter, and says that all columns are texts then", async () => {
    fs.writeFileSync(from, 'item,price\n"箱,割れ物","1,200"\n"5"" 管",3\n');
    const said = await createDataset(root, "quoted", { from, ...JST });
    ok(said.some((line) => /every column is a string/.test(line)));
    match(fs.readFileSync(path.join(root, "datasets/quoted/dataset.ts"), "utf8"), /csv\(\{ quote: '"' \}\)/);
    const { python } = await ensureVenv(
      { name: "test", requirements: path.join(ROOT, "test/requirements.txt") },
      console.log,
    );
    const { code, output } = await run(python, [
      ...["-m", "pytest", "-q", "-p", "no:cacheprovider", path.join(root, "datasets/quoted")],
    ]);
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
  });

  it("writes nothing where something would be overwritten, or could not be", async () => {
    const before = fs.readdirSync(path.join(root, "datasets"));
    await rejects(createDataset(root, "features", { from, ...JST }), /there is a dataset 'features' already/);
    await rejects(createDataset(root, "Sales", { from, ...JST }), /'Sales' must begin with a lower-case letter/);
    await rejects(createDataset(root, "sales", { from: "/nowhere.csv", ...JST }), /there is no file \/nowhere\.csv/);
    await rejects(createDataset(root, "sales", { from, ...JST, timeZone: "Tokyo" }), /'Tokyo' is no IANA zone/);
    await rejects(createDataset(root, "sales", { from, ...JST, partitionKey: "qty" }), /has a column 'qty'/);
    fs.writeFileSync(from, "a,b,a\n1,2,3\n");
    await rejects(createDataset(root, "sales", { from, ...JST }), /column 'a' occurs twice/);
    deepEqual(fs.readdirSync(path.join(root, "datasets")), before);
  });
});
