import Table from "cli-table3";
import type { QueryResult } from "./query";

/** A query's answer as people read it, with the number of rows below. */
export function renderTable({ columns, rows }: QueryResult): string {
  const table = new Table({ head: [...columns], style: { head: [], border: [] } });
  for (const row of rows) table.push(row.map((cell) => (cell === null ? "NULL" : String(cell))));
  return `${table.toString()}\n${rows.length} ${rows.length === 1 ? "row" : "rows"}`;
}
