import { spawn, type ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Report } from "./cache";
import { tail } from "./command";
import { laptopEnvironment } from "./environment";
import { ensureVenv } from "./python";

const START_MS = 60_000;
const STOP_MS = 5_000;
const KEPT_LINES = 100;

/** A running stand-in for the AWS services. */
export interface Moto {
  readonly endpoint: string;
  /** Fulfilled when its process is over, however it came to its end. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts moto on a free loopback port and waits until it answers. All state is in its memory and gone after `stop`.
 *
 * @throws Error with the server's last lines when it does not start
 */
export async function startMoto(
  options: {
    readonly region: string;
    /** Gets every line the server prints: its requests, and the traces of its errors. @default - they are dropped */
    readonly logFile?: string;
  },
  report: Report,
): Promise<Moto> {
  const venv = await ensureVenv({ name: "moto", requirements: path.join(__dirname, "requirements.txt") }, report);
  const child = spawn(venv.python, ["-u", path.join(__dirname, "moto_main.py")], {
    env: laptopEnvironment({ region: options.region }),
    stdio: ["pipe", "pipe", "pipe"],
    // Its own process group keeps Ctrl-C away until the engine has finished its last calls.
    detached: true,
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = async () => {
    child.stdin.destroy();
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
    await ended;
    clearTimeout(timer);
  };
  try {
    return { endpoint: await endpointOf(child, options.logFile), ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Reads the port from the server's greeting: choosing one beforehand could lose it to another process. */
function endpointOf(child: ChildProcess, logFile: string | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    let lines: string[] = [];
    const fail = (reason: string) => {
      clearTimeout(timer);
      reject(new Error(`moto did not start (${reason}):\n${tail(lines.join("\n"))}`));
    };
    const timer = setTimeout(() => fail(`no answer in ${START_MS / 1000} s`), START_MS);
    child.once("error", (error) => fail(error.message));
    child.once("exit", (code) => fail(`exit code ${code}`));
    const read = (chunk: Buffer) => {
      if (logFile !== undefined) fs.appendFileSync(logFile, chunk);
      // Read for as long as it runs: a full pipe would stop the server.
      lines = [...lines, ...chunk.toString().split("\n")].slice(-KEPT_LINES);
      const port = /Running on http:\/\/127\.0\.0\.1:(\d+)/.exec(lines.join("\n"))?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(`http://127.0.0.1:${port}`);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
  });
}
