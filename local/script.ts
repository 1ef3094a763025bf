import "../operations/plainErrors";
import * as fs from "node:fs";
import * as path from "node:path";
import { Command, CommanderError } from "commander";
import type { Dataset, Step } from "../contract/dataset";
import { CONTAINER } from "../contract/document";
import { addresses } from "../contract/layout";
import { datasets } from "../datasets";
import { placeOf, tree } from "./outputTree";
import { runChild } from "./runner/child";
import { commandOf, type Command as ScriptCommand } from "./scriptCommand";
import { BASE, inStep, Mistake, prepare, processDate, shown, type Surroundings } from "./scriptFolders";
import { ROOT, SCRIPT_DIR } from "./settings";

/** Nothing is deployed, so the bucket has no name. */
const BUCKET = "<bucket>";
const ONE_DAY_MS = 86_400_000;

const HERE: Surroundings = {
  datasets,
  datasetsFolder: path.join(ROOT, "datasets"),
  workFolder: SCRIPT_DIR,
  print: (line) => console.log(line),
};

/**
 * The command `npm run script`: one script of a dataset in plain folders, without any stack.
 *
 * @returns exit code: 0 when the script ended well and every file of the table is in a valid partition
 */
export async function main(args: readonly string[], around: Surroundings = HERE): Promise<number> {
  let code = 0;
  const command = new Command("npm run script --")
    .description("Runs one script of a dataset in plain folders, and shows the S3 keys and partitions it would make.")
    .argument("<dataset>", "a folder of datasets/")
    .argument("<step>", "a step of its declaration: transform_step, or transform")
    .argument("[args...]", "passed to the script, such as --process-date 2021-12-01")
    .addHelpText("after", "\nExample:\n  npm run script -- features transform --process-date 2021-12-01")
    .passThroughOptions()
    .allowUnknownOption()
    .showHelpAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => around.print(text.trimEnd()),
      writeErr: (text) => around.print(text.trimEnd()),
    })
    .action(async (name: string, step: string, rest: string[]) => {
      code = await runScript(name, step, rest, around);
    });
  try {
    await command.parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    if (!(error instanceof Mistake)) throw error;
    around.print(`error: ${error.message}`);
    return 1;
  }
}

async function runScript(name: string, stepName: string, args: readonly string[], around: Surroundings) {
  const dataset = around.datasets.find((candidate) => candidate.name === name);
  if (!dataset)
    throw new Mistake(`no dataset '${name}'; there is ${listed(around.datasets.map((candidate) => candidate.name))}`);
  const step = dataset.steps.find((one) => [one.name, one.name.replace(/_step$/, ""), one.script].includes(stepName));
  if (!step)
    throw new Mistake(
      `dataset '${name}' has no step '${stepName}'; it has ${listed(dataset.steps.map((s) => s.name))}`,
    );

  if (args.includes("--help") || args.includes("-h")) {
    fs.mkdirSync(around.workFolder, { recursive: true });
    const places = { code: path.join(around.datasetsFolder, name), base: around.workFolder };
    return execute(await commandOf(dataset, step, places, around.print), args, around.workFolder, around);
  }
  for (const one of neededBy(step, dataset)) {
    // Earlier steps get what the pipeline gives to all of them; other arguments are meant for the step that was named.
    const given = one === step ? args : processDate(args);
    around.print(`${one.name}: ${[one.script ?? "program", ...given].join(" ")}`);
    const base = inStep(around, dataset, one, BASE);
    prepare(dataset, one, given, around);
    const command = await commandOf(dataset, one, { base }, around.print);
    const exitCode = await execute(command, given, base, around);
    if (exitCode !== 0)
      throw new Mistake(`${one.name} failed: ${one.script ?? "its program"} ended with exit code ${exitCode}`);
  }
  return show(dataset, step, around);
}

/** The step and those whose outputs it reads, in the order of the declaration. */
function neededBy(step: Step, dataset: Dataset): Step[] {
  const earlier = Object.values(step.inputs).flatMap((source) => {
    const from = source.kind === "output" ? dataset.steps.find(({ name }) => name === source.step) : undefined;
    return from ? neededBy(from, dataset) : [];
  });
  return [...new Set([...earlier, step])];
}

/** Runs a program to its end and returns its exit code. */
async function execute(command: ScriptCommand, args: readonly string[], base: string, around: Surroundings) {
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once("SIGINT", interrupt);
  try {
    const { exitCode, ended } = await runChild(command.program, [...command.args, ...args], {
      cwd: base,
      // As in a container: UTF-8, UTC, and no credentials.
      env: {
        PATH: process.env["PATH"] ?? "",
        ...command.env,
        PROCESSING_DIR: base,
        PYTHONUNBUFFERED: "1",
        PYTHONDONTWRITEBYTECODE: "1",
        PYTHONUTF8: "1",
        TZ: "UTC",
      },
      timeoutMs: ONE_DAY_MS,
      signal: stop.signal,
      onLine: ({ message }) => around.print(`  ${message}`),
    });
    if (exitCode === undefined)
      throw new Mistake(`${path.basename(command.program)} was ended by ${ended ?? "a signal"}`);
    return exitCode;
  } finally {
    process.off("SIGINT", interrupt);
  }
}

/** Prints the output tree and what becomes of each file; 1 when a file of the table would be in no partition. */
function show(dataset: Dataset, step: Step, around: Surroundings): number {
  const print = around.print;
  const folder = inStep(around, dataset, step, CONTAINER.output);
  const [output, target] = Object.entries(step.outputs)[0] ?? ["output", "execution"];
  const { lines, files } = tree(folder, target === "table" ? dataset : undefined);
  if (files.length === 0) throw new Mistake(`${step.name} wrote no file to ${shown(folder)}`);
  print(`\n${shown(folder)}/`);
  for (const line of lines) print(line);

  const at = addresses(dataset, BUCKET);
  if (target === "execution") {
    print("\nIn a pipeline the next step gets them by way of");
    for (const file of files) print(`  ${at.execution}<execution id>/${step.name}/${output}/${file}`);
    return 0;
  }
  print(`\nIn a pipeline they make partitions of table '${dataset.name}':`);
  let wrong = 0;
  for (const file of files) {
    const { partition, problems } = placeOf(dataset, file);
    if (problems.length > 0) wrong++;
    print(`  ${at.output}${file}`);
    for (const line of problems.length > 0 ? problems.map((text) => `refused: ${text}`) : [`partition ${partition}`])
      print(`    ${line}`);
  }
  if (wrong > 0) print(`\nerror: ${wrong} of ${files.length} file(s) would not be found through the table`);
  return wrong > 0 ? 1 : 0;
}

function listed(names: readonly string[]): string {
  return names.length > 0 ? names.map((name) => `'${name}'`).join(", ") : "none";
}

if (require.main === module)
  main(process.argv.slice(2)).then(
    (code) => (process.exitCode = code),
    (error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    },
  );
