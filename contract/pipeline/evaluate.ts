import { isJsonList, isJsonObject, type Json, type JsonObject } from "./json";

/** The pipeline definition itself is wrong, or asks for something that is not known here. */
export class DefinitionError extends Error {
  override readonly name = "DefinitionError";
}

/** What references can name while a step is being prepared. */
export interface Scope {
  readonly parameters: ReadonlyMap<string, Json>;
  /** `PipelineExecutionId` and its like. */
  readonly execution: Readonly<Record<string, string>>;
  /** Properties of the steps that succeeded. */
  readonly steps: ReadonlyMap<string, Json>;
}

/** The single key of `{"Get": …}` and `{"Std:Join": …}`; undefined for ordinary data. */
function functionOf(value: JsonObject): { name: string; argument: Json } | undefined {
  const [entry, ...others] = Object.entries(value);
  if (!entry || others.length > 0) return undefined;
  const [name, argument] = entry;
  return name === "Get" || name.startsWith("Std:") ? { name, argument } : undefined;
}

/**
 * Replaces every `Get` and `Std:Join` in the value.
 *
 * @throws DefinitionError for an unknown function, and for a reference to what does not exist
 */
export function resolve(value: Json, scope: Scope): Json {
  if (isJsonList(value)) return value.map((item) => resolve(item, scope));
  if (!isJsonObject(value)) return value;
  const call = functionOf(value);
  if (!call) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item, scope)]));
  if (call.name === "Get" && typeof call.argument === "string") return get(call.argument, scope);
  if (call.name === "Std:Join" && isJsonObject(call.argument)) return join(call.argument, scope);
  throw new DefinitionError(
    `${JSON.stringify(value)} is not known; what can be resolved is {"Get": "…"} and {"Std:Join": {"On", "Values"}}`,
  );
}

function join({ On: on, Values: values }: JsonObject, scope: Scope): string {
  if (typeof on !== "string" || !isJsonList(values))
    throw new DefinitionError(`Std:Join needs a string "On" and a list "Values"`);
  return values
    .map((item) => {
      const part = resolve(item, scope);
      if (part === null || typeof part === "object")
        throw new DefinitionError(`Std:Join takes strings, numbers and booleans, got ${JSON.stringify(part)}`);
      return String(part);
    })
    .join(on);
}

function get(reference: string, scope: Scope): Json {
  const [root, name, ...path] = tokens(reference);
  const undefinedReference = () => new DefinitionError(`{"Get": "${reference}"} is undefined`);
  if (root === undefined || name === undefined) throw undefinedReference();
  if (root === "Parameters" && path.length === 0) {
    const value = scope.parameters.get(name);
    if (value === undefined) throw undefinedReference();
    return value;
  }
  if (root === "Execution" && path.length === 0) {
    const value = scope.execution[name];
    if (value === undefined) throw undefinedReference();
    return value;
  }
  let value: Json | undefined = root === "Steps" ? scope.steps.get(name) : undefined;
  for (const key of path) value = member(value, key);
  if (value === undefined) throw undefinedReference();
  return value;
}

/** Lists are reached by position, or by the name their items carry: `Outputs['extract']`. */
function member(value: Json | undefined, key: string): Json | undefined {
  if (isJsonObject(value)) return value[key];
  if (!isJsonList(value)) return undefined;
  if (/^\d+$/.test(key)) return value[Number(key)];
  return value.find((item) => isJsonObject(item) && (item["OutputName"] === key || item["InputName"] === key));
}

/** `Steps.a.Outputs['b'].S3Uri` → Steps, a, Outputs, b, S3Uri. */
function tokens(reference: string): string[] {
  const pattern = /(?:^|\.)([^.[\]]+)|\[(?:'([^']*)'|"([^"]*)"|(\d+))\]/gy;
  const parts: string[] = [];
  let end = 0;
  for (const match of reference.matchAll(pattern)) {
    parts.push(match[1] ?? match[2] ?? match[3] ?? match[4] ?? "");
    end = match.index + match[0].length;
  }
  if (end !== reference.length) throw new DefinitionError(`{"Get": "${reference}"} cannot be parsed`);
  return parts;
}

/** Names of the steps, and of the parameters, that the value refers to. */
export function referencesIn(value: Json): { steps: string[]; parameters: string[] } {
  const found = { steps: new Set<string>(), parameters: new Set<string>() };
  const visit = (item: Json): void => {
    if (isJsonList(item)) return item.forEach(visit);
    if (!isJsonObject(item)) return;
    const call = functionOf(item);
    if (call?.name === "Get" && typeof call.argument === "string") {
      const [root, name = ""] = tokens(call.argument);
      if (root === "Steps") found.steps.add(name);
      if (root === "Parameters") found.parameters.add(name);
    }
    Object.values(item).forEach(visit);
  };
  visit(value);
  return { steps: [...found.steps], parameters: [...found.parameters] };
}
