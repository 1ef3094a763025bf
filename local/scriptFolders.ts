import * as fs from "node:fs";
import * as path from "node:path";
import type { Dataset, Step } from "../contract/dataset";
import { CONTAINER, datasetJson } from "../contract/document";
import { dayKeysOf, type InputSource, type Upstream } from "../contract/inputs";
import { helperFile } from "../contract/job";
import { valuesOnDay } from "../contract/keys";
import { renderPath } from "../contract/layout";
import { helperZip } from "../helpers/zip";
import type { Report } from "./cache";

/** Root of what SageMaker mounts into a container. */
export const BASE = "/opt/ml/processing";

/** What the command works on; tests give their own. */
export interface Surroundings {
  readonly datasets: readonly Dataset[];
  /** Holds a folder for each dataset: scripts and `sample/`. */
  readonly datasetsFolder: string;
  /** Where `<dataset>/<step>/` are made, shaped like the container's `/opt/ml/processing`. */
  readonly workFolder: string;
  readonly print: Report;
}

/** What a user can put right; shown without a stack trace. */
export class Mistake extends Error {}

/** `--process-date` and its values among the arguments. */
export function processDate(args: readonly string[]): string[] {
  let taken = false;
  return args.filter((arg) => {
    if (arg.startsWith("-")) taken = /^--process-date(=|$)/.test(arg);
    return taken;
  });
}

/** Where a path of the container is for a step. */
export function inStep(around: Surroundings, dataset: Dataset, step: Pick<Step, "name">, container: string): string {
  return path.join(around.workFolder, dataset.name, step.name, path.posix.relative(BASE, container));
}

/** Makes the folders of a step anew, as SageMaker would: inputs, `dataset.json` and the script. */
export function prepare(dataset: Dataset, step: Step, args: readonly string[], around: Surroundings): void {
  const at = (container: string) => inStep(around, dataset, step, container);
  fs.rmSync(at(BASE), { recursive: true, force: true });
  fs.mkdirSync(at(CONTAINER.output), { recursive: true });
  for (const [input, source] of Object.entries(step.inputs)) {
    const folder = at(CONTAINER.input(input));
    copyInput(dataset, source, folder, processDate(args), around);
  }
  fs.mkdirSync(path.dirname(at(CONTAINER.dataset)), { recursive: true });
  fs.writeFileSync(at(CONTAINER.dataset), datasetJson(dataset));
  if (step.script === undefined) return;
  // Only the script itself: one that imports a neighbour would work in its folder and fail in the job.
  const script = path.join(around.datasetsFolder, dataset.name, step.script);
  if (!fs.existsSync(script)) throw new Mistake(`no script ${shown(script)}, which step '${step.name}' declares`);
  fs.cpSync(script, path.join(at(CONTAINER.input("code")), step.script));
}

/** @param days the arguments that name the run's day */
function copyInput(
  dataset: Dataset,
  source: InputSource,
  folder: string,
  days: readonly string[],
  around: Surroundings,
): void {
  switch (source.kind) {
    case "raw":
      copySample(dataset, folder, around);
      return;
    case "helper":
      fs.mkdirSync(folder, { recursive: true });
      fs.writeFileSync(path.join(folder, helperFile(source.name)), helperZip(source.name));
      return;
    case "output":
      fs.cpSync(inStep(around, dataset, { name: source.step }, CONTAINER.output), folder, { recursive: true });
      return;
    case "folder": {
      // The raw files of another dataset are at hand, its sample.
      const filled = around.datasets.find(({ prefix }) => `${prefix}/raw` === source.folder);
      if (filled) return copySample(filled, folder, around);
      throw new Mistake(
        `a step reads folder '${source.folder}', which nothing on this machine fills; run it in a stack: npm run local`,
      );
    }
    case "dataset": {
      const upstream = around.datasets.find(({ name }) => name === source.dataset.name);
      const writer = upstream?.steps.find((step) => Object.values(step.outputs).includes("table"));
      const output = upstream && writer ? inStep(around, upstream, writer, CONTAINER.output) : "";
      const from = source.partitions === "all" ? output : path.join(output, dayFolder(source.dataset, days));
      if (!upstream || !writer || !fs.existsSync(from))
        throw new Mistake(
          `a step reads dataset '${source.dataset.name}', which has nothing in ${shown(from)}; run first: ` +
            `npm run script -- ${source.dataset.name} ${writer?.name ?? "STEP"} --process-date DAY`,
        );
      fs.cpSync(from, folder, { recursive: true });
    }
  }
}

/** The folder of one day of another dataset, as the pipeline reads it. */
function dayFolder(dataset: Upstream, days: readonly string[]): string {
  const [day, ...more] = days.join("=").split("=").slice(1);
  if (day === undefined || more.length > 0)
    throw new Mistake(`a step reads one day of dataset '${dataset.name}'; give one --process-date`);
  const keys = dayKeysOf(dataset.partitionKeys);
  return renderPath(keys, valuesOnDay(keys, day));
}

function copySample(dataset: Dataset, folder: string, around: Surroundings): void {
  const sample = path.join(around.datasetsFolder, dataset.name, "sample");
  const files = sampleFiles(sample);
  if (files.length === 0)
    throw new Mistake(`no raw files in ${shown(sample)}; put a sample of them there, such as a *.csv`);
  fs.mkdirSync(folder, { recursive: true });
  for (const file of files) fs.copyFileSync(path.join(sample, file), path.join(folder, file));
}

/** The raw files in a dataset's folder `sample`: all but what says where they come from. None where there is no folder. */
export function sampleFiles(sample: string): string[] {
  return fs.existsSync(sample) ? fs.readdirSync(sample).filter((file) => !file.endsWith(".md")) : [];
}

/** A path as the user would type it. */
export function shown(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith("..") ? file : relative;
}
