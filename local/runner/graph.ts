import type { Json, Step } from "./definition";

import { DefinitionError, referencesIn } from "../../contract/pipeline/evaluate";

/** What a step refers to, leaving out the steps nested in a condition, which speak for themselves. */
function ownReferences(step: Step): { steps: string[]; parameters: string[] } {
  switch (step.Type) {
    case "Processing":
      return referencesIn(step.Arguments);
    case "Lambda":
      return referencesIn([step.FunctionArn, step.Arguments]);
    case "Condition":
      return referencesIn(step.Arguments.Conditions);
    case "Fail":
      return referencesIn(step.Arguments.ErrorMessage ?? "");
  }
}

/** Names of the steps that must have succeeded before this one may begin. */
export function prerequisites(step: Step): string[] {
  return [...new Set([...step.DependsOn, ...ownReferences(step).steps])];
}

interface Node {
  readonly step: Step;
  readonly after: readonly string[];
  /** Names in sight: of its own list and of the lists around it. */
  readonly visible: readonly string[];
}

function nodesOf(steps: readonly Step[], outer: readonly string[] = [], parent?: string): Node[] {
  const visible = [...outer, ...steps.map(({ Name }) => Name)];
  return steps.flatMap((step) => {
    const after = [...prerequisites(step), ...(parent === undefined ? [] : [parent])];
    const node: Node = { step, after, visible };
    if (step.Type !== "Condition") return [node];
    const { IfSteps, ElseSteps } = step.Arguments;
    return [node, ...nodesOf(IfSteps, visible, step.Name), ...nodesOf(ElseSteps, visible, step.Name)];
  });
}

/**
 * Checks that the steps can be put in an order, before any of them runs.
 *
 * @throws DefinitionError for a repeated name, a reference to an unknown step or parameter, and a cycle
 */
export function checkGraph(steps: readonly Step[], parameters: ReadonlyMap<string, Json>): void {
  const nodes = new Map<string, Node>();
  for (const node of nodesOf(steps)) {
    const { Name: name } = node.step;
    if (nodes.has(name)) throw new DefinitionError(`step '${name}' is defined more than once`);
    nodes.set(name, node);
  }
  for (const { step, after, visible } of nodes.values()) {
    for (const name of after)
      if (!visible.includes(name))
        throw new DefinitionError(
          `step '${step.Name}' needs step '${name}', which is not there` +
            (nodes.has(name) ? ": it is inside another condition" : `; the steps are ${visible.join(", ")}`),
        );
    for (const name of ownReferences(step).parameters)
      if (!parameters.has(name))
        throw new DefinitionError(
          `step '${step.Name}' refers to parameter '${name}'; the pipeline has ${[...parameters.keys()].join(", ") || "none"}`,
        );
  }
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) throw new DefinitionError(`steps wait for each other: ${[...path, name].join(" → ")}`);
    if (done.has(name)) return;
    for (const next of nodes.get(name)?.after ?? []) visit(next, [...path, name]);
    done.add(name);
  };
  for (const name of nodes.keys()) visit(name, []);
}
