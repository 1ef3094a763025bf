import type { Json } from "../../contract/pipeline/json";
import { DefinitionError } from "../../contract/pipeline/evaluate";
import { z } from "zod";
import { issuesOf } from "./errors";

export type { Json } from "../../contract/pipeline/json";

/** A text as it is, any other value as JSON. */
export function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? null);
}

const NAME = /^[A-Za-z0-9\-_]{1,64}$/;
const json: z.ZodType<Json> = z.json();
const jsonObject = z.record(z.string(), json);
const scalar = z.union([z.string(), z.number(), z.boolean()]);

const parameter = z.strictObject({
  Name: z.string().regex(NAME),
  Type: z.enum(["String", "Integer", "Float", "Boolean"]),
  DefaultValue: scalar.optional(),
  EnumValues: z.array(scalar).optional(),
});
export type ParameterDefinition = z.infer<typeof parameter>;

const common = {
  Name: z.string().regex(NAME),
  DisplayName: z.string().optional(),
  Description: z.string().optional(),
  DependsOn: z.array(z.string()).default([]),
};

const processing = z.strictObject({
  ...common,
  Type: z.literal("Processing"),
  Arguments: jsonObject,
  /** Without effect: they repeat a job after faults of the service, of which the laptop has none. */
  RetryPolicies: z.array(z.unknown()).optional(),
  /** Without effect: every run misses the cache. */
  CacheConfig: z.unknown().optional(),
  PropertyFiles: z.array(z.unknown()).max(0, "property files are not read on the laptop").optional(),
});
export type ProcessingStep = z.infer<typeof processing>;

const lambda = z.strictObject({
  ...common,
  Type: z.literal("Lambda"),
  FunctionArn: json,
  Arguments: jsonObject.default({}),
  OutputParameters: z
    .array(z.strictObject({ OutputName: z.string(), OutputType: z.enum(["String", "Integer", "Float", "Boolean"]) }))
    .default([]),
  /** Without effect: every run misses the cache. */
  CacheConfig: z.unknown().optional(),
});
export type LambdaStep = z.infer<typeof lambda>;

const fail = z.strictObject({
  ...common,
  Type: z.literal("Fail"),
  Arguments: z.strictObject({ ErrorMessage: json.optional() }),
});
export type FailStep = z.infer<typeof fail>;

const condition = z.strictObject({
  ...common,
  Type: z.literal("Condition"),
  Arguments: z.strictObject({
    Conditions: z.array(json).min(1),
    IfSteps: z.array(z.unknown()).default([]),
    ElseSteps: z.array(z.unknown()).default([]),
  }),
});
export interface ConditionStep extends Omit<z.infer<typeof condition>, "Arguments"> {
  readonly Arguments: {
    readonly Conditions: Json[];
    readonly IfSteps: readonly Step[];
    readonly ElseSteps: readonly Step[];
  };
}

export type Step = ProcessingStep | LambdaStep | FailStep | ConditionStep;

const definition = z.strictObject({
  Version: z.literal("2020-12-01"),
  Metadata: z.unknown().optional(),
  Parameters: z.array(parameter).default([]),
  /** Without effect: experiments describe runs, they do not change them. */
  PipelineExperimentConfig: z.unknown().optional(),
  Steps: z.array(z.unknown()).min(1),
});

/** A definition of which everything but the steps has been checked. */
export interface Outline {
  readonly parameters: readonly ParameterDefinition[];
  readonly steps: readonly unknown[];
}

/**
 * Reads what has to be known before an execution can begin.
 *
 * @throws DefinitionError when the text is not JSON or not a pipeline of version 2020-12-01
 */
export function parseOutline(text: string): Outline {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new DefinitionError(`the pipeline definition is not JSON: ${String(error)}`);
  }
  const parsed = definition.safeParse(value);
  if (!parsed.success) throw new DefinitionError(issuesOf(parsed.error));
  return { parameters: parsed.data.Parameters, steps: parsed.data.Steps };
}

/**
 * Reads the steps, those inside conditions included.
 *
 * @throws DefinitionError naming the first step that has a type or a property the laptop does not know
 */
export function parseSteps(steps: readonly unknown[]): Step[] {
  return steps.map(parseStep);
}

function parseStep(value: unknown): Step {
  const head = z.looseObject({ Name: z.string(), Type: z.string() }).safeParse(value);
  if (!head.success) throw new DefinitionError(`a step is malformed: ${issuesOf(head.error)}`);
  const { Name: name, Type: type } = head.data;
  const checked = <T>(schema: z.ZodType<T>): T => {
    const parsed = schema.safeParse(value);
    if (!parsed.success) throw new DefinitionError(`step '${name}' (${type}): ${issuesOf(parsed.error)}`);
    return parsed.data;
  };
  switch (type) {
    case "Processing":
      return checked(processing);
    case "Lambda":
      return checked(lambda);
    case "Fail":
      return checked(fail);
    case "Condition": {
      const step = checked(condition);
      const { Conditions, IfSteps, ElseSteps } = step.Arguments;
      return { ...step, Arguments: { Conditions, IfSteps: parseSteps(IfSteps), ElseSteps: parseSteps(ElseSteps) } };
    }
    default:
      throw new DefinitionError(
        `step '${name}' has type '${type}'; the laptop runs Processing, Lambda, Condition and Fail`,
      );
  }
}
