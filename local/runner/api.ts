import { DescribePipelineCommand } from "@aws-sdk/client-sagemaker";
import { z } from "zod";
import { parseOutline, textOf, type Json, type Outline } from "./definition";
import { issuesOf, messageOf, ServiceError } from "./errors";
import { Execution, type StepRecord } from "./execution";
import { valuesOf } from "./parameters";
import { Jobs } from "./jobs";
import { randomToken, type Surroundings } from "./steps";

const page = { NextToken: z.string().regex(/^\d+$/).optional(), MaxResults: z.int().min(1).max(100).default(100) };
const sortOrder = z.enum(["Ascending", "Descending"]);
const executionArn = z.string().regex(/^arn:[a-z-]+:sagemaker:[^:]+:\d{12}:pipeline\/[^/]+\/execution\/[a-z0-9]{12}$/);
const byExecution = z.strictObject({ PipelineExecutionArn: executionArn });

const start = z.strictObject({
  PipelineName: z.string().max(256),
  PipelineExecutionDisplayName: z
    .string()
    .regex(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,81}$/)
    .optional(),
  PipelineParameters: z
    .array(z.strictObject({ Name: z.string().min(1).max(256), Value: z.string().max(1024) }))
    .max(200)
    .default([]),
  PipelineExecutionDescription: z.string().max(3072).optional(),
  ClientRequestToken: z.string().min(32).max(128).optional(),
  ParallelismConfiguration: z.strictObject({ MaxParallelExecutionSteps: z.int().min(1) }).optional(),
});
const stop = z.strictObject({ PipelineExecutionArn: executionArn, ClientRequestToken: z.string().optional() });
const list = z.strictObject({
  ...page,
  PipelineName: z.string(),
  CreatedAfter: z.number().optional(),
  CreatedBefore: z.number().optional(),
  SortBy: z.enum(["CreationTime", "PipelineExecutionArn"]).default("CreationTime"),
  SortOrder: sortOrder.default("Descending"),
});
const listSteps = z.strictObject({
  ...page,
  PipelineExecutionArn: executionArn,
  SortOrder: sortOrder.default("Descending"),
});
const listParameters = z.strictObject({ ...page, PipelineExecutionArn: executionArn });
const describeJob = z.strictObject({ ProcessingJobName: z.string() });

type Response = { [key: string]: Json };
type Operation = (request: unknown) => Promise<Response | undefined>;

/** The SageMaker operations that run pipelines, in place of moto's, which only pretend. */
export class PipelineApi {
  private readonly executions = new Map<string, Execution>();
  private readonly jobs: Jobs;
  private readonly started = new Map<string, Promise<Response>>();

  /** An operation that answers undefined leaves the request to moto. */
  readonly operations: ReadonlyMap<string, Operation> = new Map([
    ["StartPipelineExecution", operation(start, (request) => this.start(request))],
    ["StopPipelineExecution", operation(stop, (request) => this.stop(request.PipelineExecutionArn))],
    ["DescribePipelineExecution", operation(byExecution, (request) => this.describe(this.find(request)))],
    ["DescribePipelineDefinitionForExecution", operation(byExecution, (request) => definitionOf(this.find(request)))],
    ["ListPipelineExecutions", operation(list, (request) => this.list(request))],
    ["ListPipelineExecutionSteps", operation(listSteps, (request) => this.listSteps(request))],
    ["ListPipelineParametersForExecution", operation(listParameters, (request) => this.listParameters(request))],
    ["CreateProcessingJob", operation(z.json(), (request) => Promise.resolve(this.jobs.create(request)))],
    ["DescribeProcessingJob", operation(describeJob, (request) => this.jobs.describe(request.ProcessingJobName))],
  ]);

  constructor(private readonly around: Surroundings) {
    this.jobs = new Jobs(around);
  }

  /** Stops all executions and jobs, and waits until nothing of them runs. */
  async close(): Promise<void> {
    for (const execution of this.executions.values()) execution.stop();
    await Promise.all([this.jobs.close(), ...[...this.executions.values()].map(({ finished }) => finished)]);
  }

  private async start(request: z.infer<typeof start>): Promise<Response> {
    const token = request.ClientRequestToken;
    if (token === undefined) return this.begin(request);
    // The SDKs send a token and repeat it when they retry: the retry must not run the pipeline twice.
    const known = this.started.get(token) ?? this.begin(request);
    this.started.set(token, known);
    known.catch(() => this.started.delete(token));
    return known;
  }

  private async begin(request: z.infer<typeof start>): Promise<Response> {
    const name = pipelineName(request.PipelineName);
    const { arn, definition } = await this.deployed(name);
    let outline: Outline;
    try {
      outline = parseOutline(definition);
    } catch (error) {
      throw new ServiceError("ValidationException", messageOf(error));
    }
    const id = randomToken(12, "abcdefghijklmnopqrstuvwxyz0123456789");
    const { PipelineExecutionDescription: description, ParallelismConfiguration: parallelism } = request;
    const execution = new Execution(
      {
        id,
        pipelineName: name,
        pipelineArn: arn,
        definition,
        steps: outline.steps,
        parameters: valuesOf(outline.parameters, request.PipelineParameters),
        given: request.PipelineParameters,
        displayName: request.PipelineExecutionDisplayName ?? `execution-${Date.now()}`,
        ...(description === undefined ? {} : { description }),
        ...(parallelism === undefined ? {} : { maxParallel: parallelism.MaxParallelExecutionSteps }),
      },
      this.around,
      (job) => this.jobs.add(job),
    );
    this.executions.set(execution.arn, execution);
    return { PipelineExecutionArn: execution.arn };
  }

  private async deployed(name: string): Promise<{ arn: string; definition: string }> {
    try {
      const { sagemaker } = this.around.clients;
      const { PipelineArn: arn, PipelineDefinition: definition } = await sagemaker.send(
        new DescribePipelineCommand({ PipelineName: name }),
      );
      if (arn !== undefined && definition !== undefined) return { arn, definition };
      throw new Error(`pipeline '${name}' has no definition`);
    } catch (error) {
      // moto says ValidationException for what AWS calls ResourceNotFound.
      if (/could not find|not found|does not exist/i.test(messageOf(error)))
        throw new ServiceError("ResourceNotFound", `Pipeline '${name}' does not exist.`);
      throw error;
    }
  }

  private find({ PipelineExecutionArn: arn }: { PipelineExecutionArn: string }): Execution {
    const execution = this.executions.get(arn);
    if (!execution) throw new ServiceError("ResourceNotFound", `Pipeline execution with ARN '${arn}' does not exist.`);
    return execution;
  }

  private stop(arn: string): Response {
    const execution = this.find({ PipelineExecutionArn: arn });
    if (execution.status !== "Executing" && execution.status !== "Stopping")
      throw new ServiceError(
        "ValidationException",
        `Pipeline execution with ARN '${arn}' is ${execution.status}; only executions in status Executing can be stopped.`,
      );
    execution.stop();
    return { PipelineExecutionArn: arn };
  }

  private describe(execution: Execution): Response {
    const { plan, arn, status, startTime, modifiedTime, failureReason } = execution;
    return {
      PipelineArn: plan.pipelineArn,
      PipelineExecutionArn: arn,
      PipelineExecutionDisplayName: plan.displayName,
      PipelineExecutionStatus: status,
      ...(plan.description === undefined ? {} : { PipelineExecutionDescription: plan.description }),
      ...(failureReason === undefined ? {} : { FailureReason: failureReason }),
      CreationTime: startTime / 1000,
      LastModifiedTime: modifiedTime / 1000,
      ...(plan.maxParallel === undefined
        ? {}
        : { ParallelismConfiguration: { MaxParallelExecutionSteps: plan.maxParallel } }),
    };
  }

  private async list(request: z.infer<typeof list>): Promise<Response> {
    const name = pipelineName(request.PipelineName);
    await this.deployed(name);
    const { CreatedAfter: after = 0, CreatedBefore: before = Infinity } = request;
    const found = [...this.executions.values()]
      .filter(({ plan }) => plan.pipelineName === name)
      .filter(({ startTime }) => startTime / 1000 >= after && startTime / 1000 <= before);
    if (request.SortBy === "PipelineExecutionArn") found.sort((a, b) => (a.arn < b.arn ? -1 : 1));
    const summaries = found.map(({ arn, startTime, status, failureReason, plan }) => ({
      PipelineExecutionArn: arn,
      StartTime: startTime / 1000,
      PipelineExecutionStatus: status,
      PipelineExecutionDisplayName: plan.displayName,
      ...(plan.description === undefined ? {} : { PipelineExecutionDescription: plan.description }),
      ...(failureReason === undefined ? {} : { PipelineExecutionFailureReason: failureReason }),
    }));
    return paged("PipelineExecutionSummaries", summaries, request, request.SortOrder);
  }

  private listSteps(request: z.infer<typeof listSteps>): Response {
    const { records } = this.find(request);
    return paged("PipelineExecutionSteps", records.map(stepSummary), request, request.SortOrder);
  }

  private listParameters(request: z.infer<typeof listParameters>): Response {
    const { plan } = this.find(request);
    const values = [...plan.parameters].map(([Name, value]) => ({ Name, Value: textOf(value) }));
    return paged("PipelineParameters", values, request, "Ascending");
  }
}

function definitionOf({ plan, startTime }: Execution): Response {
  return { PipelineDefinition: plan.definition, CreationTime: startTime / 1000 };
}

function stepSummary({ step, startTime, endTime, status, failureReason, metadata }: StepRecord): Response {
  return {
    StepName: step.Name,
    ...(step.DisplayName === undefined ? {} : { StepDisplayName: step.DisplayName }),
    ...(step.Description === undefined ? {} : { StepDescription: step.Description }),
    StartTime: startTime / 1000,
    ...(endTime === undefined ? {} : { EndTime: endTime / 1000 }),
    StepStatus: status,
    AttemptCount: 1,
    ...(failureReason === undefined ? {} : { FailureReason: failureReason }),
    Metadata: metadata,
  };
}

/** A page of a list that is kept in the order of creation. */
function paged(
  field: string,
  items: Json[],
  { NextToken: token = "0", MaxResults: size }: { NextToken?: string | undefined; MaxResults: number },
  order: "Ascending" | "Descending",
): Response {
  const ordered = order === "Ascending" ? items : items.toReversed();
  const begin = Number(token);
  const rest = begin + size < ordered.length ? { NextToken: String(begin + size) } : {};
  return { [field]: ordered.slice(begin, begin + size), ...rest };
}

/** The API takes a name or an ARN. */
function pipelineName(reference: string): string {
  return reference.startsWith("arn:") ? reference.slice(reference.lastIndexOf("/") + 1) : reference;
}

/** @throws ServiceError ValidationException naming every field that is missing, unknown or out of its limits */
function operation<T>(schema: z.ZodType<T>, act: (request: T) => Response | undefined | Promise<Response>): Operation {
  return async (request) => {
    const parsed = schema.safeParse(request);
    if (!parsed.success) throw new ServiceError("ValidationException", issuesOf(parsed.error));
    return act(parsed.data);
  };
}
