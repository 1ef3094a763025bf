import type { DateKey, IntegerKey, PartitionKey } from "./keys";
import type { Escaping } from "./parse";

/** An engine that queries the table. */
export const READER_ENGINES = ["athena", "redshift-spectrum", "emr"] as const;
export type ReaderEngine = (typeof READER_ENGINES)[number];

/** Who reads the table. */
export interface Reader {
  readonly engine: ReaderEngine;
  /** Twelve digits each; accounts other than the stack's. Bucket and key let them read. */
  readonly accountIds: readonly string[];
}

const reader =
  (engine: ReaderEngine) =>
  // A misspelt option stays in the declaration, which is refused for it.
  ({ accountIds = [], ...unknown }: { readonly accountIds?: readonly string[] } = {}): Reader => ({
    engine,
    accountIds,
    ...unknown,
  });

export const athena = reader("athena");
export const redshiftSpectrum = reader("redshift-spectrum");
export const emr = reader("emr");

/** Whether an engine is among those that a dataset names as its readers; without any it is Athena alone. */
export function isReadBy(dataset: { readonly readers?: readonly Reader[] }, engine: ReaderEngine): boolean {
  return (dataset.readers ?? [athena()]).some((each) => each.engine === engine);
}

/**
 * First and last value of a date key, both included, in the key's own format; or reckoned from the time of the query
 * in UTC, as Athena writes it: `NOW-3YEARS`, `NOW+9HOURS`.
 */
export interface DateRange {
  /** Needed where the format holds a year; where it does not, the first there is: `01`, for hours `00`. */
  readonly from?: string;
  /** Default: now, in the key's time zone; where the format holds no year, the last there is. */
  readonly to?: string;
}

/** First and last value of an integer key, both included. */
export interface IntegerRange {
  readonly from: number;
  readonly to: number;
}

/** A range for each date and integer key, by name; enum and injected keys have none. */
export type ProjectionRanges<Keys extends readonly PartitionKey[]> = {
  readonly [Key in Extract<Keys[number], DateKey | IntegerKey> as Key["name"]]: Key extends DateKey
    ? DateRange
    : IntegerRange;
};

/** How readers learn of partitions. */
export type Registration<Keys extends readonly PartitionKey[] = readonly PartitionKey[]> =
  | {
      readonly strategy: "registered";
      /** What the last step looks at: the partitions of the run's day, or the whole table. */
      readonly looksAt: "run" | "table";
    }
  | { readonly strategy: "projection"; readonly ranges: ProjectionRanges<Keys> }
  | {
      readonly strategy: "athena-repair";
      /** Athena workgroup that the query runs in. */
      readonly workgroup: string;
    };

/**
 * The pipeline's last step registers partitions with Glue: every engine sees them. The default.
 *
 * @param options.looksAt `table` for runs that write other partitions than their day's: the whole table is listed
 */
export function registered(options: { readonly looksAt?: "run" | "table" } = {}): {
  readonly strategy: "registered";
  readonly looksAt: "run" | "table";
} {
  return { strategy: "registered", looksAt: options.looksAt ?? "run" };
}

/** No member beside those of a range: a misspelt end would be none. */
type Exact<Ranges> = {
  readonly [Key in keyof Ranges]: { readonly [Member in Exclude<keyof Ranges[Key], keyof DateRange>]: never };
};

/**
 * Athena computes the partitions from the table's parameters: nothing is registered, and no other engine sees any.
 * (Athena user guide, partition-projection)
 */
export function projection<const Ranges>(ranges: Ranges & Exact<Ranges>): {
  readonly strategy: "projection";
  readonly ranges: Ranges;
} {
  return { strategy: "projection", ranges };
}

/** What a declaration's registration must be beside {@link Registration}: ranges of its date and integer keys alone. */
export interface ExactRegistration<Keys extends readonly PartitionKey[], Ranges> {
  readonly ranges?: { readonly [Key in Exclude<keyof Ranges, keyof ProjectionRanges<Keys>>]: never };
}

/**
 * The pipeline's last step lets Athena look for partitions, by `MSCK REPAIR TABLE`: what it finds is registered, and every
 * engine sees it. It lists the whole table each time, only adds, and tells nothing of what it leaves out; for tables that
 * others keep that way. (Athena user guide, msck-repair-table)
 *
 * @param options.workgroup one that is there. Default `primary`
 */
export function athenaRepair(options: { readonly workgroup?: string } = {}): {
  readonly strategy: "athena-repair";
  readonly workgroup: string;
} {
  return { strategy: "athena-repair", workgroup: options.workgroup ?? "primary" };
}

/** How readers learn of a dataset's partitions. */
export function registrationOf(dataset: { readonly registration?: Registration }): Registration {
  return dataset.registration ?? registered();
}

/**
 * Whether the strategy serves the readers; each problem says why not.
 *
 * Redshift Spectrum and EMR see registered partitions only, and Athena none of those once projection is on.
 */
export function registrationProblems(
  keys: readonly PartitionKey[],
  readers: readonly Reader[],
  registration: Registration,
  escaping: Escaping = "none",
): string[] {
  const problems: string[] = [];
  for (const { engine, accountIds } of readers) {
    if (!READER_ENGINES.includes(engine))
      problems.push(`reader '${String(engine)}' is not one of ${READER_ENGINES.join(", ")}`);
    for (const account of accountIds)
      if (!/^[0-9]{12}$/.test(account))
        problems.push(`reader '${engine}': account '${account}' is not an AWS account id; write its twelve digits`);
  }
  if (registration.strategy === "projection") {
    const blind = readers.filter((each) => each.engine !== "athena").map((each) => each.engine);
    if (blind.length > 0)
      problems.push(
        `registration by projection: ${blind.join(" and ")} would see no rows, only Athena computes partitions; ` +
          `use registered()`,
      );
    if (keys.length === 0)
      problems.push("registration by projection: the table has no partition key to project; leave 'registration' out");
  }
  if (registration.strategy === "athena-repair")
    problems.push(...repairProblems(keys, registration.workgroup, escaping));
  return problems;
}

function repairProblems(keys: readonly PartitionKey[], workgroup: string, escaping: Escaping): string[] {
  const problems: string[] = [];
  // Athena API reference, WorkGroupName.
  if (!/^[A-Za-z0-9._-]{1,128}$/.test(workgroup))
    problems.push(`workgroup '${workgroup}' must be 1 to 128 letters, digits, '.', '_' and '-'`);
  if (keys.length === 0) problems.push("the table has no partition key to look for; leave 'registration' out");
  if (escaping === "hive")
    problems.push(
      `escaping "hive" lets values hold ':', which MSCK REPAIR TABLE leaves out without an error; use registered()`,
    );
  return problems.map((problem) => `registration by athena-repair: ${problem}`);
}

/** Whether each run looks at all partitions of the table, not at its own day's alone. */
export function looksAtTable(dataset: { readonly registration?: Registration }): boolean {
  const registration = registrationOf(dataset);
  return (
    registration.strategy === "athena-repair" ||
    (registration.strategy === "registered" && registration.looksAt === "table")
  );
}
