import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

/** One measured process. */
export interface Sample {
  /** From its start to its end. */
  readonly seconds: number;
  /** Processor time of the process and of all that it started: the same however busy the machine is. Linux only. */
  readonly cpuSeconds?: number;
  /** Peak memory of the process itself. */
  readonly mebibytes: number;
  /** Peak memory of the largest process that it started: the engine. Linux only. */
  readonly engineMebibytes?: number;
  /** What it said of itself. */
  readonly facts: Readonly<Record<string, number>>;
}

const LOOK_MS = 100;

/**
 * Runs a script of `measured/` in a process of its own.
 *
 * @throws Error with the output of a process that failed
 */
export function measure(
  script: string,
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly env?: NodeJS.ProcessEnv;
    /** The script as one file of JavaScript, which needs no compiler beside it. */
    readonly bundle?: string;
  } = {},
): Promise<Sample> {
  const { bundle, ...place } = options;
  const file = path.join(__dirname, "measured", `${script}.ts`);
  const command = bundle === undefined ? ["--require", require.resolve("tsx/cjs"), file] : [bundle];
  return new Promise((resolve, reject) => {
    const [start, cpuStart] = [performance.now(), cpuOfEnded()];
    const child = spawn(process.execPath, [...command, ...args], {
      ...{ env: process.env, ...place },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let errors = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
    let engineKiB = 0;
    const looking = setInterval(() => (engineKiB = Math.max(engineKiB, ...peaksBelow(child.pid))), LOOK_MS);
    child.once("error", reject);
    child.once("close", (code) => {
      const seconds = (performance.now() - start) / 1000;
      clearInterval(looking);
      if (code !== 0) return reject(new Error(`${script} ${args.join(" ")} ended with ${code}:\n${output}${errors}`));
      const { rssKiB = 0, ...facts } = JSON.parse(output.trim().split("\n").at(-1) ?? "") as Record<string, number>;
      const cpu = cpuOfEnded();
      resolve({
        ...{ seconds, facts, mebibytes: rssKiB / 1024 },
        ...(cpu === undefined || cpuStart === undefined ? {} : { cpuSeconds: cpu - cpuStart }),
        ...(engineKiB > 0 ? { engineMebibytes: engineKiB / 1024 } : {}),
      });
    });
  });
}

/** Peak memory so far of every process below one, in KiB; nothing where there is no `/proc`. */
function peaksBelow(pid: number | undefined): number[] {
  try {
    const children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean);
    return children.flatMap((child) => {
      const peak = /^VmHWM:\s+(\d+) kB/m.exec(fs.readFileSync(`/proc/${child}/status`, "utf8"))?.[1];
      return [Number(peak ?? 0), ...peaksBelow(Number(child))];
    });
  } catch {
    return [];
  }
}

/** Clock ticks of a second, as Linux shows them everywhere. */
const TICKS = 100;

/** Processor time of all processes that this one has seen end, and of theirs. */
function cpuOfEnded(): number | undefined {
  try {
    // The name of the program, in parentheses, may hold blanks.
    const fields = fs.readFileSync("/proc/self/stat", "utf8").replace(/^.*\)/s, "").trim().split(" ");
    return (Number(fields[13]) + Number(fields[14])) / TICKS;
  } catch {
    return undefined;
  }
}
