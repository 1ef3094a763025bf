import { isObject, own } from "../json";
import { at, SOURCES, type Findings } from "./problem";
import { isReference } from "./values";

const COMPARISONS = ["Equals", "NotEquals", "GreaterThan", "GreaterThanOrEqualTo", "LessThan", "LessThanOrEqualTo"];

/** The members that each type of condition needs. `In` has two spellings: the SDK's, and the JSON schema's. */
const MEMBERS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  ...Object.fromEntries(COMPARISONS.map((type) => [type, [["LeftValue", "RightValue"]]])),
  In: [
    ["QueryValue", "Values"],
    ["Value", "In"],
  ],
  NotIn: [
    ["QueryValue", "Values"],
    ["Value", "In"],
  ],
  Not: [["Condition"], ["Expression"]],
  Or: [["Conditions"]],
};

/** Checks the conditions of a condition step. */
export function checkConditions(conditions: unknown, pointer: string, found: Findings): void {
  if (!Array.isArray(conditions) || conditions.length === 0)
    return found.add(pointer, "a list of conditions", conditions, "give at least one", SOURCES.schema);
  conditions.forEach((condition: unknown, index) => checkCondition(condition, at(pointer, index), found));
}

function checkCondition(condition: unknown, pointer: string, found: Findings): void {
  const type = isObject(condition) ? condition["Type"] : undefined;
  const spellings = typeof type === "string" ? own(MEMBERS, type) : undefined;
  if (!isObject(condition) || !spellings) {
    const choices = `use one of ${Object.keys(MEMBERS).join(", ")}`;
    return found.add(at(pointer, "Type"), "a type of condition", type, choices, SOURCES.schema);
  }
  const names = Object.keys(condition).filter((name) => name !== "Type");
  const right = spellings.some((members) => members.length === names.length && members.every((m) => names.includes(m)));
  if (!right) {
    const members = spellings[0]?.join(" and ") ?? "";
    return found.add(pointer, `${String(type)} has ${members}`, condition, `give ${members}`, SOURCES.schema);
  }
  for (const name of names) {
    const value = condition[name];
    const place = at(pointer, name);
    if (name === "Condition" || name === "Expression") checkCondition(value, place, found);
    else if (name === "Conditions") checkConditions(value, place, found);
    else if (name === "Values" || name === "In") {
      if (!Array.isArray(value)) found.add(place, "a list of values", value, "write it in [ ]", SOURCES.schema);
    } else if (typeof value === "object" && !isReference(value))
      found.add(place, "text, a number, true, false or a reference", value, "give one of them", SOURCES.schema);
  }
}
