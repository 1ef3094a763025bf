import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../operations/commands/shared";
import { laptopEnvironment } from "./environment";
import { LAPTOP, STAYING } from "./settings";

/** Where the services that stay up write how to reach them. */
export const SERVICES_FILE = path.join(STAYING, "services.json");
export const STATE_DIR = path.join(STAYING, "state");
const LOG_FILE = path.join(STAYING, "services.log");
/** What `npm run script` shows; it is no part of the services. */
const KEPT = "script";
const START_MS = 600_000;
const STOP_MS = 15_000;

interface Running {
  readonly pid: number;
  readonly endpoint: string;
}

/** The laptop that `up` started, if it is still there. */
export function running(): Running | undefined {
  if (!fs.existsSync(SERVICES_FILE)) return undefined;
  const services = JSON.parse(fs.readFileSync(SERVICES_FILE, "utf8")) as Running;
  return isAlive(services.pid) ? services : undefined;
}

/** @throws UserError when there is none */
export function runningOrFail(): Running {
  const services = running();
  if (!services) throw new UserError("the laptop AWS is not running; start it with: npm run local -- up");
  return services;
}

/** Starts the services in a process of their own that outlives this one, unless they run already. */
export async function stay(): Promise<Running> {
  const already = running();
  if (already) return already;
  // What a laptop that died knew is gone with its memory: its state would only mislead.
  remove();
  fs.mkdirSync(STAYING, { recursive: true });
  const log = fs.openSync(LOG_FILE, "w");
  const child = spawn(process.execPath, ["--require", "tsx/cjs", path.join(__dirname, "daemon.ts")], {
    detached: true,
    stdio: ["ignore", log, log],
    env: laptopEnvironment({ region: LAPTOP.region }),
  });
  fs.closeSync(log);
  child.unref();
  for (const start = Date.now(); Date.now() - start < START_MS; await sleep(100)) {
    const services = running();
    if (services) return services;
    if (child.exitCode !== null || child.signalCode !== null) break;
  }
  child.kill();
  throw new UserError(`the laptop AWS did not start:\n${fs.readFileSync(LOG_FILE, "utf8").trim()}`);
}

/** Stops the services and removes what they knew. Returns whether there was anything to stop. */
export async function leave(): Promise<boolean> {
  const services = running();
  if (services) {
    process.kill(services.pid, "SIGTERM");
    for (const start = Date.now(); isAlive(services.pid); await sleep(50))
      if (Date.now() - start > STOP_MS) process.kill(services.pid, "SIGKILL");
  }
  remove();
  return services !== undefined;
}

function remove(): void {
  const ours = (name: string): boolean => name !== KEPT;
  for (const name of fs.existsSync(STAYING) ? fs.readdirSync(STAYING).filter(ours) : [])
    fs.rmSync(path.join(STAYING, name), { recursive: true, force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
