import { Command } from "commander";
import type { Place } from "../place";
import { plan } from "../reconcile/plan";
import { remove } from "../reconcile/remove";
import type { PlannedPartition, ReconcileRequest } from "../reconcile/request";
import { requestFor } from "./looking";
import { rangeOf, withDays, type RangeOptions } from "./range";
import { datasetNamed, UserError } from "./shared";
import { plural } from "./tables";

interface Options extends RangeOptions {
  readonly withData: boolean;
  readonly yes: boolean;
}

/** `remove DATASET`: takes partitions out of the catalogue. Files are never touched. */
export function removeCommand(place: Place): Command {
  const command = new Command("remove")
    .description("take partitions without data out of the catalogue; files in S3 are never touched")
    .argument("<dataset>", "name of a dataset")
    .option("--with-data", "of the named days also those that have data: readers no longer see it", false)
    .option("--yes", "do it; without, it only says what it would do", false)
    .addHelpText(
      "after",
      `
Without days it looks at the whole table. Removing needs glue:BatchDeletePartition, which the pipelines' registrar does
not have. What was removed comes back with: partitions <dataset> --apply`,
    );
  return withDays(command).action(async (name: string, options: Options) => {
    const dataset = datasetNamed(name);
    const range = rangeOf(dataset.partitionKeys, options);
    if (options.withData && range === undefined)
      throw new UserError("--with-data hides data from readers; name the days: --process-date, or --from and --to");
    await place.withClients(async (clients) => {
      // What the files hold, and who wrote them, does not matter here.
      const request: ReconcileRequest = {
        ...(await requestFor(clients, place, dataset, range)),
        ...{ verification: "names", runOf: () => Promise.resolve(undefined) },
      };
      const chosen = removals(plan(clients, request), options.withData);
      let count = 0;
      let failed = 0;
      if (options.yes)
        for await (const { path, ending, reason } of remove(clients, request, chosen)) {
          count += 1;
          if (ending === "failed") failed += 1;
          console.log(`  - ${path} ${ending}${reason === undefined ? "" : `\n      ${reason}`}`);
        }
      else
        for await (const { path, files } of chosen) {
          count += 1;
          console.log(`  - ${path}${files === 0 ? "" : ` (its ${plural(files, "file")} stay in S3)`}`);
        }
      const title = `${request.database}.${request.table}`;
      if (failed > 0) throw new UserError(`${title}: ${failed} of ${plural(count, "partition")} not removed`);
      if (options.yes) console.log(`${title}: ${plural(count, "partition")} removed from the catalogue`);
      else console.log(`${title}: ${plural(count, "partition")} would be removed from the catalogue; do it with --yes`);
    });
  });
}

async function* removals(
  planned: AsyncIterable<PlannedPartition>,
  withData: boolean,
): AsyncGenerator<PlannedPartition> {
  for await (const partition of planned)
    if (partition.action === "remove" || isMisplaced(partition)) yield { ...partition, action: "remove" };
    else if (withData && partition.current !== undefined) yield { ...partition, action: "remove" };
}

/** Registered for a folder that is not its own: readers see rows there that are another partition's. */
const isMisplaced = ({ action, current, files }: PlannedPartition): boolean =>
  action === "reject" && current !== undefined && files === 0;
