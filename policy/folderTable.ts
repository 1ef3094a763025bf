import type { Table } from "./kinds";
import { known } from "./resources";

/** What open table formats call themselves, in the parameter that engines look at. */
const OPEN_FORMATS = /^(iceberg|delta|hudi)$/i;

/** Other sources of a table's rows, as crawlers name them. */
const OTHER_SOURCES = ["kinesis", "kafka", "table"];

/** An address that is none of S3: of a database, a stream, another file system. */
const ELSEWHERE = /^(?!s3[an]?:)[a-z][a-z0-9+.-]*:/i;

/** Whether the rows of the table are files of S3: not a view, not a link, not a stream or a table of a database. */
export function readsFiles(table: Table): boolean {
  if (table.targetTable || table.tableType === "VIRTUAL_VIEW") return false;
  const descriptor = known(() => table.storageDescriptor);
  // Unknown parameters are looked at by the rules that need them.
  const given = [known(() => table.parameters), known(() => descriptor?.parameters)];
  const has = (name: string) => given.map((parameters) => known(() => parameters?.[name])).find((value) => value);
  if (has("connectionName") || has("classification")?.toLowerCase() === "dynamodb") return false;
  return !OTHER_SOURCES.includes(has("typeOfData") ?? "") && !ELSEWHERE.test(known(() => descriptor?.location) ?? "");
}

/**
 * Whether the table is a folder of files read by partition: one that {@link readsFiles}, and not of an open table format
 * (Iceberg, Delta and Hudi keep partitions in their metadata).
 */
export function isFolderTable(table: Table): boolean {
  if (!readsFiles(table) || table.openTableFormatInput) return false;
  const parameter = (name: string) => known(() => table.parameters?.[name]) ?? "";
  return !OPEN_FORMATS.test(parameter("table_type")) && !OPEN_FORMATS.test(parameter("spark.sql.sources.provider"));
}

/** The SerDes of CSV: Hive's own, which splits at every delimiter, and one that knows quotes. */
export const LAZY = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe";
export const OPEN = "org.apache.hadoop.hive.serde2.OpenCSVSerde";

/** Whether the files of the table are CSV: by its own word, or by its SerDe where it says nothing. */
export function isCsv(table: Table): boolean {
  if (!isFolderTable(table)) return false;
  const classification = table.parameters?.["classification"]?.toLowerCase();
  const library = known(() => table.storageDescriptor?.serDeInfo?.serializationLibrary);
  return classification === undefined ? library === LAZY || library === OPEN : classification === "csv";
}
