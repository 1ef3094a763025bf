import { Command } from "commander";
import { valuesOnDay } from "../../contract/keys";
import { looksAtTable } from "../../contract/registration";
import { deployedPipeline } from "../deployed";
import { runJob, singleJob } from "../job";
import type { Place } from "../place";
import { datasetNamed, onInterrupt, printLogs, UserError } from "./shared";

/** `job DATASET STEP --process-date DAY`: one step alone, as a processing job. */
export function jobCommand(place: Place): Command {
  return new Command("job")
    .description("run one step of a dataset alone, as a processing job without a pipeline")
    .argument("<dataset>", "name of a dataset")
    .argument("<step>", "name of a processing step: extract_step, or extract")
    .option("--process-date <yyyy-MM-dd>", "the day to process; today in the dataset's time zone when absent")
    .addHelpText(
      "after",
      `
The job is the deployed pipeline's own: same image, role, files and limits. What an earlier step wrote is taken from the
newest execution that wrote it for that day. Nothing is registered. Needs iam:PassRole for the dataset's job role.`,
    )
    .action(async (name: string, step: string, { processDate }: { readonly processDate?: string }) => {
      const dataset = datasetNamed(name);
      if (processDate !== undefined) valuesOnDay(dataset.partitionKeys, processDate);
      await place.withClients(async ({ sagemaker, logs }) => {
        const pipeline = await deployedPipeline(sagemaker, place.stack(), name);
        const job = await singleJob(sagemaker, pipeline, step, processDate);
        console.log(`${job.name}: starting for ${job.processDate}`);
        const result = await onInterrupt(
          (signal) => runJob(sagemaker, job, { pollMs: place.pollMs, signal }),
          `the job goes on: aws sagemaker describe-processing-job --processing-job-name ${job.name}`,
        );
        console.log(`${result.status} after ${result.seconds.toFixed(1)} s (${result.arn})`);
        if (result.status !== "Completed") {
          await printLogs(place, logs, { name: job.name, status: result.status, arn: result.arn });
          throw new UserError(result.failure ?? `the job ended as ${result.status}`);
        }
        for (const [output, uri] of Object.entries(job.outputs)) console.log(`  ${output} → ${uri}`);
        if (dataset.steps.some((each) => each.name === job.step && Object.values(each.outputs).includes("table")))
          console.log(
            `register it with: ${place.command()} partitions ${name} --apply` +
              (looksAtTable(dataset) ? "" : ` --process-date ${job.processDate}`),
          );
      });
    });
}
