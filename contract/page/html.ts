import type { Arrow, Page, Section } from "./page";
import { WORDS } from "./words";

/** A page that opens without a network. */
export function html({ title, description, language, sections, footer }: Page, other: string): string {
  return `<!doctype html>
<html lang="${language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
<h1>${escaped(title)}</h1>
<p>${inline(description)} · <a href="${escaped(other)}">${WORDS[language].other}</a></p>
${sections.map(sectionText).join("\n")}
<footer>${inline(footer)}</footer>
</html>
`;
}

function sectionText({ heading, text, table, code = [], flow }: Section): string {
  return [
    `<h2>${escaped(heading)}</h2>`,
    ...(text === undefined ? [] : [`<p>${inline(text)}</p>`]),
    ...(table === undefined ? [] : [tableText(table)]),
    ...(flow === undefined ? [] : [flowText(flow)]),
    ...code.flatMap(({ title, text: body }) => [
      ...(title === undefined ? [] : [`<h3>${inline(title)}</h3>`]),
      `<pre><code>${escaped(body)}</code></pre>`,
    ]),
  ].join("\n");
}

function tableText({ head, rows }: NonNullable<Section["table"]>): string {
  const row = (cells: readonly string[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}>${inline(cell)}</${tag}>`).join("")}</tr>`;
  const header = head.some((cell) => cell !== "") ? row(head, "th") : "";
  return `<table>${header}${rows.map((cells) => row(cells, "td")).join("")}</table>`;
}

/** Names stand in columns by how many arrows lie before them, with what they come from below. */
function flowText(arrows: readonly Arrow[]): string {
  const names = [...new Set(arrows.flatMap(({ from, to }) => [from, to]))];
  const depthOf = (name: string, seen: readonly string[] = []): number =>
    seen.includes(name)
      ? 0
      : Math.max(0, ...arrows.filter(({ to }) => to === name).map(({ from }) => depthOf(from, [...seen, name]) + 1));
  const columns = new Map<number, string[]>();
  for (const name of names) columns.set(depthOf(name), [...(columns.get(depthOf(name)) ?? []), name]);
  const box = (name: string) => `<span class="box">${escaped(name)}</span>`;
  return `<div class="flow">${[...columns]
    .sort(([a], [b]) => a - b)
    .map(([, boxes]) => `<div>${boxes.map(box).join("")}</div>`)
    .join('<b aria-hidden="true">→</b>')}</div>`;
}

export const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const inline = (text: string): string => escaped(text).replace(/`([^`]*)`/g, "<code>$1</code>");

const STYLE = `
body{font:15px/1.6 system-ui,"Hiragino Sans","Noto Sans JP",sans-serif;color:#222;max-width:60em;margin:2em auto;padding:0 1em}
h2{margin-top:2em;border-bottom:1px solid #ddd}h3{font-size:1em}
table{display:block;overflow-x:auto;border-collapse:collapse}td,th{border:1px solid #ddd;padding:.3em .7em;text-align:left;vertical-align:top}th{background:#f6f6f6}th,td:first-child{word-break:keep-all}
code{font:13px/1.5 ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;background:#f4f4f4;padding:.1em .3em;border-radius:3px}
pre{background:#f6f8fa;padding:1em;overflow-x:auto;border-radius:6px}pre code{background:none;padding:0}
td code{white-space:nowrap}.flow{margin:1em 0;display:flex;flex-wrap:wrap;align-items:center;gap:.8em}.flow>div{display:flex;flex-direction:column;gap:.5em}
.box{border:1px solid #888;border-radius:6px;padding:.4em .8em;background:#fff}footer{margin-top:3em;color:#777;font-size:13px}`;
