import { refuse } from "../problems";
import type { Condition } from "./conditions";
import { given, type Json, type JsonObject } from "./json";
import { processingArguments, type ProcessingInput, type ProcessingOutput, type SparkSubmit } from "./processing";
import type { ImageProcessor, PySparkProcessor, ScriptProcessor } from "./processors";
import { stepValue, type Get, type Value } from "./references";

export interface StepDefinition extends JsonObject {
  readonly Name: string;
  readonly Type: "Processing" | "Lambda" | "Condition" | "Fail";
  readonly Arguments: JsonObject;
}

/** A step, ready for the definition. Steps run as soon as what they refer to has run. */
export interface Step {
  readonly name: string;
  readonly definition: StepDefinition;
}

export interface StepWithOutputs<Output extends string> extends Step {
  /**
   * Stands for an output in later steps, which then wait for this one.
   *
   * @throws ContractError that names the outputs which the step has
   */
  output(name: Output): Get;
}

interface StepOptions {
  /** Steps to wait for without a reference to them. */
  readonly dependsOn?: readonly (Step | string)[];
  /** Shown in Studio. Default: the name. */
  readonly displayName?: string;
  /** At most 3,072 characters. */
  readonly description?: string;
}

/**
 * Takes the result of an earlier, equal run of this step. SageMaker compares image, arguments, environment and inputs
 * but **not** the outputs, so what makes runs differ (the day) must be an argument.
 */
export interface Cache {
  /** How old a result may be: an ISO 8601 duration. `PT30M` is minutes, `P30M` is months. */
  readonly expireAfter: string;
}

/** Repeats a step after faults of the service. */
export type RetryPolicy = {
  readonly exceptionTypes: readonly ExceptionType[];
  /** Each wait is this many times the last. Default 2. */
  readonly backoffRate?: number;
  /** First wait in seconds. Default 1, at most 43,200. */
  readonly intervalSeconds?: number;
} & (
  | {
      /** 1 to 20. Default 5, set by SageMaker. */
      readonly maxAttempts?: number;
      readonly expireAfterMinutes?: never;
    }
  | {
      readonly maxAttempts?: never;
      /** Instead of a number of attempts; at most 14,400. */
      readonly expireAfterMinutes: number;
    }
);

export type ExceptionType =
  | "Step.SERVICE_FAULT"
  | "Step.THROTTLING"
  | "SageMaker.JOB_INTERNAL_ERROR"
  | "SageMaker.CAPACITY_ERROR"
  | "SageMaker.RESOURCE_LIMIT";

/** What runs: each kind of processor takes its own. `code` is the S3 URI of the script. */
export type Program =
  | { readonly processor: ScriptProcessor; readonly code: string }
  | { readonly processor: PySparkProcessor; readonly code: string; readonly submit?: SparkSubmit }
  | { readonly processor: ImageProcessor; readonly code?: never };

export type ProcessingStepOptions<Output extends string> = StepOptions &
  Program & {
    /** At most 100, each at most 256 characters and on one line. Default: none. */
    readonly arguments?: readonly Value[];
    /** At most 10, with the script. */
    readonly inputs?: readonly ProcessingInput[];
    /** At most 10. */
    readonly outputs?: readonly ProcessingOutput<Output>[];
    /** Default: no cache. */
    readonly cache?: Cache;
    /** Default: SageMaker's own retries of throttling and service faults. */
    readonly retryPolicies?: readonly RetryPolicy[];
    /**
     * Jobs are called `<prefix>-<execution>-<token>-<failures>`, so that IAM can name them. As in the SDK with
     * `PipelineDefinitionConfig(use_custom_job_prefix=True)`. Default: names that begin with `pipelines-`.
     */
    readonly jobNamePrefix?: string;
  };

/** A processing job. */
export function processingStep<const Output extends string = never>(
  name: string,
  options: ProcessingStepOptions<Output>,
): StepWithOutputs<Output> {
  const { outputs = [], cache, retryPolicies = [], code } = options;
  if (code !== undefined && !/^s3:\/\/[^/]+\/(?:.*[^/])$/s.test(code))
    refuse(`step '${name}'`, [`code '${code}' is not the S3 address of a file; write s3://<bucket>/…/<script>.py`]);
  return {
    name,
    definition: stepDefinition(name, "Processing", options, {
      Arguments: processingArguments(options),
      RetryPolicies: retryPolicies.length > 0 ? retryPolicies.map(retryPolicy) : undefined,
      CacheConfig: cacheConfig(cache),
    }),
    output: outputGetter(
      name,
      outputs.map((output) => output.name),
      (output) => `ProcessingOutputConfig.Outputs['${output}'].S3Output.S3Uri`,
    ),
  };
}

export interface LambdaStepOptions<Output extends string> extends StepOptions {
  /** Runs at most 10 minutes in a pipeline. */
  readonly functionArn: Value;
  /** The event that the function gets. */
  readonly inputs: Readonly<Record<string, Value | number | boolean>>;
  /** Members of the object that the function returns. */
  readonly outputs: Readonly<Record<Output, "String" | "Integer" | "Boolean" | "Float">>;
  /** Default: no cache. */
  readonly cache?: Cache;
}

/** A call of a Lambda function. */
export function lambdaStep<const Output extends string = never>(
  name: string,
  options: LambdaStepOptions<Output>,
): StepWithOutputs<Output> {
  const outputs = Object.entries<string>(options.outputs);
  return {
    name,
    definition: stepDefinition(name, "Lambda", options, {
      Arguments: options.inputs,
      FunctionArn: options.functionArn,
      OutputParameters: outputs.map(([OutputName, OutputType]) => ({ OutputName, OutputType })),
      CacheConfig: cacheConfig(options.cache),
    }),
    output: outputGetter(
      name,
      outputs.map(([output]) => output),
      (output) => `OutputParameters['${output}']`,
    ),
  };
}

/** Ends the execution as failed, with a message. */
export function failStep(name: string, options: StepOptions & { readonly errorMessage?: Value } = {}): Step {
  return {
    name,
    definition: stepDefinition(name, "Fail", options, { Arguments: { ErrorMessage: options.errorMessage ?? "" } }),
  };
}

export interface ConditionStepOptions extends StepOptions {
  /** All must hold. */
  readonly conditions: readonly Condition[];
  /** Run when they hold; not listed again among the steps of the pipeline. Default: none. */
  readonly ifSteps?: readonly Step[];
  /** Run when they do not. Default: none. */
  readonly elseSteps?: readonly Step[];
}

/** Chooses between steps. */
export function conditionStep(name: string, options: ConditionStepOptions): Step {
  const { conditions, ifSteps = [], elseSteps = [] } = options;
  return {
    name,
    definition: stepDefinition(name, "Condition", options, {
      Arguments: {
        Conditions: conditions,
        IfSteps: ifSteps.map((step) => step.definition),
        ElseSteps: elseSteps.map((step) => step.definition),
      },
    }),
  };
}

function stepDefinition(
  name: string,
  type: StepDefinition["Type"],
  { dependsOn = [], displayName, description }: StepOptions,
  members: { readonly Arguments: JsonObject; readonly [member: string]: Json | undefined },
): StepDefinition {
  const { Arguments, ...rest } = members;
  return {
    Name: name,
    Type: type,
    Arguments,
    ...given({
      DependsOn:
        dependsOn.length > 0 ? dependsOn.map((step) => (typeof step === "string" ? step : step.name)) : undefined,
      DisplayName: displayName,
      Description: description,
      ...rest,
    }),
  };
}

function outputGetter<Output extends string>(step: string, outputs: readonly string[], path: (name: string) => string) {
  return (name: Output): Get => {
    if (!outputs.includes(name))
      refuse(`step '${step}'`, [`there is no output '${name}'; it has ${outputs.join(", ") || "none"}`]);
    return stepValue(step, path(name));
  };
}

function cacheConfig(cache: Cache | undefined): JsonObject | undefined {
  return cache && { Enabled: true, ExpireAfter: cache.expireAfter };
}

function retryPolicy(policy: RetryPolicy): JsonObject {
  return given({
    BackoffRate: policy.backoffRate ?? 2,
    IntervalSeconds: policy.intervalSeconds ?? 1,
    MaxAttempts: policy.maxAttempts,
    ExpireAfterMin: policy.expireAfterMinutes,
    ExceptionType: policy.exceptionTypes,
  });
}
