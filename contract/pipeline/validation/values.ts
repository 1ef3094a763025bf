import { isObject } from "../json";
import { at } from "./problem";

/** A `Get` somewhere in a definition. */
export interface Reference {
  readonly pointer: string;
  /** Such as `Parameters.Day` or `Steps.extract_step.ProcessingOutputConfig…`. */
  readonly path: string;
}

const FUNCTIONS = ["Get", "Std:Join", "Std:JsonGet"];

/** Whether a value is only known when the pipeline runs. */
export function isReference(value: unknown): value is Record<string, unknown> {
  if (!isObject(value)) return false;
  const [key, ...others] = Object.keys(value);
  return key !== undefined && others.length === 0 && FUNCTIONS.includes(key);
}

/** The path of a plain `Get`. */
export function getPath(value: unknown): string | undefined {
  return isReference(value) && typeof value["Get"] === "string" ? value["Get"] : undefined;
}

/** Calls `visit` for a value and everything in it, with its pointer. */
export function walk(value: unknown, pointer: string, visit: (value: unknown, pointer: string) => void): void {
  visit(value, pointer);
  if (Array.isArray(value)) value.forEach((item: unknown, index) => walk(item, at(pointer, index), visit));
  else if (isObject(value)) for (const [key, member] of Object.entries(value)) walk(member, at(pointer, key), visit);
}

/** Every `Get` in a value. */
export function referencesIn(value: unknown, pointer: string): Reference[] {
  const found: Reference[] = [];
  walk(value, pointer, (inner, place) => {
    const path = getPath(inner);
    if (path !== undefined) found.push({ pointer: place, path });
  });
  return found;
}

export interface KnownText {
  /** With one letter in the place of what is not known yet. */
  readonly text: string;
  /** What it certainly begins with; all of it when it is complete. */
  readonly start: string;
  /** Characters that are certain; AWS counts code points. */
  readonly length: number;
  readonly complete: boolean;
}

const UNKNOWN = "x";

/** What can be said of a text before the pipeline runs. */
export function knownText(value: unknown): KnownText | undefined {
  if (typeof value === "string") return { text: value, start: value, length: lengthOf(value), complete: true };
  const join = isReference(value) ? value["Std:Join"] : undefined;
  if (!isObject(join)) return isReference(value) ? { text: UNKNOWN, start: "", length: 0, complete: false } : undefined;
  const on = typeof join["On"] === "string" ? join["On"] : "";
  const parts = (Array.isArray(join["Values"]) ? join["Values"] : []).map((part: unknown) =>
    typeof part === "number" || typeof part === "boolean" ? knownText(String(part)) : knownText(part),
  );
  const unknown = parts.findIndex((part) => !part?.complete);
  const certain = unknown < 0 ? parts : parts.slice(0, unknown);
  return {
    text: parts.map((part) => part?.text ?? UNKNOWN).join(on),
    start: [...certain.map((part) => part?.text ?? ""), ...(unknown < 0 ? [] : [parts[unknown]?.start ?? ""])].join(on),
    length: parts.reduce((sum, part) => sum + (part?.length ?? 0), on.length * Math.max(parts.length - 1, 0)),
    complete: unknown < 0,
  };
}

/** In code points. */
function lengthOf(text: string): number {
  return /[\ud800-\udbff]/.test(text) ? [...text].length : text.length;
}
