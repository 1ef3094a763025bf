import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { cacheDir, withLock, type Report } from "./cache";
import { run, tail } from "./command";

const OLDEST_MINOR = 10;
const VERSION = "import sys; print('%d.%d.%d' % sys.version_info[:3])";

/** A Python environment with its packages installed. */
export interface Venv {
  /** The interpreter. */
  readonly python: string;
  /** The folder of its commands. */
  readonly bin: string;
}

/**
 * The environment for a requirements file: made once, then found by its name, the file's content and Python's version.
 *
 * @throws Error when python3 is missing or too old, or pip fails
 */
export async function ensureVenv(
  options: { readonly name: string; readonly requirements: string },
  report: Report,
): Promise<Venv> {
  const version = await pythonVersion();
  const requirements = fs.readFileSync(options.requirements);
  const key = createHash("sha256").update(version).update("\0").update(requirements).digest("hex").slice(0, 12);
  const folder = path.join(cacheDir(), "python", `${options.name}-${key}`);
  const bin = path.join(folder, "bin");
  // Written last: an environment cannot be moved into place when it is done, because its commands hold its path.
  const marker = path.join(folder, ".complete");
  if (!fs.existsSync(marker))
    await withLock(`${folder}.lock`, async () => {
      if (fs.existsSync(marker)) return;
      report(`installing the Python packages of '${options.name}', once`);
      fs.rmSync(folder, { recursive: true, force: true });
      await must("python3", ["-m", "venv", folder]);
      await must(path.join(bin, "python"), ["-m", "pip", "install", "--quiet", "-r", options.requirements]);
      fs.writeFileSync(marker, "");
    });
  return { python: path.join(bin, "python"), bin };
}

async function pythonVersion(): Promise<string> {
  const found = await run("python3", ["-c", VERSION]);
  const version = found.output.trim();
  const [major, minor] = version.split(".").map(Number);
  if (found.code !== 0 || major !== 3 || minor === undefined || minor < OLDEST_MINOR)
    throw new Error(
      `python3 must be 3.${OLDEST_MINOR} or newer, got ${found.code === 0 ? version : "none"}; install it and run again`,
    );
  return version;
}

async function must(command: string, args: readonly string[]): Promise<void> {
  const { code, output } = await run(command, args);
  if (code !== 0) throw new Error(`'${[command, ...args].join(" ")}' failed:\n${tail(output)}`);
}
