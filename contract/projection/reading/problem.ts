/** One thing that is wrong with a projected table, told so that a stranger can repair it. */
export interface ProjectionProblem {
  /** The table parameter, the partition key or the location that is wrong. */
  readonly subject: string;
  /** What must hold. */
  readonly rule: string;
  /** What was found there instead, as JSON; `nothing` where it is absent. */
  readonly value: string;
  /** What to do. */
  readonly fix: string;
}

/** One line for a person. */
export function problemText({ subject, rule, value, fix }: ProjectionProblem): string {
  return `${subject}: ${rule}, got ${value}; ${fix}`;
}

const MAX_VALUE = 160;

/** @param value what was found; it is rendered as JSON */
export function problem(subject: string, rule: string, value: unknown, fix: string): ProjectionProblem {
  const text = JSON.stringify(value) ?? "nothing";
  const cut = text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}… (${text.length} characters)` : text;
  return { subject, rule, value: cut, fix };
}
