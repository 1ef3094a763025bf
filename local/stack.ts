import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import {
  CommandError,
  LocalWorkspace,
  Stack,
  type EngineEvent,
  type OutputMap,
  type PulumiFn,
} from "@pulumi/pulumi/automation";
import { cacheDir } from "./cache";
import type { Engine } from "./engine";
import { LAPTOP_ACCOUNT, laptopOverrides } from "./environment";
import { startProviders } from "./provider";

/** The state is as private as the laptop; a passphrase is needed all the same. */
const PASSPHRASE = "laptop";

export interface StackOptions {
  /** The program; `require("../index")` of a project whose `index.ts` exports an async function. */
  readonly program: PulumiFn;
  readonly stackName: string;
  /** Folder of the state; made when it is missing. */
  readonly stateDir: string;
  /** The laptop AWS, on this machine. */
  readonly endpoint: string;
  readonly region: string;
  /** Values over those of the stack's file, by `namespace:key`. */
  readonly config?: Readonly<Record<string, string | readonly string[]>>;
  /** The project's `Pulumi.yaml`; the stack's file is looked for beside it. */
  readonly projectFile: string;
  readonly engine: Engine;
  /** Folders of policy packs. @default - none */
  readonly policyPacks?: readonly string[];
}

/** What an operation tells while it runs. */
export interface Listener {
  readonly onOutput?: (text: string) => void;
  readonly onEvent?: (event: EngineEvent) => void;
  /** Ends the engine, which lets go of its lock. */
  readonly signal?: AbortSignal;
}

/** A stack on the laptop AWS. */
export interface LaptopStack {
  /** With `replace`, the resources of these URNs are made anew. */
  up(options?: Listener & { readonly replace?: string[] }): Promise<OutputMap>;
  /** With `expectNoChanges`, throws when there are any. Returns the number of resources by operation. */
  preview(options?: Listener & { readonly expectNoChanges?: boolean }): Promise<Readonly<Record<string, number>>>;
  /** Brings the state in line with what exists. Returns the number of resources by operation. */
  refresh(listener?: Listener): Promise<Readonly<Record<string, number>>>;
  /** `excludeProtected` keeps protected resources and their parents; without it they are an error. */
  destroy(options?: Listener & { readonly excludeProtected?: boolean }): Promise<void>;
  outputs(): Promise<OutputMap>;
  /** Runs a command of the engine's own CLI on this terminal, such as `stack export`. Returns its exit code. */
  runEngine(args: readonly string[]): Promise<number>;
  /** Ends the providers and removes the work folder; the state stays. */
  close(): void;
}

/**
 * Opens a stack, making it when it is new. It cannot reach a real account: credentials are dummies, the user's
 * profile is out of sight, and the providers take a loopback endpoint only.
 *
 * @throws Error for an endpoint that is not on this machine
 */
export async function openStack(options: StackOptions): Promise<LaptopStack> {
  const { endpoint, region, engine } = options;
  const providers = await startProviders({ endpoint, region, accountId: LAPTOP_ACCOUNT });
  const workDir = makeWorkDir(options);
  const close = () => {
    providers.stop();
    fs.rmSync(workDir, { recursive: true, force: true });
  };
  try {
    const env = engineEnvironment(options, providers.env);
    const stack = await select(options, workDir, env);
    const policyPacks = (options.policyPacks ?? []).map((folder) => path.resolve(folder));
    const quiet = { suppressProgress: true, color: "never" } as const;
    return {
      up: async (given) => (await brief(stack.up({ ...quiet, ...given, policyPacks }))).outputs,
      preview: async (given) => (await brief(stack.preview({ ...quiet, ...given, policyPacks }))).changeSummary,
      refresh: async (listener) =>
        (await brief(stack.refresh({ ...quiet, ...listener }))).summary.resourceChanges ?? {},
      destroy: async (given) => {
        await brief(stack.destroy({ ...quiet, ...given }));
      },
      outputs: () => stack.outputs(),
      runEngine: (args) => runEngine(engine, args, workDir, env),
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

/**
 * The engine runs in a folder of its own: it writes into the stack's file, which is the user's. Copies, because
 * without a project file the defaults in it would be lost.
 */
function makeWorkDir({ projectFile, stackName, stateDir }: StackOptions): string {
  // Beside the state: whoever removes the one after a crash removes the other.
  fs.mkdirSync(stateDir, { recursive: true });
  const workDir = fs.mkdtempSync(path.join(path.dirname(stateDir), "work-"));
  fs.copyFileSync(projectFile, path.join(workDir, "Pulumi.yaml"));
  const stackFile = path.join(path.dirname(projectFile), `Pulumi.${stackName}.yaml`);
  if (fs.existsSync(stackFile)) fs.copyFileSync(stackFile, path.join(workDir, path.basename(stackFile)));
  return workDir;
}

/** What the engine must be told of the laptop and of its state; `providers` says where the stand-ins listen. */
export function engineEnvironment(
  { engine, stateDir, endpoint, region }: Pick<StackOptions, "engine" | "stateDir" | "endpoint" | "region">,
  providers: Readonly<Record<string, string>>,
): Record<string, string> {
  const folders = [
    ...(path.isAbsolute(engine.command.command) ? [path.dirname(engine.command.command)] : []),
    // An installed CLI has its own way to run a policy pack.
    ...(engine.hasLanguageHost ? [] : [path.join(__dirname, "bin")]),
    process.env["PATH"] ?? "",
  ];
  return {
    ...laptopOverrides({ endpoint, region }),
    ...providers,
    PATH: folders.join(path.delimiter),
    // Not the user's: their login and selected stacks stay as they are.
    PULUMI_HOME: path.join(cacheDir(), "home"),
    PULUMI_BACKEND_URL: `file://${path.resolve(stateDir)}`,
    PULUMI_ACCESS_TOKEN: "",
    PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
    PULUMI_CONFIG_PASSPHRASE_FILE: "",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
}

async function select(options: StackOptions, workDir: string, envVars: Record<string, string>): Promise<Stack> {
  const { stackName, region, config, program, engine } = options;
  const workspace = await LocalWorkspace.create({ workDir, envVars, program, pulumiCommand: engine.command });
  const file = path.join(workDir, `Pulumi.${stackName}.yaml`);
  const settings = fs.existsSync(file) ? await workspace.stackSettings(stackName) : {};
  await workspace.saveStackSettings(stackName, {
    ...settings,
    config: { ...settings.config, "aws:region": region, ...config },
  });
  return Stack.createOrSelect(stackName, workspace);
}

/** The sections of the engine's output that say why an operation failed. */
const TELLING = /^(?:Policies|Diagnostics|error):?[\s\S]*?(?=^(?:Outputs|Resources|Duration|\s*err\?):|(?![\s\S]))/m;
/** What the engine says of the laptop's own way to run a policy pack. */
const EXPECTED = /^.*warning: using pulumi-analyzer-policy-nodejs from .*\n/gm;

/** An operation whose failure is told by the engine's diagnostics alone: its whole output comes twice otherwise. */
async function brief<T>(operation: Promise<T>): Promise<T> {
  try {
    return await operation;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const told = TELLING.exec(error.message)?.[0].replace(EXPECTED, "").trim();
    throw new Error(told || error.message, { cause: error });
  }
}

function runEngine(engine: Engine, args: readonly string[], cwd: string, env: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(engine.command.command, args, { cwd, env, stdio: "inherit" });
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}
