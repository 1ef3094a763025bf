import * as fs from "node:fs";
import * as os from "node:os";
import * as prettier from "prettier";
import type { Sample } from "./processes";

/** Previews of both programs with one number of datasets. */
export interface Previewed {
  readonly datasets: number;
  readonly components: readonly Sample[];
  readonly flat: readonly Sample[];
}

/** The pure derivation of one number of datasets. */
export interface Derived {
  readonly datasets: number;
  readonly samples: readonly Sample[];
}

export interface Measured {
  readonly command: string;
  readonly engine: string;
  readonly previews: readonly Previewed[];
  /** AWS resources of the stack without datasets, and of each dataset. */
  readonly resources: { readonly shared: number; readonly perDataset: number };
  readonly derivations: readonly Derived[];
}

/** Where a measurement stands in a file. */
const markers = (name: string) => [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`] as const;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = NaN, high = NaN] = [sorted[sorted.length % 2 ? middle : middle - 1], sorted[middle]];
  return (low + high) / 2;
}

const of = (samples: readonly Sample[], value: (sample: Sample) => number | undefined): number =>
  median(samples.flatMap((sample) => value(sample) ?? []));

/** The measurement as Markdown. */
export function markdown({ command, engine, previews, resources, derivations }: Measured): string {
  const [cpu] = os.cpus();
  return [
    `Measured on ${new Date().toISOString().slice(0, 10)} by \`${command}\`: ${os.cpus().length} cores ` +
      `(${cpu?.model.trim() || os.arch()}), ${Math.round(os.totalmem() / 2 ** 30)} GiB, Node ${process.version}, engine ` +
      `${engine}; load before ${(os.loadavg()[0] ?? 0).toFixed(1)}.`,
    "### Preview",
    previewTable(previews),
    `AWS resources: ${resources.shared} shared, ${resources.perDataset} for each dataset.`,
    "### Pure derivation",
    derivationTable(derivations),
  ].join("\n\n");
}

function previewTable(previews: readonly Previewed[]): string {
  const [first] = previews;
  const seconds = (samples: readonly Sample[]) => of(samples, (sample) => sample.seconds);
  const further = (kind: "components" | "flat", row: Previewed): string =>
    first === undefined || row === first
      ? ""
      : ((1000 * (seconds(row[kind]) - seconds(first[kind]))) / (row.datasets - first.datasets)).toFixed(1);
  return table(
    [
      ...["Datasets", "Runs", "Components, s", "Flat, s", "Ratio", "CPU, s (components / flat)", "Ratio"],
      ...["Components, ms per further dataset", "Flat, ms per further dataset"],
      ...["Components, MiB", "Flat, MiB", "Ratio", "Engine, MiB (components / flat)"],
    ],
    previews.map((row) => {
      const { datasets, components, flat } = row;
      const memory = [components, flat].map((samples) => of(samples, (sample) => sample.mebibytes));
      const engine = [components, flat].map((samples) => of(samples, (sample) => sample.engineMebibytes));
      const [ours = NaN, floor = NaN] = memory;
      const cpu = [components, flat].map((samples) => of(samples, (sample) => sample.cpuSeconds));
      const [ourCpu = NaN, flatCpu = NaN] = cpu;
      return [
        ...[datasets, components.length, seconds(components).toFixed(2), seconds(flat).toFixed(2)],
        (seconds(components) / seconds(flat)).toFixed(2),
        ...[cpu.map((each) => shown(each, 2)).join(" / "), shown(ourCpu / flatCpu, 2)],
        ...[further("components", row), further("flat", row)],
        ...[ours.toFixed(0), floor.toFixed(0), (ours / floor).toFixed(2)],
        engine.map((each) => shown(each, 0)).join(" / "),
      ];
    }),
  );
}

const shown = (value: number, digits: number): string => (Number.isNaN(value) ? "?" : value.toFixed(digits));

function derivationTable(derivations: readonly Derived[]): string {
  return table(
    ["Datasets", "Runs", "Declare, ms", "Derive, ms", "Validate, ms", "Together, ms", "ms per dataset"],
    derivations.map(({ datasets, samples }) => {
      const parts = ["declareMs", "deriveMs", "validateMs"].map((part) => of(samples, ({ facts }) => facts[part]));
      const together = parts.reduce((sum, part) => sum + part, 0);
      const milliseconds = [...parts, together].map((part) => part.toFixed(1));
      return [datasets, samples.length, ...milliseconds, (together / datasets).toFixed(2)];
    }),
  );
}

export function table(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  align: readonly string[] = head.map(() => "---:"),
): string {
  return [head, align, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** Puts a measurement in the place of the last one. */
export async function writeInto(file: string, measured: string, name = "measured"): Promise<void> {
  const text = fs.readFileSync(file, "utf8");
  const [BEGIN, END] = markers(name);
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${file} has no '${BEGIN}' before '${END}'`);
  const next = `${text.slice(0, begin + BEGIN.length)}\n\n${measured}\n\n${text.slice(end)}`;
  const style = { ...(await prettier.resolveConfig(file)), filepath: file };
  fs.writeFileSync(file, await prettier.format(next, style));
}
