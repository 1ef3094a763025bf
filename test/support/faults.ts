import * as http from "node:http";
import type { AddressInfo } from "node:net";

import { items, refusal } from "./faultKinds";

export * from "./faultKinds";

export type Fields = Record<string, unknown>;

/** One request as it came in: a Glue operation with its body, or an S3 one with its path. */
export interface Call {
  readonly operation: string;
  readonly path: string;
  readonly body: Fields;
}

/** An answer; `cut` closes the connection without one, `through` leaves the answering to S3. */
export type Reply = { readonly status: number; readonly body: Fields } | "cut" | "through";

/** Stands between a Glue operation and the service: answers by itself, or changes what goes through `next`. */
export type Fault = (call: Call, next: (body: Fields) => Promise<Reply>) => Promise<Reply>;

/** Items one call of a Glue operation may carry (Glue API reference). moto knows no such limit. */
const LIMITS: Readonly<Record<string, readonly [list: string, most: number]>> = {
  BatchCreatePartition: ["PartitionInputList", 100],
  BatchUpdatePartition: ["Entries", 100],
  BatchGetPartition: ["PartitionsToGet", 1000],
  BatchDeletePartition: ["PartitionsToDelete", 25],
};

/** What happens around one call; the first is 0. */
export type Watch = (index: number, call: Call, when: "before" | "after") => void;

/** A proxy before moto that misbehaves as AWS does, by script. */
export class Faults {
  /** Every request, oldest first. */
  readonly calls: Call[] = [];
  private readonly faults = new Map<string, Fault>();
  private watch: Watch | undefined;
  /** Objects in one page of an S3 listing; absent: as the service has it. */
  listPage: number | undefined;

  private constructor(
    readonly endpoint: string,
    private readonly server: http.Server,
  ) {}

  static async start(target: string): Promise<Faults> {
    const server = http.createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const faults = new Faults(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server);
    server.on("request", (request, response) => void faults.serve(target, request, response));
    return faults;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** From now on calls of this operation meet this fault. */
  on(operation: string, fault: Fault): void {
    this.faults.set(operation, fault);
  }

  /** From now on every call is shown, before it is passed on and after it was answered. */
  onEach(watch: Watch): void {
    this.watch = watch;
  }

  /** No fault, nothing recorded. */
  reset(): void {
    this.faults.clear();
    this.watch = undefined;
    this.listPage = undefined;
    this.calls.length = 0;
  }

  /** How many items each call of a Glue operation carried. */
  sizes(operation: string): number[] {
    const list = LIMITS[operation]?.[0] ?? "";
    return this.calls.filter((call) => call.operation === operation).map(({ body }) => items(body, list).length);
  }

  private async serve(target: string, request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const raw = await bytesOf(request);
    const call = callOf(request, raw);
    const index = this.calls.push(call) - 1;
    const glue = request.headers["x-amz-target"] !== undefined;
    this.watch?.(index, call, "before");
    const forward = async (body: Buffer) => {
      const path = call.operation === "LIST" && this.listPage !== undefined ? `&max-keys=${this.listPage}` : "";
      const answer = await send(target, request, body, path);
      this.watch?.(index, call, "after");
      return answer;
    };
    if (!glue) {
      const fault = this.faults.get(call.operation);
      const reply = fault ? await fault(call, () => Promise.resolve("through")) : "through";
      if (reply === "cut") request.socket.destroy();
      else if (reply !== "through")
        response.writeHead(reply.status, { "content-type": "application/xml" }).end(errorXml(reply.body));
      else {
        const { status, headers, body } = await forward(raw);
        response.writeHead(status, headers).end(request.method === "HEAD" ? undefined : body);
      }
      return;
    }
    const next = async (body: Fields): Promise<Reply> => {
      const answer = await forward(Buffer.from(JSON.stringify(body)));
      return { status: answer.status, body: parse(answer.body) };
    };
    const fault = this.faults.get(call.operation);
    const reply = tooMany(call) ?? (fault ? await fault(call, next) : await next(call.body));
    if (reply === "cut" || reply === "through") request.socket.destroy();
    else
      response
        .writeHead(reply.status, { "content-type": "application/x-amz-json-1.1" })
        .end(JSON.stringify(reply.body));
  }
}

function tooMany({ operation, body }: Call): Reply | undefined {
  const [list, most] = LIMITS[operation] ?? ["", Infinity];
  return items(body, list).length > most
    ? refusal("ValidationException", `'${list}' must have length less than or equal to ${most}`)
    : undefined;
}

function callOf(request: http.IncomingMessage, raw: Buffer): Call {
  const path = request.url ?? "/";
  const target = request.headers["x-amz-target"];
  if (typeof target === "string") return { operation: target.split(".")[1] ?? target, path, body: parse(raw) };
  const operation = request.method === "GET" && path.includes("list-type=2") ? "LIST" : (request.method ?? "?");
  return { operation, path, body: {} };
}

const parse = (bytes: Buffer): Fields => (bytes.length === 0 ? {} : (JSON.parse(bytes.toString()) as Fields));

async function bytesOf(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** An error as S3 writes it. */
const errorXml = ({ __type, message }: Fields): string =>
  `<?xml version="1.0"?><Error><Code>${String(__type)}</Code><Message>${String(message)}</Message></Error>`;

function send(target: string, request: http.IncomingMessage, body: Buffer, more = "") {
  const { hostname, port, host } = new URL(target);
  const headers = { ...request.headers, host, "content-length": String(body.length) };
  return new Promise<{ status: number; headers: http.IncomingHttpHeaders; body: Buffer }>((resolve, reject) => {
    const options = { hostname, port, method: request.method, path: `${request.url ?? "/"}${more}`, headers };
    const outgoing = http.request(options, (answer) => {
      bytesOf(answer).then(
        (bytes) => resolve({ status: answer.statusCode ?? 500, headers: answer.headers, body: bytes }),
        reject,
      );
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
