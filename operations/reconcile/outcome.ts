/** How one partition of a registration ended. */
export type Ending = "created" | "updated" | "same" | "failed" | "rejected";

export interface Outcome {
  /** `process_date_jst=2021-12-01/`, or the path as it was found when it is none. */
  readonly path: string;
  readonly ending: Ending;
  /** Why it failed or was rejected, with what to do. */
  readonly reason?: string;
}

const ENDINGS = ["created", "updated", "same", "failed", "rejected"] as const satisfies readonly Ending[];

/** Counts by ending; they add up to `requested`. */
export function count(outcomes: readonly Outcome[]): Readonly<Record<Ending | "requested", number>> {
  const counts = { requested: outcomes.length, created: 0, updated: 0, same: 0, failed: 0, rejected: 0 };
  for (const ending of ENDINGS) counts[ending] = outcomes.filter((outcome) => outcome.ending === ending).length;
  return counts;
}
