import { UnknownValueError } from "@pulumi/policy";
import { known, type Placed } from "./resources";

/** Inputs that are a resource's physical name. */
const NAMES = ["bucket", "name", "pipelineName", "functionName"];
/** Outputs by which a resource is named, at an `up`. */
const OUTPUTS = ["id", "arn", "keyId", "url"];

/** What a resource may be named by, as far as it is known. */
function textsOf(whole: Placed<object>): readonly string[] {
  const props = whole.props as Readonly<Record<string, unknown>>;
  return [...NAMES, ...OUTPUTS].flatMap((property) => {
    const value = known(() => props[property]);
    return typeof value === "string" && value !== "" ? [value] : [];
  });
}

/** The name in an ARN: its last part, unless that is the version or alias of a function. */
function nameIn(arn: string): string {
  return /:function:([^:]+)/.exec(arn)?.[1] ?? arn.split(/[:/]/).at(-1) ?? "";
}

/** Whether a text is the name or the ARN of a resource. */
export function isNamed(text: string, whole: Placed<object>): boolean {
  const texts = textsOf(whole);
  return texts.includes(text) || (text.startsWith("arn:") && texts.includes(nameIn(text)));
}

/** @throws UnknownValueError when the resource's name is not known yet: then any text may be it */
function requireName(whole: Placed<object>): void {
  const props = whole.props as Readonly<Record<string, unknown>>;
  for (const property of NAMES) void props[property];
}

/**
 * The resource that a text names.
 *
 * @throws UnknownValueError when none does, and one whose name is not known yet might be meant
 */
export function namedBy<Whole extends Placed<object>>(text: string, wholes: readonly Whole[]): Whole | undefined {
  const found = wholes.find((each) => isNamed(text, each));
  if (!found) wholes.forEach(requireName);
  return found;
}

/**
 * Whether a property of one resource names another: made from it, which is known before any value is, or by the same
 * text.
 *
 * @throws UnknownValueError when the text is not known yet and comes from none of the stack's resources
 */
export function names(part: Placed<object>, property: string, whole: Placed<object>): boolean {
  const references = part.references(property);
  if (references.includes(whole.urn)) return true;
  try {
    const value = (part.props as Readonly<Record<string, unknown>>)[property];
    if (typeof value !== "string") return false;
    if (isNamed(value, whole)) return true;
    requireName(whole);
    return false;
  } catch (error) {
    if (error instanceof UnknownValueError && references.length > 0) return false;
    throw error;
  }
}

/**
 * The first part that belongs to a resource.
 *
 * @throws UnknownValueError when none does, and one of which it is not known yet might
 */
export function partOf<Part extends object>(
  parts: readonly Placed<Part>[],
  property: string,
  whole: Placed<object>,
): Placed<Part> | undefined {
  return partsOf(parts, property, whole)[0];
}

/** All parts that belong to a resource; throws as {@link partOf} does. */
export function partsOf<Part extends object>(
  parts: readonly Placed<Part>[],
  property: string,
  whole: Placed<object>,
): Placed<Part>[] {
  let unknown: Error | undefined;
  const found = parts.filter((part) => {
    try {
      return names(part, property, whole);
    } catch (error) {
      if (!(error instanceof UnknownValueError)) throw error;
      unknown = error as Error;
      return false;
    }
  });
  if (found.length === 0 && unknown) throw unknown;
  return found;
}
