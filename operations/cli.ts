import "./plainErrors";
import { Command } from "commander";
import { operateCommands } from "./commands";
import { runCommandLine } from "./commandLine";
import { awsPlace } from "./place";

/** `npm run operate -- …`: the run-time side, on AWS with the SDK's standard credentials, region and endpoint. */
const program = new Command("npm run operate --")
  .description("operate the datasets of a deployed stack")
  .option("--stack <name>", "Pulumi stack", "dev")
  .option("--project <name>", "Pulumi project", "partitions")
  .showHelpAfterError();
for (const command of operateCommands(awsPlace(() => program.opts<{ project: string; stack: string }>())))
  program.addCommand(command);

void runCommandLine(() => program.parseAsync());
