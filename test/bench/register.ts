import { buildSync } from "esbuild";
import { fork, type ChildProcess } from "node:child_process";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { run } from "../../local/command";
import { LAPTOP_CREDENTIALS } from "../../local/environment";
import { ensureVenv } from "../../local/python";
import { ROOT } from "../../local/settings";
import { measure } from "./processes";
import { registerMarkdown, type Load, type Registered } from "./registerReport";
import type { Question, ServerOptions, Stats } from "./registerServer";
import { writeInto } from "./report";

/** How partitions are registered: ours by name, by names and sizes in S3, with every file opened; and the others. */
const OURS = ["apply", "names", "all"] as const;
const OTHERS = ["batches", "awswrangler", "single"] as const;
export type Contender = (typeof OURS)[number] | (typeof OTHERS)[number];

/** One by one no more than so many are registered. */
const SINGLE_MOST = 1000;

const say = (line: string): void => console.error(line);

/** `node --import tsx test/bench/register.ts`: what registration costs beside others, and under load. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sizes: { type: "string", default: "1000,10000" },
      latency: { type: "string", default: "50" },
      who: { type: "string", default: [...OTHERS, ...OURS].join(",") },
      load: { type: "string", default: "100000" },
      write: { type: "boolean", default: false },
    },
  });
  const venv = await ensureVenv({ name: "register", requirements: path.join(__dirname, "register.txt") }, say);
  const latencyMs = Number(values.latency);
  const rows: Registered[] = [];
  for (const partitions of values.sizes.split(",").map(Number))
    for (const contender of [...OTHERS, ...OURS].filter((each) => values.who.split(",").includes(each))) {
      // Ten times as many take ten times as long.
      if (contender === "single" && partitions > SINGLE_MOST) continue;
      const server = await startServer({ partitions, latencyMs });
      for (const again of [false, true]) {
        await server.ask("stats");
        const { workSeconds, mebibytes } = await registered(contender, partitions, server.endpoint, venv.python);
        const { calls } = await server.ask("stats");
        rows.push({ contender, partitions, again, seconds: workSeconds, mebibytes, calls });
        say(
          `${contender} ${partitions}${again ? " again" : ""}: ${workSeconds.toFixed(2)} s, ${JSON.stringify(calls)}`,
        );
      }
      server.stop();
    }
  const loads: Load[] = [];
  if (Number(values.load) > 0)
    for (const contender of ["names", "all"] as const) {
      const partitions = Number(values.load);
      const [latency, throttled] = [50, 0.05];
      const server = await startServer({ partitions, latencyMs: latency, throttled });
      const { workSeconds, mebibytes } = await registered(contender, partitions, server.endpoint, venv.python);
      const { calls, throttles, partitions: there } = await server.ask("stats");
      server.stop();
      loads.push({
        ...{ contender, partitions, there, seconds: workSeconds, mebibytes, calls, throttles },
        latencyMs: latency,
        throttled,
      });
      say(
        `${contender} ${partitions} under load: ${workSeconds.toFixed(1)} s, ${mebibytes.toFixed(0)} MiB, ${JSON.stringify(calls)}`,
      );
    }
  const text = registerMarkdown({ latencyMs, rows, loads });
  console.log(text);
  if (values.write) await writeInto(path.join(ROOT, "docs/performance.md"), text, "registered");
}

async function registered(
  contender: Contender,
  partitions: number,
  endpoint: string,
  python: string,
): Promise<{ workSeconds: number; mebibytes: number }> {
  const env = {
    ...process.env,
    ...{ AWS_ENDPOINT_URL: endpoint, AWS_REGION: "ap-northeast-1", AWS_DEFAULT_REGION: "ap-northeast-1" },
    AWS_ACCESS_KEY_ID: LAPTOP_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: LAPTOP_CREDENTIALS.secretAccessKey,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  };
  if (OURS.some((each) => each === contender)) {
    const { facts, mebibytes } = await measure("register", [contender, String(partitions)], { env, bundle: bundled() });
    return { workSeconds: facts["workSeconds"] ?? NaN, mebibytes };
  }
  const script = path.join(__dirname, "register.py");
  const { code, output } = await run(python, [script, contender, String(partitions)], { env });
  if (code !== 0) throw new Error(`${contender} ended with ${code}:\n${output}`);
  const { workSeconds, rssKiB } = JSON.parse(output.trim().split("\n").at(-1) ?? "") as {
    workSeconds: number;
    rssKiB: number;
  };
  return { workSeconds, mebibytes: rssKiB / 1024 };
}

/** As the function is deployed: one file, and the AWS SDK beside it. */
function bundled(): string {
  const file = path.join(ROOT, "node_modules/.cache/bench/register.cjs");
  buildSync({
    ...{ entryPoints: [path.join(__dirname, "measured/register.ts")], outfile: file, bundle: true },
    ...{ platform: "node", format: "cjs", external: ["@aws-sdk/*"], logLevel: "error" },
  });
  return file;
}

interface Server {
  readonly endpoint: string;
  readonly ask: (question: Question) => Promise<Stats>;
  readonly stop: () => void;
}

async function startServer(options: ServerOptions): Promise<Server> {
  const child = fork(path.join(__dirname, "registerServer.ts"), [JSON.stringify(options)], {
    execArgv: ["--import", "tsx"],
  });
  const next = <Answer>() =>
    new Promise<Answer>((resolve) => child.once("message", (answer) => resolve(answer as Answer)));
  return {
    endpoint: await next<string>(),
    ask: (question) => {
      const answer = next<Stats>();
      child.send(question);
      return answer;
    },
    stop: () => ended(child),
  };
}

function ended(child: ChildProcess): void {
  child.disconnect();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
