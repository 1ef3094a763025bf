import type { Partition, PartitionInput } from "@aws-sdk/client-glue";
import type { DatasetDocument } from "../../contract/document";
import type { TableId } from "./glue";

/** Which partitions are looked at. */
export type Scope =
  | {
      /** Those that carry these values; keys that are not named are found in S3. */
      readonly kind: "values";
      readonly known: Readonly<Record<string, string>>;
    }
  | {
      /** Those of these days, both included, written `yyyy-MM-dd`. */
      readonly kind: "days";
      readonly from: string;
      readonly to: string;
    }
  | { readonly kind: "table" };

/** A run, as far as its files are told from others. */
export interface Run {
  readonly startedAt: Date;
  /** `yyyy-MM-dd` */
  readonly processDate: string;
}

/** How commands are called on AWS, in a stack of the default name. */
export const OPERATE = "npm run operate --";

export interface ReconcileRequest extends TableId {
  readonly document: DatasetDocument;
  readonly scope: Scope;
  /** Facts of the run, kept in each partition that it writes ({@link ./facts}). */
  readonly facts: Readonly<Record<string, string>>;
  /** Start of the run: older files beside its own are leftovers. Absent: there is no run, and none are looked for. */
  readonly startedAt?: Date;
  /** The run's day, `yyyy-MM-dd`, for the commands that texts name; absent where they are to look at the whole table. */
  readonly processDate?: string;
  /**
   * When the newest run of a partition's day began, asked for folders that are not registered as they are, where there is
   * no {@link startedAt}: what older runs left beside its files blocks a registration by hand as well.
   */
  readonly runOf?: (values: readonly string[]) => Promise<Run | undefined>;
  /** How the commands are called that texts name. Default `npm run operate --`. */
  readonly operate?: string;
  /** Whether to look for partitions of Glue that have no data; costs a listing of them. Default `true`. */
  readonly removals?: boolean;
  /** `names` does not open the files: their names, sizes and classes alone are judged. Default `contents`. */
  readonly verification?: "contents" | "names";
  /**
   * Somebody else registers, who keeps no facts: what readers would see alike is `same`, and only files of the run, and
   * of partitions that are not registered, are opened. A slash more or less at the end of a location is no difference.
   */
  readonly factless?: boolean;
  /**
   * The number of cells that files may have which were written before columns were appended and are not registered.
   * Default: none fewer than the table's columns. (What is registered says itself how many it was written with.)
   */
  readonly fewestColumns?: number;
  /** How long to wait for a table that is not there yet, milliseconds. Default 0. */
  readonly tableWaitMs?: number;
  /** Ends the reading of S3 and Glue. */
  readonly signal?: AbortSignal;
  /** Told of what is passed over: folders with nothing but hidden files. */
  readonly onIgnored?: (path: string, hiddenFiles: number) => void;
}

/**
 * - `create`: S3 has it, Glue does not
 * - `update`: readers would see it differently, or its files are others than those that were registered
 * - `same`: nothing to do; its files were verified when they were registered
 * - `remove`: Glue has it, S3 has no data
 * - `reject`: readers could not read it, or would misread it
 */
export type Action = "create" | "update" | "same" | "remove" | "reject";

export interface PlannedPartition {
  /** Below the table's location, with a slash at its end: `process_date_jst=2021-12-01/`; for `remove`, as Glue has it. */
  readonly path: string;
  /** In the order of the keys; empty when the path names none. */
  readonly values: readonly string[];
  readonly action: Action;
  /** For `update` what differs; for `reject` and `remove` why. */
  readonly reason?: string;
  /** Data files, and their bytes together. */
  readonly files: number;
  readonly bytes: number;
  /** Rows of them, as {@link Verified.about}; absent where they were not opened. */
  readonly rows?: number;
  /** When its newest file was written. */
  readonly newest?: Date;
  /** All its files are older than the run's start: none of them is the run's. */
  readonly older?: true;
  /** What Glue has. */
  readonly current?: Partition;
  /** What Glue should have; for `create` and `update`. */
  readonly desired?: PartitionInput;
}
