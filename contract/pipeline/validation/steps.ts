import { isObject, own } from "../json";
import { checkCache } from "./cache";
import { checkConditions } from "./conditions";
import type { PlacedStep } from "./graph";
import { at, repetitions, SOURCES, type Findings } from "./problem";
import { checkProcessing } from "./processing";
import { checkRetryPolicies } from "./retry";
import { knownText } from "./values";

const NAME = /^[A-Za-z0-9_-]{1,64}$/;
const COMMON = ["Name", "Type", "Arguments", "DependsOn", "DisplayName", "Description"];

/** Members of the steps that are checked in full. */
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  Processing: [...COMMON, "RetryPolicies", "CacheConfig", "PropertyFiles"],
  Lambda: [...COMMON, "FunctionArn", "OutputParameters", "CacheConfig"],
  Condition: COMMON,
  Fail: COMMON,
};

/** Steps that SageMaker has as well (PipelineExecutionStepMetadata); only what all steps have in common is checked. */
const OTHER_TYPES = [
  "Training",
  "Tuning",
  "Transform",
  "Model",
  "RegisterModel",
  "Callback",
  "QualityCheck",
  "ClarifyCheck",
  "EMR",
  "EMRServerless",
  "AutoML",
  "EndpointConfig",
  "Endpoint",
  "InferenceComponent",
  "Lineage",
  "BedrockCustomModel",
  "BedrockCustomModelDeployment",
  "BedrockModelImport",
  "BedrockProvisionedModelThroughput",
  "Job",
  "Athena",
  "Cleanup",
  "ForEach",
  "HubContent",
];

/** Every type of step. */
export const STEP_TYPES: readonly string[] = [...Object.keys(MEMBERS), ...OTHER_TYPES];

const BRANCHES = ["IfSteps", "ElseSteps"];

const TEXTS: Readonly<Record<string, number>> = { DisplayName: 256, Description: 3072 };
const MAX_MESSAGE = 3072;
const MAX_OUTPUTS = 50;
const OUTPUT_TYPES = ["String", "Integer", "Boolean", "Float"];
const FUNCTION_ARN = /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9-_]+(?::[A-Za-z0-9-_$]+)?$/;

/** Finds every step, also those inside conditions, and checks each by itself. */
export function checkSteps(steps: unknown, found: Findings): PlacedStep[] {
  if (Array.isArray(steps) && steps.length === 0)
    found.add("/Steps", "at least one step", steps, "add the steps", SOURCES.steps);
  const placed = placeSteps(steps, "/Steps", undefined, found);
  for (const { index, value } of repetitions(placed.map(({ name }) => name))) {
    const pointer = at(placed[index]?.pointer ?? "/Steps", "Name");
    found.add(pointer, "each step once, also inside conditions", value, "rename one of them", SOURCES.steps);
  }
  for (const step of placed) checkStep(step, found);
  return placed;
}

function placeSteps(steps: unknown, pointer: string, condition: string | undefined, found: Findings): PlacedStep[] {
  if (!Array.isArray(steps)) {
    found.add(pointer, "a list of steps", steps, "write them in [ ]", SOURCES.schema);
    return [];
  }
  return steps.flatMap((step: unknown, index): PlacedStep[] => {
    const place = at(pointer, index);
    const { Name: name, Type: type, Arguments: request }: Record<string, unknown> = isObject(step) ? step : {};
    if (!isObject(step) || typeof name !== "string" || typeof type !== "string") {
      found.add(place, "a step with Name and Type", step, "give it a Name and a Type", SOURCES.schema);
      return [];
    }
    const inner = type === "Condition" && isObject(request) ? request : {};
    return [
      { name, type, step, pointer: place, ...(condition === undefined ? {} : { condition }) },
      ...BRANCHES.flatMap((branch) =>
        branch in inner ? placeSteps(inner[branch], at(place, "Arguments", branch), name, found) : [],
      ),
    ];
  });
}

function checkStep({ name, type, step, pointer }: PlacedStep, found: Findings): void {
  const add = (member: string, rule: string, value: unknown, fix: string, source: string = SOURCES.schema) =>
    found.add(at(pointer, member), rule, value, fix, source);
  if (!NAME.test(name)) add("Name", "letters, digits, - and _, at most 64 characters", name, "rename it");
  for (const [member, max] of Object.entries(TEXTS)) {
    const text = step[member];
    if (text !== undefined && (typeof text !== "string" || text.length > max))
      add(member, `text of at most ${max} characters`, text, "shorten it", SOURCES.step);
  }
  const members = own(MEMBERS, type);
  if (!STEP_TYPES.includes(type)) add("Type", "a type of step", type, `use one of ${STEP_TYPES.join(", ")}`);
  for (const member of Object.keys(step))
    if (members && !members.includes(member))
      add(member, `${member} is not a member of a ${type} step`, step[member], `use ${members.join(", ")}`);
  checkRetryPolicies(step["RetryPolicies"], at(pointer, "RetryPolicies"), found);
  checkCache(step, pointer, found);
  const request = step["Arguments"];
  if (members && request !== undefined && !isObject(request))
    return add("Arguments", "an object", request, "write it in { }");
  if (type === "Processing") checkProcessing(step, pointer, found);
  if (type === "Lambda") checkLambda(step, pointer, found);
  if (type === "Condition") checkBranching(isObject(request) ? request : {}, at(pointer, "Arguments"), found);
  if (type === "Fail") checkFail(isObject(request) ? request : {}, at(pointer, "Arguments"), found);
}

function checkBranching(request: Record<string, unknown>, pointer: string, found: Findings): void {
  checkConditions(request["Conditions"], at(pointer, "Conditions"), found);
  const members = ["Conditions", ...BRANCHES];
  for (const [member, value] of Object.entries(request))
    if (!members.includes(member))
      found.add(
        at(pointer, member),
        `${member} is not an argument of a Condition step`,
        value,
        `use ${members.join(", ")}`,
        SOURCES.schema,
      );
}

function checkLambda(step: Record<string, unknown>, pointer: string, found: Findings): void {
  const arn = knownText(step["FunctionArn"]);
  if (!arn || (arn.complete && !FUNCTION_ARN.test(arn.text)))
    found.add(
      at(pointer, "FunctionArn"),
      "the ARN of a Lambda function",
      step["FunctionArn"],
      "write arn:aws:lambda:<region>:<account>:function:<name>",
      SOURCES.steps,
    );
  const outputs: unknown = step["OutputParameters"] ?? [];
  const place = at(pointer, "OutputParameters");
  if (!Array.isArray(outputs)) return found.add(place, "a list", outputs, "write it in [ ]", SOURCES.schema);
  if (outputs.length > MAX_OUTPUTS)
    found.add(
      place,
      `at most ${MAX_OUTPUTS} outputs`,
      outputs.length,
      "write a file and give its address",
      SOURCES.step,
    );
  const names = outputs.map((output: unknown) => (isObject(output) ? output["OutputName"] : undefined));
  outputs.forEach((output: unknown, index) => {
    const type = isObject(output) ? output["OutputType"] : undefined;
    const outputAt = at(place, index);
    if (typeof names[index] !== "string" || names[index] === "")
      found.add(at(outputAt, "OutputName"), "the name of an output", names[index], "give it a name", SOURCES.schema);
    if (typeof type !== "string" || !OUTPUT_TYPES.includes(type))
      found.add(
        at(outputAt, "OutputType"),
        `one of ${OUTPUT_TYPES.join(", ")}`,
        type,
        "give one of them",
        SOURCES.schema,
      );
  });
  for (const { index, value } of repetitions(names))
    found.add(at(place, index, "OutputName"), "each output once", value, "rename one of them", SOURCES.schema);
}

function checkFail(request: Record<string, unknown>, pointer: string, found: Findings): void {
  for (const [member, value] of Object.entries(request)) {
    const place = at(pointer, member);
    if (member !== "ErrorMessage")
      found.add(place, `${member} is not an argument of a Fail step`, value, "use ErrorMessage", SOURCES.schema);
    else if ((knownText(value)?.length ?? Infinity) > MAX_MESSAGE)
      found.add(place, `text of at most ${MAX_MESSAGE} characters`, value, "shorten it", SOURCES.step);
  }
}
