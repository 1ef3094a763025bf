import { KINDS, nothing, type ChangeKind, type Kind, type PartitionPlan } from "./kinds";
import type { LockedTable } from "./lock";

/** One difference between the lock and the declarations. */
export interface Change {
  readonly dataset: string;
  readonly kind: ChangeKind;
  /** What changed, in the declaration's words: `column 'y'`. */
  readonly subject: string;
  /** As the lock has it; absent for what is new. */
  readonly from?: string;
  /** As it is declared now; absent for what is gone. */
  readonly to?: string;
  /** The table as it was locked; absent for a new one. */
  readonly before?: LockedTable;
  /** The table as it is declared; absent for one that is gone. */
  readonly after?: LockedTable;
}

/** Why a change breaks data or readers, and what to do; undefined for one that does not. */
export function breakOf(change: Change): NonNullable<Kind["breaks"]> | undefined {
  const kind: Kind = KINDS[change.kind];
  return kind.breaks;
}

/** `compatible` changes are locked on request; `breaking` ones need a {@link Statement} as well. */
export function verdictOf(change: Change): "compatible" | "breaking" {
  return breakOf(change) ? "breaking" : "compatible";
}

/** What the partitions that exist need when a change is deployed. */
export function partitionPlan(change: Change): PartitionPlan {
  const { kind, before, after } = change;
  if (before?.partitionKeys.length === 0 && after?.partitionKeys.length === 0)
    return nothing("the table has no partition keys");
  if (after?.registration.strategy === "projection")
    return nothing("readers compute the partitions from the table, and read them by its schema");
  return KINDS[kind].partitions;
}

/** The change in one line: what was there, what is there now. */
export function describe({ subject, kind, from, to }: Change): string {
  const now = to === undefined ? "" : ` ${to}`;
  if (from === undefined) return `${subject}: new${to === undefined ? "" : `,${now}`}`;
  return kind === "table-removed" || to === undefined ? `${subject}: gone, was ${from}` : `${subject}: ${from} →${now}`;
}
