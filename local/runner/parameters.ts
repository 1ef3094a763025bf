import type { Json, ParameterDefinition } from "./definition";
import { ServiceError } from "./errors";

/** As StartPipelineExecution takes it: every value is text. */
export interface GivenParameter {
  readonly Name: string;
  readonly Value: string;
}

/**
 * Values of all parameters of the definition for one execution.
 *
 * @throws ServiceError ValidationException naming every parameter that is unknown, given twice, missing, or of
 *   another type than declared
 */
export function valuesOf(
  definitions: readonly ParameterDefinition[],
  given: readonly GivenParameter[],
): Map<string, Json> {
  const problems: string[] = [];
  const names = definitions.map(({ Name }) => Name);
  const unknown = given.map(({ Name }) => Name).filter((name) => !names.includes(name));
  if (unknown.length > 0)
    problems.push(`Unknown parameters [${unknown.join(", ")}]; the pipeline has [${names.join(", ")}]`);

  const values = new Map<string, Json>();
  for (const definition of definitions) {
    const { Name: name, Type: type, DefaultValue: fallback, EnumValues: allowed } = definition;
    const [own, ...others] = given.filter(({ Name }) => Name === name);
    if (others.length > 0) problems.push(`Parameter [${name}] is given more than once`);
    const text = own ? own.Value : fallback;
    if (text === undefined) {
      problems.push(`Parameter [${name}] has no default value and is not given`);
      continue;
    }
    const value = typed(type, text);
    // SageMaker refuses an empty string, also as a default (sagemaker-python-sdk issue 4016).
    if (value === undefined || value === "")
      problems.push(`Parameter [${name}] must be a non-empty ${type}, got ${JSON.stringify(text)}`);
    else if (allowed && !allowed.includes(value))
      problems.push(`Parameter [${name}] must be one of [${allowed.join(", ")}], got ${JSON.stringify(text)}`);
    else values.set(name, value);
  }
  if (problems.length > 0) throw new ServiceError("ValidationException", problems.join("; "));
  return values;
}

function typed(
  type: ParameterDefinition["Type"],
  value: string | number | boolean,
): string | number | boolean | undefined {
  const text = String(value);
  switch (type) {
    case "String":
      return typeof value === "string" ? value : undefined;
    case "Integer":
      return /^[+-]?\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined;
    case "Float":
      return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined;
    case "Boolean":
      return /^(true|false)$/i.test(text) ? text.toLowerCase() === "true" : undefined;
  }
}
