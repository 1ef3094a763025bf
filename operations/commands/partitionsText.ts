import type { DayStatus } from "../days";
import { counter, type Ending, type Outcome } from "../reconcile/outcome";
import type { Action, PlannedPartition, ReconcileRequest } from "../reconcile/request";
import { byteText, columns, plural } from "./tables";

/** Lines of one kind before the rest is counted. */
const MOST_LINES = 50;

/** Shown for the path of files that lie directly in the table's folder. */
export const BESIDE = "(beside the partition folders)";

/** As `pulumi preview` marks it; what nobody has to look at is not listed. */
const SIGNS: Readonly<Record<Action, string>> = { create: "+", update: "~", same: "", remove: "-", reject: "!" };
const ENDING_SIGNS: Readonly<Record<Ending, string>> = {
  ...{ created: "+", updated: "~", same: "", kept: "-", elsewhere: "?", rejected: "!", failed: "!", left: "?" },
};

/** Prints lines as they come, of each kind the first fifty. */
export function listing(print: (line: string) => void) {
  const printed = new Map<string, number>();
  return {
    add(kind: string, line: string): void {
      const count = (printed.get(kind) ?? 0) + 1;
      printed.set(kind, count);
      if (count <= MOST_LINES) print(line);
    },
    end(): void {
      for (const [kind, count] of printed)
        if (count > MOST_LINES) print(`    … and ${count - MOST_LINES} more to ${kind}; --json lists all`);
    },
  };
}

/** One JSON document, written while its list is still growing. */
function jsonListing(head: Readonly<Record<string, unknown>>, list: string) {
  let first = true;
  process.stdout.write(`${JSON.stringify(head).slice(0, -1)},"${list}":[`);
  return {
    add(item: unknown): void {
      process.stdout.write(`${first ? "" : ","}\n${JSON.stringify(item)}`);
      first = false;
    },
    end(tail: Readonly<Record<string, unknown>>): void {
      process.stdout.write(`\n],${JSON.stringify(tail).slice(1)}\n`);
    },
  };
}

/** A plan, printed while it is made. */
export function planText({ database, table }: ReconcileRequest, json: boolean) {
  const counts: Record<Action, number> = { create: 0, update: 0, same: 0, remove: 0, reject: 0 };
  let ignored = 0;
  const asJson = json ? jsonListing({ database, table }, "partitions") : undefined;
  const lines = listing((line) => console.log(line));
  return {
    add({ path, values, action, reason, files, bytes }: PlannedPartition): void {
      counts[action] += 1;
      asJson?.add({ path, values, action, ...(reason === undefined ? {} : { reason }), files, bytes });
      if (asJson || SIGNS[action] === "") return;
      const size = files === 0 ? "" : ` (${plural(files, "file")}, ${byteText(bytes)})`;
      lines.add(action, `  ${SIGNS[action]} ${path || BESIDE}${size}${reasonText(reason)}`);
    },
    /** A folder with nothing but hidden files. */
    ignored(): void {
      ignored += 1;
    },
    fail(error: unknown): void {
      asJson?.end({ counts, error: String(error) });
    },
    end(): { readonly pending: number; readonly rejected: number } {
      asJson?.end({ counts, ignored });
      if (!asJson) {
        lines.end();
        const { create, update, same, remove, reject } = counts;
        console.log(
          `${database}.${table}: ${create} to create, ${update} to update, ${same} unchanged` +
            (remove > 0
              ? `, ${remove} without data (they stay; the command 'remove' takes them out of the catalogue)`
              : "") +
            (reject > 0 ? `, ${reject} that must not be registered as they are` : "") +
            (ignored > 0 ? `; ${plural(ignored, "folder")} with nothing but hidden files passed over` : ""),
        );
      }
      return { pending: counts.create + counts.update + counts.remove, rejected: counts.reject };
    },
  };
}

/** What was registered, printed while it is. */
export function applyText({ database, table }: ReconcileRequest, json: boolean) {
  const { add, counts } = counter();
  const asJson = json ? jsonListing({ database, table }, "partitions") : undefined;
  const lines = listing((line) => console.log(line));
  return {
    add(outcome: Outcome): void {
      add(outcome);
      const { path, ending, reason } = outcome;
      asJson?.add({ path, ending, ...(reason === undefined ? {} : { reason }) });
      if (asJson || ENDING_SIGNS[ending] === "") return;
      lines.add(ending, `  ${ENDING_SIGNS[ending]} ${path} ${ending}${reasonText(reason)}`);
    },
    fail(error: unknown): void {
      asJson?.end({ counts, error: String(error) });
    },
    /** @returns how many are not as they should be, and how many of those were not reached */
    end(complete: boolean): { readonly bad: number; readonly left: number } {
      asJson?.end({ counts, complete });
      if (!asJson) {
        lines.end();
        const named = Object.entries(counts).filter(([name, count]) => name !== "requested" && count > 0);
        const text = named.map(([name, count]) => `${count} ${name}`).join(", ");
        console.log(`${database}.${table}: ${counts.requested} looked at${text && `: ${text}`}`);
      }
      return { bad: counts.failed + counts.rejected + counts.left, left: counts.left };
    },
  };
}

const reasonText = (reason: string | undefined): string =>
  reason === undefined ? "" : `\n      ${reason.replaceAll("\n", "\n      ")}`;

/** One line for each day: what is there, who made it, whether readers see it. */
export function statusText(days: readonly DayStatus[], json: boolean): string {
  if (json) return JSON.stringify(days, null, 2);
  const rows = days.map(({ day, state, files, bytes, execution, verified, reasons }) => [
    day,
    state,
    files === 0 ? "" : String(files),
    files === 0 ? "" : byteText(bytes),
    execution?.split("/").at(-1) ?? "",
    verified?.slice(0, 16).replace("T", " ") ?? "",
    reasons[0]?.split("\n")[0] ?? "",
  ]);
  return [columns(["day", "state", "files", "bytes", "run", "verified (UTC)", "why"], rows), completeText(days)].join(
    "\n",
  );
}

/** `5 of 7 days complete`. */
export function completeText(days: readonly DayStatus[]): string {
  const complete = days.filter(({ state }) => state === "complete").length;
  return `${complete} of ${plural(days.length, "day")} complete`;
}
