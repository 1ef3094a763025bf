import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Tells the user, one line at a time, what takes long. */
export type Report = (line: string) => void;

/** Where engine and Python environments are kept between runs, outside the checkout. */
export function cacheDir(): string {
  return path.join(process.env["XDG_CACHE_HOME"] || path.join(os.homedir(), ".cache"), "sagemaker-partitions");
}

const POLL_MS = 200;

/**
 * Runs one holder at a time per lock file, over processes. A lock whose process is gone is taken over, so a killed
 * run blocks nobody.
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  while (!acquire(file)) {
    if (!isAlive(holderOf(file))) fs.rmSync(file, { force: true });
    else await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    fs.rmSync(file, { force: true });
  }
}

/** Writes the holder beside the lock and links it into place: the lock never exists without its holder's id. */
function acquire(file: string): boolean {
  const own = `${file}.${process.pid}`;
  fs.writeFileSync(own, String(process.pid));
  try {
    fs.linkSync(own, file);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    fs.rmSync(own, { force: true });
  }
}

/** The process id in a lock file, or undefined when the lock has just been released. */
function holderOf(file: string): number | undefined {
  try {
    return Number(fs.readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

function isAlive(pid: number | undefined): boolean {
  // A lock that vanished between two looks is not stale; the next turn of the loop takes it.
  if (pid === undefined) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
