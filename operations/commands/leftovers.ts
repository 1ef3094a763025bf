import { Command } from "commander";
import type { Dataset } from "../../contract/dataset";
import { deployedPipeline } from "../deployed";
import { newestExecutionFor, recentExecutions } from "../executions";
import type { OperateClients, Place } from "../place";
import { findLeftovers, moveAside, type LeftoverRequest } from "../reconcile/leftovers";
import { FACTS } from "../reconcile/facts";
import { plan } from "../reconcile/plan";
import type { ReconcileRequest } from "../reconcile/request";
import { requestFor } from "./looking";
import { rangeOf, type Range } from "./range";
import { datasetNamed, UserError } from "./shared";
import { byteText, plural } from "./tables";

interface Options {
  readonly processDate?: string;
  readonly since?: string;
  readonly yes: boolean;
}

/** `leftovers DATASET`: files of an earlier run beside those of the newest, and those at a place of no partition. */
export function leftoversCommand(place: Place): Command {
  return new Command("leftovers")
    .description("files of earlier runs that stop the registration: show them, and move them aside")
    .argument("<dataset>", "name of a dataset")
    .option("--process-date <yyyy-MM-dd>", "the day whose partitions are looked at; the whole table when absent")
    .option("--since <time>", "ISO 8601; files older than this are leftovers. Default: when the newest run began")
    .option("--yes", "move them; without, it only says which", false)
    .addHelpText(
      "after",
      `
Leftovers lie beside newer files in a partition; of the whole table also in folders whose name is none of a partition,
and beside, above or below those of partitions. What the newest run wrote is none.

Moved means: copied to <prefix>/aside/<time>/, compared, then deleted from the table's folder. Then register what stayed:
partitions <dataset> --apply`,
    )
    .action(async (name: string, options: Options) => {
      const dataset = datasetNamed(name);
      const range = rangeOf(dataset.partitionKeys, options);
      await place.withClients((clients) => leftovers(clients, place, dataset, range, options));
    });
}

async function leftovers(
  clients: OperateClients,
  place: Place,
  dataset: Dataset,
  range: Range | undefined,
  options: Options,
): Promise<void> {
  const { processDate, yes } = options;
  const look = await requestFor(clients, place, dataset, range);
  const startedAt =
    options.since === undefined ? await sinceOf(clients, place, dataset, look, processDate) : timeOf(options.since);
  if (startedAt === undefined)
    throw new UserError(
      `no run of ${dataset.name} ` +
        (processDate === undefined ? "is there" : `for ${processDate} is among the newest, and nothing is registered`) +
        `; say with --since which files are old`,
    );
  const request: LeftoverRequest = { ...look, startedAt };
  const found = findLeftovers(clients, request);
  let count = 0;
  let failed = 0;
  if (yes)
    for await (const { leftover, ending, to, reason } of moveAside(clients, request, found)) {
      count += 1;
      if (ending === "failed") failed += 1;
      console.log(`  ${ending} s3://${leftover.bucket}/${leftover.key}${to === undefined ? "" : ` → ${to}`}`);
      if (reason !== undefined) console.log(`      ${reason}`);
    }
  else
    for await (const { bucket, key, bytes, modified } of found) {
      count += 1;
      console.log(`  s3://${bucket}/${key} (${byteText(bytes)}, of ${modified.toISOString()})`);
    }
  const where = processDate === undefined ? "beside newer ones, or in no partition" : "beside newer ones";
  const title = `${plural(count, "file")} older than ${startedAt.toISOString()} ${where}`;
  if (failed > 0) throw new UserError(`${title}; ${failed} could not be moved and stay where they are`);
  const command = `${place.command()} leftovers ${dataset.name}`;
  if (count === 0 && processDate !== undefined)
    console.log(`${title}: nothing to do; folders whose name is no day's: ${command}`);
  else if (count === 0) console.log(`${title}: nothing to do`);
  else if (!yes) console.log(`${title}; move them aside with --yes`);
  else
    console.log(
      `${title} moved; register what stayed with: ${place.command()} partitions ${dataset.name} --apply` +
        (processDate === undefined ? "" : ` --process-date ${processDate}`),
    );
}

/**
 * What is older than the newest run is left over, of the day's or of all; and of a day what was registered, beside files
 * that came later, however they came.
 */
async function sinceOf(
  clients: OperateClients,
  place: Place,
  dataset: Dataset,
  look: ReconcileRequest,
  day: string | undefined,
): Promise<Date | undefined> {
  const { name } = await deployedPipeline(clients.sagemaker, place.stack(), dataset.name);
  // Times of one partition say nothing of the others.
  if (day === undefined) return (await recentExecutions(clients.sagemaker, name))[0]?.StartTime;
  const times = [(await newestExecutionFor(clients.sagemaker, name, day))?.startedAt.getTime() ?? 0];
  for await (const { current, newest } of plan(clients, { ...look, verification: "names" })) {
    const registered = Date.parse(current?.Parameters?.[FACTS.newest] ?? "");
    // S3 counts in seconds.
    if (newest !== undefined && registered + 1000 <= newest.getTime()) times.push(registered + 1000);
  }
  const since = Math.max(...times);
  return since === 0 ? undefined : new Date(since);
}

function timeOf(text: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime()) || !/^\d{4}-\d{2}-\d{2}/.test(text))
    throw new UserError(`--since '${text}' is not an ISO 8601 time such as 2021-12-01T02:30:00Z`);
  return time;
}
