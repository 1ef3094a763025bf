import { COLUMN_TYPES, type Column } from "../columns";
import type { Dataset } from "../dataset";
import { ESCAPINGS } from "../parse";
import { repeated } from "../problems";
import { rangeProblems } from "../projection/declared";
import { athena, registrationOf, registrationProblems } from "../registration";
import { csvProblems } from "./csv";
import { commentProblems, keyProblems, suggestName } from "./keys";
import { NAME_RULES, nameProblem } from "./names";
import { FOLDER, stepProblems } from "./steps";

/** What is wrong with a declaration; empty when nothing is. */
export function datasetProblems(dataset: Dataset): string[] {
  const { name, description, prefix, partitionKeys, columns, format, steps, table } = dataset;
  const registration = registrationOf(dataset);
  const problems: string[] = [];
  if (!/^[a-z][a-z0-9_]{0,29}$/.test(name))
    problems.push(
      `name must begin with a lower-case letter and hold lower-case letters, digits and _, at most 30 characters ` +
        `(names of jobs and roles are made from it); rename it to '${suggestName(name).slice(0, 30)}'`,
    );
  if (table?.physicalName !== undefined)
    problems.push(
      ...nameProblem(table.existing ? NAME_RULES.existingTable : NAME_RULES.table, table.physicalName, "rename it"),
    );
  // The pipeline's description takes no line break, the table's 2,048 characters (SageMaker, Glue API references).
  if (description.length > 2048 || /[\r\n\0]/.test(description))
    problems.push(
      `description must be one line of at most 2048 characters, got ${description.length}; shorten it, or put the rest ` +
        `into a comment beside the declaration`,
    );
  const own = prefix.split("/").find((folder) => OWN_FOLDERS.includes(folder));
  if (own !== undefined)
    problems.push(
      `prefix '${prefix}' holds folder '${own}', a name that every dataset has below its prefix; rename it (roles are ` +
        `scoped by these names)`,
    );
  if (!FOLDER.test(prefix))
    problems.push(
      `prefix '${prefix}' must be lower-case folders without a slash at its ends and without 'key=val', such as 'features'`,
    );
  const names = [...partitionKeys, ...columns].map((field) => field.name);
  for (const name of repeated(names))
    problems.push(
      `'${name}' is declared more than once; a partition key is not also a column of the file, and names are unique`,
    );
  return [
    ...problems,
    ...columnProblems(columns),
    ...escapingProblems(dataset),
    ...partitionKeys.flatMap((key) => keyProblems(key, dataset.escaping)),
    ...csvProblems(format, columns),
    ...stepProblems(steps),
    ...(registration.strategy === "projection"
      ? rangeProblems(partitionKeys, registration.ranges, dataset.escaping)
      : []),
    ...registrationProblems(partitionKeys, dataset.readers ?? [athena()], registration),
    ...tagProblems(dataset),
  ];
}

/** Folders below the prefix of a dataset (`layout.ts`). */
const OWN_FOLDERS: readonly string[] = ["raw", "output", "execution", "code"];

/** What works, and is rarely meant; empty when nothing is. */
export function datasetWarnings(dataset: Dataset): string[] {
  return dataset.partitionKeys.length > 0
    ? []
    : [
        `dataset '${dataset.name}' has no partition key: every run replaces or adds to one table, and every query reads ` +
          `all of it; declare a key such as dateKey("process_date_jst", { timeZone: "Asia/Tokyo" })`,
      ];
}

function escapingProblems({ escaping = "none" }: Dataset): string[] {
  return ESCAPINGS.includes(escaping) ? [] : [`escaping '${escaping}' is not one of ${ESCAPINGS.join(", ")}`];
}

function columnProblems(columns: readonly Column[]): string[] {
  const problems = columns.length === 0 ? ["a table needs at least one column"] : [];
  for (const { name, type, comment } of columns) {
    if (!/^[a-z_][a-z0-9_]{0,254}$/.test(name))
      problems.push(
        `column '${name}' must be lower-case letters, digits and _ (Glue folds case), at most 255; rename it to ` +
          `'${suggestName(name)}'`,
      );
    if (!COLUMN_TYPES.includes(type))
      problems.push(`column '${name}': type '${type}' is not one of ${COLUMN_TYPES.join(", ")}`);
    problems.push(...commentProblems(comment).map((problem) => `column '${name}': ${problem}`));
  }
  return problems;
}

/** AWS takes 50 tags; the rest of them is the stack's. (https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html) */
const MOST_TAGS = 40;

function tagProblems({ owner, tags = {} }: Pick<Dataset, "owner" | "tags">): string[] {
  const problems: string[] = [];
  const all = Object.entries({ ...(owner === undefined ? {} : { owner }), ...tags });
  if (all.length > MOST_TAGS) problems.push(`${all.length} tags; at most ${MOST_TAGS} fit beside the stack's own`);
  for (const [key, value] of all) {
    if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u.test(key) || /^aws:/i.test(key))
      problems.push(`tag '${key}' must be 1 to 128 letters, digits, blanks and _.:/=+-@, and not begin with aws:`);
    if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u.test(value))
      problems.push(`tag '${key}': value '${value}' must be at most 256 letters, digits, blanks and _.:/=+-@`);
  }
  for (const reserved of ["dataset", "owner"])
    if (reserved in tags) problems.push(`tag '${reserved}' is made from the declaration; leave it out of 'tags'`);
  return problems;
}
