import type { Column } from "./columns";
import type { ProgramRun, StepProcessor } from "./compute";
import type { Csv } from "./csv";
import type { InputSource } from "./inputs";
import type { PartitionKey } from "./keys";
import type { Escaping } from "./parse";
import { refuse } from "./problems";
import type { ExactRegistration, Reader, Registration } from "./registration";
import { declarationProblems } from "./rules/declaration";
import type { Schedule } from "./schedule";

/** Where a step's output goes: the table, or a folder of this execution for the next step. */
export type OutputTarget = "table" | "execution";

/** What every step says. */
interface StepBase {
  /** Step name in the pipeline: letters, digits, `-` and `_`, at most 64. */
  readonly name: string;
  /** Input name → source. It appears under `/opt/ml/processing/input/<name>`. */
  readonly inputs: Readonly<Record<string, InputSource>>;
  /** Output name → target. */
  readonly outputs: Readonly<Record<string, OutputTarget>>;
}

/** A Python script of the dataset's folder. */
export interface ScriptStep extends StepBase {
  /** File in the dataset's folder. */
  readonly script: string;
  /** Where it runs. Default `script()`: the stack's own image and machines. */
  readonly processor?: Exclude<StepProcessor, ProgramRun>;
}

/** A program of an image. */
export interface ProgramStep extends StepBase {
  readonly processor: ProgramRun;
  /** File in the dataset's folder that the entry point names, as `/opt/ml/processing/input/code/<script>`. */
  readonly script?: string;
}

export type Step = ScriptStep | ProgramStep;

export function isProgram(step: Step): step is ProgramStep {
  return step.processor?.kind === "program";
}

/** The table in the catalogue, where it differs from the dataset. */
export interface TableOptions {
  /** Its name in Glue. Default: the dataset's name. */
  readonly physicalName?: string;
  /** Somebody else makes it: the program reads and registers, and never changes it. Default `false`. */
  readonly existing?: boolean;
  /**
   * Where an {@link existing} table has its files, without slashes at the ends: a folder of the bucket that is not
   * `<prefix>/output`, the default.
   */
  readonly folder?: string;
}

/** One partitioned table, and the scripts that write it. */
export interface Dataset<
  Keys extends readonly PartitionKey[] = readonly PartitionKey[],
  Columns extends readonly Column[] = readonly Column[],
> {
  /** Name of the table, and of the folder under `datasets/`. */
  readonly name: string;
  readonly description: string;
  /** Folder of the bucket, without slashes at its ends. */
  readonly prefix: string;
  /** Ordered: the first key is the outermost folder. Without any it is one plain table. */
  readonly partitionKeys: Keys;
  /**
   * How values stand in folder names. `none`, the default: as they are, and they are letters, digits, `.`, `_` and `-`.
   * `hive`: enum and injected values may be any text of 1 to 1024 characters whose folders fit into a key of S3 (1,024
   * bytes), and the scripts write some of them as `%XX`, as Hive, Spark and Trino do; registered values are the text
   * itself.
   */
  readonly escaping?: Escaping;
  readonly columns: Columns;
  readonly format: Csv;
  readonly steps: readonly Step[];
  /** Who queries it. Default: Athena, in the stack's own account. */
  readonly readers?: readonly Reader[];
  /** How readers learn of partitions. Default `registered()`. */
  readonly registration?: Registration<Keys>;
  /** When it runs by itself. Default: never, somebody starts each run. */
  readonly schedule?: Schedule;
  /** A day that has data, as yyyy-MM-dd: the one that the dataset's page and saved queries name. Default 2021-12-01. */
  readonly exampleDay?: string;
  readonly table?: TableOptions;
  /** Who answers for the data: the table's owner, and the tag `owner`. */
  readonly owner?: string;
  /** Cost-allocation tags of the pipeline, its jobs and its role. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** The values of one partition: exactly the declared keys, else a compile error. */
export type PartitionValues<D extends Pick<Dataset, "partitionKeys">> = {
  readonly [Key in D["partitionKeys"][number]["name"]]: string;
};

/**
 * Declares a dataset. Everything else is derived from it.
 *
 * @throws ContractError that lists every problem of the declaration
 */
export function defineDataset<
  const Keys extends readonly PartitionKey[],
  const Columns extends readonly Column[],
  const Ranges = unknown,
>(
  dataset: Dataset<Keys, Columns> & { readonly registration?: { readonly ranges?: Ranges } } & {
    readonly registration?: ExactRegistration<Keys, Ranges>;
  },
): Dataset<Keys, Columns> {
  const { name = "?" } = (dataset as Partial<Dataset> | null) ?? {};
  refuse(`dataset '${name}'`, declarationProblems(dataset));
  return dataset;
}

/** The table's name in the catalogue. */
export function tableNameOf(dataset: Pick<Dataset, "name" | "table">): string {
  return dataset.table?.physicalName ?? dataset.name;
}

/** The tags of what a dataset makes. */
export function tagsOf(dataset: Pick<Dataset, "name" | "owner" | "tags">): Record<string, string> {
  return {
    dataset: dataset.name,
    ...(dataset.owner === undefined ? {} : { owner: dataset.owner }),
    ...dataset.tags,
  };
}
