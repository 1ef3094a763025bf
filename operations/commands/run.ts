import { Command } from "commander";
import { valuesOnDay } from "../../contract/keys";
import { deployedPipeline } from "../deployed";
import { followExecution, startExecution, type StepProgress } from "../executions";
import type { OperateClients, Place } from "../place";
import { datasetNamed, onInterrupt, printLogs, UserError } from "./shared";

interface Options {
  readonly processDate?: string;
  readonly execution?: string;
}

/** `run DATASET --process-date DAY`: starts the pipeline of a dataset and follows it. Exit code 1 when it fails. */
export function runCommand(place: Place): Command {
  return new Command("run")
    .description("start the pipeline of a dataset and follow its steps")
    .argument("<dataset>", "name of a dataset")
    .option("--process-date <yyyy-MM-dd>", "the day to process; today in the dataset's time zone when absent")
    .option("--execution <arn>", "follow this execution, and start none")
    .addHelpText("after", "\nExit code 1 when the execution fails. Ctrl-C ends the watching, not the execution.")
    .action(async (name: string, { processDate, execution }: Options) => {
      const dataset = datasetNamed(name);
      if (processDate !== undefined) valuesOnDay(dataset.partitionKeys, processDate);
      if (processDate !== undefined && execution !== undefined)
        throw new UserError("--execution follows what was started; leave --process-date out");
      await place.withClients(async (clients) => {
        const pipeline = await deployedPipeline(clients.sagemaker, place.stack(), dataset.name);
        if (execution === undefined)
          console.log(`${pipeline.name}: starting${processDate === undefined ? "" : ` for ${processDate}`}`);
        const arn = execution ?? (await startExecution(clients.sagemaker, pipeline.name, processDate));
        console.log(`  ${arn}`);
        await follow(clients, place, name, arn);
      });
    });
}

async function follow(clients: OperateClients, place: Place, dataset: string, arn: string): Promise<void> {
  const { pollMs } = place;
  const result = await onInterrupt(
    (signal) =>
      followExecution(clients.sagemaker, arn, { pollMs, signal, onStep: (step) => console.log(stepLine(step)) }),
    `the execution goes on; follow it with: ${place.command()} run ${dataset} --execution ${arn}`,
  );
  console.log(`${result.status} after ${result.seconds.toFixed(1)} s (${arn})`);
  for (const step of result.steps.filter(({ status }) => status === "Failed"))
    await printLogs(place, clients.logs, step);
  if (result.status !== "Succeeded") throw new UserError(result.failure ?? `the execution ended as ${result.status}`);
}

/** One line for each change of a step; a failure's reason below it. */
export function stepLine({ name, status, seconds, failure, outputs }: StepProgress): string {
  const facts = Object.entries(outputs ?? {}).map(([key, value]) => `${key}=${value}`);
  const time = seconds === undefined ? "" : ` ${seconds.toFixed(1)} s`;
  const head = `  ${name.padEnd(16)} ${status}${time}${facts.length > 0 ? `  ${facts.join(" ")}` : ""}`;
  return failure === undefined ? head : `${head}\n${failure.replace(/^/gm, "    ")}`;
}
