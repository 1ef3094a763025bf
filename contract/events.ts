import type { DayRequest } from "./day";
import type { DatasetDocument } from "./document";
import { dayKeysOf, type Upstream } from "./inputs";
import type { PartitionKey } from "./keys";

/*
 * What the Lambda steps of a pipeline are told and answer. The definition carries the declaration, so one pair of
 * functions serves every dataset of a stack, and a run always uses the declaration that it was started with.
 */

/** Output of the day step: the run's day, `yyyy-MM-dd`. */
export const PROCESS_DATE = "process_date";

/** Output of the day step, and argument of the registration, that holds one key's value. */
export const dayOutput = (key: string): string => `value_${key}`;

/** The part of the declaration that Lambda steps need, as one string. */
export function stepDocument({ name, partitionKeys, columns, format, escaping }: DatasetDocument): string {
  const named = columns.map(({ name, type }) => ({ name, type }));
  return JSON.stringify({ name, partitionKeys, columns: named, format, escaping });
}

/** Output of the day step that holds the value of a key of another dataset, which the run reads. */
export const upstreamOutput = (dataset: string, key: string): string => `${dataset}.${key}`;

/** The datasets of which a run reads its own day, with the keys that name the folder. */
export interface UpstreamKeys {
  readonly name: string;
  readonly keys: readonly PartitionKey[];
}

/** The other datasets that a run reads, as one string. */
export function upstreamDocument(upstream: readonly Upstream[]): string {
  const read: UpstreamKeys[] = upstream.map(({ name, partitionKeys }) => ({ name, keys: dayKeysOf(partitionKeys) }));
  return JSON.stringify(read);
}

export interface DayEvent extends DayRequest {
  /** {@link stepDocument} */
  readonly dataset: string;
  /** {@link upstreamDocument}; absent where no other dataset is read. */
  readonly upstream?: string;
}

export interface RegistrationEvent {
  /** {@link stepDocument} */
  readonly dataset: string;
  readonly database: string;
  readonly table: string;
  /** ARN of the execution, for the partition's lineage. */
  readonly execution: string;
  /** Start of the execution, ISO 8601; absent in definitions of an earlier version. */
  readonly startedAt?: string;
  /** The run's day, `yyyy-MM-dd`, for the commands that messages name; absent in definitions of an earlier version. */
  readonly processDate?: string;
  /** Hash of the pipeline's definition, for the partition's lineage; absent in definitions of an earlier version. */
  readonly definition?: string;
  /** Image of the jobs, likewise. */
  readonly image?: string;
  /** Athena workgroup; Athena looks for the partitions then, by `MSCK REPAIR TABLE`. */
  readonly workgroup?: string;
  /** S3 folder, as a URI, for what Athena answers; with `workgroup`. */
  readonly repairResults?: string;
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
  /** Of other days than the run's: written since it began, and not registered yet. */
  readonly elsewhere: number;
}
