import program from "../../../index";
import type { Engine } from "../../../local/engine";
import { LAPTOP } from "../../../local/settings";
import { openStack, type LaptopStack } from "../../../local/stack";

/** Where a stack is, and what its configuration has beside the laptop's. */
export interface Place {
  readonly endpoint: string;
  readonly stateDir: string;
  readonly config: Readonly<Record<string, string>>;
}

/** The laptop stack of the real program; without its policies, which have no part in a recovery. */
export async function withPlace<T>(
  { endpoint, stateDir, config }: Place,
  engine: Engine,
  work: (stack: LaptopStack) => Promise<T>,
): Promise<T> {
  const { region, projectFile } = LAPTOP;
  const stack = await openStack({
    ...{ program, endpoint, stateDir, engine, region, projectFile },
    stackName: LAPTOP.stack,
    config: { ...LAPTOP.config, ...config },
  });
  try {
    return await work(stack);
  } finally {
    stack.close();
  }
}
