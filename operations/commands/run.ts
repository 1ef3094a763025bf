import type { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { Command } from "commander";
import { valuesOnDay } from "../../contract/keys";
import { pipelineName, type StackId } from "../../contract/names";
import { runPipeline, type RunRequest, type StepProgress } from "../run";
import { datasetNamed, UserError } from "./shared";

/** Where the command runs pipelines: it takes nothing from the environment by itself. */
export interface RunPlace {
  readonly stack: () => StackId;
  /** Does a piece of work with a client. */
  readonly withSageMaker: (work: (sagemaker: SageMakerClient) => Promise<void>) => Promise<void>;
  readonly pollMs?: RunRequest["pollMs"];
}

/** `run DATASET --process-date DAY`: starts the pipeline of a dataset and follows it. Exit code 1 when it fails. */
export function runCommand({ stack, withSageMaker, pollMs }: RunPlace): Command {
  return new Command("run")
    .description("start the pipeline of a dataset and follow its steps")
    .argument("<dataset>", "name of a dataset")
    .option("--process-date <yyyy-MM-dd>", "the day to process; today in the dataset's time zone when absent")
    .action(async (name: string, { processDate }: { processDate?: string }) => {
      const dataset = datasetNamed(name);
      if (processDate !== undefined) valuesOnDay(dataset.partitionKeys, processDate);
      const pipeline = pipelineName(stack(), dataset.name);
      await withSageMaker(async (sagemaker) => {
        console.log(`${pipeline}: starting${processDate === undefined ? "" : ` for ${processDate}`}`);
        const result = await runPipeline(sagemaker, {
          pipeline,
          ...(processDate === undefined ? {} : { processDate }),
          ...(pollMs === undefined ? {} : { pollMs }),
          onStep: (step) => console.log(stepLine(step)),
        });
        console.log(`${pipeline}: ${result.status} after ${result.seconds.toFixed(1)} s (${result.arn})`);
        if (result.status !== "Succeeded") throw new UserError(result.failure ?? `execution ended as ${result.status}`);
      });
    });
}

/** One line for each change of a step; a failure's reason below it. */
export function stepLine({ name, status, seconds, failure, outputs }: StepProgress): string {
  const facts = Object.entries(outputs ?? {}).map(([key, value]) => `${key}=${value}`);
  const time = seconds === undefined ? "" : ` ${seconds.toFixed(1)} s`;
  const head = `  ${name.padEnd(16)} ${status}${time}${facts.length > 0 ? `  ${facts.join(" ")}` : ""}`;
  return failure === undefined ? head : `${head}\n${failure.replace(/^/gm, "    ")}`;
}
