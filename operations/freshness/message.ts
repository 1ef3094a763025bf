import type { WatchList } from "../../contract/freshness";
import { operateCommand, runbookLink } from "../../contract/runbook";
import type { Late } from "./check";

/** Datasets that one message spells out; SNS takes 256 KiB. */
const SPELLED_OUT = 50;

/** What SNS takes as a subject: up to 99 ASCII characters. */
const SUBJECT_LENGTH = 99;

/** The message about datasets that have just become late: what is missing, and what to do about it. */
export function lateMessage(
  list: WatchList,
  late: readonly Late[],
): { readonly Subject: string; readonly Message: string } {
  const [first] = late;
  const others = late.length > 1 ? ` and ${late.length - 1} more` : "";
  const left = late.length - SPELLED_OUT;
  const paragraphs = [
    ...late.slice(0, SPELLED_OUT).map((each) => paragraphOf(list, each)),
    ...(left > 0 ? [`… and ${left} more; the log of the function '${list.base}-checker' names them all.`] : []),
    `What to do: ${runbookLink(list.runbook, "late")}`,
  ];
  return {
    Subject: `${list.base}: late: ${first?.dataset.name ?? ""} ${first?.day.processDate ?? ""}${others}`.slice(
      0,
      SUBJECT_LENGTH,
    ),
    Message: `${paragraphs.join("\n\n")}\n`,
  };
}

function paragraphOf(list: WatchList, { dataset, day, reason }: Late): string {
  const { name, table, schedule } = dataset;
  const where =
    dataset.outputPrefix === undefined ? "Glue has no such partition of" : "S3 holds no data of that day for";
  return [
    `The partition for day ${day.processDate} of dataset '${name}' is not there by ${schedule.dueBy} (${schedule.timeZone}).`,
    reason === undefined ? `  ${where} ${list.database}.${table}.` : `  Known besides: ${reason}.`,
    `  Look:   ${operateCommand(list, `partitions ${name} --status`)}`,
    `  Run it: ${operateCommand(list, `backfill ${name} --from ${day.processDate} --to ${day.processDate}`)}`,
  ].join("\n");
}
