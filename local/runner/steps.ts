import { isJsonObject } from "../../contract/pipeline/json";
import { textOf, type Json, type LambdaStep, type ProcessingStep, type Step } from "./definition";
import { hold } from "./conditions";
import { messageOf, ServiceError, StepFailure } from "./errors";
import { invoke, type LambdaSurroundings } from "./lambda/invoke";
import { ProcessingJob, type JobSurroundings } from "./processing/job";
import { parseProcessingRequest } from "./processing/request";
import { resolve, type Scope } from "../../contract/pipeline/evaluate";

export type Surroundings = JobSurroundings & LambdaSurroundings;

/** Where a step runs. */
export interface StepContext {
  readonly scope: Scope;
  readonly signal: AbortSignal;
  readonly executionId: string;
  /** `arn:aws:sagemaker:<region>:<account>`. */
  readonly arnPrefix: string;
  readonly around: Surroundings;
  /** Makes the job known to DescribeProcessingJob. */
  readonly register: (job: ProcessingJob) => void;
  /** Tells ListPipelineExecutionSteps more about the step. */
  readonly tell: (metadata: { [key: string]: Json }) => void;
}

/** What later steps can refer to, and the steps a condition has chosen. */
export interface StepResult {
  readonly properties: Json;
  readonly chosen?: readonly Step[];
}

/** @throws StepFailure, or DefinitionError when an argument cannot be resolved */
export async function runStep(step: Step, context: StepContext): Promise<StepResult> {
  switch (step.Type) {
    case "Processing":
      return runProcessing(step, context);
    case "Lambda":
      return runLambda(step, context);
    case "Fail": {
      const message = resolve(step.Arguments.ErrorMessage ?? "", context.scope);
      context.tell({ Fail: { ErrorMessage: textOf(message) } });
      throw new StepFailure(textOf(message));
    }
    case "Condition": {
      const resolved = step.Arguments.Conditions.map((condition) => resolve(condition, context.scope));
      const outcome = hold(resolved);
      context.tell({ Condition: { Outcome: outcome ? "True" : "False" } });
      return {
        properties: { Outcome: outcome },
        chosen: outcome ? step.Arguments.IfSteps : step.Arguments.ElseSteps,
      };
    }
  }
}

async function runProcessing(step: ProcessingStep, context: StepContext): Promise<StepResult> {
  const { executionId, arnPrefix, around, scope } = context;
  const request = parseProcessingRequest(resolve(step.Arguments, scope));
  const token = randomToken();
  const name =
    request.ProcessingJobName === undefined
      ? `pipelines-${executionId}-${step.Name.replaceAll("_", "-").slice(0, 20)}-${token}`.replaceAll(/-+/g, "-")
      : `${request.ProcessingJobName}-${executionId}-${token}-0`;
  if (!/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/.test(name))
    throw new StepFailure(
      `ClientError: job name '${name}' must be letters, digits and '-', at most 63 characters; change ProcessingJobName`,
    );
  const job = new ProcessingJob(name, `${arnPrefix}:processing-job/${name}`, request, around);
  context.register(job);
  context.tell({ ProcessingJob: { Arn: job.arn } });
  await job.run(context.signal);
  return { properties: job.describe() };
}

async function runLambda(step: LambdaStep, context: StepContext): Promise<StepResult> {
  const event = JSON.stringify(resolve(step.Arguments, context.scope));
  const arn = resolve(step.FunctionArn, context.scope);
  if (typeof arn !== "string")
    throw new StepFailure(`ClientError: FunctionArn must be a string, got ${JSON.stringify(arn)}`);
  context.tell({ Lambda: { Arn: arn, OutputParameters: [] } });
  const { payload, functionError } = await invoke(arn, event, context.around, context.signal).catch(
    (error: unknown) => {
      if (error instanceof ServiceError) throw new StepFailure(`ClientError: ${error.code}: ${messageOf(error)}`);
      throw error;
    },
  );
  if (context.signal.aborted) throw new StepFailure("The step was stopped", "Stopped");
  const returned = JSON.parse(payload) as Json;
  const fields = isJsonObject(returned) ? returned : undefined;
  if (functionError !== undefined)
    throw new StepFailure(
      `ClientError: the Lambda function failed with ${textOf(fields?.["errorType"])}: ${textOf(fields?.["errorMessage"])}`,
    );
  const outputs = step.OutputParameters.map(({ OutputName: name, OutputType: type }) => {
    const value = fields?.[name];
    if (value === undefined || !fits(value, type))
      throw new StepFailure(
        `ClientError: the Lambda function must return an object with '${name}' of type ${type}, got ${payload.slice(0, 300)}`,
      );
    return [name, value] as const;
  });
  context.tell({
    Lambda: {
      Arn: arn,
      OutputParameters: outputs.map(([name, value]) => ({ Name: name, Value: textOf(value) })),
    },
  });
  return { properties: { OutputParameters: Object.fromEntries(outputs) } };
}

function fits(value: Json, type: LambdaStep["OutputParameters"][number]["OutputType"]): boolean {
  if (type === "String") return typeof value === "string";
  if (type === "Boolean") return typeof value === "boolean";
  return typeof value === "number" && (type === "Float" || Number.isInteger(value));
}

/** Ten letters and digits, as SageMaker ends the names of its jobs. */
export function randomToken(
  length = 10,
  alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
): string {
  return Array.from({ length }, () => alphabet.charAt(Math.floor(Math.random() * alphabet.length))).join("");
}
