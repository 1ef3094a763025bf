import type { TableOptions } from "./dataset";
import { namesHour, type DateKey, type PartitionKey } from "./keys";

/** What one dataset must know of another to read its table's folders. */
export interface Upstream {
  readonly name: string;
  readonly prefix: string;
  readonly partitionKeys: readonly PartitionKey[];
  readonly table?: TableOptions;
}

/** Where a step's input comes from. SageMaker copies everything below the folder before the script starts. */
export type InputSource =
  /** The raw files of the dataset: `s3://<bucket>/<prefix>/raw/`. */
  | { readonly kind: "raw" }
  /** A folder of the stack's bucket, or an `s3://` URI. */
  | { readonly kind: "folder"; readonly folder: string }
  /** The output of an earlier step. */
  | { readonly kind: "output"; readonly step: string; readonly output: string }
  /** The table of another dataset: all of it, or what it has for the run's day. */
  | { readonly kind: "dataset"; readonly dataset: Upstream; readonly partitions: "all" | "run" }
  /** A Python package of `helpers/`: `<input>/<name>.zip`. */
  | { readonly kind: "helper"; readonly name: Helper };

/** The Python packages of `helpers/`, for scripts that want more than pandas and `os.path`. */
export const HELPERS = ["write_partitions"] as const;
export type Helper = (typeof HELPERS)[number];

/** The raw files of the dataset: `s3://<bucket>/<prefix>/raw/`. */
export const raw: InputSource = { kind: "raw" };

/**
 * A folder that something else fills.
 *
 * @param folder below the stack's bucket (`master/stations`), or with a bucket of its own
 *   (`s3://other-bucket/master/stations/`); that bucket, and its key, must let the job's role in
 */
export function folder(folder: string): InputSource {
  return { kind: "folder", folder };
}

/** A Python package that the script imports from a zip in the input's folder ([write_partitions](../docs/write-partitions.md)). */
export function helper(name: Helper): InputSource {
  return { kind: "helper", name };
}

/** The output of an earlier step. */
export function outputOf(step: string, output: string): InputSource {
  return { kind: "output", step, output };
}

/** The whole table of another dataset of the program, every partition of it: `<input>/<key=val>/…/partition.csv`. */
export function tableOf(dataset: Upstream): InputSource {
  return { kind: "dataset", dataset, partitions: "all" };
}

/**
 * What another dataset of the program has for the day of this run. Its outermost keys must be dates; a day that it does
 * not have fails the step: a job never runs on nothing.
 */
export function partitionOf(dataset: Upstream): InputSource {
  return { kind: "dataset", dataset, partitions: "run" };
}

/** The outermost keys that a day gives a value to: the folders that {@link partitionOf} names. */
export function dayKeysOf(keys: readonly PartitionKey[]): DateKey[] {
  const named: DateKey[] = [];
  for (const key of keys) {
    if (key.kind !== "date" || namesHour(key)) break;
    named.push(key);
  }
  return named;
}
