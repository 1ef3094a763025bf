import type { Command } from "commander";
import type { Place } from "../place";
import { backfillCommand } from "./backfill";
import { checkOutputCommand } from "./checkOutput";
import { jobCommand } from "./job";
import { leftoversCommand } from "./leftovers";
import { partitionsCommand } from "./partitions";
import { queryCommand } from "./query";
import { removeCommand } from "./remove";
import { runCommand } from "./run";

/** The commands of the run-time side: the same on AWS and on the laptop. */
export function operateCommands(place: Place): Command[] {
  return [
    ...[runCommand, jobCommand, backfillCommand, partitionsCommand],
    ...[leftoversCommand, removeCommand, queryCommand, checkOutputCommand],
  ].map((command) => command(place));
}
