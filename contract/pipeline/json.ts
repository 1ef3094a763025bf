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

/** The same object without the members that are `undefined`: SageMaker knows no null for "not given". */
export function given(members: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(members).filter((member): member is [string, Json] => member[1] !== undefined),
  );
}
