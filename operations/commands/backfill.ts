import { Presets, SingleBar } from "cli-progress";
import { Command, InvalidArgumentError } from "commander";
import type { Dataset } from "../../contract/dataset";
import { deployedPipeline, type DeployedPipeline } from "../deployed";
import { followExecution, runningExecutions, startExecution } from "../executions";
import type { OperateClients, Place } from "../place";
import { gate } from "../reconcile/parallel";
import { requestFor } from "./looking";
import { dayStatuses } from "./partitions";
import { rangeOf, withDays, type Range, type RangeOptions } from "./range";
import { datasetNamed, printLogs, UserError } from "./shared";
import { columns, plural } from "./tables";

interface Options extends RangeOptions {
  readonly parallel: number;
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly json: boolean;
}

/** What a backfill does with one day. */
interface Task {
  readonly day: string;
  readonly state: string;
  /** ARN of an execution of that day that runs already: it is followed, and none is started. */
  readonly running?: string;
}

/** How one day ended. */
interface Done {
  readonly day: string;
  readonly status: string;
  readonly execution?: string;
  readonly failure?: string;
}

/** `backfill DATASET --from DAY --to DAY`: runs the pipeline for every day that is not complete. */
export function backfillCommand(place: Place): Command {
  const command = new Command("backfill")
    .description("run the pipeline of a dataset for every day that is not complete")
    .argument("<dataset>", "name of a dataset")
    .option("--parallel <n>", "executions at the same time, 1 to 50", parallelOf, 4)
    .option("--dry-run", "say what would run, and start nothing", false)
    .option("--force", "run complete days as well", false)
    .option("--json", "for machines", false)
    .addHelpText(
      "after",
      `
Interrupted or killed, it is resumed by the same command: complete days are skipped, and executions that still run are
followed instead of started again. Exit code 1 when a day failed.`,
    );
  return withDays(command).action(async (name: string, options: Options) => {
    const dataset = datasetNamed(name);
    const range = rangeOf(dataset.partitionKeys, options);
    if (range === undefined) throw new UserError("name the days: --from 2021-12-01 --to 2021-12-31");
    await place.withClients(async (clients) => {
      const pipeline = await deployedPipeline(clients.sagemaker, place.stack(), name);
      const request = await requestFor(clients, place, dataset, range);
      const days = await dayStatuses(clients, dataset, request, range);
      const running = await runningExecutions(clients.sagemaker, pipeline.name);
      const tasks = days
        .filter(({ state }) => options.force || state !== "complete")
        .map(({ day, state }): Task => {
          const arn = running.get(day);
          return { day, state, ...(arn === undefined ? {} : { running: arn }) };
        });
      const skipped = days.length - tasks.length;
      if (options.dryRun) return announce(tasks, skipped, options.json);
      const interrupt = new AbortController();
      const stop = () => interrupt.abort();
      process.once("SIGINT", stop).once("SIGTERM", stop);
      const done = await runAll(clients, place, pipeline, tasks, options, interrupt.signal).finally(() =>
        process.removeListener("SIGINT", stop).removeListener("SIGTERM", stop),
      );
      await report(clients, place, dataset, range, done, skipped, options.json);
    });
  });
}

function parallelOf(text: string): number {
  const value = Number(text);
  if (!/^[0-9]+$/.test(text) || value < 1 || value > 50) throw new InvalidArgumentError("a whole number from 1 to 50.");
  return value;
}

function announce(tasks: readonly Task[], skipped: number, json: boolean): void {
  if (json) return console.log(JSON.stringify({ skipped, days: tasks }, null, 2));
  const rows = tasks.map(({ day, state, running }) => [day, state, running === undefined ? "run" : "follow, it runs"]);
  if (rows.length > 0) console.log(columns(["day", "state", "action"], rows));
  console.log(`${plural(tasks.length, "day")} to run, ${skipped} complete; nothing was started`);
}

async function runAll(
  { sagemaker }: OperateClients,
  { pollMs }: Place,
  pipeline: DeployedPipeline,
  tasks: readonly Task[],
  { parallel, json }: Options,
  signal: AbortSignal,
): Promise<Done[]> {
  // Only a terminal can redraw a line: elsewhere each day's end is a line of its own.
  const drawn = process.stderr.isTTY && !json;
  const format = "{bar} {value}/{total} days, {running} running, {failed} failed | {eta_formatted} left";
  const bar = drawn ? new SingleBar({ format, hideCursor: true }, Presets.shades_classic) : undefined;
  bar?.start(tasks.length, 0, { running: 0, failed: 0 });
  const counts = { running: 0, failed: 0 };
  const room = gate(parallel);
  const runOne = (task: Task): Promise<Done> =>
    room(async () => {
      if (signal.aborted) return { day: task.day, status: "Interrupted" };
      counts.running += 1;
      bar?.update(counts);
      const done = await endOf(task).finally(() => (counts.running -= 1));
      if (done.status !== "Succeeded") counts.failed += 1;
      bar?.increment(1, counts);
      if (!drawn && !json) console.error(`${task.day} ${done.status}${failureText(done)}`);
      return done;
    });
  const endOf = async ({ day, running }: Task): Promise<Done> => {
    let execution = running;
    try {
      // Somebody may have started the day since the list was made: a second run of it would only cost.
      execution ??= (await runningExecutions(sagemaker, pipeline.name)).get(day);
      execution ??= await startExecution(sagemaker, pipeline.name, day);
      const { status, failure } = await followExecution(sagemaker, execution, { pollMs, signal });
      return { day, status, execution, ...(failure === undefined ? {} : { failure }) };
    } catch (error) {
      if (signal.aborted) return { day, status: "Interrupted", ...(execution === undefined ? {} : { execution }) };
      // One day that cannot be started or watched must not keep the others from being run.
      const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      if (execution === undefined) return { day, status: "NotStarted", failure: text };
      return { day, status: "Unknown", execution, failure: `it was started, and could not be watched: ${text}` };
    }
  };
  try {
    return await Promise.all(tasks.map(runOne));
  } finally {
    bar?.stop();
  }
}

const failureText = ({ failure }: Done): string => (failure === undefined ? "" : `: ${failure.split("\n")[0] ?? ""}`);

async function report(
  { sagemaker, logs }: OperateClients,
  place: Place,
  dataset: Dataset,
  range: Range,
  done: readonly Done[],
  skipped: number,
  json: boolean,
): Promise<void> {
  const failed = done.filter(({ status }) => status !== "Succeeded");
  if (json) console.log(JSON.stringify({ skipped, days: done }, null, 2));
  else
    for (const { day, status, execution, failure } of failed) {
      console.log(`${day} ${status}${execution === undefined ? "" : ` (${execution})`}`);
      if (failure !== undefined) console.log(failure.replace(/^/gm, "    "));
      if (execution === undefined || status !== "Failed") continue;
      const { steps } = await followExecution(sagemaker, execution, { pollMs: place.pollMs });
      for (const step of steps.filter((each) => each.status === "Failed")) {
        if (step.failure !== undefined) console.log(`  ${step.name}: ${step.failure.replaceAll("\n", "\n    ")}`);
        await printLogs(place, logs, step);
      }
    }
  const text = `${done.length - failed.length} of ${plural(done.length, "day")} succeeded, ${skipped} skipped as complete`;
  if (failed.length > 0)
    throw new UserError(
      `${text}; not: ${failed.map(({ day, status }) => `${day} (${status})`).join(", ")}. Executions that were started go ` +
        `on; the same command follows them, and runs the others. How the days stand: ` +
        `${place.command()} partitions ${dataset.name} --status --from ${range.from} --to ${range.to}`,
    );
  if (!json) console.log(text);
}
