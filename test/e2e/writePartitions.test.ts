import { deepEqual, equal, match } from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { column } from "../../contract/columns";
import { csv } from "../../contract/csv";
import { defineDataset } from "../../contract/dataset";
import { helper, raw } from "../../contract/inputs";
import { dateKey } from "../../contract/keys";
import { databaseName, pipelineName } from "../../contract/names";
import { textOutput, Watch } from "../../local/deploy";
import { query } from "../../local/query";
import { main } from "../../local/script";
import { seed } from "../../local/seed";
import { LAPTOP, ROOT } from "../../local/settings";
import { openStack } from "../../local/stack";
import { runPipeline } from "../../operations/executions";
import { componentProgram } from "../bench/componentProgram";
import { useStartedLaptop } from "../support/startedLaptop";

const DAY = "2021-12-01";
const IMAGE = `123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/processing@sha256:${"0".repeat(64)}`;
const SAMPLE_ROWS = 2922;

/** As docs/write-partitions.md shows it. */
const SCRIPT = `
import os
import sys

import pandas as pd

BASE = os.environ.get("PROCESSING_DIR", "/opt/ml/processing")
sys.path.append(os.path.join(BASE, "input", "helpers", "write_partitions.zip"))
from write_partitions import write_partitions

table = pd.read_csv(os.path.join(BASE, "input", "raw", "weather.csv"))
table = table.rename(columns={"temp_max": "warmest"})[["date", "warmest", "weather"]]
written = write_partitions(table, values={"process_date_jst": sys.argv[-1]})
print(f"{written.rows} rows, {', '.join(written.files)}")
`;

const dataset = defineDataset({
  name: "features",
  description: "written by the helper",
  prefix: "features",
  partitionKeys: [dateKey("process_date_jst", { timeZone: "Asia/Tokyo" })],
  columns: [
    column("date", "date", "the day observed"),
    column("warmest", "double", "degrees"),
    column("weather", "string", "in one word"),
  ],
  format: csv(),
  steps: [
    {
      name: "split_step",
      script: "split.py",
      inputs: { raw, helpers: helper("write_partitions") },
      outputs: { rows: "table" },
    },
  ],
});

describe("a script that imports write_partitions", function () {
  this.timeout(300_000);
  const laptop = useStartedLaptop();
  let scripts: string;
  before(() => {
    scripts = path.join(laptop.folder, "datasets");
    fs.mkdirSync(path.join(scripts, "features"), { recursive: true });
    fs.writeFileSync(path.join(scripts, "features", "split.py"), SCRIPT);
    fs.cpSync(path.join(ROOT, "datasets/features/sample"), path.join(scripts, "features", "sample"), {
      recursive: true,
    });
  });

  it("runs in plain folders", async () => {
    const lines: string[] = [];
    const around = { datasets: [dataset], datasetsFolder: scripts, workFolder: path.join(laptop.folder, "work") };
    const code = await main(["features", "split", "--process-date", DAY], {
      ...around,
      print: (line) => lines.push(line),
    });
    equal(code, 0, lines.join("\n"));
    match(lines.join("\n"), /2922 rows, process_date_jst=2021-12-01\/partition\.csv/);
  });

  it("runs in the deployed pipeline, and its rows are queried with their types", async () => {
    const { endpoint, engine, stateDir } = laptop;
    const stack = await openStack({
      ...{ engine, endpoint, stateDir, policyPacks: [LAPTOP.policyPack] },
      ...{ stackName: LAPTOP.stack, region: LAPTOP.region, config: LAPTOP.config, projectFile: LAPTOP.projectFile },
      program: async () =>
        componentProgram({ datasets: [dataset], imageUri: IMAGE, scripts: path.join(scripts, "features") })(),
    });
    try {
      const watch = new Watch();
      const bucket = textOutput(await watch.over(stack.up(watch)), "bucket");
      deepEqual([watch.problems, watch.warnings], [[], []]);
      await seed(endpoint, bucket);
    } finally {
      stack.close();
    }
    const run = { pipeline: pipelineName(LAPTOP, "features"), processDate: DAY, pollMs: 100 };
    const result = await runPipeline(laptop.clients.sagemaker, run);
    equal(result.status, "Succeeded", result.failure);
    const sql =
      "select count(*), max(warmest), min(date), count(weather) from features where process_date_jst = '2021-12-01'";
    const { rows } = await query({ endpoint, region: LAPTOP.region, database: databaseName(LAPTOP), sql });
    deepEqual(
      rows.map((row) => row.map(String)),
      [[String(SAMPLE_ROWS), "37.8", "2012-01-01", String(SAMPLE_ROWS)]],
    );
  });
});
