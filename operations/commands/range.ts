import { DateTime } from "luxon";
import { Option, type Command } from "commander";
import type { PartitionKey } from "../../contract/keys";
import { today } from "../days";
import { UserError } from "../commandLine";
import { daysOf } from "../reconcile/dayKeys";

export interface RangeOptions {
  readonly processDate?: string;
  readonly from?: string;
  readonly to?: string;
}

/** Days, both ends included, `yyyy-MM-dd`. */
export interface Range {
  readonly from: string;
  readonly to: string;
}

/** The options that name days. */
export function withDays(command: Command): Command {
  return command
    .addOption(new Option("--process-date <yyyy-MM-dd>", "one day").conflicts(["from", "to"]))
    .option("--from <yyyy-MM-dd>", "first day")
    .option("--to <yyyy-MM-dd>", "last day; today in the dataset's time zone when absent");
}

/**
 * The days that the options name; undefined when they name none.
 *
 * @throws Error for a day that is none, and for days that run backwards
 */
export function rangeOf(keys: readonly PartitionKey[], { processDate, from, to }: RangeOptions): Range | undefined {
  if (processDate !== undefined) return checked(processDate, processDate);
  if (from === undefined && to === undefined) return undefined;
  if (from === undefined) throw new UserError("--to is the last of some days; name the first with --from");
  if (to === undefined && from > today(keys))
    throw new UserError(
      `--from ${from} lies in the future, and without --to the last day is today, ${today(keys)}; name it with --to`,
    );
  return checked(from, to ?? today(keys));
}

/** The last days up to today. */
export function lastDays(keys: readonly PartitionKey[], count: number): Range {
  const to = today(keys);
  return {
    from: DateTime.fromISO(to)
      .minus({ days: count - 1 })
      .toFormat("yyyy-MM-dd", { locale: "en" }),
    to,
  };
}

function checked(from: string, to: string): Range {
  daysOf({ from, to });
  return { from, to };
}
