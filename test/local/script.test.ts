import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Dataset } from "../../contract/dataset";
import { features } from "../../datasets/features/dataset";
import { main } from "../../local/script";

const ROOT = path.join(__dirname, "..", "..");
const SAMPLE_ROWS = 2_922;

describe("npm run script", function () {
  // The first run on a machine installs pandas.
  this.timeout(300_000);

  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "script-"))));
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  /** Runs the command on the given dataset and scripts in a folder of its own. */
  async function run(
    args: readonly string[],
    datasets: readonly Dataset[] = [features],
    scripts = path.join(ROOT, "datasets"),
  ) {
    const lines: string[] = [];
    const workFolder = path.join(folder, "work");
    const around = { datasets, datasetsFolder: scripts, workFolder, print: (line: string) => lines.push(line) };
    return { code: await main(args, around), text: lines.join("\n"), workFolder };
  }

  /** A copy of the features scripts in which the transform is this Python text. */
  function withTransform(python: string): string {
    const scripts = path.join(folder, "datasets");
    fs.cpSync(path.join(ROOT, "datasets", "features"), path.join(scripts, "features"), { recursive: true });
    fs.writeFileSync(path.join(scripts, "features", "transform.py"), python);
    return scripts;
  }

  /** Python that writes one line to a file below the output folder. */
  const writing = (file: string) =>
    [
      "import os",
      `path = os.path.join(os.environ["PROCESSING_DIR"], "output", "${file}")`,
      "os.makedirs(os.path.dirname(path), exist_ok=True)",
      'open(path, "w").write("1,2,sun\\n")',
    ].join("\n");

  it("works in the folder of the laptop that PARTITIONS_LAPTOP_DIR names", () => {
    const env = { ...process.env, PARTITIONS_LAPTOP_DIR: folder };
    const text = execFileSync(
      process.execPath,
      ["--require", "tsx/cjs", "local/script.ts", "anomalies", "detect", "--help"],
      { cwd: ROOT, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] },
    );
    assert.match(text, /process-date/);
    assert.deepEqual(fs.readdirSync(folder), ["script"]);
  });

  it("shows the tree, the key and the partition of one day", async () => {
    const { code, text, workFolder } = await run(["features", "transform", "--process-date", "2021-12-01"]);
    assert.equal(code, 0, text);
    const output = path.join(workFolder, "features", "transform_step", "output");
    const file = path.join(output, "process_date_jst=2021-12-01", "partition.csv");
    const rows = fs.readFileSync(file, "utf8").trimEnd().split("\n");
    assert.equal(rows.length, SAMPLE_ROWS);
    assert.equal(rows[0], "12.8,5.0,drizzle");
    assert.ok(
      text.endsWith(
        [
          `${output}/`,
          "└── process_date_jst=2021-12-01/",
          `    └── partition.csv  2,922 rows, ${fs.statSync(file).size.toLocaleString("en-US")} bytes`,
          "",
          "In a pipeline they make partitions of table 'features':",
          "  s3://<bucket>/features/output/process_date_jst=2021-12-01/partition.csv",
          "    partition process_date_jst = '2021-12-01'",
        ].join("\n"),
      ),
      text,
    );
  });

  it("shows both partitions of two days, and nothing of the run before", async () => {
    await run(["features", "transform", "--process-date", "2020-01-01"]);
    const { code, text } = await run(["features", "transform_step", "--process-date", "2021-12-01", "2021-12-02"]);
    assert.equal(code, 0, text);
    assert.match(text, /extract\.py --process-date 2021-12-01 2021-12-02\n/);
    assert.match(text, /├── process_date_jst=2021-12-01\/\n│ {3}└── partition\.csv {2}2,922 rows/);
    assert.match(text, /└── process_date_jst=2021-12-02\/\n {4}└── partition\.csv {2}2,922 rows/);
    assert.match(text, /partition process_date_jst = '2021-12-02'$/);
    assert.doesNotMatch(text, /2020/);
  });

  it("runs a first step alone and shows where the next one finds its output", async () => {
    const { code, text, workFolder } = await run(["features", "extract", "--process-date", "2021-12-01"]);
    assert.equal(code, 0, text);
    assert.deepEqual(fs.readdirSync(path.join(workFolder, "features")), ["extract_step"]);
    assert.match(text, /s3:\/\/<bucket>\/features\/execution\/<execution id>\/extract_step\/extract\/extract\.csv$/);
  });

  it("names the datasets and steps there are", async () => {
    assert.deepEqual(await run(["sales", "transform"]).then(({ code, text }) => ({ code, text })), {
      code: 1,
      text: "error: no dataset 'sales'; there is 'features'",
    });
    assert.deepEqual(await run(["features", "load"]).then(({ code, text }) => ({ code, text })), {
      code: 1,
      text: "error: dataset 'features' has no step 'load'; it has 'extract_step', 'transform_step'",
    });
  });

  it("passes a script's own error on, and says which step it ended", async () => {
    const { code, text } = await run(["features", "transform", "--process-date", "2021-02-30"]);
    assert.equal(code, 1);
    assert.match(text, /'2021-02-30' is not a day written as YYYY-MM-DD/);
    assert.match(text, /\nerror: extract_step failed: extract\.py ended with exit code 2$/);
  });

  it("fails with a failing script", async () => {
    const scripts = withTransform('import sys\nsys.exit("no such column: 晴れ")\n');
    const { code, text } = await run(["features", "transform", "--process-date", "2021-12-01"], [features], scripts);
    assert.equal(code, 1);
    assert.match(text, / {2}no such column: 晴れ\nerror: transform_step failed: transform\.py ended with exit code 1$/);
    assert.doesNotMatch(text, /In a pipeline/);
  });

  for (const [file, reason] of [
    ["partition.csv", /refused: '' has 0 levels, the table declares 1/],
    ["day=2021-12-01/partition.csv", /refused: level 1 is 'day=2021-12-01', expected 'process_date_jst=…'/],
    ["process_date_jst=20211201/partition.csv", /refused: partition key 'process_date_jst': value '20211201' is not/],
    ["process_date_jst=2021-12-01/_partition.csv", /refused: query engines skip files whose name begins with/],
  ] as const)
    it(`refuses ${file}`, async () => {
      const args = ["features", "transform", "--process-date", "2021-12-01"];
      const { code, text } = await run(args, [features], withTransform(writing(file)));
      assert.equal(code, 1);
      assert.match(text, reason);
      assert.match(text, /error: 1 of 1 file\(s\) would not be found through the table$/);
    });

  it("refuses a script that writes nothing", async () => {
    const { code, text } = await run(
      ["features", "transform", "--process-date", "2021-12-01"],
      [features],
      withTransform(""),
    );
    assert.equal(code, 1);
    assert.match(text, /error: transform_step wrote no file to /);
  });

  it("gives the script no credentials and no neighbour to import", async () => {
    const scripts = withTransform(
      [
        "import os, sys",
        "assert not [name for name in os.environ if name.startswith('AWS_')], 'credentials'",
        "import extract",
      ].join("\n"),
    );
    const before = process.env["AWS_ACCESS_KEY_ID"];
    process.env["AWS_ACCESS_KEY_ID"] = "unused";
    const { code, text } = await run(
      ["features", "transform", "--process-date", "2021-12-01"],
      [features],
      scripts,
    ).finally(() => {
      if (before === undefined) delete process.env["AWS_ACCESS_KEY_ID"];
      else process.env["AWS_ACCESS_KEY_ID"] = before;
    });
    assert.equal(code, 1);
    assert.match(text, /ModuleNotFoundError: No module named 'extract'/);
  });

  it("works from the command line", () => {
    const output = execFileSync("npx", ["tsx", "local/script.ts", "--help"], {
      cwd: ROOT,
      encoding: "utf8",
      stdio: "pipe",
    });
    assert.match(output, /Usage: npm run script -- \[options\] <dataset> <step> \[args\.\.\.\]/);
  });
});
