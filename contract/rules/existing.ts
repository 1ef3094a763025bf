import { DEFAULT_NULL_TEXT, LAZY_SIMPLE_SERDE, OPEN_CSV_SERDE, serdeOf, tableParametersOf } from "../csv";
import type { Dataset } from "../dataset";
import { locationTemplate } from "../layout";
import { problemText, projectionProblems } from "../projection/check";
import { coverProblems } from "../projection/cover";
import { projectionParameters } from "../projection/render";
import { registrationOf } from "../registration";
import { FOLDER, TABLE_FOLDER } from "./steps";

interface Field {
  readonly name: string;
  readonly type: string;
}

/** A table of the catalogue that somebody else made, as far as what a dataset writes must agree with it. */
export interface FoundTable {
  readonly location: string;
  readonly partitionKeys: readonly Field[];
  readonly columns: readonly Field[];
  readonly serializationLibrary: string;
  readonly serdeParameters: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Table parameter that counts header lines. */
const HEADER = "skip.header.line.count";

/**
 * The parameters that change how a SerDe reads, with what it does without them (Hive's LazySerDeParameters,
 * OpenCSVSerde). The table's own win over the SerDe's (Hive's MetaStoreUtils.getSchema).
 */
const READS_BY: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  [LAZY_SIMPLE_SERDE]: {
    "field.delim": "\u0001",
    "escape.delim": "",
    "serialization.null.format": DEFAULT_NULL_TEXT,
    "serialization.encoding": "utf-8",
    "serialization.last.column.takes.rest": "false",
  },
  [OPEN_CSV_SERDE]: { separatorChar: ",", quoteChar: '"', escapeChar: "\\" },
};

/** What a SerDe reads where a parameter is not given (Hive's LazySerDeParameters, Trino's TextEncodingOptions). */
const INSTEAD: Readonly<Record<string, string>> = { "field.delim": "serialization.format" };

/**
 * Why readers would not find, or would misread, what a dataset writes for a table that is there already; empty when it
 * fits. Registered partitions take over how the table is read, whatever the declaration says.
 *
 * @param location where the dataset writes, with a slash at its end
 * @param now milliseconds since 1970, by which ranges of projected dates are compared
 */
export function existingTableProblems(
  dataset: Dataset,
  location: string,
  found: FoundTable,
  now = Date.now(),
): string[] {
  const problems: string[] = [];
  const compare = (what: string, there: string, declared: string, fix: string) => {
    if (there !== declared) problems.push(`${what} is ${quoted(there)}, the dataset's ${quoted(declared)}; ${fix}`);
  };
  const declare = "declare it as it is, or change the table";
  // Hand-made tables often lack the slash.
  const there = found.location.replace(/\/*$/, "/");
  compare("location", there, location, placeFix(there, location));
  compare("list of partition keys", fields(found.partitionKeys), fields(dataset.partitionKeys), declare);
  compare("list of columns", fields(found.columns.map(readAs)), fields(dataset.columns), declare);
  const serde = serdeOf(dataset.format);
  compare("SerDe", found.serializationLibrary, serde.serializationLibrary, declare);
  const set = { ...found.serdeParameters, ...found.parameters };
  if (found.serializationLibrary === serde.serializationLibrary)
    for (const [name, unlessSet] of Object.entries(READS_BY[serde.serializationLibrary] ?? {})) {
      const value = set[name] ?? set[INSTEAD[name] ?? name];
      const there = value === undefined ? unlessSet : read(name, value, unlessSet);
      compare(`SerDe parameter ${name}`, there, serde.parameters[name] ?? unlessSet, declare);
    }
  const declared = tableParametersOf(dataset.format)[HEADER] ?? "0";
  compare(`table parameter ${HEADER}`, found.parameters[HEADER] ?? "0", declared, declare);
  // With it Athena computes partitions and ignores the registered ones; without it there is nothing to compute them by.
  const projected = (found.parameters["projection.enabled"] ?? "false").toLowerCase();
  compare("table parameter projection.enabled", projected, String(isProjected(dataset)), declare);
  if (projected === "true" && isProjected(dataset)) {
    const written = locationTemplate(dataset.partitionKeys, location);
    const template = "storage.location.template";
    compare(`table parameter ${template}`, found.parameters[template] ?? written, written, "change the table");
    const broken = projectionProblems(found);
    const columns = dataset.partitionKeys.map(({ name }) => name);
    const wanted = projectionParameters(dataset, location);
    const missing = broken.length > 0 ? broken : coverProblems(found.parameters, wanted, columns, now);
    problems.push(...missing.map(problemText));
  }
  return problems;
}

/** What of the declaration and the stack makes the two agree; where nothing can, what makes the table. */
function placeFix(there: string, location: string): string {
  const [, bucket, folder] = /^s3:\/\/([^/]+)\/(.+)\/$/.exec(there) ?? [];
  if (bucket === undefined || folder === undefined || !TABLE_FOLDER.test(folder))
    return (
      `a table that a dataset writes to lies in a folder of letters, digits, '.', '_' and '-' of a bucket: let it begin ` +
      `elsewhere, ALTER TABLE … SET LOCATION '${location}' (registered partitions keep their own locations)`
    );
  const ours = location.startsWith(`s3://${bucket}/`) ? "" : `set existingBucket to '${bucket}', and `;
  const prefix = /^(.+)\/output$/.exec(folder)?.[1];
  return prefix !== undefined && FOLDER.test(prefix)
    ? `${ours}declare prefix: "${prefix}", or table: { existing: true, folder: "${folder}" }`
    : `${ours}declare table: { existing: true, folder: "${folder}" }`;
}

/** The value as Hive and Trino take it. */
function read(name: string, value: string, byDefault: string): string {
  switch (name) {
    // OpenCSVSerde takes an escape that is the quote for none given, which leaves opencsv's own.
    case "escapeChar":
      return value === '"' ? "\\" : value;
    case "field.delim":
      return byteOf(value, byDefault);
    case "escape.delim":
      return byteOf(value, "\\");
    case "serialization.encoding":
      return value.toLowerCase().replace(/^utf[-_]?8$/, "utf-8");
    case "serialization.last.column.takes.rest":
      return value.toLowerCase();
    default:
      return value;
  }
}

/** A number is the byte of that number, any other text its first character, none the default (LazyUtils.getByte). */
function byteOf(value: string, byDefault: string): string {
  if (value === "") return byDefault;
  const byte = /^[+-]?\d+$/.test(value) ? Number(value) : NaN;
  return byte >= -128 && byte <= 127 ? String.fromCharCode(byte & 0xff) : value.slice(0, 1);
}

/** What a column of text reads: some characters of it at most, where its type says so. */
const readAs = ({ name, type }: Field): Field => ({
  name,
  type: type
    .toLowerCase()
    .replace(/^varchar\(\d+\)$/, "string")
    .replace(/^integer$/, "int"),
});

function isProjected(dataset: Dataset): boolean {
  return dataset.partitionKeys.length > 0 && registrationOf(dataset).strategy === "projection";
}

const fields = (list: readonly Field[]): string => list.map(({ name, type }) => `${name} ${type}`).join(", ");

const quoted = (text: string): string => JSON.stringify(text);
