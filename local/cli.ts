import "../operations/plainErrors";
import { Command } from "commander";
import { runCommandLine, UserError } from "../operations/commandLine";
import { operateCommands } from "../operations/commands";
import { textOutput, Watch, withStack } from "./deploy";
import { resolveEngine } from "./engine";
import { enterLaptop } from "./environment";
import { query } from "./query";
import { clientsFor } from "./runner/clients";
import { seed } from "./seed";
import { LAPTOP, POLL_MS } from "./settings";
import type { LaptopStack } from "./stack";
import { leave, LOG_FILE, stay, STATE_DIR, withRunning } from "./staying";

// Before anything else: from here on no setting of the user leads anywhere.
enterLaptop(LAPTOP);

// Standard output is for answers: a pipe into a file gets nothing else.
const say = (line: string): void => console.error(line);

async function stackAt<T>(endpoint: string, work: (stack: LaptopStack) => Promise<T>): Promise<T> {
  return withStack({ endpoint, stateDir: STATE_DIR, engine: await resolveEngine(say) }, work);
}

function withRunningStack<T>(work: (stack: LaptopStack) => Promise<T>): Promise<T> {
  return withRunning(({ endpoint }) => stackAt(endpoint, work));
}

/** The engine's own words, less its notes on how this laptop starts the policy pack. */
function withoutNotes(text: string): string {
  const lines = text.split(/(?<=\n)/);
  return lines.filter((line) => !line.includes("pulumi-analyzer-policy-nodejs")).join("");
}

const program = new Command("npm run local --")
  .description("the laptop AWS: stays up between commands, needs no account")
  .enablePositionalOptions()
  .showHelpAfterError();

program
  .command("up")
  .description("start the laptop AWS and deploy the program, with its policies")
  .action(() =>
    stay(async ({ endpoint }) => {
      const watch = new Watch(say);
      const outputs = await stackAt(endpoint, (stack) => watch.over(stack.up(watch)));
      for (const warning of watch.warnings) say(`advice: ${warning}`);
      const files = await seed(endpoint, textOutput(outputs, "bucket"));
      say(`deployed: ${watch.summary()}; ${files} sample ${files === 1 ? "file" : "files"} in the raw prefix`);
      console.log(`endpoint ${endpoint}\nregion   ${LAPTOP.region}`);
    }, say),
  );

program
  .command("preview")
  .description("the engine's preview of the laptop stack, with its policies")
  .option("--expect-no-changes", "fail if anything would change", false)
  .action(async ({ expectNoChanges }: { expectNoChanges: boolean }) => {
    const watch = new Watch(say);
    const print = { onOutput: (text: string) => process.stdout.write(withoutNotes(text)), onEvent: watch.onEvent };
    await withRunningStack((stack) => watch.over(stack.preview({ ...print, expectNoChanges })));
    for (const warning of watch.warnings) say(`advice: ${warning}`);
  });

for (const command of operateCommands({
  command: () => "npm run local --",
  stack: () => LAPTOP,
  withClients: (work) => withRunning(({ endpoint }) => work(clientsFor(endpoint, LAPTOP.region))),
  query: ({ sql, database }) =>
    withRunning(async ({ endpoint }) => {
      const { project, region } = LAPTOP;
      return query({ endpoint, region, project, database: await database(), sql });
    }),
  whereIsLog: () => LOG_FILE,
  pollMs: POLL_MS,
}))
  program.addCommand(command);

program
  .command("pulumi")
  .description("a command of the Pulumi CLI that needs no program, such as: stack export")
  .argument("<args...>")
  .allowUnknownOption()
  .passThroughOptions()
  .helpOption(false)
  .action(async (args: string[]) => {
    process.exitCode = await withRunningStack((stack) => stack.runEngine(args));
  });

program
  .command("destroy")
  .description("destroy the laptop stack; protected data stays, as on AWS")
  .action(async () => {
    const watch = new Watch(say);
    await withRunningStack((stack) => watch.over(stack.destroy({ ...watch, excludeProtected: true })));
    say(`destroyed: ${watch.summary()}; what is protected stays`);
  });

program
  .command("down")
  .description("stop the laptop AWS and forget what it knew")
  .action(async () => say((await leave(say)) ? "the laptop AWS is down" : "the laptop AWS was not running"));

void runCommandLine(async () => {
  if (process.argv.length < 3) throw new UserError(program.helpInformation());
  await program.parseAsync();
});
