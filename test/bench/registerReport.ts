import * as os from "node:os";
import type { Contender } from "./register";
import { table } from "./report";

type Calls = Readonly<Record<string, number>>;

export interface Registered {
  readonly contender: Contender;
  readonly partitions: number;
  /** All of them are registered already. */
  readonly again: boolean;
  readonly seconds: number;
  readonly mebibytes: number;
  readonly calls: Calls;
}

export interface Load {
  readonly contender: Contender;
  readonly partitions: number;
  /** Registered at the end. */
  readonly there: number;
  readonly seconds: number;
  readonly mebibytes: number;
  readonly calls: Calls;
  readonly throttles: number;
  readonly latencyMs: number;
  readonly throttled: number;
}

const NAMES: Readonly<Record<Contender, string>> = {
  batches: "boto3, batches of 100 in 8 threads (the limit)",
  awswrangler: "awswrangler `catalog.add_csv_partitions`",
  single: "boto3, `create_partition` one by one",
  apply: "ours, partitions named (the same work)",
  names: "ours, found in S3 and compared",
  all: "ours, found, compared, every file opened",
};

/** The measurement as Markdown. */
export function registerMarkdown(measured: {
  readonly latencyMs: number;
  readonly rows: readonly Registered[];
  readonly loads: readonly Load[];
}): string {
  const { latencyMs, rows, loads } = measured;
  const limit = (of: Registered) =>
    rows.find((row) => row.contender === "batches" && row.partitions === of.partitions && row.again === of.again)
      ?.seconds;
  return [
    `Measured on ${new Date().toISOString().slice(0, 10)} by \`node --import tsx test/bench/register.ts\`: ` +
      `${os.cpus().length} cores, Node ${process.version}, a stand-in for S3 and Glue in a process of its own that takes ` +
      `${latencyMs} ms for each call. Seconds are those of the work, without the start of Node or Python.`,
    table(
      ["Partitions", "Run", "Who", "Seconds", "Of the limit", "MiB", "Calls"],
      rows.map((row) => [
        row.partitions,
        row.again ? "again" : "first",
        NAMES[row.contender],
        row.seconds.toFixed(2),
        (row.seconds / (limit(row) ?? NaN)).toFixed(2),
        row.mebibytes.toFixed(0),
        callText(row.calls),
      ]),
      ["---:", "---", "---", "---:", "---:", "---:", "---"],
    ),
    ...(loads.length === 0
      ? []
      : [
          "### Under load",
          table(
            ["Partitions", "Who", "Latency, ms", "Throttled", "Seconds", "MiB", "Registered", "Throttles met", "Calls"],
            loads.map((load) => [
              ...[load.partitions, NAMES[load.contender], load.latencyMs, `${load.throttled * 100} %`],
              ...[load.seconds.toFixed(1), load.mebibytes.toFixed(0), load.there, load.throttles, callText(load.calls)],
            ]),
            ["---:", "---", "---:", "---:", "---:", "---:", "---:", "---:", "---"],
          ),
        ]),
  ].join("\n\n");
}

const callText = (calls: Calls): string =>
  Object.entries(calls)
    .map(([operation, count]) => `${operation} ${count}`)
    .join(", ");
