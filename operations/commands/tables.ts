import Table from "cli-table3";
import type { Answer, Cell } from "../query";

/** Rows as people read them, without lines between them. */
export function columns(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const none = { top: "", "top-mid": "", "top-left": "", "top-right": "", bottom: "", "bottom-mid": "" };
  const table = new Table({
    head: [...head],
    chars: {
      ...none,
      ...{ "bottom-left": "", "bottom-right": "", left: "", "left-mid": "", mid: "", "mid-mid": "" },
      ...{ right: "", "right-mid": "", middle: "  " },
    },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  for (const row of rows) table.push([...row]);
  return table.toString().replace(/ +$/gm, "");
}

/** `1.5 KiB`. */
export function byteText(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = bytes;
  let unit = 0;
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024;
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit] ?? "B"}`;
}

/** `1 day`, `2 days`. */
export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** A query's answer as people read it, with the number of rows below. */
export function answerTable({ columns: head, rows }: Pick<Answer, "columns" | "rows">): string {
  const table = new Table({ head: [...head], style: { head: [], border: [] } });
  for (const row of rows) table.push(row.map((cell) => (cell === null ? "NULL" : String(cell))));
  return `${table.toString()}\n${plural(rows.length, "row")}`;
}

/** As spreadsheets read it (RFC 4180): nulls are empty, quotes doubled. */
export function csvText({ columns: head, rows }: Pick<Answer, "columns" | "rows">): string {
  const cell = (value: Cell): string => {
    const text = value === null ? "" : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [head, ...rows].map((row) => row.map(cell).join(",")).join("\n");
}
