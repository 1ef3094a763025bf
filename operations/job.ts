import {
  CreateProcessingJobCommand,
  DescribeProcessingJobCommand,
  type CreateProcessingJobCommandInput,
  type SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { NOT_GIVEN } from "../contract/day";
import type { DayEvent } from "../contract/events";
import { referencesIn, resolve, type Scope } from "../contract/pipeline/evaluate";
import { isJsonObject, type Json, type JsonObject } from "../contract/pipeline/json";
import { UserError } from "./commandLine";
import { handler as dayStep } from "./day";
import type { DeployedPipeline } from "./deployed";
import { listSteps, recentExecutions, type Watching } from "./executions";

/** Executions that are searched for what an earlier step wrote. */
const SEARCHED = 20;

/** One step of a pipeline as a job of its own. */
export interface SingleJob {
  readonly request: CreateProcessingJobCommandInput;
  /** Name of the step in the pipeline. */
  readonly step: string;
  /** The job's own name. */
  readonly name: string;
  /** Where its outputs go, by output name. */
  readonly outputs: Readonly<Record<string, string>>;
  /** The day that it processes, `yyyy-MM-dd`. */
  readonly processDate: string;
}

/**
 * A step of a deployed pipeline as a request of its own: parameters have their defaults, the day is computed as the
 * pipeline's first step does it, and what an earlier step wrote is taken from the newest execution that wrote it for the
 * same day.
 *
 * @param processDate `yyyy-MM-dd`; the day of now in the dataset's zone when absent
 * @throws UserError for a step that is none, or whose input nobody wrote yet
 */
export async function singleJob(
  sagemaker: SageMakerClient,
  pipeline: DeployedPipeline,
  stepName: string,
  processDate: string | undefined,
): Promise<SingleJob> {
  const { definition, arn } = pipeline;
  const processing = definition.Steps.filter(({ Type: type }) => type === "Processing");
  const step =
    processing.find(({ Name }) => Name === stepName) ?? processing.find(({ Name }) => Name === `${stepName}_step`);
  if (!step || !isJsonObject(step.Arguments))
    throw new UserError(
      `pipeline ${pipeline.name} has no processing step '${stepName}'; it has: ${processing.map(({ Name }) => Name).join(", ")}`,
    );
  const id = `job${randomBytes(5).toString("hex")}`;
  const parameters = new Map<string, Json>(
    definition.Parameters.flatMap(({ Name, DefaultValue }) =>
      DefaultValue === undefined ? [] : [[Name, DefaultValue]],
    ),
  );
  parameters.set("ProcessDate", processDate ?? NOT_GIVEN);
  const steps = new Map<string, Json>();
  const scope: Scope = {
    ...{ parameters, steps },
    execution: {
      ...{ PipelineExecutionId: id, PipelineExecutionArn: `${arn}/execution/${id}`, PipelineName: pipeline.name },
      ...{ PipelineArn: arn, StartDateTime: new Date().toISOString(), CurrentDateTime: new Date().toISOString() },
    },
  };
  // Functions before jobs: the day tells which job's output is meant.
  const needed = referencesIn(step.Arguments).steps.map((name) => definition.Steps.find(({ Name }) => Name === name));
  for (const each of needed)
    if (each?.Type === "Lambda") {
      const event = resolve(each.Arguments ?? {}, scope) as unknown as DayEvent;
      steps.set(each.Name, { OutputParameters: await dayStep(event) });
    }
  for (const each of needed)
    if (each?.Type === "Processing" && isJsonObject(each.Arguments))
      steps.set(each.Name, await outputsOf(sagemaker, pipeline, each.Name, argumentsOf(each.Arguments, scope)));

  const resolved = resolve(step.Arguments, scope);
  if (!isJsonObject(resolved)) throw new Error(`step '${step.Name}' has no arguments`);
  const { ProcessingJobName: prefix } = resolved;
  const name = `${typeof prefix === "string" ? prefix : pipeline.name}-${id}`;
  const request = { ...resolved, ProcessingJobName: name } as unknown as CreateProcessingJobCommandInput;
  const args = argumentsOf(step.Arguments, scope);
  const targets = request.ProcessingOutputConfig?.Outputs ?? [];
  return {
    ...{ request, name, step: step.Name },
    outputs: Object.fromEntries(targets.map(({ OutputName = "", S3Output }) => [OutputName, S3Output?.S3Uri ?? ""])),
    processDate: args[args.indexOf("--process-date") + 1] ?? "",
  };
}

/** The arguments that a job's script gets, with the day among them. */
function argumentsOf(step: JsonObject, scope: Scope): string[] {
  const { AppSpecification: app } = step;
  const given = isJsonObject(app) ? app.ContainerArguments : undefined;
  const resolved = given === undefined ? [] : resolve(given, scope);
  return Array.isArray(resolved) ? resolved.map(String) : [];
}

/** The properties of an earlier step, from the newest execution in which it succeeded with the same arguments. */
async function outputsOf(
  sagemaker: SageMakerClient,
  pipeline: DeployedPipeline,
  step: string,
  args: readonly string[],
): Promise<Json> {
  for (const { PipelineExecutionArn: arn = "" } of (await recentExecutions(sagemaker, pipeline.name)).slice(
    0,
    SEARCHED,
  )) {
    const done = (await listSteps(sagemaker, arn)).find(({ StepName }) => StepName === step);
    const job = done?.StepStatus === "Succeeded" ? done.Metadata?.ProcessingJob?.Arn : undefined;
    if (job === undefined) continue;
    const described = await sagemaker.send(
      new DescribeProcessingJobCommand({ ProcessingJobName: job.slice(job.lastIndexOf("/") + 1) }),
    );
    if (JSON.stringify(described.AppSpecification?.ContainerArguments ?? []) !== JSON.stringify(args)) continue;
    return { ProcessingOutputConfig: JSON.parse(JSON.stringify(described.ProcessingOutputConfig ?? {})) as Json };
  }
  throw new UserError(
    `the step reads what '${step}' writes, and none of the last ${SEARCHED} executions of ${pipeline.name} wrote that ` +
      `with ${args.join(" ")}; run the pipeline for that day first`,
  );
}

export interface JobResult {
  readonly arn: string;
  readonly status: string;
  readonly seconds: number;
  readonly failure?: string;
}

/** Starts a job and follows it to its end. One that fails is a result, not an error. */
export async function runJob(
  sagemaker: SageMakerClient,
  { request, name }: SingleJob,
  { pollMs, signal }: Omit<Watching, "onStep"> = {},
): Promise<JobResult> {
  const { ProcessingJobArn: arn = "" } = await sagemaker.send(new CreateProcessingJobCommand(request));
  for (;;) {
    const job = await sagemaker.send(new DescribeProcessingJobCommand({ ProcessingJobName: name }));
    const { ProcessingJobStatus: status = "Unknown", FailureReason: failure } = job;
    if (["Completed", "Failed", "Stopped"].includes(status)) {
      const seconds = ((job.ProcessingEndTime?.getTime() ?? 0) - (job.CreationTime?.getTime() ?? 0)) / 1000;
      return { arn, status, seconds, ...(failure === undefined ? {} : { failure }) };
    }
    await sleep(pollMs ?? 5000, undefined, signal ? { signal } : {});
  }
}
