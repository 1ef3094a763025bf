import type { DateKey, IntegerKey, PartitionKey } from "./keys";

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
  (options: { readonly accountIds?: readonly string[] } = {}): Reader => ({
    engine,
    accountIds: options.accountIds ?? [],
  });

export const athena = reader("athena");
export const redshiftSpectrum = reader("redshift-spectrum");
export const emr = reader("emr");

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
  | { readonly strategy: "projection"; readonly ranges: ProjectionRanges<Keys> };

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

/**
 * Athena computes the partitions from the table's parameters: nothing is registered, and no other engine sees any.
 * (Athena user guide, partition-projection)
 */
export function projection<const Ranges>(ranges: Ranges): { readonly strategy: "projection"; readonly ranges: Ranges } {
  return { strategy: "projection", ranges };
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
  return problems;
}
