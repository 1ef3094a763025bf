import "../operations/plainErrors";
import { Command } from "commander";
import * as path from "node:path";
import { runCommandLine } from "../operations/commandLine";
import { createDataset, type NewOptions } from "./newDataset/create";

/** `npm run new -- NAME --from sample.csv`: a dataset that runs, to be changed from there. */
const program = new Command("npm run new --")
  .description("write the folder of a new dataset: declaration, scripts, their test, a sample")
  .argument("<name>", "lower-case letters, digits and _: name of the dataset and of its folder")
  .requiredOption("--from <file>", "a CSV file with a header, as it will lie in the raw folder")
  .option("--partition-key <name>", "name of the date key", "process_date_jst")
  .option("--time-zone <zone>", "IANA zone of the day", "Asia/Tokyo")
  .showHelpAfterError()
  .action(async (name: string, options: NewOptions) => {
    for (const line of await createDataset(path.join(__dirname, ".."), name, options)) console.log(line);
  });

void runCommandLine(() => program.parseAsync());
