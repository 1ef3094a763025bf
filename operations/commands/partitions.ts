import { writeFileSync } from "node:fs";
import { Command, Option } from "commander";
import type { Dataset } from "../../contract/dataset";
import { datasetDocument } from "../../contract/document";
import { registrationOf } from "../../contract/registration";
import { calendarPage } from "../calendar";
import { statusOfDays, type DayStatus } from "../days";
import { deployedPipeline, tableOf } from "../deployed";
import type { OperateClients, Place } from "../place";
import { apply } from "../reconcile/apply";
import { daysOf } from "../reconcile/dayKeys";
import type { TableId } from "../reconcile/glue";
import { plan } from "../reconcile/plan";
import type { ReconcileRequest, Scope } from "../reconcile/request";
import { applyText, planText, statusText } from "./partitionsText";
import { lastDays, rangeOf, withDays, type RangeOptions } from "./range";
import { datasetNamed, UserError } from "./shared";

interface Options extends RangeOptions {
  readonly plan?: boolean;
  readonly apply?: boolean;
  readonly status?: boolean;
  readonly calendar?: string;
  readonly json: boolean;
}

/** Days that a status shows, and a calendar, when none are named. */
const SHOWN = { status: 31, calendar: 365 };

/** Exit code of a plan with something to do, and of a status with days that are not complete. */
const PENDING = 2;

/** `partitions DATASET`: compares S3 with the catalogue, and makes them agree. */
export function partitionsCommand(place: Place): Command {
  const others = (own: string) => ["plan", "apply", "status", "calendar"].filter((name) => name !== own);
  const command = new Command("partitions")
    .description("compare the folders in S3 with the registered partitions, and register what is missing")
    .argument("<dataset>", "name of a dataset")
    .addOption(new Option("--plan", "what would be registered or updated; the default").conflicts(others("plan")))
    .addOption(new Option("--apply", "register and update; deletes nothing").conflicts(others("apply")))
    .addOption(
      new Option("--status", "one line for each day, the last 31 when none are named").conflicts(others("status")),
    )
    .addOption(
      new Option(
        "--calendar <file>",
        "the same as a picture: an HTML page, of a year when no days are named",
      ).conflicts(others("calendar")),
    )
    .option("--json", "for machines", false)
    .addHelpText(
      "after",
      `
Without days, --plan and --apply look at the whole table.

Exit codes: 0 all is as it should be; 1 something failed, or files that no reader could read;
            2 something is to do (--plan), or some day is not complete (--status, --calendar)`,
    );
  return withDays(command).action(async (name: string, options: Options) => {
    const dataset = datasetNamed(name);
    const range = rangeOf(dataset.partitionKeys, options);
    const say = registrationOf(dataset).strategy === "projection" && !options.status && options.calendar === undefined;
    if (say || dataset.partitionKeys.length === 0) {
      console.log(nothingToRegister(dataset));
      return;
    }
    const scope: Scope = range === undefined ? { kind: "table" } : { kind: "days", ...range };
    process.exitCode = await place.withClients(async (clients) => {
      const table = tableOf(await deployedPipeline(clients.sagemaker, place.stack(), name), place.stack(), dataset);
      const request = { ...table, document: datasetDocument(dataset), scope, facts: {} };
      if (options.status || options.calendar !== undefined) return status(clients, dataset, table, range, options);
      return options.apply ? applied(clients, place, dataset, request, options) : planned(clients, request, options);
    });
  });
}

async function planned(clients: OperateClients, request: ReconcileRequest, { json }: Options): Promise<number> {
  const text = planText(request, json);
  for await (const partition of plan(clients, request)) text.add(partition);
  const { pending, rejected } = text.end();
  return rejected > 0 ? 1 : pending > 0 ? PENDING : 0;
}

async function applied(
  clients: OperateClients,
  place: Place,
  dataset: Dataset,
  request: ReconcileRequest,
  { json }: Options,
): Promise<number> {
  const text = applyText(request, json);
  const interrupt = new AbortController();
  const stop = () => interrupt.abort();
  process.once("SIGINT", stop);
  try {
    // Interrupted, it tells what is left.
    const { signal } = interrupt;
    for await (const outcome of apply(clients, request, plan(clients, request), { signal })) text.add(outcome);
  } finally {
    process.removeListener("SIGINT", stop);
  }
  const { bad, left } = text.end();
  if (left > 0)
    console.error(`what was registered stays; go on with: ${place.command} partitions ${dataset.name} --apply`);
  return bad > 0 ? 1 : 0;
}

async function status(
  clients: OperateClients,
  dataset: Dataset,
  table: TableId,
  range: { readonly from: string; readonly to: string } | undefined,
  { json, calendar }: Options,
): Promise<number> {
  const keys = dataset.partitionKeys;
  const shown = range ?? lastDays(keys, calendar === undefined ? SHOWN.status : SHOWN.calendar);
  const days = await dayStatuses(clients, dataset, table, shown);
  if (calendar !== undefined) {
    const page = calendarPage({
      dataset: dataset.name,
      table: `${table.database}.${table.table}`,
      days,
      at: new Date(),
    });
    writeFileSync(calendar, page);
  }
  console.log(statusText(days, json));
  if (calendar !== undefined && !json) console.log(`picture: ${calendar}`);
  return days.every(({ state }) => state === "complete") ? 0 : PENDING;
}

/**
 * How the days of a dataset stand.
 *
 * @throws UserError for a dataset without a date key
 */
export async function dayStatuses(
  clients: OperateClients,
  dataset: Dataset,
  table: TableId,
  range: { readonly from: string; readonly to: string },
): Promise<DayStatus[]> {
  if (!dataset.partitionKeys.some(({ kind }) => kind === "date"))
    throw new UserError(`dataset '${dataset.name}' has no date key, so that no partition belongs to a day; use --plan`);
  const request = {
    ...table,
    document: datasetDocument(dataset),
    scope: { kind: "days", ...range } as const,
    facts: {},
  };
  const days = daysOf(range);
  return statusOfDays(dataset.partitionKeys, days, plan(clients, request), ({ path, reason }) => {
    console.error(`${path}: belongs to none of these days${reason === undefined ? "" : `: ${reason}`}`);
  });
}

function nothingToRegister(dataset: Dataset): string {
  return dataset.partitionKeys.length === 0
    ? `dataset '${dataset.name}' has no partition keys: its table reads the folder, nothing is registered`
    : `dataset '${dataset.name}' is registered by projection: Athena computes the partitions from the table, nothing is registered`;
}
