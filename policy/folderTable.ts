import type { Table } from "./kinds";
import { known } from "./resources";

/** What open table formats call themselves, in the parameter that engines look at. */
const OPEN_FORMATS = /^(iceberg|delta)$/i;

/**
 * Whether the table is a folder of files read by partition: not a view, not a link to another account's table, not a
 * stream or a table of a database, and not an open table format (Iceberg and Delta keep partitions in their metadata).
 */
export function isFolderTable(table: Table): boolean {
  if (table.targetTable || table.openTableFormatInput || table.tableType === "VIRTUAL_VIEW") return false;
  // Unknown parameters are looked at by the rules that need them.
  const parameters = known(() => table.parameters) ?? {};
  const parameter = (name: string) => known(() => parameters[name]);
  if (OPEN_FORMATS.test(parameter("table_type") ?? "")) return false;
  if (OPEN_FORMATS.test(parameter("spark.sql.sources.provider") ?? "")) return false;
  if (parameter("connectionName") !== undefined) return false;
  const source = known(() => table.storageDescriptor?.parameters?.["typeOfData"]);
  return source !== "kinesis" && source !== "kafka";
}
