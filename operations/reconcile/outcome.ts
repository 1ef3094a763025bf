/**
 * How one partition ended.
 *
 * - `failed`: Glue refused it
 * - `rejected`: its folder or files are such that no reader could read them
 * - `left`: not reached in the time that there was
 * - `elsewhere`: a day that is not the run's, not registered yet: another run may be about to register it
 * - `kept`: Glue has it and S3 has no data for it; registration deletes nothing
 */
export const ENDINGS = ["created", "updated", "same", "failed", "rejected", "left", "kept", "elsewhere"] as const;
export type Ending = (typeof ENDINGS)[number];

export interface Outcome {
  /** `process_date_jst=2021-12-01/`, or the path as it was found when it is none. */
  readonly path: string;
  readonly ending: Ending;
  /** Why it did not become or stay a partition, with what to do; for `updated` what was different. */
  readonly reason?: string;
  /** Of its data files together; told for what is registered. */
  readonly bytes?: number;
  /** Likewise; estimated for a file that is larger than what is looked at, absent where that cannot be. */
  readonly rows?: number;
  /** For `same`: its files are older than the run that looks at it, which has done nothing for it. */
  readonly older?: true;
}

export type Counts = Readonly<Record<Ending | "requested", number>>;

/** Counts endings one by one; they add up to `requested`. */
export function counter(): { readonly add: (outcome: Pick<Outcome, "ending">) => void; readonly counts: Counts } {
  const counts = {
    requested: 0,
    created: 0,
    updated: 0,
    same: 0,
    failed: 0,
    rejected: 0,
    left: 0,
    kept: 0,
    elsewhere: 0,
  };
  return {
    add: ({ ending }) => {
      counts.requested += 1;
      counts[ending] += 1;
    },
    counts,
  };
}

/** Counts by ending; they add up to `requested`. */
export function count(outcomes: readonly Outcome[]): Counts {
  const { add, counts } = counter();
  outcomes.forEach(add);
  return counts;
}

/** What an outcome tells of the files of a partition. */
export function sizeOf({ bytes, rows }: Pick<Outcome, "bytes" | "rows">): Pick<Outcome, "bytes" | "rows"> {
  return { ...(bytes === undefined ? {} : { bytes }), ...(rows === undefined ? {} : { rows }) };
}

/** The outcome of a partition that is already as it should be. */
export function sameOf(planned: Omit<Outcome, "ending" | "reason">): Outcome {
  return { path: planned.path, ending: "same", ...sizeOf(planned), ...(planned.older ? { older: true } : {}) };
}
