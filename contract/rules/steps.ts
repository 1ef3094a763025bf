import type { Step } from "../dataset";
import { dayKeysOf, type InputSource } from "../inputs";
import { repeated } from "../problems";
import { helperProblems, processorProblems } from "./processor";

/** Inputs that every script gets without asking: its own file, and `dataset.json`. */
export const RESERVED_INPUTS: readonly string[] = ["code", "dataset"];

/** Inputs of a job (SageMaker API, CreateProcessingJob), less the reserved ones. */
const MOST_INPUTS = 10 - RESERVED_INPUTS.length;

/** Names of the steps that every pipeline has beside the scripts. */
const RESERVED_STEPS: readonly string[] = ["day_step", "register_step"];

/** A folder of the bucket, without slashes at its ends and without `key=val`. */
export const FOLDER = /^[a-z0-9][a-z0-9_-]*(\/[a-z0-9][a-z0-9_-]*)*$/;

/**
 * Characters of a folder's address below its bucket: S3 keys end at 1,024 bytes, as do the addresses that SageMaker
 * takes, and execution ids, steps, partitions and files come below.
 */
export const LONGEST_FOLDER = 512;

/** Where a table lies that somebody else made: any letters that need no escape in S3. */
export const TABLE_FOLDER = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;

/** What is wrong with the scripts of a dataset; empty when nothing is. */
export function stepProblems(steps: readonly Step[]): string[] {
  const problems = repeated(steps.map((step) => step.name)).map((name) => `step '${name}' is declared more than once`);
  steps.forEach((step, index) => {
    const where = `step '${step.name}'`;
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(step.name))
      problems.push(`${where}: a name is letters, digits, '-' and '_', at most 64 characters`);
    if (RESERVED_STEPS.includes(step.name)) problems.push(`${where}: the name is that of a built-in step; rename it`);
    problems.push(...processorProblems(step).map((problem) => `${where}: ${problem}`));
    for (const [what, name] of [
      ...Object.keys(step.inputs).map((name) => ["input", name] as const),
      ...Object.keys(step.outputs).map((name) => ["output", name] as const),
    ])
      if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(name))
        problems.push(
          `${where}: ${what} '${name}' must be letters, digits, '-' and '_', at most 64 (folders are named after it)`,
        );
    for (const [input, source] of Object.entries(step.inputs)) {
      const at = `${where}: input '${input}'`;
      if (RESERVED_INPUTS.includes(input)) problems.push(`${at} is a reserved name; choose another`);
      problems.push(...sourceProblems(source, steps.slice(0, index)).map((problem) => `${at} ${problem}`));
      if (source.kind === "helper")
        problems.push(...helperProblems(source.name, step).map((problem) => `${at} ${problem}`));
    }
    if (Object.keys(step.inputs).length > MOST_INPUTS)
      problems.push(
        `${where}: ${Object.keys(step.inputs).length} inputs; a job takes 10, of which the script and dataset.json are ` +
          `two (SageMaker, CreateProcessingJob): at most ${MOST_INPUTS}. An input holds everything below its folder; ` +
          `let one of them be the parent of several, or read them in two steps`,
      );
    const outputs = Object.keys(step.outputs);
    if (outputs.length !== 1)
      problems.push(`${where}: a script writes one output (to /opt/ml/processing/output), got ${outputs.length}`);
  });
  const writers = steps.flatMap((step) => Object.values(step.outputs)).filter((target) => target === "table").length;
  if (steps.length > 0 && writers !== 1)
    problems.push(`exactly one output of the steps goes to the table, got ${writers}`);
  return problems;
}

function sourceProblems(source: InputSource, earlier: readonly Step[]): string[] {
  switch (source.kind) {
    case "raw":
    case "helper":
      return [];
    case "folder":
      if (source.folder.length > LONGEST_FOLDER)
        return [
          `reads a folder whose address has ${source.folder.length} characters, at most ${LONGEST_FOLDER} leave room ` +
            `for files; shorten it`,
        ];
      return FOLDER.test(source.folder) || /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/([^/]+\/)+$/.test(source.folder)
        ? []
        : [
            `reads folder '${source.folder}', which must be lower-case folders of the stack's bucket ('master/stations') ` +
              `or an S3 folder with a slash at its end ('s3://bucket/master/stations/')`,
          ];
    case "output": {
      const step = earlier.find(({ name }) => name === source.step);
      if (!step) return [`reads step '${source.step}', which does not come before it`];
      if (step.outputs[source.output] === "table")
        return [
          `reads output '${source.output}' of '${source.step}', which goes to the table: it would read every day of it; ` +
            `let a step of its own write the table`,
        ];
      return Object.hasOwn(step.outputs, source.output)
        ? []
        : [
            `reads output '${source.output}' of '${source.step}', which has ` +
              (Object.keys(step.outputs).join(", ") || "none"),
          ];
    }
    case "dataset":
      // Without such a key the folder would be the whole table.
      return source.partitions === "run" && dayKeysOf(source.dataset.partitionKeys).length === 0
        ? [
            `reads the run's day of dataset '${source.dataset.name}', whose outermost key is not of a day ` +
              `(an hour is not, nor is what is no date); use tableOf(${source.dataset.name})`,
          ]
        : [];
  }
}
