/**
 * What the components cost: previews of the program with generated datasets, against the same resources as a flat
 * program, and the pure derivation alone. `npm run bench`; `-- --write` puts the result into docs/performance.md.
 */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { ENGINE_VERSION, resolveEngine } from "../../local/engine";
import { LAPTOP_ACCOUNT } from "../../local/environment";
import { startMoto } from "../../local/moto";
import { startProviders } from "../../local/provider";
import { LAPTOP, ROOT } from "../../local/settings";
import { engineEnvironment } from "../../local/stack";
import { REGION } from "../support/mocks";
import { measure, type Sample } from "./processes";
import { markdown, writeInto, type Derived, type Measured, type Previewed } from "./report";

/** As the mocks have it, by which the flat program is written: then all names are the same. */
const STACK = "test";
const CONFIG = `config:
  aws:region: ${REGION}
  partitions:bucketPrefix: test
  partitions:expectedAccountId: "any"
`;

/** Small numbers of datasets differ least from one run to the next, and are repeated most. */
const runsOf = (datasets: number): number => (datasets <= 10 ? 5 : datasets <= 100 ? 3 : 2);

const say = (line: string): void => console.error(line);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sizes: { type: "string", default: "1,10,100,500" },
      derive: { type: "string", default: "1,10,100,1000" },
      runs: { type: "string" },
      write: { type: "boolean", default: false },
    },
  });
  const runs = (datasets: number) => (values.runs === undefined ? runsOf(datasets) : Number(values.runs));
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "bench-"));
  try {
    const derivations: Derived[] = [];
    for (const datasets of numbers(values.derive)) {
      say(`derive ${datasets}`);
      derivations.push({ datasets, samples: await repeated(5, () => measure("derive", [String(datasets)])) });
    }
    const text = markdown({
      command: "npm run bench",
      engine: ENGINE_VERSION,
      ...(await previews(folder, numbers(values.sizes), runs)),
      derivations,
    });
    console.log(text);
    if (values.write) await writeInto(path.join(ROOT, "docs/performance.md"), text);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function previews(
  folder: string,
  sizes: readonly number[],
  runs: (datasets: number) => number,
): Promise<Pick<Measured, "previews" | "resources">> {
  const engine = await resolveEngine(say);
  const moto = await startMoto({ region: REGION }, say);
  // In this process, so that the measured ones hold the program alone: real providers are processes of their own too.
  const providers = await startProviders({ endpoint: moto.endpoint, region: REGION, accountId: LAPTOP_ACCOUNT });
  let count = 0;
  const previewed = async (script: "components" | "flat", argument: string): Promise<Sample> => {
    const place = path.join(folder, `preview-${++count}`);
    const stateDir = path.join(place, "state");
    fs.mkdirSync(stateDir, { recursive: true });
    fs.copyFileSync(LAPTOP.projectFile, path.join(place, "Pulumi.yaml"));
    fs.writeFileSync(path.join(place, `Pulumi.${STACK}.yaml`), CONFIG);
    const env = engineEnvironment({ engine, stateDir, endpoint: moto.endpoint, region: REGION }, providers.env);
    const sample = await measure(script, [STACK, argument], { cwd: place, env });
    fs.rmSync(place, { recursive: true, force: true });
    const cpu = sample.cpuSeconds === undefined ? "" : `, ${sample.cpuSeconds.toFixed(2)} s of CPU`;
    say(
      `${script} ${path.basename(argument)}: ${sample.seconds.toFixed(2)} s${cpu}, ${sample.mebibytes.toFixed(0)} MiB`,
    );
    return sample;
  };
  const recorded = async (datasets: number) => {
    const file = path.join(folder, `flat-${datasets}.json`);
    const { facts } = await measure("record", [String(datasets), file]);
    return { file, resources: facts["resources"] ?? NaN };
  };
  try {
    // The first dataset with a schedule also brings what schedules share.
    const [one, two] = [await recorded(1), await recorded(2)];
    // The first run of a program fills caches.
    await previewed("components", "1");
    await previewed("flat", one.file);
    const rows: Previewed[] = [];
    for (const datasets of sizes) {
      const { file } = await recorded(datasets);
      const samples = { components: [] as Sample[], flat: [] as Sample[] };
      for (let run = 0; run < runs(datasets); run++) {
        const order = run % 2 === 0 ? (["components", "flat"] as const) : (["flat", "components"] as const);
        for (const script of order)
          samples[script].push(await previewed(script, script === "flat" ? file : String(datasets)));
      }
      rows.push({ datasets, ...samples });
    }
    return {
      previews: rows,
      resources: { shared: 2 * one.resources - two.resources, perDataset: two.resources - one.resources },
    };
  } finally {
    providers.stop();
    await moto.stop();
  }
}

function numbers(text: string): number[] {
  const all = text.split(",").map(Number);
  if (!all.every((each) => Number.isInteger(each) && each > 0))
    throw new Error(`numbers of datasets must be positive and separated by commas, got '${text}'`);
  return all;
}

async function repeated(times: number, work: () => Promise<Sample>): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (let run = 0; run < times; run++) samples.push(await work());
  return samples;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
