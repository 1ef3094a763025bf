import { problem, type ProjectionProblem } from "./problem";
import { TEMPLATE } from "./properties";

/** A template's parts in order: text, and the columns whose values stand between. */
export type TemplatePart = { readonly text: string } | { readonly column: string };

export function readTemplate(template: string): TemplatePart[] {
  return [...template.matchAll(/\$\{([^}]*)\}|(?:(?!\$\{[^}]*\}).)+/gs)].map(([text, column]) =>
    column === undefined ? { text } : { column },
  );
}

/**
 * What is wrong with a `storage.location.template`. Every value would still give a place; what is missing or displaced
 * gives rows of no partition, or of several. (Athena user guide, partition-projection-setting-up)
 */
export function templateProblems(template: string, columns: readonly string[]): ProjectionProblem[] {
  const parts = readTemplate(template);
  const named = parts.flatMap((part) => ("column" in part ? [part.column] : []));
  const say = (rule: string, fix: string) => problem(TEMPLATE, rule, template, fix);
  const problems = columns
    .filter((column) => !named.includes(column))
    .map((column) => say(`a placeholder for every partition key, and '${column}' has none`, `add \${${column}}`));
  for (const column of new Set(named))
    if (!columns.includes(column))
      problems.push(
        say(`there is no partition key '${column}'`, columns.length === 0 ? "remove it" : `use ${columns.join(", ")}`),
      );
  if (!/^s3:\/\/[^/]/.test(template)) problems.push(say("an s3:// address", "begin with s3://<bucket>/"));
  if (!template.endsWith("/")) problems.push(say("a slash at its end", `write '${template}/'`));
  if (/[^:]\/\//.test(template)) problems.push(say("single slashes", "remove the empty folder"));
  parts.forEach((part, index) => {
    const next = parts[index + 1];
    const followed = next === undefined || ("text" in next && next.text.startsWith("/"));
    if ("column" in part && !followed)
      problems.push(say(`a slash after \${${part.column}}`, "give each value a folder of its own"));
  });
  return problems;
}

/** Where a template leads away from the table: its readers' permissions, and this very location, would not hold there. */
export function placeProblems(template: string, location: string): ProjectionProblem[] {
  const base = location.replace(/\/*$/, "/");
  return template.startsWith(base)
    ? []
    : [problem(TEMPLATE, `below the table's location '${base}'`, template, "begin with the location")];
}
