import type { JsonObject } from "./json";
import type { Value } from "./references";

/** What a condition compares: a reference, or a plain value. */
export type Operand = Value | number | boolean;

/** A condition as the definition holds it; made by {@link condition}. */
export type Condition = JsonObject & { readonly Type: string };

const compare =
  (type: string) =>
  (left: Operand, right: Operand): Condition => ({
    Type: type,
    LeftValue: left,
    RightValue: right,
  });

/** Conditions of a condition step. All conditions of its list must hold. */
export const condition = {
  equals: compare("Equals"),
  greaterThan: compare("GreaterThan"),
  greaterThanOrEqualTo: compare("GreaterThanOrEqualTo"),
  lessThan: compare("LessThan"),
  lessThanOrEqualTo: compare("LessThanOrEqualTo"),
  in: (value: Operand, values: readonly Operand[]): Condition => ({ Type: "In", QueryValue: value, Values: values }),
  not: (inner: Condition): Condition => ({ Type: "Not", Condition: inner }),
  or: (conditions: readonly Condition[]): Condition => ({ Type: "Or", Conditions: conditions }),
};
