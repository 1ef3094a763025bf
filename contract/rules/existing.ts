import { DEFAULT_NULL_TEXT, LAZY_SIMPLE_SERDE, OPEN_CSV_SERDE, serdeOf, tableParametersOf } from "../csv";
import type { Dataset } from "../dataset";
import { locationTemplate } from "../layout";
import { problemText, projectionProblems } from "../projection/check";
import { registrationOf } from "../registration";

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
  },
  [OPEN_CSV_SERDE]: { separatorChar: ",", quoteChar: '"', escapeChar: "\\" },
};

/**
 * Why readers would not find, or would misread, what a dataset writes for a table that is there already; empty when it
 * fits. Registered partitions take over how the table is read, whatever the declaration says.
 *
 * @param location where the dataset writes, with a slash at its end
 */
export function existingTableProblems(dataset: Dataset, location: string, found: FoundTable): string[] {
  const problems: string[] = [];
  const compare = (what: string, there: string, declared: string, fix: string) => {
    if (there !== declared) problems.push(`${what} is ${quoted(there)}, the dataset's ${quoted(declared)}; ${fix}`);
  };
  const declare = "declare it as it is, or change the table";
  // Hand-made tables often lack the slash.
  compare("location", found.location.replace(/\/*$/, "/"), location, "choose bucket and prefix so that they agree");
  compare("list of partition keys", fields(found.partitionKeys), fields(dataset.partitionKeys), declare);
  compare("list of columns", fields(found.columns), fields(dataset.columns), declare);
  const serde = serdeOf(dataset.format);
  compare("SerDe", found.serializationLibrary, serde.serializationLibrary, declare);
  if (found.serializationLibrary === serde.serializationLibrary)
    for (const [name, unlessSet] of Object.entries(READS_BY[serde.serializationLibrary] ?? {}))
      compare(
        `SerDe parameter ${name}`,
        read(name, { ...found.serdeParameters, ...found.parameters }[name] ?? unlessSet),
        serde.parameters[name] ?? unlessSet,
        declare,
      );
  const declared = tableParametersOf(dataset.format)[HEADER] ?? "0";
  compare(`table parameter ${HEADER}`, found.parameters[HEADER] ?? "0", declared, declare);
  // With it Athena computes partitions and ignores the registered ones; without it there is nothing to compute them by.
  const projected = (found.parameters["projection.enabled"] ?? "false").toLowerCase();
  compare("table parameter projection.enabled", projected, String(isProjected(dataset)), declare);
  if (projected === "true" && isProjected(dataset)) {
    const written = locationTemplate(dataset.partitionKeys, location);
    const template = "storage.location.template";
    compare(`table parameter ${template}`, found.parameters[template] ?? written, written, "change the table");
    problems.push(...projectionProblems(found).map(problemText));
  }
  return problems;
}

/** Hive's OpenCSVSerde takes an escape that is the quote for none given, which leaves opencsv's own. */
const read = (name: string, value: string): string => (name === "escapeChar" && value === '"' ? "\\" : value);

function isProjected(dataset: Dataset): boolean {
  return dataset.partitionKeys.length > 0 && registrationOf(dataset).strategy === "projection";
}

const fields = (list: readonly Field[]): string => list.map(({ name, type }) => `${name} ${type}`).join(", ");

const quoted = (text: string): string => JSON.stringify(text);
