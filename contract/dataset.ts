import { csvProblems, type Csv } from "./csv";
import { keyProblems, suggestName, type PartitionKey } from "./keys";
import { refuse, repeated } from "./problems";

/** Hive types that a CSV column can carry. */
export const COLUMN_TYPES = [
  "string",
  "boolean",
  "tinyint",
  "smallint",
  "int",
  "bigint",
  "float",
  "double",
  "date",
  "timestamp",
] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];

export interface Column<Name extends string = string> {
  readonly name: Name;
  readonly type: ColumnType;
  /** Shown in the catalogue; at most 255 characters (Glue). */
  readonly comment: string;
}

/** A column of the table. CSV is read by position: the order of the declaration is the order in the file. */
export function column<const Name extends string>(name: Name, type: ColumnType, comment: string): Column<Name> {
  return { name, type, comment };
}

/** Where a step's input comes from. */
export type InputSource =
  { readonly kind: "raw" } | { readonly kind: "output"; readonly step: string; readonly output: string };

/** Where a step's output goes: the table, or a folder of this execution for the next step. */
export type OutputTarget = "table" | "execution";

/** A Python script of the dataset's folder, run by ScriptProcessor. */
export interface ScriptStep {
  /** Step name in the pipeline: letters, digits, `-` and `_`, at most 64. */
  readonly name: string;
  /** File in the dataset's folder. */
  readonly script: string;
  /** Input name → source. It appears under `/opt/ml/processing/input/<name>`. */
  readonly inputs: Readonly<Record<string, InputSource>>;
  /** Output name → target. */
  readonly outputs: Readonly<Record<string, OutputTarget>>;
}

/** The raw files of the dataset: `s3://<bucket>/<prefix>/raw/`. */
export const raw: InputSource = { kind: "raw" };

/** The output of an earlier step. */
export function outputOf(step: string, output: string): InputSource {
  return { kind: "output", step, output };
}

/** One partitioned table, and the scripts that write it. */
export interface Dataset<
  Keys extends readonly PartitionKey[] = readonly PartitionKey[],
  Columns extends readonly Column[] = readonly Column[],
> {
  /** Name of the table, and of the folder under `datasets/`. */
  readonly name: string;
  readonly description: string;
  /** Folder of the bucket, without slashes at its ends. */
  readonly prefix: string;
  /** Ordered: the first key is the outermost folder. */
  readonly partitionKeys: Keys;
  readonly columns: Columns;
  readonly format: Csv;
  readonly steps: readonly ScriptStep[];
}

/** The values of one partition: exactly the declared keys, else a compile error. */
export type PartitionValues<D extends Pick<Dataset, "partitionKeys">> = {
  readonly [Key in D["partitionKeys"][number]["name"]]: string;
};

/**
 * Declares a dataset. Everything else is derived from it.
 *
 * @throws ContractError that lists every problem of the declaration
 */
export function defineDataset<const Keys extends readonly PartitionKey[], const Columns extends readonly Column[]>(
  dataset: Dataset<Keys, Columns>,
): Dataset<Keys, Columns> {
  refuse(`dataset '${dataset.name}'`, datasetProblems(dataset));
  return dataset;
}

function datasetProblems(dataset: Dataset): string[] {
  const { name, prefix, partitionKeys, columns, format, steps } = dataset;
  const problems: string[] = [];
  if (!/^[a-z][a-z0-9_]{0,29}$/.test(name))
    problems.push(
      `name must begin with a lower-case letter and hold lower-case letters, digits and _, at most 30 characters ` +
        `(names of jobs and roles are made from it); rename it to '${suggestName(name).slice(0, 30)}'`,
    );
  if (!/^[a-z0-9][a-z0-9_-]*(\/[a-z0-9][a-z0-9_-]*)*$/.test(prefix))
    problems.push(
      `prefix '${prefix}' must be lower-case folders without a slash at its ends and without 'key=val', such as 'features'`,
    );
  if (columns.length === 0) problems.push("a table needs at least one column");
  for (const { name: columnName, type, comment } of columns) {
    if (!/^[a-z_][a-z0-9_]{0,254}$/.test(columnName))
      problems.push(
        `column '${columnName}' must be lower case (Glue folds names); rename it to '${suggestName(columnName)}'`,
      );
    if (!COLUMN_TYPES.includes(type))
      problems.push(`column '${columnName}': type '${type}' is not one of ${COLUMN_TYPES.join(", ")}`);
    if (comment.length > 255)
      problems.push(`column '${columnName}': the comment has ${comment.length} characters, Glue takes 255`);
  }
  const names = [...partitionKeys, ...columns].map((field) => field.name);
  for (const name of repeated(names))
    problems.push(
      `'${name}' is declared more than once; a partition key is not also a column of the file, and names are unique`,
    );
  problems.push(...partitionKeys.flatMap(keyProblems), ...csvProblems(format), ...stepProblems(steps));
  return problems;
}

function stepProblems(steps: readonly ScriptStep[]): string[] {
  const problems: string[] = [];
  for (const name of repeated(steps.map((step) => step.name)))
    problems.push(`step '${name}' is declared more than once`);
  steps.forEach((step, index) => {
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(step.name))
      problems.push(`step '${step.name}': a name is letters, digits, '-' and '_', at most 64 characters`);
    if (!/^[A-Za-z0-9_-]+\.py$/.test(step.script))
      problems.push(`step '${step.name}': script '${step.script}' must be a Python file in the dataset's folder`);
    for (const [input, source] of Object.entries(step.inputs)) {
      if (RESERVED_INPUTS.includes(input))
        problems.push(`step '${step.name}': input '${input}' is a reserved name; choose another`);
      if (source.kind !== "output") continue;
      const earlier = steps.slice(0, index).find(({ name }) => name === source.step);
      if (!earlier)
        problems.push(
          `step '${step.name}': input '${input}' reads step '${source.step}', which does not come before it`,
        );
      else if (!(source.output in earlier.outputs))
        problems.push(
          `step '${step.name}': input '${input}' reads output '${source.output}' of '${source.step}', ` +
            `which has ${Object.keys(earlier.outputs).join(", ") || "none"}`,
        );
    }
    const outputs = Object.keys(step.outputs);
    if (outputs.length !== 1)
      problems.push(
        `step '${step.name}': a script writes one output (to /opt/ml/processing/output), got ${outputs.length}`,
      );
  });
  const writers = steps.flatMap((step) => Object.values(step.outputs)).filter((target) => target === "table").length;
  if (steps.length > 0 && writers !== 1)
    problems.push(`exactly one output of the steps goes to the table, got ${writers}`);
  return problems;
}

/** Inputs that every script gets without asking: its own file, and `dataset.json`. */
export const RESERVED_INPUTS: readonly string[] = ["code", "dataset"];
