import type { DayRequest } from "./day";
import type { DatasetDocument } from "./document";

/*
 * What the Lambda steps of a pipeline are told and answer. The definition carries the declaration, so one pair of
 * functions serves every dataset of a stack, and a run always uses the declaration that it was started with.
 */

/** Output of the day step: the run's day, `yyyy-MM-dd`. */
export const PROCESS_DATE = "process_date";

/** Output of the day step, and argument of the registration, that holds one key's value. */
export const dayOutput = (key: string): string => `value_${key}`;

/** The part of the declaration that Lambda steps need, as one string. */
export function stepDocument({ name, partitionKeys, columns, format }: DatasetDocument): string {
  return JSON.stringify({ name, partitionKeys, columns: columns.map(({ name, type }) => ({ name, type })), format });
}

export interface DayEvent extends DayRequest {
  /** {@link stepDocument} */
  readonly dataset: string;
}

export interface RegistrationEvent {
  /** {@link stepDocument} */
  readonly dataset: string;
  readonly database: string;
  readonly table: string;
  /** ARN of the execution, for the partition's lineage. */
  readonly execution: string;
  /** {@link dayOutput} of each date key: the partitions of this run. Without any, the whole table is looked at. */
  readonly [value: `value_${string}`]: string | undefined;
}

/** Counts of a registration; they add up to `requested`. */
export interface RegistrationCounts {
  readonly requested: number;
  readonly created: number;
  readonly updated: number;
  readonly same: number;
  readonly failed: number;
  readonly rejected: number;
}
