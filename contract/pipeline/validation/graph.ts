import { isObject } from "../json";
import { outputNames } from "./processing";
import { at, SOURCES, type Findings } from "./problem";
import { referencesIn, type Reference } from "./values";

/** A step, wherever it stands: in the list, or inside a condition. */
export interface PlacedStep {
  readonly name: string;
  readonly type: string;
  readonly step: Record<string, unknown>;
  readonly pointer: string;
  /** The condition step that decides over it. */
  readonly condition?: string;
}

const EXECUTION = [
  "StartDateTime",
  "CurrentDateTime",
  "PipelineName",
  "PipelineArn",
  "PipelineExecutionId",
  "PipelineExecutionArn",
  "TrainingJobName",
  "ProcessingJobName",
];

/** Members of DescribeProcessingJob, which a reference may begin with. */
export const JOB_MEMBERS = [
  "ProcessingInputs",
  "ProcessingOutputConfig",
  "ProcessingJobName",
  "ProcessingResources",
  "StoppingCondition",
  "AppSpecification",
  "Environment",
  "NetworkConfig",
  "RoleArn",
  "ExperimentConfig",
  "ProcessingJobArn",
  "ProcessingJobStatus",
  "ExitMessage",
  "FailureReason",
  "ProcessingEndTime",
  "ProcessingStartTime",
  "LastModifiedTime",
  "CreationTime",
  "MonitoringScheduleArn",
  "AutoMLJobArn",
  "TrainingJobArn",
];

/** Checks that all references and DependsOn lead somewhere, and that no step waits for itself. */
export function checkReferences(
  definition: Record<string, unknown>,
  steps: readonly PlacedStep[],
  found: Findings,
): void {
  // Of steps with one name the first counts; the repetition is a problem of its own.
  const byName = new Map<string, PlacedStep>();
  for (const placed of steps) if (!byName.has(placed.name)) byName.set(placed.name, placed);
  const check = (reference: Reference): string | undefined => checkReference(reference, byName, found);
  referencesIn(definition["PipelineExperimentConfig"], "/PipelineExperimentConfig").forEach(check);
  const waits = new Map<string, string[]>();
  for (const placed of steps) {
    const named = ownReferences(placed)
      .map(check)
      .filter((step) => step !== undefined);
    const depends = checkDependsOn(placed, byName, found);
    const before = new Set([...named, ...depends, ...(placed.condition === undefined ? [] : [placed.condition])]);
    if (!waits.has(placed.name)) waits.set(placed.name, [...before]);
  }
  checkCycles(waits, byName, found);
}

/** What a step itself refers to; the steps inside a condition are steps of their own. */
function ownReferences({ step, type, pointer }: PlacedStep): Reference[] {
  if (type !== "Condition") return referencesIn(step, pointer);
  const inner = isObject(step["Arguments"]) ? step["Arguments"]["Conditions"] : undefined;
  return referencesIn(inner, at(pointer, "Arguments", "Conditions"));
}

/** Gives the step that the reference waits for, if it is there. */
function checkReference(
  { pointer, path }: Reference,
  steps: ReadonlyMap<string, PlacedStep>,
  found: Findings,
): string | undefined {
  const [, kind = "", name = "", rest = ""] = /^(Parameters|Execution|Steps)\.([^.[\]]+)(.*)$/s.exec(path) ?? [];
  const missing = (rule: string, choices: readonly string[]): undefined =>
    void found.add(pointer, rule, path, `use one of: ${choices.join(", ") || "there are none"}`, SOURCES.steps);
  if (kind === "Parameters" && rest === "")
    return found.parameterTypes.has(name)
      ? undefined
      : missing("a declared parameter", [...found.parameterTypes.keys()]);
  if (kind === "Execution" && rest === "")
    return EXECUTION.includes(name) ? undefined : missing("an execution variable", EXECUTION);
  if (kind !== "Steps")
    return missing("a reference", ["Parameters.<name>", "Execution.<variable>", "Steps.<step>.<value>"]);
  const step = steps.get(name);
  if (!step) return missing("a step of this pipeline", [...steps.keys()]);
  const choices = wrongValue(step, rest.replace(/^\./, ""));
  if (choices) missing(`a value of the step '${name}' (${step.type})`, choices);
  return name;
}

/** The values that a step has, when `path` is not one of them; undefined when it is, or nobody knows. */
function wrongValue({ name, type, step }: PlacedStep, path: string): string[] | undefined {
  const under = (place: string, names: readonly string[], tail = "") =>
    names.map((output) => `Steps.${name}.${place}['${output}']${tail}`);
  switch (type) {
    case "Fail":
      return [];
    case "Condition":
      return path === "Outcome" ? undefined : [`Steps.${name}.Outcome`];
    case "Lambda": {
      const outputs = namesOf(step["OutputParameters"], "OutputName");
      const output = /^OutputParameters\['([^']*)'\]$/.exec(path)?.[1];
      return output !== undefined && outputs.includes(output) ? undefined : under("OutputParameters", outputs);
    }
    case "Processing": {
      const file = /^PropertyFiles\.(.*)$/.exec(path)?.[1];
      const files = namesOf(step["PropertyFiles"], "PropertyFileName");
      if (file !== undefined)
        return files.includes(file) ? undefined : files.map((known) => `Steps.${name}.PropertyFiles.${known}`);
      const outputs = outputNames(step["Arguments"]);
      const [, output, index] = /^ProcessingOutputConfig\.Outputs\[(?:['"]([^'"]*)['"]|(\d+))\]/.exec(path) ?? [];
      const there = output !== undefined ? outputs.includes(output) : Number(index) < outputs.length;
      if (path.startsWith("ProcessingOutputConfig.Outputs[") && !there)
        return under("ProcessingOutputConfig.Outputs", outputs, ".S3Output.S3Uri");
      const member = /^\w+/.exec(path)?.[0] ?? "";
      return JOB_MEMBERS.includes(member) ? undefined : JOB_MEMBERS.map((known) => `Steps.${name}.${known}`);
    }
    default:
      return undefined;
  }
}

function namesOf(items: unknown, member: string): string[] {
  if (!Array.isArray(items)) return [];
  return items
    .map((item: unknown) => (isObject(item) ? item[member] : undefined))
    .filter((name) => typeof name === "string");
}

function checkDependsOn({ step, pointer }: PlacedStep, steps: ReadonlyMap<string, PlacedStep>, found: Findings) {
  const depends = step["DependsOn"];
  if (depends === undefined) return [];
  const place = at(pointer, "DependsOn");
  if (!Array.isArray(depends)) {
    found.add(place, "a list of step names", depends, "write it in [ ]", SOURCES.schema);
    return [];
  }
  return depends.flatMap((name: unknown, index): string[] => {
    if (typeof name === "string" && steps.has(name)) return [name];
    const choices = `use one of: ${[...steps.keys()].join(", ")}`;
    found.add(at(place, index), "a step of this pipeline", name, choices, SOURCES.steps);
    return [];
  });
}

/** Reports each circle once, at a step of it. */
function checkCycles(
  waits: ReadonlyMap<string, readonly string[]>,
  steps: ReadonlyMap<string, PlacedStep>,
  found: Findings,
): void {
  const done = new Set<string>();
  const follow = (name: string, path: readonly string[]): void => {
    const start = path.indexOf(name);
    if (start >= 0) {
      const circle = [...path.slice(start), name].join(" waits for ");
      const pointer = steps.get(name)?.pointer ?? "/Steps";
      return found.add(pointer, "no step waits for itself", circle, "take one of these references away", SOURCES.steps);
    }
    if (done.has(name)) return;
    for (const next of waits.get(name) ?? []) follow(next, [...path, name]);
    done.add(name);
  };
  for (const name of waits.keys()) follow(name, []);
}
