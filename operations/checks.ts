import "./plainErrors";
import { Command, InvalidArgumentError } from "commander";
import * as path from "node:path";
import type { Dataset } from "../contract/dataset";
import { LOCK_FILE } from "../contract/lock/lock";
import type { Statements } from "../contract/lock/update";
import { checkLock, writeLock } from "./checks/lock";
import { report, validateFile } from "./checks/pipeline";
import { runCommandLine } from "./commandLine";

/** Commands that need neither an account nor a network: `npm run lock`, `npm run check`, `npm run validate-pipeline`. */
const program = new Command("checks").description("checks without an account").showHelpAfterError();

/** The declarations, only when a command asks: a broken one must not stop the others. */
const declared = async (): Promise<readonly Dataset[]> => (await import("../datasets/index.js")).datasets;

/** Likewise: a library draws, which the other commands do not wait for. */
const pages = () => import("./checks/pages.js");

const DOCS = path.resolve(__dirname, "../docs");

const lockFile = ["--file <path>", "the lock", path.resolve(__dirname, "..", LOCK_FILE)] as const;

program
  .command("check")
  .description(`compare the declarations with ${LOCK_FILE} and with the datasets' pages; exit code 1 when they differ`)
  .option(...lockFile)
  .action(async ({ file }: { file: string }) => {
    console.log(checkLock(file, await declared()));
    console.log((await pages()).checkPages(DOCS, await declared()));
  });

program
  .command("pages")
  .description(
    "write a page for each dataset: columns, keys, paths, queries, in English and Japanese; and the dashboard's picture",
  )
  .option("--folder <path>", "where to", DOCS)
  .action(async ({ folder }: { folder: string }) => console.log((await pages()).writePages(folder, await declared())));

program
  .command("lock")
  .description(`write ${LOCK_FILE}; what would break data or readers is refused`)
  .option(...lockFile)
  .option("--rebuilt <dataset...>", "datasets whose data and partitions fit the new declaration by now")
  .option("--removed <dataset...>", "datasets that are gone on purpose")
  .option("--renamed <dataset.old=new...>", "columns with the same data under a new name", renaming)
  .action(async ({ file, ...statements }: Statements & { file: string }) =>
    console.log(writeLock(file, await declared(), statements)),
  );

program
  .command("validate-pipeline")
  .description("validate a SageMaker pipeline definition; exit code 1 when there is a problem")
  .argument("<file>", "JSON of a definition, of a CreatePipeline request or of describe-pipeline; - for standard input")
  .option("--json", "print the problems as JSON", false)
  .action(async (file: string, { json }: { json: boolean }) => {
    const result = await validateFile(file);
    const valid = result.problems.length === 0;
    console.log(json ? JSON.stringify({ file, valid, ...result }, null, 2) : report(file, result));
    if (!valid) process.exitCode = 1;
  });

type Renaming = NonNullable<Statements["renamed"]>[number];

function renaming(text: string, earlier: readonly Renaming[] = []): readonly Renaming[] {
  const [, dataset = "", from = "", to = ""] = /^([^.=]+)\.([^.=]+)=([^.=]+)$/.exec(text) ?? [];
  if (dataset === "") throw new InvalidArgumentError("Write it as dataset.old=new.");
  return [...earlier, { dataset, from, to }];
}

void runCommandLine(() => program.parseAsync());
