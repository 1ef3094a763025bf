import { isObject, own } from "../json";
import { at, repetitions, SOURCES, type Findings } from "./problem";

/** Type name → whether a value has the type. */
const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  String: (value) => typeof value === "string",
  Integer: (value) => Number.isInteger(value),
  Float: (value) => typeof value === "number",
  Boolean: (value) => typeof value === "boolean",
};
const MEMBERS = ["Name", "Type", "Description", "DefaultValue", "EnumValues"];
const MAX_PARAMETERS = 200;
const MAX_TEXT = 4096;
/** As botocore has it (PipelineParameterName). */
const NAME = /^[A-Za-z0-9_-]{1,256}$/;

/** Checks the parameters, and notes their types. */
export function checkParameters(parameters: unknown, found: Findings): void {
  if (parameters === undefined) return;
  if (!Array.isArray(parameters))
    return found.add("/Parameters", "a list of parameters", parameters, "write them in [ ]", SOURCES.schema);
  if (parameters.length > MAX_PARAMETERS)
    found.add(
      "/Parameters",
      `at most ${MAX_PARAMETERS} parameters`,
      parameters.length,
      "put settings into a file on S3 and make its address the parameter",
      SOURCES.start,
    );
  parameters.forEach((parameter: unknown, index) => {
    const pointer = at("/Parameters", index);
    if (!isObject(parameter))
      return found.add(pointer, "a parameter", parameter, "write it as { Name, Type }", SOURCES.schema);
    const { Name: name, Type: type = "String" } = parameter;
    if (typeof name === "string" && typeof type === "string") found.parameterTypes.set(name, type);
    checkParameter(parameter, pointer, found);
  });
  const names = parameters.map((parameter: unknown) => (isObject(parameter) ? parameter["Name"] : undefined));
  for (const { index, value } of repetitions(names))
    found.add(at("/Parameters", index, "Name"), "each parameter once", value, "rename one of them", SOURCES.schema);
}

function checkParameter(parameter: Record<string, unknown>, pointer: string, found: Findings): void {
  const {
    Name: name,
    Type: type = "String",
    DefaultValue: byDefault,
    EnumValues: values,
    Description: text,
  } = parameter;
  const add = (member: string, rule: string, value: unknown, fix: string) =>
    found.add(at(pointer, member), rule, value, fix, SOURCES.schema);
  for (const member of Object.keys(parameter))
    if (!MEMBERS.includes(member))
      add(member, `${member} is not a member of a parameter`, parameter[member], `use ${MEMBERS.join(", ")}`);
  if (typeof name !== "string" || !NAME.test(name))
    add("Name", "letters, digits, - and _, at most 256 characters", name, "rename it");
  const hasType = typeof type === "string" ? own(TYPES, type) : undefined;
  if (!hasType) return add("Type", `one of ${Object.keys(TYPES).join(", ")}`, type, "give one of them");
  if (byDefault !== undefined && !hasType(byDefault))
    add("DefaultValue", `of the type ${String(type)}`, byDefault, "change the value or the type");
  for (const [member, value] of Object.entries({ DefaultValue: byDefault, Description: text }))
    if (typeof value === "string" && value.length > MAX_TEXT)
      add(member, `at most ${MAX_TEXT} characters`, value, "put it into a file on S3");
  if (values === undefined) return;
  if (!Array.isArray(values) || values.length === 0 || !values.every((value: unknown) => hasType(value)))
    return add("EnumValues", `a list of the type ${String(type)}`, values, "list the values that a start may give");
  if (byDefault !== undefined && !values.includes(byDefault))
    add("DefaultValue", `one of ${values.join(", ")}`, byDefault, "take a default from EnumValues, or add it there");
}
