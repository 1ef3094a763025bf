import {
  DescribePipelineExecutionCommand,
  ListPipelineExecutionStepsCommand,
  type SageMakerClient,
  StartPipelineExecutionCommand,
  type PipelineExecutionStep,
} from "@aws-sdk/client-sagemaker";
import { setTimeout as sleep } from "node:timers/promises";
import { NOT_GIVEN } from "../contract/day";

export interface RunRequest {
  readonly pipeline: string;
  /** `yyyy-MM-dd`; the day of the execution's start in the dataset's zone when absent. */
  readonly processDate?: string;
  /** Called when a step starts or ends. */
  readonly onStep: (step: StepProgress) => void;
  /** Milliseconds between two looks at the execution. Default 5000: SageMaker's describe calls are throttled. */
  readonly pollMs?: number;
  /** Ends the watching; the execution goes on. */
  readonly signal?: AbortSignal;
}

export interface StepProgress {
  readonly name: string;
  readonly status: string;
  /** Absent while it runs. */
  readonly seconds?: number;
  readonly failure?: string;
  /** What a Lambda step answered. */
  readonly outputs?: Readonly<Record<string, string>>;
}

export interface RunResult {
  readonly arn: string;
  readonly status: string;
  readonly seconds: number;
  readonly failure?: string;
}

const OVER = ["Succeeded", "Failed", "Stopped"];

/** Starts a pipeline execution and follows it to its end. An execution that fails is a result, not an error. */
export async function runPipeline(sagemaker: SageMakerClient, request: RunRequest): Promise<RunResult> {
  const started = Date.now();
  const { PipelineExecutionArn: arn = "" } = await sagemaker.send(
    new StartPipelineExecutionCommand({
      PipelineName: request.pipeline,
      PipelineParameters: [{ Name: "ProcessDate", Value: request.processDate ?? NOT_GIVEN }],
    }),
  );
  const shown = new Map<string, string>();
  for (;;) {
    const execution = await sagemaker.send(new DescribePipelineExecutionCommand({ PipelineExecutionArn: arn }));
    for (const step of await listSteps(sagemaker, arn)) {
      const progress = progressOf(step);
      if (shown.get(progress.name) === progress.status) continue;
      shown.set(progress.name, progress.status);
      request.onStep(progress);
    }
    const status = execution.PipelineExecutionStatus ?? "Unknown";
    if (OVER.includes(status)) {
      const failure = execution.FailureReason;
      return { arn, status, seconds: (Date.now() - started) / 1000, ...(failure === undefined ? {} : { failure }) };
    }
    await sleep(request.pollMs ?? 5000, undefined, request.signal ? { signal: request.signal } : {});
  }
}

/** Oldest first. */
async function listSteps(sagemaker: SageMakerClient, arn: string): Promise<PipelineExecutionStep[]> {
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
  const { StepName: name = "?", StepStatus: status = "Unknown", StartTime, EndTime, FailureReason } = step;
  const outputs = Object.fromEntries(
    (step.Metadata?.Lambda?.OutputParameters ?? []).map(({ Name = "", Value = "" }) => [Name, Value]),
  );
  return {
    name,
    status,
    ...(StartTime && EndTime ? { seconds: (EndTime.getTime() - StartTime.getTime()) / 1000 } : {}),
    ...(FailureReason === undefined ? {} : { failure: FailureReason }),
    ...(Object.keys(outputs).length > 0 ? { outputs } : {}),
  };
}
