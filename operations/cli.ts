import "./plainErrors";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { Command } from "commander";
import { runCommand } from "./commands/run";
import { runCommandLine } from "./commands/shared";

/** `npm run operate -- …`: the run-time side, on AWS with the SDK's standard credentials, region and endpoint. */
const program = new Command("operate")
  .description("operate the datasets of a deployed stack")
  .option("--stack <name>", "Pulumi stack", "dev")
  .option("--project <name>", "Pulumi project", "partitions")
  .showHelpAfterError();
program.addCommand(
  runCommand({
    stack: () => program.opts<{ project: string; stack: string }>(),
    withSageMaker: (work) => work(new SageMakerClient({})),
  }),
);

void runCommandLine(() => program.parseAsync());
