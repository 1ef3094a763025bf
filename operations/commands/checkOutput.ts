import { Command } from "commander";
import { datasetDocument } from "../../contract/document";
import { checkOutput, type Finding } from "../checkOutput";
import { datasetNamed, UserError } from "./shared";
import { byteText, plural } from "./tables";

/** Findings of one kind in one file that are printed before the rest is counted. */
const MOST = 10;

/** `check-output DIR --dataset NAME`: what readers would make of a local output folder. Needs no AWS. */
export function checkOutputCommand(): Command {
  return new Command("check-output")
    .description("read a local output folder as the table's readers will, and say what would go wrong")
    .argument("<folder>", "what the script wrote: it becomes the table's folder")
    .requiredOption("--dataset <name>", "name of a dataset")
    .option("--json", "for machines: one finding a line", false)
    .addHelpText(
      "after",
      "\nExit code 1 when something would be lost, not found, or read otherwise than it was written.",
    )
    .action(async (folder: string, { dataset, json }: { readonly dataset: string; readonly json: boolean }) => {
      const text = json
        ? { add: (finding: Finding) => console.log(JSON.stringify(finding)), end: () => undefined }
        : texts();
      let count = 0;
      const { partitions, files, rows, bytes } = await checkOutput(
        folder,
        datasetDocument(datasetNamed(dataset)),
        (finding) => {
          count += 1;
          text.add(finding);
        },
      );
      text.end();
      const what = `${plural(partitions, "partition")}, ${plural(files, "file")}, ${plural(rows, "row")}, ${byteText(bytes)}`;
      if (count > 0) throw new UserError(`${what}: ${plural(count, "finding")}`);
      if (!json) console.log(`${what}: readers of '${dataset}' read them as they are written`);
    });
}

/** File by file; what is alike in one file is counted after some. */
function texts() {
  let file: string | undefined;
  let counts = new Map<string, { count: number; kind: string }>();
  const end = () => {
    for (const { count, kind } of counts.values())
      if (count > MOST) console.log(`  … and ${count - MOST} more: ${kind}`);
    counts = new Map();
  };
  return {
    end,
    add({ file: next, row, column, problem }: Finding): void {
      if (file !== next) {
        end();
        console.log(next);
        file = next;
      }
      const kind = problem.replace(/'[^']*'|"[^"]*"|\d+/g, "…");
      const id = `${column ?? ""} ${kind}`;
      const seen = counts.get(id) ?? { count: 0, kind: column === undefined ? kind : `column '${column}': ${kind}` };
      seen.count += 1;
      counts.set(id, seen);
      if (seen.count > MOST) return;
      const place = [
        ...(row === undefined ? [] : [`row ${row}`]),
        ...(column === undefined ? [] : [`column '${column}'`]),
      ];
      console.log(`  ${place.length === 0 ? "" : `${place.join(", ")}: `}${problem}`);
    },
  };
}
