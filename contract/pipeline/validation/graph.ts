import { isObject } from "../json";
import { at, SOURCES, type Findings } from "./problem";
import { wrongValue } from "./results";
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

/** Reports each circle once, at a step of it. Without recursion: a chain of steps may be as long as the definition. */
function checkCycles(
  waits: ReadonlyMap<string, readonly string[]>,
  steps: ReadonlyMap<string, PlacedStep>,
  found: Findings,
): void {
  const done = new Set<string>();
  for (const start of waits.keys()) {
    const path: { readonly name: string; next: number }[] = [];
    const depths = new Map<string, number>();
    const enter = (name: string): void => {
      depths.set(name, path.length);
      path.push({ name, next: 0 });
    };
    if (!done.has(start)) enter(start);
    for (let last = path.at(-1); last; last = path.at(-1)) {
      const name = waits.get(last.name)?.[last.next++];
      const depth = name === undefined ? undefined : depths.get(name);
      if (name === undefined) {
        path.pop();
        depths.delete(last.name);
        done.add(last.name);
      } else if (depth !== undefined) {
        const circle = [...path.slice(depth).map((step) => step.name), name].join(" waits for ");
        const pointer = steps.get(name)?.pointer ?? "/Steps";
        found.add(pointer, "no step waits for itself", circle, "take one of these references away", SOURCES.steps);
      } else if (!done.has(name)) enter(name);
    }
  }
}
