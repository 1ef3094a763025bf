import { DateTime } from "luxon";
import { DAY_STATES, type DayState, type DayStatus } from "./days";

/** Colour and sign of each state: the sign as well, for those who cannot tell the colours apart, and for print. */
const LOOK: Readonly<Record<DayState, { readonly colour: string; readonly sign: string; readonly text: string }>> = {
  complete: { colour: "#2e7d32", sign: "", text: "registered, as readers should see it" },
  unregistered: { colour: "#1565c0", sign: "+", text: "data in S3, not registered" },
  stale: { colour: "#b26a00", sign: "~", text: "registered otherwise than it is now" },
  rejected: { colour: "#c62828", sign: "!", text: "files that readers could not read" },
  gone: { colour: "#6a1b9a", sign: "–", text: "registered, no data in S3" },
  missing: { colour: "#ffffff", sign: "", text: "neither data nor partition" },
};

const WEEKDAYS = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

export interface Calendar {
  readonly dataset: string;
  /** `database.table`. */
  readonly table: string;
  readonly days: readonly DayStatus[];
  /** When the picture was made. */
  readonly at: Date;
}

/** A page of its own with one box for each day, a month beside the other. Opens without a network. */
export function calendarPage({ dataset, table, days, at }: Calendar): string {
  const counts = DAY_STATES.map((state) => ({ state, count: days.filter((day) => day.state === state).length }));
  const months = new Map<string, DayStatus[]>();
  for (const day of days) {
    const month = day.day.slice(0, 7);
    months.set(month, [...(months.get(month) ?? []), day]);
  }
  const period = `${days[0]?.day ?? ""} to ${days.at(-1)?.day ?? ""}`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(dataset)}: partitions by day</title>
<style>${STYLE}</style>
<h1>${escaped(dataset)}</h1>
<p>Partitions of ${escaped(table)}, ${period}; as of ${at.toISOString().slice(0, 16).replace("T", " ")} UTC.</p>
<ul class="legend">${counts
    .map(
      ({ state, count }) =>
        `<li><span class="day ${state}">${LOOK[state].sign}</span> <b>${count}</b> ${state}: ${LOOK[state].text}</li>`,
    )
    .join("")}</ul>
<main>${[...months].map(([month, its]) => monthTable(month, its)).join("\n")}</main>
</html>
`;
}

function monthTable(month: string, days: readonly DayStatus[]): string {
  const first = DateTime.fromISO(`${month}-01`, { zone: "utc" });
  const byDay = new Map(days.map((day) => [day.day, day]));
  const cells = [
    ...Array.from({ length: first.weekday - 1 }, () => "<td></td>"),
    ...Array.from({ length: first.daysInMonth ?? 31 }, (_, index) => {
      const day = `${month}-${String(index + 1).padStart(2, "0")}`;
      return cell(String(index + 1), byDay.get(day));
    }),
  ];
  const weeks = Array.from({ length: Math.ceil(cells.length / 7) }, (_, week) => cells.slice(week * 7, week * 7 + 7));
  return `<table><caption>${month}</caption><tr>${WEEKDAYS.map((name) => `<th>${name}</th>`).join("")}</tr>${weeks
    .map((week) => `<tr>${week.join("")}</tr>`)
    .join("")}</table>`;
}

function cell(number: string, day: DayStatus | undefined): string {
  if (!day) return `<td><span class="day outside">${number}</span></td>`;
  const facts = [
    `${day.day}: ${day.state}`,
    ...(day.files > 0 ? [`${day.files} files, ${day.bytes} bytes`] : []),
    ...(day.execution === undefined ? [] : [`execution ${day.execution.split("/").at(-1) ?? ""}`]),
    ...day.reasons,
  ];
  const sign = LOOK[day.state].sign;
  return `<td><span class="day ${day.state}" title="${escaped(facts.join("\n"))}">${number}${sign && `<i>${sign}</i>`}</span></td>`;
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const STYLE = `
body{font:14px/1.5 system-ui,sans-serif;color:#222;margin:2em}
main{display:flex;flex-wrap:wrap;gap:1.5em}
table{border-spacing:3px}caption,th{font-weight:600;color:#555;font-size:13px}
td{padding:0}.day{position:relative;display:inline-block;width:30px;height:30px;line-height:30px;text-align:center;border-radius:4px;color:#fff}
.day i{position:absolute;right:3px;top:-1px;font-style:normal;font-size:11px;line-height:16px;font-weight:700}
.legend{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.4em 1.6em}.legend .day{width:20px;height:20px;line-height:20px;vertical-align:middle}
.outside{color:#bbb}.missing{color:#777;box-shadow:inset 0 0 0 1px #bbb}
${DAY_STATES.filter((state) => state !== "missing")
  .map((state) => `.${state}{background:${LOOK[state].colour}}`)
  .join("")}
@media print{.day{-webkit-print-color-adjust:exact;print-color-adjust:exact}}`;
