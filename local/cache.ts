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
 *
 * @param onWait is called once, when somebody else holds the lock
 */
export async function withLock<T>(file: string, work: () => Promise<T>, onWait?: () => void): Promise<T> {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  while (!acquire(file)) {
    // A lock that vanished between two looks is not stale; the next turn of the loop takes it.
    const holder = holderOf(file);
    if (holder !== undefined && !isAlive(holder)) fs.rmSync(file, { force: true });
    else {
      onWait?.();
      onWait = undefined;
      await sleep(POLL_MS);
    }
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

/** Whether a process runs. A zombie does not, though its number is taken until somebody asks for its exit code. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
  try {
    return !/^State:\s*Z/m.test(fs.readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    // Not every system tells.
    return true;
  }
}
