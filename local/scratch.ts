import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { isAlive } from "./cache";

const NAME = /^partitions-[a-z]+-([0-9a-z]+)-(\d+)-\w{6}$/;

/**
 * A folder for a piece of work, outside the checkout: programs that run in it must not find the packages there. Its
 * name says whose it is, so that what a killed process leaves behind can be told from what is still in use.
 *
 * @param kind lower-case letters
 */
export function scratchFolder(kind: string): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), `partitions-${kind}-${processSpace()}-${process.pid}-`));
}

/** Removes the scratch folders of this user whose process is gone. */
export function sweepScratch(): void {
  for (const name of fs.readdirSync(os.tmpdir())) {
    const [, space, pid] = NAME.exec(name) ?? [];
    const folder = path.join(os.tmpdir(), name);
    if (space === processSpace() && !isAlive(Number(pid)) && isOwnFolder(folder))
      fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Which process numbers count here: a container that shares the folder has others. */
function processSpace(): string {
  return fs.statSync("/proc/self/ns/pid", { throwIfNoEntry: false })?.ino.toString(36) ?? "0";
}

function isOwnFolder(folder: string): boolean {
  const found = fs.lstatSync(folder, { throwIfNoEntry: false });
  return found?.isDirectory() === true && found.uid === process.getuid?.();
}
