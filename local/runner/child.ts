import { spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

/** One line of a program's output, and when it came. */
export interface LogLine {
  readonly timestamp: number;
  readonly message: string;
  readonly stream: "stdout" | "stderr";
}

export interface ChildOptions {
  readonly cwd: string;
  /** The whole environment: nothing of this process's own is added. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Written to standard input. */
  readonly input?: string;
  /** Whether file descriptor 3 is collected as the result. */
  readonly result?: boolean;
  readonly onLine?: (line: LogLine) => void;
}

export interface ChildResult {
  /** Undefined when a signal ended the program. */
  readonly exitCode?: number;
  /** Why the program was ended from outside. */
  readonly ended?: "timeout" | "stop";
  /** The last of them, when there are very many: they say why a program failed. */
  readonly lines: readonly LogLine[];
  /** What came on file descriptor 3. */
  readonly result: string;
}

const MAX_LINES = 20_000;
/** A longer one comes in pieces: a program may print without ever ending its line. */
const MAX_LINE = 256 * 1024;
const GRACE_MS = 2_000;

/** Groups that still run: they end with this process, as their pipes alone would not make them. */
const groups = new Set<number>();
process.on("exit", () => groups.forEach((pid) => killGroup(pid, "SIGKILL")));

/**
 * Runs a program to its end in a process group of its own; at the timeout or the signal the whole group is ended, by
 * SIGTERM and soon after by SIGKILL. What the program leaves behind in its group ends with it, as with a container; what
 * has left the group is not waited for.
 *
 * @throws Error when the program cannot be started
 */
export async function runChild(command: string, args: readonly string[], options: ChildOptions): Promise<ChildResult> {
  const { cwd, env, timeoutMs, signal } = options;
  if (signal.aborted) return { ended: "stop", lines: [], result: "" };
  const stdio = ["pipe", "pipe", "pipe", options.result ? "pipe" : "ignore"] as const;
  const child = spawn(command, [...args], { cwd, env: { ...env }, stdio: [...stdio], detached: true });

  if (child.pid !== undefined) groups.add(child.pid);

  let ended: ChildResult["ended"];
  let killTimer: NodeJS.Timeout | undefined;
  const end = (reason: "timeout" | "stop") => {
    ended ??= reason;
    killGroup(child.pid, "SIGTERM");
    killTimer ??= setTimeout(() => killGroup(child.pid, "SIGKILL"), GRACE_MS);
  };
  const stop = () => end("stop");
  // setTimeout holds 31 bits; SageMaker allows nine days, which is inside.
  const timer = setTimeout(() => end("timeout"), timeoutMs);
  signal.addEventListener("abort", stop, { once: true });

  const lines: LogLine[] = [];
  const collect = (stream: Readable | null, name: LogLine["stream"]) => {
    if (!stream) return;
    eachLine(stream, (message) => {
      const line = { timestamp: Date.now(), message, stream: name };
      lines.push(line);
      if (lines.length >= 2 * MAX_LINES) lines.splice(0, MAX_LINES);
      options.onLine?.(line);
    });
  };
  collect(child.stdout, "stdout");
  collect(child.stderr, "stderr");
  let result = "";
  const channel = child.stdio[3];
  if (channel && "setEncoding" in channel) channel.setEncoding("utf8").on("data", (chunk: string) => (result += chunk));
  // A program that does not read its input closes it early; that is no error of ours.
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(options.input ?? "");

  const closed = new Promise((done) => child.once("close", done));
  try {
    const exitCode = await new Promise<number | null>((done, failed) => {
      child.once("error", failed);
      child.once("exit", done);
    });
    killGroup(child.pid, "SIGKILL");
    // The pipes may hold last words; who else holds them may never let go.
    await Promise.race([closed, sleep(GRACE_MS, undefined, { ref: false })]);
    for (const stream of child.stdio) stream?.destroy();
    await closed;
    return { ...(exitCode === null ? {} : { exitCode }), ...(ended ? { ended } : {}), lines, result };
  } finally {
    clearTimeout(timer);
    clearTimeout(killTimer);
    signal.removeEventListener("abort", stop);
    if (child.pid !== undefined) groups.delete(child.pid);
  }
}

/** Calls back for every line, without its end, and for the rest when the stream closes. */
function eachLine(stream: Readable, act: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8").on("data", (chunk: string) => {
    // A carriage return at the end of a chunk may be half of a line's end.
    const lines = (rest + chunk).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    lines.forEach(act);
    if (rest.length < MAX_LINE) return;
    act(rest);
    rest = "";
  });
  stream.once("close", () => {
    if (rest !== "") act(rest.replace(/\r$/, ""));
  });
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
}
