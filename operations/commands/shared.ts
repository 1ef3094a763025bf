import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { Dataset } from "../../contract/dataset";
import { datasets } from "../../datasets";
import { UserError } from "../commandLine";
import type { StepProgress } from "../executions";
import { lastLines, logOf } from "../logs";
import type { Place } from "../place";

export { runCommandLine, UserError } from "../commandLine";

/** Lines of a failed job's log that are worth a look. */
const LOG_LINES = 20;

/** @throws UserError that lists the datasets there are */
export function datasetNamed(name: string): Dataset {
  const dataset = datasets.find((each) => each.name === name);
  if (!dataset) throw new UserError(`no dataset '${name}'; there are: ${datasets.map((each) => each.name).join(", ")}`);
  return dataset;
}

const STOPS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Does some work until it is interrupted, which ends it with a text instead of a trace.
 *
 * @param text what becomes of what was started, and how to come back to it; also told when the watching itself fails
 */
export async function onInterrupt<T>(
  work: (signal: AbortSignal) => Promise<T>,
  text: string,
  toldOnFailure = true,
): Promise<T> {
  const interrupt = new AbortController();
  const stop = () => interrupt.abort();
  for (const signal of STOPS) process.once(signal, stop);
  try {
    return await work(interrupt.signal);
  } catch (error) {
    if (interrupt.signal.aborted) throw new UserError(`interrupted; ${text}`);
    if (toldOnFailure && error instanceof Error && error.name !== "UserError") error.message += `\n${text}`;
    throw error;
  } finally {
    for (const signal of STOPS) process.removeListener(signal, stop);
  }
}

/** The end of the log of what a failed step ran, and where all of it is. */
export async function printLogs(place: Place, logs: CloudWatchLogsClient, { name, arn }: StepProgress): Promise<void> {
  const log = arn === undefined ? undefined : logOf(arn);
  if (arn === undefined || log === undefined) return;
  const lines = await lastLines(logs, log, LOG_LINES);
  if (lines.length > 0)
    console.log([`  log of ${name}, last lines:`, ...lines.map((line) => `    ${line}`)].join("\n"));
  console.log(`  log of ${name}: ${place.whereIsLog(arn, log)}`);
}
