import { parsePartitionPath } from "../contract/parse";
import type { Table } from "./kinds";

/** The names of a table's partition keys, in order. */
export function keysOf(table: Table): string[] {
  return (table.partitionKeys ?? []).map((key) => key.name);
}

/** The last folders of an address, as many as there are keys. */
export function tailOf(location: string, levels: number): string {
  return levels === 0 ? "" : location.replace(/\/+$/, "").split("/").slice(-levels).join("/");
}

/**
 * The last folders must be the keys in order, with these values. The table's location is not needed for it; where it is
 * known, too few folders are told as such.
 */
export function folderProblems(
  location: string,
  keys: readonly string[],
  values: readonly string[],
  base?: string,
): readonly string[] {
  if (values.length !== keys.length)
    return [`${values.length} partition values, expected ${keys.length} for the keys ${keys.join(", ")}`];
  if (keys.length === 0) return ["the table declares no partition key, expected none of its folders to be one"];
  const below = base !== undefined && location.startsWith(base) ? location.slice(base.length) : undefined;
  const short = below !== undefined && below.split("/").filter((level) => level !== "").length < keys.length;
  const parsed = parsePartitionPath(keys, short ? below : tailOf(location, keys.length));
  if (parsed.problems.length > 0) return parsed.problems;
  return parsed.values.flatMap((value, index) => {
    const [key, expected] = [keys[index] ?? "", values[index] ?? ""];
    return value === expected ? [] : [`level ${index + 1} is '${key}=${value}', expected '${key}=${expected}'`];
  });
}

/** A table's location with one slash at its end; `undefined` when it has none. */
export function baseOf(table: Table): string | undefined {
  const location = table.storageDescriptor?.location;
  return location ? location.replace(/\/*$/, "/") : undefined;
}

/** Between the table's location and a partition's stands one folder for each key, and nothing else. */
export function levelProblems(location: string, table: Table): string[] {
  const base = baseOf(table);
  if (base === undefined || !location.startsWith(base)) return [];
  const levels = location
    .slice(base.length)
    .split("/")
    .filter((level) => level !== "").length;
  const keys = table.partitionKeys?.length ?? 0;
  return levels > keys ? [`has ${levels} folders below '${base}', expected ${keys}`] : [];
}

/** The folders of a partition, for a message. */
export function keyValues(keys: readonly string[], values: readonly string[]): string {
  return keys.map((key, index) => `${key}=${values[index] ?? "…"}/`).join("");
}

/** The folders of a partition, with … in the place of values. */
export function keyPattern(keys: readonly string[]): string {
  return keys.map((key) => `${key}=…/`).join("");
}

const plain = (name: string): string => name.toLowerCase().replace(/[-_.]/g, "");

/**
 * What is wrong with a text that names a partition: an address below the table's location, or a path of folders of which
 * one is called like a key. Any other text is no partition.
 */
export function pathProblems(text: string, location: string, keys: readonly string[]): string[] {
  const below = text.startsWith(location) ? text.slice(location.length) : undefined;
  const levels = (below ?? text).split("/").filter((level) => level !== "");
  const named = levels.map((level) => /^([^=-][^=]*)=/.exec(level)?.[1]);
  const alike = named.some((name) => name !== undefined && keys.some((key) => plain(key) === plain(name)));
  if (below === undefined && !alike) return [];
  // Folders before the first that looks like a key may be anything: a path in the container, another prefix.
  const first = below === undefined ? named.findIndex((name) => name !== undefined) : 0;
  const file = levels.at(-1)?.includes(".") && named.at(-1) === undefined ? 1 : 0;
  return levels.slice(first, levels.length - file).flatMap((level, index) => {
    const key = keys[index];
    if (key === undefined) return [`level ${index + 1} is '${level}', expected no more folders`];
    return level.startsWith(`${key}=`) ? [] : [`level ${index + 1} is '${level}', expected '${key}=…'`];
  });
}
