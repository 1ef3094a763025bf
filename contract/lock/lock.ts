import { serdeOf, tableParametersOf, type Csv } from "../csv";
import { tableNameOf, type Dataset } from "../dataset";
import type { PartitionKey } from "../keys";
import { refuse, repeated } from "../problems";
import { registrationOf, type Registration } from "../registration";

/** The committed file that remembers how every table looked when its data was written; beside `index.ts`. */
export const LOCK_FILE = "tables.lock.json";

/** Version of the file's form. */
export const LOCK_VERSION = 1;

export type Fact = string | number | boolean;

/** What a partition key means: its name and type, and what its kind adds (format, time zone, digits, values). */
export interface LockedKey {
  readonly name: string;
  readonly [fact: string]: Fact | readonly Fact[];
}

export interface LockedColumn {
  readonly name: string;
  readonly type: string;
}

/** How readers cut the bytes of a file into cells. */
export interface LockedFormat {
  readonly inputFormat: string;
  readonly outputFormat: string;
  readonly serializationLibrary: string;
  /** Of the SerDe, sorted by name. */
  readonly serdeParameters: Readonly<Record<string, string>>;
  /** Of the table, as far as engines read by them, sorted by name. */
  readonly tableParameters: Readonly<Record<string, string>>;
}

/** How readers find partitions. */
export interface LockedRegistration {
  readonly strategy: string;
  /** Under projection: key → what was declared of its range. */
  readonly ranges?: Readonly<Record<string, Readonly<Record<string, Fact>>>>;
}

/** What data that is written already depends on. Descriptions, comments, owner, readers and tags are not in it. */
export interface LockedTable {
  /** Its name in the catalogue. */
  readonly table: string;
  readonly prefix: string;
  /** Of a table that does not lie below the prefix. */
  readonly folder?: string;
  readonly partitionKeys: readonly LockedKey[];
  /** How values stand in folder names. */
  readonly escaping: string;
  readonly columns: readonly LockedColumn[];
  readonly format: LockedFormat;
  readonly registration: LockedRegistration;
}

export interface Lock {
  readonly version: typeof LOCK_VERSION;
  /** Name of the dataset → its table. */
  readonly tables: Readonly<Record<string, LockedTable>>;
}

/** Table parameters that tell crawlers and Glue jobs something, and no engine reads by. */
const HINTS: readonly string[] = [
  "EXTERNAL",
  "areColumnsQuoted",
  "classification",
  "columnsOrdered",
  "compressionType",
  "delimiter",
  "typeOfData",
];

/**
 * The lock of the declarations as they are now.
 *
 * @throws ContractError when two datasets have one name
 */
export function lockOf(datasets: readonly Dataset[]): Lock {
  refuse(
    "datasets",
    repeated(datasets.map(({ name }) => name)).map(
      (name) => `'${name}' is declared more than once; rename one of them`,
    ),
  );
  return {
    version: LOCK_VERSION,
    tables: sorted(Object.fromEntries(datasets.map((dataset) => [dataset.name, lockedTable(dataset)]))),
  };
}

function lockedTable(dataset: Dataset): LockedTable {
  return {
    table: tableNameOf(dataset),
    prefix: dataset.prefix,
    ...(dataset.table?.folder === undefined ? {} : { folder: dataset.table.folder }),
    partitionKeys: dataset.partitionKeys.map(lockedKey),
    escaping: dataset.escaping ?? "none",
    columns: dataset.columns.map(({ name, type }) => ({ name, type })),
    format: lockedFormat(dataset.format),
    registration: lockedRegistration(registrationOf(dataset)),
  };
}

/** Every declared fact but the comment, so that one which keys learn later is locked as well. */
function lockedKey(key: PartitionKey): LockedKey {
  const { name, type, kind, ...rest } = key;
  const facts = Object.entries(rest).flatMap(([fact, value]): [string, Fact | readonly Fact[]][] => {
    if (fact === "comment" || value === undefined) return [];
    // The order of an enumeration means nothing.
    return [[fact, Array.isArray(value) ? [...new Set<Fact>(value)].sort() : factOf(value)]];
  });
  return { name, type, kind, ...sorted(Object.fromEntries(facts)) };
}

const factOf = (value: unknown): Fact =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : JSON.stringify(value);

function lockedFormat(format: Csv): LockedFormat {
  const { inputFormat, outputFormat, serializationLibrary, parameters } = serdeOf(format);
  const read = Object.entries(tableParametersOf(format)).filter(([name]) => !HINTS.includes(name));
  return {
    inputFormat,
    outputFormat,
    serializationLibrary,
    serdeParameters: sorted(parameters),
    tableParameters: sorted(Object.fromEntries(read)),
  };
}

function lockedRegistration(registration: Registration): LockedRegistration {
  if (registration.strategy !== "projection") return { strategy: registration.strategy };
  const ranges = Object.entries<object>(registration.ranges).map(([key, range]): [string, Record<string, Fact>] => [
    key,
    sorted(
      Object.fromEntries(
        Object.entries(range).flatMap(([bound, value]) => (value === undefined ? [] : [[bound, factOf(value)]])),
      ),
    ),
  ]);
  return { strategy: registration.strategy, ranges: sorted(Object.fromEntries(ranges)) };
}

/** By name, in an order that no locale changes. */
export function sorted<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
