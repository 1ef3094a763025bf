import { writeFileSync } from "node:fs";
import { Command, Option } from "commander";
import type { Dataset } from "../../contract/dataset";
import { looksAtTable, registrationOf } from "../../contract/registration";
import { calendarPage } from "../calendar";
import { statusOfDays, type DayStatus } from "../days";
import type { OperateClients, Place } from "../place";
import { apply } from "../reconcile/apply";
import { daysOf } from "../reconcile/dayKeys";
import { findMisplaced } from "../reconcile/misplaced";
import { plan } from "../reconcile/plan";
import type { ReconcileRequest } from "../reconcile/request";
import { requestFor } from "./looking";
import { applyText, BESIDE, completeText, listing, planText, statusText } from "./partitionsText";
import { lastDays, rangeOf, withDays, type Range, type RangeOptions } from "./range";
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
    const wanted = options.status || options.calendar !== undefined;
    const projected = registrationOf(dataset).strategy === "projection" && !wanted;
    if (projected || dataset.partitionKeys.length === 0) {
      const note = nothingToRegister(dataset);
      console.log(options.json ? JSON.stringify({ partitions: [], note }) : note);
      return;
    }
    process.exitCode = await place.withClients(async (clients) => {
      if (wanted) return status(clients, place, dataset, range, options);
      const request = await requestFor(clients, place, dataset, range);
      return options.apply ? applied(clients, place, dataset, request, options) : planned(clients, request, options);
    });
  });
}

async function planned(clients: OperateClients, request: ReconcileRequest, { json }: Options): Promise<number> {
  const text = planText(request, json);
  try {
    const onIgnored = () => text.ignored();
    for await (const partition of plan(clients, { ...request, onIgnored })) text.add(partition);
  } catch (error) {
    text.fail(error);
    throw error;
  }
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
  process.once("SIGINT", stop).once("SIGTERM", stop);
  let complete = true;
  try {
    // Interrupted, it tells what is left.
    const options = {
      signal: interrupt.signal,
      onEnd: (facts: { readonly complete: boolean }) => ({ complete } = facts),
    };
    for await (const outcome of apply(clients, request, plan(clients, request), options)) text.add(outcome);
  } catch (error) {
    text.fail(error);
    throw error;
  } finally {
    process.removeListener("SIGINT", stop).removeListener("SIGTERM", stop);
  }
  const { bad, left } = text.end(complete);
  if (left > 0 || !complete)
    console.error(
      `${complete ? "" : "interrupted before all folders were looked at; "}what was registered stays; go on with: ` +
        `${place.command()} partitions ${dataset.name} --apply`,
    );
  return bad > 0 || !complete ? 1 : 0;
}

async function status(
  clients: OperateClients,
  place: Place,
  dataset: Dataset,
  range: Range | undefined,
  { json, calendar }: Options,
): Promise<number> {
  const keys = dataset.partitionKeys;
  const shown = range ?? lastDays(keys, calendar === undefined ? SHOWN.status : SHOWN.calendar);
  const request = await requestFor(clients, place, dataset, shown);
  const days = await dayStatuses(clients, dataset, request, shown);
  if (calendar !== undefined) {
    const table = `${request.database}.${request.table}`;
    writeFileSync(calendar, calendarPage({ dataset: dataset.name, table, days, at: new Date() }));
  }
  if (json || calendar === undefined) console.log(statusText(days, json));
  else console.log(`${calendar}: ${completeText(days)}`);
  const misplaced = await misplacedCount(clients, dataset, request, json ? console.error : console.log);
  return misplaced === 0 && days.every(({ state }) => state === "complete") ? 0 : PENDING;
}

/** Tells of what belongs to no day and fails the dataset's runs, where those look at the whole table. */
async function misplacedCount(
  clients: OperateClients,
  dataset: Dataset,
  request: ReconcileRequest,
  print: (line: string) => void,
): Promise<number> {
  if (!looksAtTable(dataset)) return 0;
  let count = 0;
  const lines = listing(print);
  for await (const { path, reason } of findMisplaced(clients, request)) {
    count += 1;
    lines.add("rejected", `  ! ${path || BESIDE} rejected: ${reason}`);
  }
  lines.end();
  return count;
}

/**
 * How the days of a dataset stand.
 *
 * @throws UserError for a dataset without a date key
 */
export async function dayStatuses(
  clients: OperateClients,
  dataset: Dataset,
  request: ReconcileRequest,
  range: Range,
): Promise<DayStatus[]> {
  if (!dataset.partitionKeys.some(({ kind }) => kind === "date"))
    throw new UserError(`dataset '${dataset.name}' has no date key, so that no partition belongs to a day; use --plan`);
  return statusOfDays(dataset.partitionKeys, daysOf(range), plan(clients, request), ({ path, reason }) => {
    console.error(`${path}: belongs to none of these days${reason === undefined ? "" : `: ${reason}`}`);
  });
}

function nothingToRegister(dataset: Dataset): string {
  return dataset.partitionKeys.length === 0
    ? `dataset '${dataset.name}' has no partition keys: its table reads the folder, nothing is registered`
    : `dataset '${dataset.name}' is registered by projection: Athena computes the partitions from the table, nothing is registered`;
}
