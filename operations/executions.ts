import {
  DescribePipelineExecutionCommand,
  ListPipelineExecutionsCommand,
  ListPipelineExecutionStepsCommand,
  ListPipelineParametersForExecutionCommand,
  StartPipelineExecutionCommand,
  type PipelineExecutionStep,
  type PipelineExecutionSummary,
  type SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import { setTimeout as sleep } from "node:timers/promises";
import { NOT_GIVEN } from "../contract/day";
import { PROCESS_DATE } from "../contract/events";

/** What one step of an execution does or did. */
export interface StepProgress {
  readonly name: string;
  readonly status: string;
  /** Absent while it runs. */
  readonly seconds?: number;
  readonly failure?: string;
  /** What a Lambda step answered. */
  readonly outputs?: Readonly<Record<string, string>>;
  /** Of the processing job, or of the function. */
  readonly arn?: string;
}

export interface ExecutionResult {
  readonly arn: string;
  readonly status: string;
  readonly seconds: number;
  readonly failure?: string;
  /** In the order in which they began. */
  readonly steps: readonly StepProgress[];
}

export interface Watching {
  /** Called when a step starts or ends. */
  readonly onStep?: (step: StepProgress) => void;
  /** Milliseconds between two looks at the execution. Default 5000. */
  readonly pollMs?: number | undefined;
  /** Ends the watching; the execution goes on. */
  readonly signal?: AbortSignal;
}

const OVER = ["Succeeded", "Failed", "Stopped"];
/** Executions that are looked at for one that runs already. */
const RECENT = 100;

/**
 * Starts an execution.
 *
 * @param processDate `yyyy-MM-dd`; the day of the execution's start in the dataset's zone when absent
 * @returns its ARN
 */
export async function startExecution(
  sagemaker: SageMakerClient,
  pipeline: string,
  processDate?: string,
): Promise<string> {
  const { PipelineExecutionArn: arn = "" } = await sagemaker.send(
    new StartPipelineExecutionCommand({
      PipelineName: pipeline,
      PipelineParameters: [{ Name: "ProcessDate", Value: processDate ?? NOT_GIVEN }],
    }),
  );
  return arn;
}

/** Follows an execution to its end. One that fails is a result, not an error. */
export async function followExecution(
  sagemaker: SageMakerClient,
  arn: string,
  { onStep, pollMs, signal }: Watching = {},
): Promise<ExecutionResult> {
  const shown = new Map<string, string>();
  for (;;) {
    const execution = await sagemaker.send(new DescribePipelineExecutionCommand({ PipelineExecutionArn: arn }));
    const steps = (await listSteps(sagemaker, arn)).map(progressOf);
    for (const progress of steps) {
      if (shown.get(progress.name) === progress.status) continue;
      shown.set(progress.name, progress.status);
      onStep?.(progress);
    }
    const status = execution.PipelineExecutionStatus ?? "Unknown";
    if (OVER.includes(status)) {
      const begun = execution.CreationTime?.getTime() ?? 0;
      const seconds = ((execution.LastModifiedTime?.getTime() ?? begun) - begun) / 1000;
      const failure = execution.FailureReason;
      return { arn, status, seconds, steps, ...(failure === undefined ? {} : { failure }) };
    }
    await sleep(pollMs ?? 5000, undefined, signal ? { signal } : {});
  }
}

/** {@link startExecution}, then {@link followExecution}. */
export async function runPipeline(
  sagemaker: SageMakerClient,
  { pipeline, processDate, ...watching }: Watching & { readonly pipeline: string; readonly processDate?: string },
): Promise<ExecutionResult> {
  return followExecution(sagemaker, await startExecution(sagemaker, pipeline, processDate), watching);
}

/** The executions that run, of the newest hundred, as far as their day is known: day → ARN. */
export async function runningExecutions(sagemaker: SageMakerClient, pipeline: string): Promise<Map<string, string>> {
  const running = (await recentExecutions(sagemaker, pipeline)).filter(
    ({ PipelineExecutionStatus: status }) => status === "Executing",
  );
  const days = new Map<string, string>();
  for (const { PipelineExecutionArn: arn = "" } of running) {
    const { PipelineParameters: parameters = [] } = await sagemaker.send(
      new ListPipelineParametersForExecutionCommand({ PipelineExecutionArn: arn }),
    );
    const given = parameters.find(({ Name }) => Name === "ProcessDate")?.Value;
    // A scheduled run has its day from its first step.
    const day = given === NOT_GIVEN ? await dayOfSteps(sagemaker, arn) : given;
    if (day !== undefined && !days.has(day)) days.set(day, arn);
  }
  return days;
}

/** The newest execution for a day, however it came by the day, of the newest hundred; undefined when there is none. */
export async function newestExecutionFor(
  sagemaker: SageMakerClient,
  pipeline: string,
  day: string,
): Promise<{ readonly arn: string; readonly startedAt: Date } | undefined> {
  return (await newestExecutions(sagemaker, pipeline, (found) => found === day)).get(day);
}

/** The newest execution of each day, of the newest hundred; read until one is enough. */
export async function newestExecutions(
  sagemaker: SageMakerClient,
  pipeline: string,
  isEnough: (day: string) => boolean = () => false,
): Promise<Map<string, { readonly arn: string; readonly startedAt: Date }>> {
  const days = new Map<string, { arn: string; startedAt: Date }>();
  for (const { PipelineExecutionArn: arn = "", StartTime: startedAt } of await recentExecutions(sagemaker, pipeline)) {
    const day = await dayOfSteps(sagemaker, arn);
    if (day === undefined || startedAt === undefined || days.has(day)) continue;
    days.set(day, { arn, startedAt });
    if (isEnough(day)) break;
  }
  return days;
}

/** The day that an execution's first step found; undefined as long as it has not. */
async function dayOfSteps(sagemaker: SageMakerClient, arn: string): Promise<string | undefined> {
  const steps = (await listSteps(sagemaker, arn)).map(progressOf);
  return steps.flatMap(({ outputs }) => outputs?.[PROCESS_DATE] ?? [])[0];
}

/** The newest hundred, newest first. */
export async function recentExecutions(
  sagemaker: SageMakerClient,
  pipeline: string,
): Promise<PipelineExecutionSummary[]> {
  const { PipelineExecutionSummaries: recent = [] } = await sagemaker.send(
    new ListPipelineExecutionsCommand({
      ...{ PipelineName: pipeline, SortBy: "CreationTime", SortOrder: "Descending", MaxResults: RECENT },
    }),
  );
  return recent;
}

/** Oldest first. */
export async function listSteps(sagemaker: SageMakerClient, arn: string): Promise<PipelineExecutionStep[]> {
  const steps: PipelineExecutionStep[] = [];
  let token: string | undefined;
  do {
    const page = await sagemaker.send(
      new ListPipelineExecutionStepsCommand({ PipelineExecutionArn: arn, SortOrder: "Ascending", NextToken: token }),
    );
    steps.push(...(page.PipelineExecutionSteps ?? []));
    token = page.NextToken;
  } while (token !== undefined);
  return steps;
}

function progressOf(step: PipelineExecutionStep): StepProgress {
  const { StepName: name = "?", StepStatus: status = "Unknown", StartTime, EndTime, FailureReason, Metadata } = step;
  const outputs = Object.fromEntries(
    (Metadata?.Lambda?.OutputParameters ?? []).map(({ Name = "", Value = "" }) => [Name, Value]),
  );
  const arn = Metadata?.ProcessingJob?.Arn ?? Metadata?.Lambda?.Arn;
  return {
    name,
    status,
    ...(StartTime && EndTime ? { seconds: (EndTime.getTime() - StartTime.getTime()) / 1000 } : {}),
    ...(FailureReason === undefined ? {} : { failure: FailureReason }),
    ...(Object.keys(outputs).length > 0 ? { outputs } : {}),
    ...(arn === undefined ? {} : { arn }),
  };
}
