import { parseSteps, type Json, type Step } from "./definition";
import { messageOf, StepFailure } from "./errors";
import { checkGraph, prerequisites } from "./graph";
import type { ProcessingJob } from "./processing/job";
import type { Scope } from "../../contract/pipeline/evaluate";
import { runStep, type Surroundings } from "./steps";

export type ExecutionStatus = "Executing" | "Stopping" | "Stopped" | "Failed" | "Succeeded";

/** What ListPipelineExecutionSteps tells of a step; steps that never began are not listed. */
export interface StepRecord {
  readonly step: Step;
  readonly startTime: number;
  endTime?: number;
  status: "Starting" | "Executing" | "Stopped" | "Failed" | "Succeeded";
  failureReason?: string;
  metadata: { [key: string]: Json };
}

export interface ExecutionPlan {
  readonly id: string;
  readonly pipelineName: string;
  readonly pipelineArn: string;
  /** The definition as it was at the start: a later update does not reach this execution. */
  readonly definition: string;
  readonly steps: readonly unknown[];
  readonly parameters: ReadonlyMap<string, Json>;
  readonly given: readonly { readonly Name: string; readonly Value: string }[];
  readonly displayName: string;
  readonly description?: string;
  readonly maxParallel?: number;
}

/** One execution of a pipeline: it begins when made, and `finished` resolves when nothing of it runs any more. */
export class Execution {
  readonly arn: string;
  readonly startTime = Date.now();
  readonly records: StepRecord[] = [];
  readonly finished: Promise<void>;
  status: ExecutionStatus = "Executing";
  failureReason: string | undefined;
  modifiedTime = this.startTime;

  private readonly abort = new AbortController();
  private readonly properties = new Map<string, Json>();
  /** Steps of the lists that have been entered and did not begin yet. */
  private waiting: Step[] = [];
  private readonly running = new Map<string, Promise<void>>();

  constructor(
    readonly plan: ExecutionPlan,
    private readonly around: Surroundings,
    private readonly register: (job: ProcessingJob) => void,
  ) {
    this.arn = `${plan.pipelineArn}/execution/${plan.id}`;
    this.finished = this.run();
  }

  /** Ends what runs; nothing new begins. */
  stop(): void {
    if (this.status !== "Executing") return;
    this.status = "Stopping";
    this.modifiedTime = Date.now();
    this.abort.abort();
  }

  private async run(): Promise<void> {
    try {
      const steps = parseSteps(this.plan.steps);
      checkGraph(steps, this.plan.parameters);
      this.waiting = [...steps];
      await this.schedule();
    } catch (error) {
      this.failureReason = messageOf(error);
    }
    const failed = this.records.filter(({ status }) => status === "Failed").map(({ step }) => step.Name);
    if (this.status === "Stopping") this.status = "Stopped";
    else if (failed.length > 0 || this.failureReason !== undefined) {
      this.status = "Failed";
      this.failureReason ??= `Step failure: One or multiple steps failed: ${failed.join(", ")}`;
    } else this.status = "Succeeded";
    this.modifiedTime = Date.now();
    this.around.log(`${this.arn}: ${this.status}${this.failureReason === undefined ? "" : `: ${this.failureReason}`}`);
  }

  /** After a failure nothing new begins, and what runs may finish. */
  private async schedule(): Promise<void> {
    for (;;) {
      const halted = this.abort.signal.aborted || this.records.some(({ status }) => status === "Failed");
      const room = (this.plan.maxParallel ?? Infinity) - this.running.size;
      const ready = halted ? [] : this.waiting.filter((step) => this.isReady(step)).slice(0, Math.max(0, room));
      this.waiting = this.waiting.filter((step) => !ready.includes(step));
      for (const step of ready) {
        const run = this.runOne(step).finally(() => this.running.delete(step.Name));
        this.running.set(step.Name, run);
      }
      if (this.running.size === 0) return;
      await Promise.race(this.running.values());
    }
  }

  private isReady(step: Step): boolean {
    return prerequisites(step).every((name) => this.properties.has(name));
  }

  private async runOne(step: Step): Promise<void> {
    const record: StepRecord = { step, startTime: Date.now(), status: "Starting", metadata: {} };
    this.records.push(record);
    try {
      const result = await runStep(step, {
        scope: this.scope(),
        signal: this.abort.signal,
        executionId: this.plan.id,
        arnPrefix: this.plan.pipelineArn.split(":").slice(0, 5).join(":"),
        around: this.around,
        register: this.register,
        tell: (metadata) => {
          record.status = "Executing";
          Object.assign(record.metadata, metadata);
        },
      });
      this.properties.set(step.Name, result.properties);
      if (result.chosen) this.waiting.push(...result.chosen);
      record.status = "Succeeded";
    } catch (error) {
      record.status = error instanceof StepFailure ? error.status : "Failed";
      record.failureReason = messageOf(error);
    }
    record.endTime = Date.now();
    this.around.log(
      `${step.Name}: ${record.status}${record.failureReason === undefined ? "" : `: ${record.failureReason}`}`,
    );
  }

  private scope(): Scope {
    const { id, pipelineName, pipelineArn, parameters } = this.plan;
    return {
      parameters,
      steps: this.properties,
      execution: {
        PipelineExecutionId: id,
        PipelineExecutionArn: this.arn,
        PipelineName: pipelineName,
        PipelineArn: pipelineArn,
        StartDateTime: new Date(this.startTime).toISOString(),
        CurrentDateTime: new Date().toISOString(),
      },
    };
  }
}
