import type { Arrow, Page, Section } from "./page";
import { WORDS } from "./words";

/** A page as Markdown; the pipeline is a Mermaid diagram, which GitHub draws. */
export function markdown({ title, description, language, sections, footer }: Page, other: string): string {
  return [
    `# ${title}`,
    `${description} · [${WORDS[language].other}](${other})`,
    ...sections.map(sectionText),
    `_${footer}_`,
    "",
  ].join("\n\n");
}

function sectionText({ heading, text, table, code = [], flow }: Section): string {
  return [
    `## ${heading}`,
    ...(text === undefined ? [] : [text]),
    ...(table === undefined ? [] : [tableText(table)]),
    ...(flow === undefined ? [] : [fenced("mermaid", diagram(flow))]),
    ...code.flatMap(({ title, language, text: body }) => [
      ...(title === undefined ? [] : [title]),
      fenced(language, body),
    ]),
  ].join("\n\n");
}

function tableText({ head, rows }: NonNullable<Section["table"]>): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

const fenced = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``;

function diagram(arrows: readonly Arrow[]): string {
  const names = [...new Set(arrows.flatMap(({ from, to }) => [from, to]))];
  const id = (name: string) => `n${names.indexOf(name)}`;
  return [
    "graph LR",
    ...names.map((name) => `  ${id(name)}["${name.replaceAll('"', "'")}"]`),
    ...arrows.map(({ from, to }) => `  ${id(from)} --> ${id(to)}`),
  ].join("\n");
}
