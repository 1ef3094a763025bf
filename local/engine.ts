import * as fs from "node:fs";
import * as path from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { cacheDir, withLock, type Report } from "./cache";
import { run, tail } from "./command";

/** The engine this project is tested with. `local/engine/go.mod` names the same version: a test compares them. */
export const ENGINE_VERSION = "3.250.0";

/** The oldest installed CLI 3.x that has every option the laptop uses. */
const OLDEST_USABLE_MINOR = 200;
const PROBE_MS = 5_000;
const DOWNLOAD_MS = 300_000;
const INSTALLER = "https://get.pulumi.com/install.sh";
const PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/** A Pulumi engine that is ready to run. */
export interface Engine {
  readonly command: PulumiCommand;
  readonly source: "installed" | "cached" | "downloaded" | "built";
  /** Whether the CLI brings its Node host, and so runs policy packs by itself. */
  readonly hasLanguageHost: boolean;
}

/**
 * Finds an engine: the installed `pulumi`, the cached one, a download, or a build from the Go module proxy (for
 * networks that reach package registries only; about four minutes, once).
 *
 * @throws Error that says what to install when no way is open
 */
export async function resolveEngine(report: Report): Promise<Engine> {
  const installed = await usable(undefined);
  if (installed) return engineOf(installed, "installed");
  const root = path.join(cacheDir(), "engine", `v${ENGINE_VERSION}`);
  const cached = await usable(root);
  if (cached) return engineOf(cached, "cached");
  return withLock(`${root}.lock`, async () => {
    const meanwhile = await usable(root);
    if (meanwhile) return engineOf(meanwhile, "cached");
    if (await download(root, report)) return engineOf(await PulumiCommand.get({ root }), "downloaded");
    await build(root, report);
    return engineOf(await PulumiCommand.get({ root }), "built");
  });
}

async function usable(root: string | undefined): Promise<PulumiCommand | undefined> {
  try {
    const command = await PulumiCommand.get(root === undefined ? {} : { root });
    const version = command.version;
    return version?.major === 3 && version.minor >= OLDEST_USABLE_MINOR ? command : undefined;
  } catch {
    return undefined;
  }
}

function engineOf(command: PulumiCommand, source: Engine["source"]): Engine {
  const folders = [
    ...(path.isAbsolute(command.command) ? [path.dirname(command.command)] : []),
    ...(process.env["PATH"] ?? "").split(path.delimiter),
  ];
  const hasLanguageHost = folders.some((folder) => fs.existsSync(path.join(folder, "pulumi-language-nodejs")));
  return { command, source, hasLanguageHost };
}

/**
 * Runs Pulumi's installer into a folder beside the target and renames it, so that an aborted download leaves nothing
 * that looks whole. (The Automation API's `install()` does the same for its own version only, and without an end.)
 */
async function download(root: string, report: Report): Promise<boolean> {
  const partial = `${root}.partial`;
  const script = `${partial}.sh`;
  try {
    const response = await fetch(INSTALLER, { signal: AbortSignal.timeout(PROBE_MS) });
    if (!response.ok) return false;
    report(`downloading Pulumi ${ENGINE_VERSION}`);
    fs.writeFileSync(script, await response.text());
    const args = [script, "--no-edit-path", "--install-root", partial, "--version", ENGINE_VERSION];
    const installed = await run("sh", args, { timeoutMs: DOWNLOAD_MS });
    if (installed.code !== 0) return false;
    fs.rmSync(root, { recursive: true, force: true });
    fs.renameSync(partial, root);
    return true;
  } catch {
    return false;
  } finally {
    fs.rmSync(script, { force: true });
    fs.rmSync(partial, { recursive: true, force: true });
  }
}

async function build(root: string, report: Report): Promise<void> {
  const go = await run("go", ["version"]);
  if (go.code !== 0)
    throw new Error(
      "no Pulumi engine: install the Pulumi CLI (https://www.pulumi.com/docs/install), " +
        "or Go (https://go.dev/dl) to build it from the module proxy",
    );
  report(`building Pulumi ${ENGINE_VERSION} from the Go module proxy: about four minutes, once`);
  const target = path.join(root, "bin", "pulumi");
  const partial = `${target}.${process.pid}`;
  fs.mkdirSync(path.dirname(target), { recursive: true });
  const flags = `-s -w -X ${VERSION_VARIABLE}=v${ENGINE_VERSION}`;
  const built = await run("go", ["build", "-o", partial, "-ldflags", flags, PACKAGE], {
    cwd: path.join(__dirname, "engine"),
  });
  if (built.code !== 0) {
    fs.rmSync(partial, { force: true });
    throw new Error(`building the Pulumi engine failed:\n${tail(built.output)}`);
  }
  fs.renameSync(partial, target);
}
