/*
 * What an alarm tells whoever is woken by it: where to read on, and what to paste. The headings are those of
 * docs/runbook.md; a test compares them.
 */

/** Heading of an alarm in the runbook, as its anchor. */
export const RUNBOOK_HEADINGS = {
  late: "a-partition-is-late",
  failed: "a-run-failed",
  undelivered: "something-was-not-delivered",
} as const;

/** Where the runbook is when nothing else is configured: in the checkout. */
export const RUNBOOK = "docs/runbook.md";

/** @param runbook a URL or a path of the runbook */
export function runbookLink(runbook: string, alarm: keyof typeof RUNBOOK_HEADINGS): string {
  return `${runbook}#${RUNBOOK_HEADINGS[alarm]}`;
}

/** The project of `Pulumi.yaml`, which the commands assume. */
const PROJECT = "partitions";

/** A command of the run-time side, to be pasted into a checkout: `npm run operate -- --stack dev …`. */
export function operateCommand(
  { project, stack }: { readonly project: string; readonly stack: string },
  command: string,
): string {
  const named = project === PROJECT ? "" : `--project ${project} `;
  return `npm run operate -- --stack ${stack} ${named}${command}`;
}
