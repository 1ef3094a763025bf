/**
 * What the policy pack costs: previews of the program with generated datasets, with the pack and with an empty one in
 * turns. `node --import tsx test/bench/policies.ts`; `--write` puts the result into docs/performance.md.
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
import { rules } from "../../policy/rules";
import { REGION } from "../support/mocks";
import { measure, type Sample } from "./processes";
import { median, table, writeInto } from "./report";

const STACK = "test";
const CONFIG = `config:
  aws:region: ${REGION}
  partitions:bucketPrefix: test
  partitions:expectedAccountId: "any"
`;

const say = (line: string): void => console.error(line);

/** Both packs, by what the table calls them. */
interface Compared {
  readonly datasets: number;
  readonly ours: Sample[];
  readonly empty: Sample[];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sizes: { type: "string", default: "1,100" },
      runs: { type: "string", default: "3" },
      write: { type: "boolean", default: false },
    },
  });
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "bench-"));
  try {
    const compared = await previews(folder, values.sizes.split(",").map(Number), Number(values.runs));
    const text = markdown(compared);
    console.log(text);
    if (values.write) await writeInto(path.join(ROOT, "docs/performance.md"), text, "policies");
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** A pack without a rule, started as ours is. */
function emptyPack(folder: string): string {
  const pack = path.join(folder, "empty");
  fs.mkdirSync(pack);
  fs.symlinkSync(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"));
  fs.writeFileSync(path.join(pack, "package.json"), '{"name":"empty","version":"0.0.1","main":"start.js"}');
  fs.writeFileSync(path.join(pack, "PulumiPolicy.yaml"), "runtime: nodejs\nmain: start.js\n");
  const start = 'const { PolicyPack } = require("@pulumi/policy");\nnew PolicyPack("empty", { policies: [] });\n';
  fs.writeFileSync(path.join(pack, "start.js"), start);
  return pack;
}

async function previews(folder: string, sizes: readonly number[], runs: number): Promise<Compared[]> {
  const engine = await resolveEngine(say);
  const moto = await startMoto({ region: REGION }, say);
  const providers = await startProviders({ endpoint: moto.endpoint, region: REGION, accountId: LAPTOP_ACCOUNT });
  const packs = { ours: LAPTOP.policyPack, empty: emptyPack(folder) };
  let count = 0;
  const previewed = async (datasets: number, pack: keyof typeof packs): Promise<Sample> => {
    const place = path.join(folder, `preview-${++count}`);
    const stateDir = path.join(place, "state");
    fs.mkdirSync(stateDir, { recursive: true });
    fs.copyFileSync(LAPTOP.projectFile, path.join(place, "Pulumi.yaml"));
    fs.writeFileSync(path.join(place, `Pulumi.${STACK}.yaml`), CONFIG);
    const env = engineEnvironment({ engine, stateDir, endpoint: moto.endpoint, region: REGION }, providers.env);
    const sample = await measure("judged", [STACK, String(datasets), packs[pack]], { cwd: place, env });
    fs.rmSync(place, { recursive: true, force: true });
    say(`${datasets} datasets, ${pack}: ${sample.seconds.toFixed(2)} s, ${sample.facts["violations"]} violations`);
    return sample;
  };
  try {
    // The first run fills caches.
    await previewed(1, "ours");
    await previewed(1, "empty");
    const compared: Compared[] = [];
    for (const datasets of sizes) {
      const row: Compared = { datasets, ours: [], empty: [] };
      for (let run = 0; run < runs; run++)
        for (const pack of run % 2 === 0 ? (["ours", "empty"] as const) : (["empty", "ours"] as const))
          row[pack].push(await previewed(datasets, pack));
      compared.push(row);
    }
    return compared;
  } finally {
    providers.stop();
    await moto.stop();
  }
}

function markdown(compared: readonly Compared[]): string {
  const [cpu] = os.cpus();
  const of = (samples: readonly Sample[], value: (sample: Sample) => number | undefined) =>
    median(samples.flatMap((sample) => value(sample) ?? []));
  const rows = compared.map(({ datasets, ours, empty }) => {
    const [seconds, floor] = [ours, empty].map((samples) => of(samples, (sample) => sample.seconds));
    const [cpuSeconds, cpuFloor] = [ours, empty].map((samples) => of(samples, (sample) => sample.cpuSeconds));
    const ratio = (a = NaN, b = NaN): string => (a / b).toFixed(2);
    return [
      ...[datasets, ours.length, seconds?.toFixed(2) ?? "", floor?.toFixed(2) ?? "", ratio(seconds, floor)],
      ...[`${cpuSeconds?.toFixed(2)} / ${cpuFloor?.toFixed(2)}`, ratio(cpuSeconds, cpuFloor)],
      of(ours, ({ facts }) => facts["violations"]),
    ];
  });
  return [
    `Measured on ${new Date().toISOString().slice(0, 10)} by \`node --import tsx test/bench/policies.ts\`: ${rules.length} ` +
      `rules, ${os.cpus().length} cores (${cpu?.model.trim() || os.arch()}), Node ${process.version}, engine ${ENGINE_VERSION}.`,
    table(
      [
        "Datasets",
        "Runs",
        "The pack, s",
        "An empty pack, s",
        "Ratio",
        "CPU, s (the pack / empty)",
        "Ratio",
        "Violations",
      ],
      rows,
    ),
  ].join("\n\n");
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
