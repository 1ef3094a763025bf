import { byteLength } from "../bytes";
import { COLUMN_TYPES, type Column } from "../columns";
import type { Dataset } from "../dataset";
import { valuesOnDay } from "../keys";
import { QUERY_RESULTS } from "../layout";
import { ESCAPINGS } from "../parse";
import { repeated } from "../problems";
import { rangeProblems } from "../projection/declared";
import { athena, registrationOf, registrationProblems } from "../registration";
import { clockProblems } from "./clocks";
import { csvProblems } from "./csv";
import { commentProblems, CONTROL, keyProblems, suggestName } from "./keys";
import { NAME_RULES, nameProblem } from "./names";
import { scheduleProblems } from "./schedule";
import { FOLDER, LONGEST_FOLDER, stepProblems, TABLE_FOLDER } from "./steps";

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
  // The pipeline's description takes no line break, the table's 2,048 characters (SageMaker, Glue API references). The
  // AWS provider counts bytes, and takes no pipeline whose description is empty.
  const described = byteLength(description);
  if (described < 1 || described > 2048 || CONTROL.test(description))
    problems.push(
      `description must be one line of 1 to 2048 bytes (682 Japanese characters), without control characters, got ` +
        `${described}; say what one row means, and put the rest into a comment beside the declaration`,
    );
  if (prefix.length > LONGEST_FOLDER)
    problems.push(
      `prefix has ${prefix.length} characters, at most ${LONGEST_FOLDER} leave room for partitions and files; shorten it`,
    );
  const own = prefix.split("/").find((folder) => OWN_FOLDERS.includes(folder));
  if (own !== undefined)
    problems.push(
      `prefix '${prefix}' holds folder '${own}', a name that every dataset has below its prefix; rename it (roles are ` +
        `scoped by these names)`,
    );
  if (`${prefix}/`.startsWith(QUERY_RESULTS))
    problems.push(`prefix '${prefix}' lies where Athena's answers are kept for a week, and deleted; choose another`);
  if (!FOLDER.test(prefix))
    problems.push(
      `prefix '${prefix}' must be lower-case folders without a slash at its ends and without 'key=val', such as 'features'`,
    );
  problems.push(...tableFolderProblems(dataset));
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
    ...clockProblems(partitionKeys),
    ...csvProblems(format, columns),
    ...stepProblems(steps),
    ...(registration.strategy === "projection"
      ? rangeProblems(partitionKeys, registration.ranges, dataset.escaping)
      : []),
    ...registrationProblems(partitionKeys, dataset.readers ?? [athena()], registration, dataset.escaping),
    ...scheduleProblems(dataset),
    ...exampleProblems(dataset),
    ...tagProblems(dataset),
  ];
}

/** A hand-made table may lie in folders of any letters, where files of a dataset are not taken for its rows. */
function tableFolderProblems({ prefix, table }: Pick<Dataset, "prefix" | "table">): string[] {
  const { folder, existing = false } = table ?? {};
  if (folder === undefined) return [];
  const where = `table.folder '${folder.slice(0, 80)}'`;
  if (!existing)
    return [`${where} is for a table that is there already; add existing: true, or leave it out for ${prefix}/output`];
  if (!TABLE_FOLDER.test(folder) || folder.length > LONGEST_FOLDER)
    return [
      `${where} must be folders of letters, digits, '.', '_' and '-', at most ${LONGEST_FOLDER} characters, without ` +
        `slashes at its ends and without 'key=val'`,
    ];
  const own = OWN_FOLDERS.filter((name) => name !== "output").map((name) => `${prefix}/${name}/`);
  const holds = own.some((each) => each.startsWith(`${folder}/`) || `${folder}/`.startsWith(each));
  return holds
    ? [
        `${where} and the dataset's own ${own.join(", ")} lie in each other: readers would take those for rows; rename prefix`,
      ]
    : [];
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
  for (const { name, type, comment, viewType } of columns) {
    if (viewType !== undefined && (type !== "string" || !COLUMN_TYPES.includes(viewType) || viewType === "string"))
      problems.push(
        `column '${name}': viewType '${viewType}' of a column of type '${type}' must be another type of a string ` +
          `column, one of ${COLUMN_TYPES.filter((each) => each !== "string").join(", ")}`,
      );
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

function exampleProblems({ exampleDay = "2021-12-01" }: Dataset): string[] {
  try {
    valuesOnDay([], exampleDay);
    return [];
  } catch (error) {
    return [`exampleDay: ${(error as Error).message}`];
  }
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
  // IAM takes names in another case for the same ("Duplicate tag keys found").
  const names = Object.keys(tags);
  for (const name of names)
    if (["dataset", "owner"].includes(name.toLowerCase()))
      problems.push(`tag '${name}' is made from the declaration; leave it out of 'tags'`);
  for (const name of repeated(names.map((each) => each.toLowerCase())))
    problems.push(`tag '${name}' is there in several cases, which are one tag for IAM; leave one of them`);
  // Glue takes no owner without characters (API reference, TableInput).
  if (owner !== undefined && (owner.length < 1 || owner.length > 255))
    problems.push(`owner must have 1 to 255 characters, got ${owner.length}; name who answers for the data`);
  return problems;
}
