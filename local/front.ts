import { randomUUID } from "node:crypto";
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { loopback } from "./environment";
import { IDENTITY_PATH, type Identity } from "./identity";
import { PipelineApi } from "./runner/api";
import { clientsFor } from "./runner/clients";
import { messageOf, ServiceError } from "./runner/errors";
import { Bundles } from "./runner/lambda/bundles";
import { answerInvoke } from "./runner/lambda/http";
import type { Surroundings } from "./runner/steps";
import { inlined, takesDefinition } from "./runner/stored";

export interface FrontOptions {
  /** Where moto listens. */
  readonly motoEndpoint: string;
  readonly region: string;
  /** The interpreter that stands for the image's python3. */
  readonly python: string;
  /** Gets a line for what jobs and functions print, and for how steps end. */
  readonly log?: (line: string) => void;
}

export interface Front {
  /** Speaks for all of AWS. */
  readonly endpoint: string;
  /** Tells it from any other that listens there before or later. */
  readonly identity: Identity;
  /** Stops executions and their programs, then the listener. */
  stop(): Promise<void>;
}

const SAGEMAKER = /^SageMaker\.(\w+)$/;
const INVOKE = /^\/2015-03-31\/functions\/(.+)\/invocations\/?$/;

/**
 * Listens before moto: pipelines and functions run for real, all other requests reach moto as they are.
 *
 * @throws Error when moto's endpoint is not this machine
 */
export async function startFront(options: FrontOptions): Promise<Front> {
  const { motoEndpoint, region, python, log = () => undefined } = options;
  const moto = new URL(loopback(motoEndpoint));
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const clients = clientsFor(motoEndpoint, region);
  const around: Surroundings = { clients, bundles: new Bundles(clients.s3), endpoint, region, python, log };
  const api = new PipelineApi(around);
  const stopping = new AbortController();
  const identity = { id: randomUUID(), pid: process.pid };

  server.on("request", (req, res) => {
    handle(req, res).catch((error: unknown) => {
      const known = error instanceof ServiceError ? error : new ServiceError("InternalFailure", messageOf(error), 500);
      if (!res.headersSent) answerError(res, known);
      else res.destroy();
    });
  });

  async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { method = "GET", url = "/" } = req;
    if (url === IDENTITY_PATH) return answerJson(res, identity);
    const path = new URL(url, endpoint).pathname;
    const [, name = ""] = SAGEMAKER.exec(String(req.headers["x-amz-target"] ?? "")) ?? [];
    const operation = api.operations.get(name);
    if (operation) {
      const body = await bodyOf(req);
      const response = await operation(JSON.parse(body.toString("utf8") || "{}"));
      return response ? answerJson(res, response) : forward(moto, req, res, body);
    }
    if (takesDefinition(name)) return forward(moto, req, res, await inlined(await bodyOf(req), clients.s3));
    const [, fn] = (method === "POST" && INVOKE.exec(path)) || [];
    if (fn !== undefined) return answerInvoke(fn, req, await bodyOf(req), res, around, stopping.signal);
    if (!around.bundles.concerns(method, path)) return forward(moto, req, res);
    const body = await bodyOf(req);
    return forward(moto, req, res, body, () => around.bundles.observe(method, path, body));
  }

  return {
    endpoint,
    identity,
    async stop() {
      stopping.abort();
      await api.close();
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
      clients.close();
    },
  };
}

async function bodyOf(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/**
 * Hands a request to moto with its own headers, the Host included, and streams both bodies.
 *
 * @param body what has been read of the request already
 * @param accepted is awaited before the client sees a success
 */
function forward(
  moto: URL,
  req: IncomingMessage,
  res: ServerResponse,
  body?: Buffer,
  accepted?: () => Promise<void>,
): Promise<void> {
  return new Promise((done, failed) => {
    // The listener has answered `Expect: 100-continue` itself, and a body may have become another on its way.
    const left = ["expect", ...(body ? ["content-length", "transfer-encoding"] : [])];
    const headers = req.rawHeaders.filter(
      (_, index, all) => !left.includes((all[index - (index % 2)] ?? "").toLowerCase()),
    );
    if (body) headers.push("Content-Length", String(body.length));
    const { method, url: path } = req;
    const outgoing = httpRequest({ host: moto.hostname, port: moto.port, method, path, headers, agent: false });
    outgoing.on("error", failed);
    outgoing.on("response", (response) => {
      const { statusCode: status = 502 } = response;
      const relay = () => {
        res.writeHead(status, response.statusMessage, response.rawHeaders);
        response.pipe(res);
        response.on("error", failed);
        res.on("close", done);
      };
      if (accepted && status < 300) accepted().then(relay, failed);
      else relay();
    });
    // A client that leaves must not keep moto busy.
    res.on("close", () => outgoing.destroy());
    if (body) outgoing.end(body);
    else req.pipe(outgoing);
  });
}

function answerJson(res: ServerResponse, value: unknown): void {
  res.writeHead(200, { "Content-Type": "application/x-amz-json-1.1" });
  res.end(JSON.stringify(value));
}

/** Both shapes at once: JSON services look at `__type`, REST services at the header. */
function answerError(res: ServerResponse, { code, message, status }: ServiceError): void {
  res.writeHead(status, { "Content-Type": "application/x-amz-json-1.1", "x-amzn-ErrorType": code });
  res.end(JSON.stringify({ __type: code, message, Message: message }));
}
