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
export function rangeOf(
  keys: readonly PartitionKey[],
  { processDate, from, to }: RangeOptions,
): { readonly from: string; readonly to: string } | undefined {
  if (processDate !== undefined) return checked(processDate, processDate);
  if (from === undefined && to === undefined) return undefined;
  if (from === undefined) throw new UserError("--to is the last of some days; name the first with --from");
  return checked(from, to ?? today(keys));
}

/** The last days up to today. */
export function lastDays(keys: readonly PartitionKey[], count: number): { readonly from: string; readonly to: string } {
  const to = today(keys);
  return {
    from: DateTime.fromISO(to)
      .minus({ days: count - 1 })
      .toFormat("yyyy-MM-dd", { locale: "en" }),
    to,
  };
}

function checked(from: string, to: string): { readonly from: string; readonly to: string } {
  daysOf({ from, to });
  return { from, to };
}
