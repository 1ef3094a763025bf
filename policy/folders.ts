import { parsePartitionPath } from "../contract/parse";
import type { Table } from "./resources";

/** The names of a table's partition keys, in order. */
export function keysOf(table: Table): string[] {
  return (table.partitionKeys ?? []).map((key) => key.name);
}

/** The last folders of an address, as many as there are keys. */
export function tailOf(location: string, levels: number): string {
  return levels === 0 ? "" : location.replace(/\/+$/, "").split("/").slice(-levels).join("/");
}

/** The last folders must be the keys in order, with these values. The table's location is not needed for it. */
export function folderProblems(
  location: string,
  keys: readonly string[],
  values: readonly string[],
): readonly string[] {
  if (values.length !== keys.length)
    return [`${values.length} partition values, expected ${keys.length} for the keys ${keys.join(", ")}`];
  if (keys.length === 0) return ["the table declares no partition key, expected none of its folders to be one"];
  const parsed = parsePartitionPath(keys, tailOf(location, keys.length));
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
