import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { LAPTOP } from "../../../local/settings";
import { laptopEnvironment } from "../../../local/environment";
import type { Place } from "./stack";

/** When an `up` is killed: at a request to AWS. */
export interface KillPoint {
  /** Whether it is this request; `request` is its operation, and its body. */
  readonly at: (request: string) => boolean;
  /** Whether AWS has done what the request asks for. The `up` never learns of it. */
  readonly done: boolean;
}

/**
 * Runs an `up` until a request to AWS, and kills engine, providers and program there by SIGKILL.
 *
 * @throws Error when it ends before
 */
export async function killedUp(place: Place, point: KillPoint): Promise<void> {
  const reached: { at?: true } = {};
  const server = http.createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const child = spawn(
    process.execPath,
    ["--require", "tsx/cjs", path.join(__dirname, "child.ts"), JSON.stringify({ ...place, endpoint })],
    { env: laptopEnvironment(LAPTOP), stdio: ["ignore", "pipe", "pipe"] },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const kill = () => {
    const { pid = 0 } = child;
    const below = descendants(pid);
    const engine = below.filter(({ command }) => /(^|\/)pulumi\0/.test(command));
    if (engine.length === 0) throw new Error("the engine does not run");
    // The engine first: it would still write down what it hears of the others' end.
    const others = below.filter((each) => !engine.includes(each));
    for (const victim of [...engine, { pid }, ...others]) process.kill(victim.pid, "SIGKILL");
  };
  server.on("request", (request, response) => {
    void (async () => {
      const body = await bytesOf(request);
      const isPoint = reached.at === undefined && point.at(textOf(request, body));
      // What comes later waits for an answer that never comes: one that failed would end well in the engine's books.
      if (reached.at !== undefined) return;
      if (isPoint) reached.at = true;
      const answer = isPoint && !point.done ? undefined : await send(place.endpoint, request, body);
      if (isPoint || answer === undefined) {
        kill();
        request.socket.destroy();
      } else response.writeHead(answer.statusCode ?? 500, answer.headers).end(answer.body);
    })().catch((error: unknown) => {
      output += String(error);
      request.socket.destroy();
    });
  });
  await ended;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  if (reached.at === undefined) throw new Error(`the up ended before it was killed:\n${output}`);
}

/** `TrentService.CreateKey`, `POST /2015-03-31/functions`, and the body. */
function textOf({ headers, method = "", url = "" }: http.IncomingMessage, body: Buffer): string {
  const target = headers["x-amz-target"];
  return `${typeof target === "string" ? target : `${method} ${url}`} ${body.toString()}`;
}

async function bytesOf(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function send(target: string, request: http.IncomingMessage, body: Buffer) {
  const { hostname, port, host } = new URL(target);
  const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
    const { method, url: path, headers } = request;
    const options = { hostname, port, method, path, headers: { ...headers, host } };
    http.request(options, resolve).on("error", reject).end(body);
  });
  const { statusCode, headers } = answer;
  return { statusCode, headers, body: await bytesOf(answer) };
}

/** Processes that a process has started, and those that they have, by Linux's own list. */
function descendants(pid: number): { readonly pid: number; readonly command: string }[] {
  const all = readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const parent = /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${name}/status`, "utf8"))?.[1];
      const command = readFileSync(`/proc/${name}/cmdline`, "utf8");
      return [{ pid: Number(name), parent: Number(parent), command }];
    } catch {
      return [];
    }
  });
  const below = (parent: number): typeof all =>
    all.filter((each) => each.parent === parent).flatMap((each) => [each, ...below(each.pid)]);
  return below(pid);
}
