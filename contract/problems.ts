/** Every problem of one declaration, reported at once: a user fixes them in one go. */
export class ContractError extends Error {
  override readonly name = "ContractError";

  /**
   * @param subject what was declared, in the user's words: `dataset 'features'`
   * @param problems one line each: the rule, the value got, how to fix it
   */
  constructor(
    readonly subject: string,
    readonly problems: readonly string[],
  ) {
    super(`${subject}:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
  }
}

/** Throws one {@link ContractError} that names every problem; returns when there are none. */
export function refuse(subject: string, problems: readonly string[]): void {
  if (problems.length > 0) throw new ContractError(subject, problems);
}

/** The values that occur more than once, each named once. */
export function repeated(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
