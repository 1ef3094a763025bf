import { parsePartitionPath } from "../contract/parse";
import type { Table } from "./kinds";
import type { Literal } from "./locations";

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

/** A level that is filled in later, or that readers of a table pass over. */
const OPEN_LEVEL = /^[{$%<*_.]/;

/**
 * What is wrong with the partitions that a text names: paths below the folders of a table, and relative paths of several
 * `key=val` levels of which one is called like a key. Any other text is no partition: values, filters, paths of inputs.
 *
 * @param given one argument or variable; what is known of it
 * @param folders where the table's partitions lie, in S3 and in the container, each with a slash at its end
 * @param keys of the table
 */
export function pathProblems(given: Literal, folders: readonly string[], keys: readonly string[]): string[] {
  return given.text.split(/\s+/).flatMap((word, index, words) => {
    const path = word.replace(/^--?[A-Za-z][\w-]*=/, "").replace(/^s3[an]:/i, "s3:");
    const folder = folders.find((each) => path.startsWith(each));
    // A path from the root, or an address, that leads elsewhere.
    if (folder === undefined && /^(\/|\w+:\/\/)/.test(path)) return [];
    const levels = levelsOf(path.slice(folder?.length ?? 0), given.whole || index < words.length - 1);
    if (folder !== undefined) return problemsIn(levels, keys);
    const named = levels.map((level) => /^([^=-][^=]*)=/.exec(level)?.[1]);
    const names = named.filter((name) => name !== undefined);
    const alike = names.some((name) => keys.some((key) => plain(key) === plain(name)));
    // Folders before the first that looks like a key may be anything.
    return names.length < 2 || !alike ? [] : problemsIn(levels.slice(named.indexOf(names[0])), keys);
  });
}

/** The folders of a path, without a file at its end, and without one of which only the beginning is known. */
function levelsOf(path: string, whole: boolean): string[] {
  const levels = path.split("/").filter((level) => level !== "");
  const last = levels.at(-1) ?? "";
  const isCut = !whole && !path.endsWith("/");
  return !last.includes("=") && (isCut || last.includes(".")) ? levels.slice(0, -1) : levels;
}

function problemsIn(levels: readonly string[], keys: readonly string[]): string[] {
  const open = levels.findIndex((level) => OPEN_LEVEL.test(level));
  return levels.slice(0, open < 0 ? undefined : open).flatMap((level, index) => {
    const key = keys[index];
    if (key === undefined) return [`level ${index + 1} is '${level}', expected no more folders`];
    return level.startsWith(`${key}=`) ? [] : [`level ${index + 1} is '${level}', expected '${key}=…'`];
  });
}
