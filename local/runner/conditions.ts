import { isJsonObject } from "../../contract/pipeline/json";
import { DefinitionError } from "../../contract/pipeline/evaluate";
import { textOf, type Json } from "./definition";

/**
 * Whether all conditions hold. They are resolved: no reference is left in them.
 *
 * @throws DefinitionError for an unknown type of condition, and for operands that cannot be compared
 */
export function hold(conditions: readonly Json[]): boolean {
  return conditions.every(holds);
}

function holds(condition: Json): boolean {
  const fields = isJsonObject(condition) ? condition : {};
  const { Type: type, LeftValue: left, RightValue: right, QueryValue: query, Values: values } = fields;
  const { Expression: expression, Conditions: conditions } = fields;
  switch (textOf(type)) {
    case "Equals":
      return comparable(left, right, "Equals").left === right;
    case "GreaterThan":
    case "GreaterThanOrEqualTo":
    case "LessThan":
    case "LessThanOrEqualTo":
      return ordered(textOf(type), comparable(left, right, textOf(type)));
    case "In":
      if (query !== undefined && Array.isArray(values)) return values.includes(query);
      break;
    case "Not":
      if (expression !== undefined) return !holds(expression);
      break;
    case "Or":
      if (Array.isArray(conditions)) return conditions.some(holds);
      break;
  }
  throw new DefinitionError(`condition ${JSON.stringify(condition)} is not supported on the laptop`);
}

type Operand = string | number | boolean;

function comparable(left: Json | undefined, right: Json | undefined, type: string): { left: Operand; right: Operand } {
  const scalar = (value: Json | undefined): value is Operand =>
    typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  if (!scalar(left) || !scalar(right) || typeof left !== typeof right)
    throw new DefinitionError(
      `condition ${type}: ${JSON.stringify(left)} and ${JSON.stringify(right)} are not of the same type`,
    );
  return { left, right };
}

function ordered(type: string, { left, right }: { left: Operand; right: Operand }): boolean {
  if (type === "GreaterThan") return left > right;
  if (type === "GreaterThanOrEqualTo") return left >= right;
  if (type === "LessThan") return left < right;
  return left <= right;
}
