/** The version of SageMaker's pipeline definitions. */
export const SCHEMA_VERSION = "2020-12-01";

/** What a JSON text can hold. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

/** Narrows parsed JSON to an object: not null, not a list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The same for a value that is JSON already. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return isObject(value);
}

/** The same for a list; `Array.isArray` alone forgets what is in it. */
export function isJsonList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** A member that is there by itself: every object seems to have a `constructor`, which is a legal name of much. */
export function own<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** The same object without the members that are `undefined`: SageMaker knows no null for "not given". */
export function given(members: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(members).filter((member): member is [string, Json] => member[1] !== undefined),
  );
}
