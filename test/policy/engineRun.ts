import { LocalWorkspace, Stack, type PolicyEvent, type PulumiFn } from "@pulumi/pulumi/automation";
import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { resolveEngine, type Engine } from "../../local/engine";
import { LAPTOP } from "../../local/settings";
import { engineEnvironment } from "../../local/stack";
import type { Registered } from "../support/policy";
import { startAnyProvider, type AnyProvider } from "./anyProvider";

/** What the engine said of one operation. */
export interface Judged {
  readonly failed: boolean;
  readonly events: readonly PolicyEvent[];
  /** Everything printed. */
  readonly output: string;
}

/** The real engine over a provider that makes nothing, with a policy pack. */
export class EngineRun {
  // Set by open(), which mocha calls before the tests.
  declare engine: Engine;
  declare provider: AnyProvider;
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "policies-"));
  private count = 0;

  async open(): Promise<void> {
    this.engine = await resolveEngine(() => undefined);
    this.provider = await startAnyProvider();
  }

  close(): void {
    this.provider?.stop();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  /** Runs a program in a new stack. */
  async run(
    operation: "preview" | "up",
    program: PulumiFn,
    config: Readonly<Record<string, unknown>> = {},
    policyPack: string = LAPTOP.policyPack,
  ): Promise<Judged> {
    const workDir = path.join(this.folder, `run-${++this.count}`);
    const stateDir = path.join(workDir, "state");
    fs.mkdirSync(stateDir, { recursive: true });
    fs.writeFileSync(path.join(workDir, "Pulumi.yaml"), "name: acme\nruntime: nodejs\n");
    const providers = { PULUMI_DEBUG_PROVIDERS: `aws:${this.provider.port}` };
    const place = { engine: this.engine, stateDir, endpoint: "http://127.0.0.1:1", region: "ap-northeast-1" };
    const envVars = engineEnvironment(place, providers);
    const pulumiCommand = this.engine.command;
    const workspace = await LocalWorkspace.create({ workDir, envVars, program, pulumiCommand });
    await workspace.saveStackSettings("dev", { config: { "aws:region": "ap-northeast-1", ...config } });
    const stack = await Stack.create("dev", workspace);
    const events: PolicyEvent[] = [];
    let output = "";
    const options = {
      ...{ suppressProgress: true, color: "never" as const, policyPacks: [policyPack] },
      onOutput: (text: string) => (output += text),
      onError: (text: string) => (output += text),
      onEvent: ({ policyEvent }: { policyEvent?: PolicyEvent }) => void (policyEvent && events.push(policyEvent)),
    };
    try {
      await (operation === "up" ? stack.up(options) : stack.preview(options));
      return { failed: false, events, output };
    } catch (error) {
      return { failed: true, events, output: `${output}${String(error)}` };
    }
  }
}

/** A resource of any type. */
export class AnyResource extends pulumi.CustomResource {}

/** A word that is more than a typing error away from that of any other set. */
const wordOf = (set: number): string => `acme${createHash("sha256").update(String(set)).digest("hex").slice(0, 12)}`;

/** Registers sets of resources side by side: each has names of its own, in inputs and in the program. */
export function programOf(sets: readonly (readonly Registered[])[]): PulumiFn {
  return async () => {
    sets.forEach((resources, set) => {
      const made = new Map<string, pulumi.CustomResource>();
      const make = ({ type, name, props, from = {}, protect = true }: Registered): pulumi.CustomResource => {
        const there = made.get(`${type} ${name}`);
        if (there) return there;
        const own = JSON.parse(JSON.stringify(props).replaceAll("acme", wordOf(set))) as Record<string, unknown>;
        for (const [property, [source]] of Object.entries(from)) {
          const origin = resources.find((each) => each.type === source?.[0] && each.name === source[1]);
          if (origin) own[property] = make(origin).id;
        }
        const resource = new AnyResource(type, `${set}-${name}`, own, { protect });
        made.set(`${type} ${name}`, resource);
        return resource;
      };
      resources.forEach(make);
    });
  };
}

/** The number of the set that a violation concerns; `undefined` for one of the whole stack. */
export function setOf(event: PolicyEvent): number | undefined {
  const number = /^(\d+)-/.exec(event.resourceUrn?.split("::").at(-1) ?? "")?.[1];
  return number === undefined ? undefined : Number(number);
}

/** Whether the engine says that a rule could not be judged yet. */
export const isNotRun = (event: PolicyEvent): boolean => event.message.includes("can't run policy");
