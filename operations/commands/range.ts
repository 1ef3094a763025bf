import { DateTime } from "luxon";
import { Option, type Command } from "commander";
import { valuesOnDay, type PartitionKey } from "../../contract/keys";
import { daysBetween, today } from "../days";
import { UserError } from "../commandLine";

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
 * @throws Error for a day that is none, UserError for days that run backwards
 */
export function rangeOf(
  keys: readonly PartitionKey[],
  { processDate, from, to }: RangeOptions,
): { readonly from: string; readonly to: string } | undefined {
  if (processDate !== undefined) return checked(keys, processDate, processDate);
  if (from === undefined && to === undefined) return undefined;
  if (from === undefined) throw new UserError("--to is the last of some days; name the first with --from");
  return checked(keys, from, to ?? today(keys));
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

function checked(keys: readonly PartitionKey[], from: string, to: string) {
  for (const day of [from, to]) valuesOnDay(keys, day);
  if (daysBetween(from, to).length === 0) throw new UserError(`--from ${from} lies behind --to ${to}; turn them round`);
  return { from, to };
}
