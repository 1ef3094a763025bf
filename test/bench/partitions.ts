import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { run } from "../../local/command";
import { ensureVenv } from "../../local/python";
import { scratchFolder } from "../../local/scratch";
import { ROOT } from "../../local/settings";
import { median, table, writeInto } from "./report";

/** Who writes partitions. Ours comes first: the raw write copies its files. */
const CONTENDERS = {
  ours: "ours, every cell checked",
  duckdb: "DuckDB `COPY … PARTITION_BY`",
  polars: "polars `sink_csv(PartitionBy)`",
  pandas: "pandas `groupby` + `to_csv`",
  raw: "raw write of the same bytes",
} as const;
type Contender = keyof typeof CONTENDERS;

const SHAPES = {
  few: "20 large partitions, rows in any order",
  sorted: "5,000 small partitions, rows in their order",
  unsorted: "5,000 small partitions, rows in any order",
  large: "20 partitions from a file, DuckDB limited to 512 MB",
} as const;
type Shape = keyof typeof SHAPES;

/** The input that is larger than memory is so many times as long. */
const LARGE = 6;

/** What one process said. */
interface Run {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly rssKiB: number;
  readonly files: number;
  readonly bytes: number;
  readonly rows: number;
  /** Name of a file. */
  readonly name: string;
}

/** `node --import tsx test/bench/partitions.ts`: what `write_partitions` costs beside others. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rows: { type: "string", default: "2000000" },
      runs: { type: "string", default: "3" },
      shapes: { type: "string", default: Object.keys(SHAPES).join(",") },
      write: { type: "boolean", default: false },
    },
  });
  const requirements = path.join(ROOT, "test/helpers/requirements.txt");
  const { python } = await ensureVenv({ name: "helpers", requirements }, console.error);
  const folder = scratchFolder("bench-partitions");
  const lines: string[][] = [];
  try {
    for (const shape of values.shapes.split(",") as Shape[]) {
      const rows = Number(values.rows) * (shape === "large" ? LARGE : 1);
      const source = path.join(folder, `${shape}.parquet`);
      await answer(python, ["prepare", shape, String(rows), source]);
      // pandas holds all rows at once.
      const contenders = (Object.keys(CONTENDERS) as Contender[]).filter(
        (who) => !(shape === "large" && who === "pandas"),
      );
      const runs = new Map<Contender, Run[]>(contenders.map((who) => [who, []]));
      for (let turn = 0; turn < Number(values.runs); turn++) {
        for (const who of contenders) {
          const more = who === "raw" ? [path.join(folder, "ours")] : [];
          const said = await answer(python, [who, shape, source, path.join(folder, who), ...more]);
          const found = JSON.parse(said) as Run;
          if (who === "ours" && found.rows !== rows) throw new Error(`ours wrote ${found.rows} rows of ${rows}`);
          runs.get(who)?.push(found);
          console.error(`${shape} ${who}: ${said}`);
        }
        for (const who of contenders) fs.rmSync(path.join(folder, who), { recursive: true, force: true });
      }
      lines.push(...report(shape, rows, runs));
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
  const [cpu] = os.cpus();
  const text = [
    `Measured on ${new Date().toISOString().slice(0, 10)} by \`node --import tsx test/bench/partitions.ts\`: ` +
      `${os.cpus().length} cores (${cpu?.model.trim() || os.arch()}), medians of ${values.runs} runs, in turns; load ` +
      `${(os.loadavg()[0] ?? 0).toFixed(1)}, so that processor time tells more than the clock.`,
    table(
      ["Shape", "Rows", "MB", "Who", "Seconds", "Of DuckDB's", "CPU, s", "Of DuckDB's", "MiB", "Files", "Named"],
      lines,
      ["---", "---:", "---:", "---", "---:", "---:", "---:", "---:", "---:", "---:", "---"],
    ),
  ].join("\n\n");
  console.log(text);
  if (values.write) await writeInto(path.join(ROOT, "docs/performance.md"), text, "partitions");
}

function report(shape: Shape, rows: number, runs: ReadonlyMap<Contender, readonly Run[]>): string[][] {
  const of = (who: Contender, value: (run: Run) => number): number => median((runs.get(who) ?? []).map(value));
  return [...runs.keys()].map((who) => {
    const ratio = (value: (run: Run) => number) => (of(who, value) / of("duckdb", value)).toFixed(2);
    const there = of(who, (run) => run.rows);
    return [
      SHAPES[shape],
      rows.toLocaleString("en"),
      (of(who, (run) => run.bytes) / 1e6).toFixed(0),
      CONTENDERS[who] + (there === rows ? "" : `; ${(rows - there).toLocaleString("en")} rows are missing`),
      ...[of(who, (run) => run.seconds).toFixed(2), ratio((run) => run.seconds)],
      ...[of(who, (run) => run.cpuSeconds).toFixed(2), ratio((run) => run.cpuSeconds)],
      ...[of(who, (run) => run.rssKiB / 1024).toFixed(0), of(who, (run) => run.files).toFixed(0)],
      `\`${runs.get(who)?.[0]?.name}\``,
    ];
  });
}

async function answer(python: string, args: readonly string[]): Promise<string> {
  const { code, output } = await run(python, [path.join(__dirname, "partitions.py"), ...args]);
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}:\n${output}`);
  return output.trim().split("\n").at(-1) ?? "";
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
