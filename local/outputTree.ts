import * as fs from "node:fs";
import * as path from "node:path";
import type { Dataset } from "../contract/dataset";
import { readPath } from "../contract/layout";

/** The partition a file of the table is in, as a condition of SQL, or why it is in none. */
export function placeOf(dataset: Dataset, file: string): { partition: string; problems: readonly string[] } {
  const { dir, base } = path.posix.parse(file);
  if (/^[_.]/.test(base))
    return { partition: "", problems: [`query engines skip files whose name begins with '_' or '.', got '${base}'`] };
  if (dataset.partitionKeys.length === 0) return { partition: "none: the table has no partition keys", problems: [] };
  const read = readPath(dataset.partitionKeys, dir, dataset.escaping);
  if ("problems" in read) return { partition: "", problems: read.problems };
  const conditions = Object.entries(read.values).map(([key, value]) => `${key} = '${value}'`);
  return { partition: conditions.join(" and "), problems: [] };
}

/** A folder as a drawn tree, and its files as `/`-separated paths. Rows are counted for a table's files. */
export function tree(folder: string, table?: Dataset, below = "", indent = ""): { lines: string[]; files: string[] } {
  const entries = fs.readdirSync(path.join(folder, below), { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const parts = entries.map((entry, index) => {
    const [branch, next] = index === entries.length - 1 ? ["└── ", "    "] : ["├── ", "│   "];
    const file = path.posix.join(below, entry.name);
    if (!entry.isDirectory())
      return { lines: [`${indent}${branch}${entry.name}  ${sizeOf(path.join(folder, file), table)}`], files: [file] };
    const inner = tree(folder, table, file, `${indent}${next}`);
    return { lines: [`${indent}${branch}${entry.name}/`, ...inner.lines], files: inner.files };
  });
  return { lines: parts.flatMap((part) => part.lines), files: parts.flatMap((part) => part.files) };
}

function sizeOf(file: string, table?: Dataset): string {
  const content = fs.readFileSync(file, "utf8");
  const ended = content === "" || content.endsWith("\n") ? 0 : 1;
  const lines = content.split("\n").length - 1 + ended;
  const count = table ? `${number(Math.max(0, lines - (table.format.header ? 1 : 0)))} rows` : `${number(lines)} lines`;
  return `${count}, ${number(fs.statSync(file).size)} bytes`;
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}
