/**
 * Three million flights, cut into days by datasets/flights/partition.py on this machine: the rows of each day are counted
 * again by DuckDB, in the input and in the files.
 *
 *     node --import tsx test/bench/flights.ts
 */
import { DuckDBInstance } from "@duckdb/node-api";
import { deepEqual, equal } from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { main } from "../../local/script";
import { flights } from "../../datasets/flights/dataset";

const ROOT = path.resolve(__dirname, "../..");
const FLIGHTS = path.join(ROOT, "node_modules/vega-datasets/data/flights-3m.parquet");

/** Day, rows, known delays, miles. */
type Day = readonly [day: string, rows: number, delays: number, miles: number];

async function days(sql: string): Promise<Day[]> {
  const connection = await (await DuckDBInstance.create()).connect();
  const rows = (await connection.runAndReadAll(sql)).getRowsJson();
  return rows.map((row) => [row[0] as string, Number(row[1]), Number(row[2]), Number(row[3])]);
}

async function bench(): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "flights-"));
  try {
    const datasetsFolder = path.join(folder, "datasets");
    const own = path.join(datasetsFolder, flights.name);
    fs.mkdirSync(path.join(own, "sample"), { recursive: true });
    fs.copyFileSync(path.join(ROOT, "datasets/flights/partition.py"), path.join(own, "partition.py"));
    fs.copyFileSync(FLIGHTS, path.join(own, "sample", path.basename(FLIGHTS)));
    const lines: string[] = [];
    const around = { datasets: [flights], datasetsFolder, workFolder: path.join(folder, "work") };
    const print = (line: string) => void lines.push(line);
    const start = performance.now();
    const code = await main(["flights", "partition", "--process-date", "2021-12-01"], { ...around, print });
    const seconds = (performance.now() - start) / 1000;
    equal(code, 0, lines.join("\n"));

    const read = await days(`select strftime(date, '%Y/%m/%d'), count(*), count(case when delay >= -120 then 1 end),
      sum(distance) from '${FLIGHTS}' group by 1 order by 1`);
    const output = path.join(around.workFolder, flights.name, "partition_step/output/*/*/*/partition.csv");
    const written = await days(`select year || '/' || month || '/' || day, count(*), count(delay), sum(distance)
      from read_csv('${output}', hive_partitioning = true, hive_types_autocast = false, header = false, nullstr = '\\N',
        columns = {'flown_at': 'timestamp', 'delay': 'int', 'distance': 'int', 'origin': 'text', 'destination': 'text'})
      group by 1 order by 1`);
    deepEqual(written, read);
    const rows = read.reduce((sum, [, count]) => sum + count, 0);
    console.log(
      `${rows} rows of ${read.length} days: each day in one file, all of its rows, in ${seconds.toFixed(1)} s`,
    );
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

void bench();
