import type { Table } from "@aws-sdk/client-glue";
import { csv, serdeOf, tableParametersOf } from "../../contract/csv";
import type { DatasetDocument } from "../../contract/document";

const HEADER = "skip.header.line.count";

/**
 * How a table differs from the declaration by which files were written; empty when they fit. A run carries the
 * declaration that it was started with: when the table was changed meanwhile, what it wrote would be read wrongly.
 * Columns that were appended since are no difference; engines read null there.
 */
export function documentProblems(document: DatasetDocument, table: Table): string[] {
  const problems: string[] = [];
  const differs = (what: string, there: string, here: string) => {
    if (there !== here) problems.push(`${what}: the table has ${there || "none"}, the run ${here || "none"}; ${FIX}`);
  };
  const keys = (list: readonly { name: string; type: string }[]) =>
    list.map(({ name, type }) => `${name} ${type}`).join(", ");
  differs(
    "partition keys",
    keys((table.PartitionKeys ?? []).map(({ Name = "", Type = "" }) => ({ name: Name, type: Type }))),
    keys(document.partitionKeys),
  );
  const columns = (table.StorageDescriptor?.Columns ?? []).map(({ Name = "", Type = "" }) => ({
    name: Name,
    type: Type,
  }));
  const written = document.columns.map(({ name, type }) => ({ name, type }));
  differs("columns", keys(columns.slice(0, Math.max(written.length, 1))), keys(written));

  // A document of an earlier version says less of the dialect.
  const format = csv(document.format);
  const serde = serdeOf(format);
  const { SerdeInfo, InputFormat } = table.StorageDescriptor ?? {};
  differs("input format", InputFormat ?? "", serde.inputFormat);
  differs("SerDe", SerdeInfo?.SerializationLibrary ?? "", serde.serializationLibrary);
  const there = { ...SerdeInfo?.Parameters, ...table.Parameters };
  for (const [name, value] of Object.entries(serde.parameters))
    if (name !== "serialization.format") differs(`SerDe parameter ${name}`, shown(there[name]), shown(value));
  if (table.Parameters !== undefined && "classification" in table.Parameters)
    differs(`table parameter ${HEADER}`, there[HEADER] ?? "0", tableParametersOf(format)[HEADER] ?? "0");
  return problems;
}

const FIX = "run the day again with the pipeline of today";
const shown = (value: string | undefined): string => (value === undefined ? "" : JSON.stringify(value));
