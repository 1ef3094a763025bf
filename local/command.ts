import { spawn } from "node:child_process";

/** What a finished command left behind. */
export interface Finished {
  /** Exit code; undefined when the command does not exist. */
  readonly code: number | undefined;
  readonly output: string;
}

/** Runs a command to its end and collects what it prints, both streams together. Never throws for a failed command. */
export function run(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv; readonly timeoutMs?: number } = {},
): Promise<Finished> {
  return new Promise((resolve) => {
    const { timeoutMs, ...rest } = options;
    const child = spawn(command, args, { ...rest, timeout: timeoutMs ?? 0, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const collect = (chunk: Buffer) => (output += chunk.toString());
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.on("error", (error) => resolve({ code: undefined, output: error.message }));
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

/** The end of a long output, where the reason of a failure is. */
export function tail(output: string, lines = 15): string {
  return output.trimEnd().split("\n").slice(-lines).join("\n");
}
