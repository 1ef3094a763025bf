import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../operations/commands/shared";
import { isAlive, withLock, type Report } from "./cache";
import { laptopEnvironment } from "./environment";
import { runningBy, type Running } from "./identity";
import { LAPTOP, STAYING } from "./settings";

/** Where the services that stay up write how to reach them. */
export const SERVICES_FILE = path.join(STAYING, "services.json");
export const STATE_DIR = path.join(STAYING, "state");
/** What jobs and functions printed. */
export const LOG_FILE = path.join(STAYING, "services.log");
/** Held by whoever starts or stops the services. */
const LOCK_FILE = path.join(STAYING, "lock");
/** The lock is there while the rest is removed. */
const KEPT = /^lock/;
/** A start leaves what `npm run script` shows: that is no part of the services. */
const KEPT_BY_START = /^(script$|lock)/;
const START_MS = 600_000;
const STOP_MS = 15_000;
const KILL_MS = 2_000;
const UP = "npm run local -- up";

/** The laptop that `up` started, if it is still there. */
export async function running(): Promise<Running | undefined> {
  return fs.existsSync(SERVICES_FILE) ? runningBy(fs.readFileSync(SERVICES_FILE, "utf8")) : undefined;
}

/**
 * Does a piece of work with the laptop that runs.
 *
 * @throws UserError when there is none, or when it ended meanwhile
 */
export async function withRunning<T>(work: (services: Running) => Promise<T>): Promise<T> {
  const services = await running();
  if (!services) throw new UserError(`the laptop AWS is not running; start it with: ${UP}`);
  try {
    return await work(services);
  } catch (error) {
    if (await running()) throw error;
    throw new UserError(`the laptop AWS has ended meanwhile, see ${LOG_FILE}; start it again with: ${UP}`);
  }
}

/**
 * Starts the services in a process of their own that outlives this one, unless they run already, and does the work
 * with them. Whoever starts or stops them at the same time waits until it is done.
 */
export function stay<T>(work: (services: Running) => Promise<T>, report: Report): Promise<T> {
  return alone(report, async () => {
    if (!(await running())) await start();
    return withRunning(work);
  });
}

/** Stops the services and removes what they knew. Returns whether there was anything to stop. */
export function leave(report: Report): Promise<boolean> {
  return alone(report, async () => {
    const services = await running();
    if (services) await end(services.pid);
    remove(KEPT);
    return services !== undefined;
  });
}

function alone<T>(report: Report, work: () => Promise<T>): Promise<T> {
  return withLock(LOCK_FILE, work, () => report("waiting for another up or down to finish"));
}

async function start(): Promise<void> {
  // What a laptop that died knew is gone with its memory: its state would only mislead.
  remove(KEPT_BY_START);
  const log = fs.openSync(LOG_FILE, "w");
  const child = spawn(process.execPath, ["--require", "tsx/cjs", path.join(__dirname, "daemon.ts")], {
    detached: true,
    stdio: ["pipe", log, log],
    env: laptopEnvironment({ region: LAPTOP.region }),
  });
  fs.closeSync(log);
  child.unref();
  child.stdin?.on("error", () => undefined);
  try {
    for (const begun = Date.now(); Date.now() - begun < START_MS; await sleep(100)) {
      if (await running()) return;
      if (child.exitCode !== null || child.signalCode !== null) break;
    }
    child.kill();
    throw new UserError(`the laptop AWS did not start:\n${fs.readFileSync(LOG_FILE, "utf8").trim()}`);
  } finally {
    child.stdin?.destroy();
  }
}

async function end(pid: number): Promise<void> {
  for (const [signal, ms] of [
    ["SIGTERM", STOP_MS],
    ["SIGKILL", KILL_MS],
  ] as const) {
    signalTo(pid, signal);
    for (const begun = Date.now(); Date.now() - begun < ms; await sleep(50)) if (!isAlive(pid)) return;
  }
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has just ended.
  }
}

function remove(kept: RegExp): void {
  for (const name of fs.readdirSync(STAYING).filter((each) => !kept.test(each)))
    fs.rmSync(path.join(STAYING, name), { recursive: true, force: true });
}
