import { Command, Option } from "commander";
import { databaseName } from "../../contract/names";
import { deployedPipeline, tableOf } from "../deployed";
import type { Place } from "../place";
import type { Answer } from "../query";
import { datasetNamed, onInterrupt } from "./shared";
import { answerTable, byteText, csvText } from "./tables";

interface Options {
  readonly json: boolean;
  readonly csv: boolean;
  readonly workgroup?: string;
}

/** Athena's price in most regions (https://aws.amazon.com/athena/pricing/), and the least that a query is charged for. */
const PRICE = { dollarsPerTerabyte: 5, leastBytes: 10 * 1024 ** 2 };

/** `query DATASET "select …"`: answers from the registered partitions, as readers see them. */
export function queryCommand(place: Place): Command {
  return new Command("query")
    .description("answer a SELECT as readers see the tables: by Athena, on the laptop by DuckDB")
    .argument("<dataset-or-sql>", "name of a dataset, whose database is asked; or the statement, for the stack's own")
    .argument("[sql]", "one SELECT or WITH statement")
    .addOption(new Option("--json", "rows as JSON objects").default(false).conflicts("csv"))
    .addOption(new Option("--csv", "rows as CSV, with a header").default(false))
    .option("--workgroup <name>", "Athena workgroup; the stack's own when absent")
    .action(async (first: string, second: string | undefined, options: Options) => {
      const name = second === undefined ? undefined : datasetNamed(first).name;
      const sql = second ?? first;
      const answer = await onInterrupt(
        (signal) => place.query({ sql, database: () => databaseOf(place, name), signal, ...options }),
        "the query was stopped",
        false,
      );
      print(answer, options);
    });
}

async function databaseOf(place: Place, name: string | undefined): Promise<string> {
  const stack = place.stack();
  if (name === undefined) return databaseName(stack);
  return place.withClients(
    async ({ sagemaker }) =>
      tableOf(await deployedPipeline(sagemaker, stack, name), stack, datasetNamed(name)).database,
  );
}

function print(answer: Answer, { json, csv }: Options): void {
  const { columns, rows, bytesScanned, seconds } = answer;
  if (json) {
    const objects = rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]])));
    console.log(JSON.stringify(objects, null, 2));
  } else console.log(csv ? csvText(answer) : answerTable(answer));
  if (bytesScanned === undefined) return;
  const dollars = (Math.max(bytesScanned, PRICE.leastBytes) / 1e12) * PRICE.dollarsPerTerabyte;
  console.error(
    `${byteText(bytesScanned)} scanned in ${(seconds ?? 0).toFixed(1)} s, about ${dollars.toFixed(5)} USD at ` +
      `${PRICE.dollarsPerTerabyte} USD a terabyte`,
  );
}
