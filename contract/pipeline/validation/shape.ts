import { isObject, own } from "../json";
import { at, SOURCES, type Findings } from "./problem";
import { getPath, isReference, knownText } from "./values";

/** A part of an AWS API: the constraints that botocore's model states. */
export type Shape =
  | StringShape
  | { readonly type: "integer"; readonly min?: number; readonly max?: number }
  | { readonly type: "boolean" }
  | { readonly type: "list"; readonly min?: number; readonly max?: number; readonly member: Shape }
  | { readonly type: "map"; readonly max?: number; readonly key: StringShape; readonly value: Shape }
  | Structure;

export interface StringShape {
  readonly type: "string";
  readonly min?: number;
  readonly max?: number;
  /** Holds for the whole text. */
  readonly pattern?: string;
  readonly enum?: readonly string[];
}

export interface Structure {
  readonly type: "structure";
  readonly required?: readonly string[];
  readonly members: Readonly<Record<string, Shape>>;
}

/** What to do when an upper limit of a member is passed, where more can be said than "make it shorter". */
const MOST: Readonly<Record<string, string>> = {
  ContainerArguments: "put long or multi-line text into a file on S3 and give it to the job as an input",
  ContainerEntrypoint: "put the commands into a script and give it to the job as an input",
  ProcessingInputs: "put the files below fewer prefixes: an input takes everything below its prefix",
  Outputs: "write sub-folders of one output: they are kept on S3",
  Environment: "put the settings into a file on S3 and give it to the job as an input",
  MaxRuntimeInSeconds: "split the work over more runs or instances",
};

/** What a text should look like, where more can be said than its pattern. */
const FORMS: Readonly<Record<string, string>> = {
  ContainerArguments: "put multi-line text into a file on S3 and give it to the job as an input",
  ContainerEntrypoint: "put the commands into a script and give it to the job as an input",
  ProcessingJobName: "use letters, digits and -, beginning and ending with a letter or digit, at most 63",
  S3Uri: "write s3://bucket/prefix; in a join with '/', the first value is 's3:/'",
};

/** Checks a value against a shape. References are taken for what they will be. */
export function checkShape(value: unknown, shape: Shape, pointer: string, found: Findings, member = ""): void {
  // Most values are these; they make no helpers of their own.
  if (shape.type === "string") return checkString(value, shape, pointer, found, member);
  if (shape.type === "structure") return checkStructure(value, shape, pointer, found);
  const say = (rule: string, fix: string) => found.add(pointer, rule, value, fix, SOURCES.job);
  const limits = (size: number, { min, max }: { readonly min?: number; readonly max?: number }, unit = ""): void => {
    if (min !== undefined && size < min) say(`at least ${min}${unit}`, `give ${min} or more, or leave it out`);
    if (max !== undefined && size > max) say(`at most ${max}${unit}`, MOST[member] ?? `give ${max} or fewer`);
  };
  switch (shape.type) {
    case "integer":
      if (isReference(value)) return checkType(value, "Integer", pointer, found);
      if (!Number.isInteger(value))
        return say("a whole number", "write a number without quotes, or refer to a parameter");
      return limits(Number(value), shape);
    case "boolean":
      if (isReference(value)) return checkType(value, "Boolean", pointer, found);
      if (typeof value !== "boolean") say("true or false", "write it without quotes");
      return;
    case "list":
      if (!Array.isArray(value)) return say("a list", "write it in [ ]");
      limits(value.length, shape, " items");
      value.forEach((item: unknown, index) => checkShape(item, shape.member, at(pointer, index), found, member));
      return;
    case "map":
      if (!isObject(value) || isReference(value)) return say("an object", "write it in { }");
      limits(Object.keys(value).length, shape, " entries");
      for (const [key, item] of Object.entries(value)) {
        checkString(key, shape.key, at(pointer, key), found, `key of ${member}`);
        checkShape(item, shape.value, at(pointer, key), found, member);
      }
      return;
  }
}

/**
 * A parameter must have the type of the member: there is no conversion but `Std:Join`, which makes text. (SageMaker says
 * "Cannot assign property reference [Parameters.Count] to argument of type [String]".)
 */
function checkType(
  value: Record<string, unknown>,
  type: "String" | "Integer" | "Boolean",
  pointer: string,
  found: Findings,
) {
  const name = /^Parameters\.(.*)$/.exec(getPath(value) ?? "")?.[1] ?? "";
  const given = "Std:Join" in value ? "String" : (found.parameterTypes.get(name) ?? type);
  if (given === type) return;
  const asText = `write {"Std:Join":{"On":"","Values":[{"Get":"Parameters.${name}"}]}}, in the SDK .to_string()`;
  const fix = type === "String" ? asText : `refer to a parameter of the type ${type}`;
  found.add(pointer, `${type}, not ${given}`, value, fix, SOURCES.pipeline);
}

function checkStructure(value: unknown, shape: Structure, pointer: string, found: Findings): void {
  if (!isObject(value) || isReference(value))
    return found.add(pointer, "an object", value, "write it in { } with the members of the API", SOURCES.job);
  for (const name of shape.required ?? [])
    if (!(name in value)) found.add(pointer, `${name} must be given`, value, `add ${name}`, SOURCES.job);
  for (const [name, member] of Object.entries(value)) {
    const known = own(shape.members, name);
    if (known) checkShape(member, known, at(pointer, name), found, name);
    else {
      const names = Object.keys(shape.members).join(", ");
      found.add(at(pointer, name), `${name} is not a member here`, member, `use one of ${names}`, SOURCES.job);
    }
  }
}

/** Patterns that can be judged although a part of the text is not known yet. */
const ANY_LINE = ".*";
const S3_URI = "(https|s3)://([^/]+)/?(.*)";

function checkString(value: unknown, shape: StringShape, pointer: string, found: Findings, member: string): void {
  const known = knownText(value);
  if (known?.complete && typeof value === "string" && fits(known.length, value, shape)) return;
  const say = (rule: string, fix: string) => found.add(pointer, rule, value, fix, SOURCES.job);
  if (!known) return say("text", "write it in quotes, or refer to a parameter or a step");
  if (isReference(value)) checkType(value, "String", pointer, found);
  const { min = 0, max = Infinity, pattern } = shape;
  if (known.length > max) say(`at most ${max} characters`, MOST[member] ?? `shorten it to ${max} characters`);
  if (known.complete && known.length < min) say(`at least ${min} characters`, `give ${min} characters or more`);
  if (shape.enum && known.complete && !shape.enum.includes(known.text))
    say(`one of ${shape.enum.join(", ")}`, `use one of ${shape.enum.join(", ")}`);
  if (pattern === undefined) return;
  const judged = known.complete || pattern === ANY_LINE || (pattern === S3_URI && known.start !== "");
  if (!judged || regexp(pattern).test(known.text)) return;
  if (pattern === ANY_LINE) say("one line of text", FORMS[member] ?? "remove the line breaks");
  else say(`the pattern ${pattern}`, FORMS[member] ?? "write it in the form of the pattern");
}

function fits(length: number, text: string, { min = 0, max = Infinity, pattern, enum: words }: StringShape): boolean {
  if (length < min || length > max || (words && !words.includes(text))) return false;
  return pattern === undefined || regexp(pattern).test(text);
}

const compiled = new Map<string, RegExp>();

function regexp(pattern: string): RegExp {
  const known = compiled.get(pattern) ?? new RegExp(`^(?:${pattern})$`, "u");
  compiled.set(pattern, known);
  return known;
}
