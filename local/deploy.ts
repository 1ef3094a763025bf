import type { EngineEvent, OutputMap } from "@pulumi/pulumi/automation";
import program from "../index";
import { UserError } from "../operations/commands/shared";
import type { Engine } from "./engine";
import { LAPTOP } from "./settings";
import { openStack, type LaptopStack, type Listener, type StackOptions } from "./stack";

/** Opens the laptop stack of the real program, with its policy pack, for one piece of work. */
export async function withStack<T>(
  place: {
    readonly endpoint: string;
    readonly stateDir: string;
    readonly engine: Engine;
    /** Settings over those of {@link LAPTOP}. */
    readonly config?: StackOptions["config"];
  },
  work: (stack: LaptopStack) => Promise<T>,
): Promise<T> {
  const stack = await openStack({
    ...place,
    program,
    stackName: LAPTOP.stack,
    region: LAPTOP.region,
    config: { ...LAPTOP.config, ...place.config },
    projectFile: LAPTOP.projectFile,
    policyPacks: [LAPTOP.policyPack],
  });
  try {
    return await work(stack);
  } finally {
    stack.close();
  }
}

/** What an operation of the engine did, in numbers and words. */
export class Watch implements Listener {
  /** Resources that are done, by operation. */
  readonly done = new Map<string, number>();
  readonly problems: string[] = [];
  readonly warnings: string[] = [];

  /** @param onResource gets a line for each resource that is done */
  constructor(private readonly onResource: (line: string) => void = () => undefined) {}

  readonly onEvent = (event: EngineEvent): void => {
    const { resOutputsEvent, diagnosticEvent, policyEvent } = event;
    if (resOutputsEvent) {
      const { op, urn } = resOutputsEvent.metadata;
      this.done.set(op, (this.done.get(op) ?? 0) + 1);
      if (op !== "same") this.onResource(`${op} ${urn.split("::").slice(2).join(" ")}`);
    }
    if (diagnosticEvent?.severity === "error") this.problems.push(diagnosticEvent.message.trim());
    if (policyEvent) {
      const text = `${policyEvent.policyName}: ${policyEvent.message.trim()}`;
      (policyEvent.enforcementLevel === "mandatory" ? this.problems : this.warnings).push(text);
    }
  };

  /** `39 created, 2 unchanged` */
  summary(): string {
    const words: Record<string, string> = {
      create: "created",
      same: "unchanged",
      update: "updated",
      delete: "deleted",
    };
    return [...this.done].map(([op, count]) => `${count} ${words[op] ?? op}`).join(", ") || "nothing to do";
  }

  /** Runs an operation; its failure becomes the engine's own words, without its log. */
  async over<T>(operation: Promise<T>): Promise<T> {
    try {
      return await operation;
    } catch (error) {
      if (this.problems.length === 0) throw error;
      throw new UserError([...new Set(this.problems)].join("\n"));
    }
  }
}

/** An output of the stack that is a plain string. */
export function textOutput(outputs: OutputMap, name: string): string {
  const value: unknown = outputs[name]?.value;
  if (typeof value !== "string") throw new Error(`the stack has no output '${name}'`);
  return value;
}
