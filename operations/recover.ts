import "./plainErrors";
import { Command } from "commander";
import { readFileSync, writeFileSync } from "node:fs";
import { runCommandLine } from "./commandLine";
import { settleCreates, type ExportedState, type Known } from "./interrupted";

/** `npx tsx operations/recover.ts`: a part of what the runbook does after an `up` that was killed. */
const program = new Command("recover")
  .description("settle what an `up` was creating when it was killed, in the file of `pulumi stack export`")
  .argument("<before>", "what `pulumi stack export` has written")
  .argument("<after>", "file to write, for `pulumi stack import`")
  .option("--key <id>", "id of the stack's KMS key, if that was being created and AWS has it; none if it has not")
  .option("--account <digits>", "the stack's account, where the state does not tell")
  .showHelpAfterError()
  .action((before: string, after: string, known: Known) => {
    const { state, settled } = settleCreates(JSON.parse(readFileSync(before, "utf8")) as ExportedState, known);
    writeFileSync(after, `${JSON.stringify(state, null, 4)}\n`, { mode: 0o600 });
    for (const { urn, id } of settled)
      console.log(
        `${urn.split("::").at(-1) ?? urn}: ${id === undefined ? "the next up creates it" : `is '${id}', if AWS has it`}`,
      );
    const next = `pulumi stack import --file ${after} && pulumi refresh --yes`;
    console.log(
      settled.length === 0 ? "nothing was being created; go on with: pulumi refresh --yes" : `go on with: ${next}`,
    );
  });

void runCommandLine(() => program.parseAsync());
