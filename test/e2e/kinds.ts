import { GetPartitionsCommand } from "@aws-sdk/client-glue";
import { DuckDBInstance } from "@duckdb/node-api";
import { deepEqual, equal, match, ok } from "node:assert/strict";
import * as path from "node:path";
import { databaseName, pipelineName } from "../../contract/names";
import { query } from "../../local/query";
import { LAPTOP, ROOT } from "../../local/settings";
import { runPipeline } from "../../operations/executions";
import type { StartedLaptop } from "../support/startedLaptop";

const DAY = "2021-12-01";
const sample = (file: string) => `'${path.join(ROOT, "datasets", file)}'`;
const FLIGHTS = sample("flights/sample/flights.parquet");
const WEATHER = `read_csv(${sample("features/sample/weather.csv")})`;

/** Rows as texts, so that the answers of two engines can be compared. */
const texts = (rows: readonly (readonly unknown[])[]): string[] => rows.map((row) => row.map(String).join("|")).sort();

/** What the input says, read by DuckDB without any code of the project. */
async function input(sql: string): Promise<string[]> {
  const connection = await (await DuckDBInstance.create()).connect();
  return texts((await connection.runAndReadAll(sql)).getRowsJson());
}

/** Tests of the datasets that do not run in the stack's image by ScriptProcessor, on a laptop with the program deployed. */
export function testsOfEveryKind(laptop: StartedLaptop): void {
  async function table(sql: string): Promise<string[]> {
    const place = { endpoint: laptop.endpoint, region: LAPTOP.region, database: databaseName(LAPTOP) };
    return texts((await query({ ...place, sql })).rows);
  }

  /** Runs a dataset; gives what its registration says. */
  async function run(dataset: string): Promise<string> {
    let registered = "";
    const { status, failure } = await runPipeline(laptop.clients.sagemaker, {
      pipeline: pipelineName(LAPTOP, dataset),
      ...{ processDate: DAY, pollMs: 100 },
      onStep: ({ name, outputs = {} }) => {
        if (name === "register_step")
          registered = Object.entries(outputs)
            .map((pair) => pair.join("="))
            .join(" ");
      },
    });
    equal(status, "Succeeded", failure);
    return registered;
  }

  it("PySparkProcessor: cuts flights into the days they were on, nulls where data lack, and again to the same", async () => {
    match(await run("flights"), /requested=4 created=4/);
    const { Partitions = [] } = await laptop.clients.glue.send(
      new GetPartitionsCommand({ DatabaseName: databaseName(LAPTOP), TableName: "flights" }),
    );
    const days = ["2001/01/31", "2001/02/01", "2001/02/22", "2001/06/30"];
    deepEqual(Partitions.map(({ Values = [] }) => Values.join("/")).sort(), days);
    const rows = () =>
      table(`select year || '-' || month || '-' || day, strftime(flown_at, '%Y-%m-%d %H:%M:%S'), delay, distance, origin,
        destination from flights`);
    const found = await rows();
    deepEqual(
      found,
      await input(`select strftime(date, '%Y-%m-%d'), strftime(date, '%Y-%m-%d %H:%M:%S'),
        case when delay >= -120 then delay end, distance, origin, destination from ${FLIGHTS}`),
    );
    ok(found.length > 400 && found.some((row) => row.includes("|null|")));
    match(await run("flights"), /created=0 updated=0 same=4/);
    deepEqual(await rows(), found);
  });

  it("SKLearnProcessor: finds rare days among those that were observed", async () => {
    match(await run("anomalies"), /requested=1 created=1/);
    const columns = (day: string) => `location, strftime(${day}, '%Y-%m-%d'), precipitation, temp_max, temp_min, wind`;
    const found = await table(`select ${columns("observed_on")} from anomalies where process_date_jst = '${DAY}'`);
    const observed = new Set(await input(`select ${columns("date")} from ${WEATHER}`));
    equal(new Set(found).size, found.length);
    ok(found.length > 50 && found.length < 70, `${found.length} of ${observed.size}`);
    deepEqual(
      found.filter((row) => !observed.has(row)),
      [],
    );
  });

  it("Processor: sums up months by a program of the image", async () => {
    match(await run("monthly_weather"), /requested=4 created=4/);
    deepEqual(
      await table("select year, location, month, days, precipitation, temp_max, temp_min from monthly_weather"),
      await input(`select year(date), location, month(date), count(*), round(sum(precipitation), 1), max(temp_max),
        min(temp_min) from ${WEATHER} group by all`),
    );
  });
}
