import * as http from "node:http";
import type { AddressInfo } from "node:net";

type Fields = Record<string, unknown>;

/** One request as it came in: a Glue operation with its body, or an S3 one with its path. */
export interface Call {
  readonly operation: string;
  readonly path: string;
  readonly body: Fields;
}

/** An answer of Glue; `cut` closes the connection without one. */
export type Reply = { readonly status: number; readonly body: Fields } | "cut";

/** Stands between a Glue operation and the service: answers by itself, or changes what goes through `next`. */
export type Fault = (call: Call, next: (body: Fields) => Promise<Reply>) => Promise<Reply>;

/** Items one call of a Glue operation may carry (Glue API reference). moto knows no such limit. */
const LIMITS: Readonly<Record<string, readonly [list: string, most: number]>> = {
  BatchCreatePartition: ["PartitionInputList", 100],
  BatchUpdatePartition: ["Entries", 100],
  BatchGetPartition: ["PartitionsToGet", 1000],
};

/** A proxy before moto that misbehaves as AWS does, by script. */
export class Faults {
  /** Every request, oldest first. */
  readonly calls: Call[] = [];
  private readonly faults = new Map<string, Fault>();

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

  /** No fault, nothing recorded. */
  reset(): void {
    this.faults.clear();
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
    this.calls.push(call);
    const glue = request.headers["x-amz-target"] !== undefined;
    const forward = (body: Buffer) => send(target, request, body);
    if (!glue) {
      const { status, headers, body } = await forward(raw);
      response.writeHead(status, headers).end(body);
      return;
    }
    const next = async (body: Fields): Promise<Reply> => {
      const answer = await forward(Buffer.from(JSON.stringify(body)));
      return { status: answer.status, body: parse(answer.body) };
    };
    const fault = this.faults.get(call.operation);
    const reply = tooMany(call) ?? (fault ? await fault(call, next) : await next(call.body));
    if (reply === "cut") request.socket.destroy();
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

const refusal = (code: string, message: string): Reply => ({ status: 400, body: { __type: code, message } });
const items = (body: Fields, list: string): Fields[] => (body[list] as Fields[] | undefined) ?? [];

/** Says "slow down" to the first calls. */
export function throttled(times: number): Fault {
  let left = times;
  return (call, next) =>
    left-- > 0 ? Promise.resolve(refusal("ThrottlingException", "Rate exceeded")) : next(call.body);
}

/** Refuses calls, after the first ones. */
export function denied(after: number, message: string): Fault {
  let allowed = after;
  return (call, next) => (allowed-- > 0 ? next(call.body) : Promise.resolve(refusal("AccessDeniedException", message)));
}

/** Does what the first call asks for, and loses the answer: the client tries again. */
export function answerLost(): Fault {
  let lost = false;
  return async (call, next) => {
    const reply = await next(call.body);
    if (lost) return reply;
    lost = true;
    return "cut";
  };
}

/** Somebody else does something just before the first call. */
export function meanwhile(work: () => Promise<unknown>): Fault {
  let done = false;
  return async (call, next) => {
    if (!done) await work();
    done = true;
    return next(call.body);
  };
}

/** Fails single items of a batch; the others go through. `error` gets the values of one partition. */
export function itemErrors(error: (values: readonly string[]) => string | undefined): Fault {
  return async ({ operation, body }, next) => {
    const update = operation === "BatchUpdatePartition";
    const list = update ? "Entries" : "PartitionInputList";
    const valuesOf = (item: Fields) => (update ? item.PartitionValueList : item.Values) as string[];
    const good = items(body, list).filter((item) => error(valuesOf(item)) === undefined);
    const failed = items(body, list).flatMap((item) => {
      const code = error(valuesOf(item));
      const values = { [update ? "PartitionValueList" : "PartitionValues"]: valuesOf(item) };
      return code === undefined ? [] : [{ ...values, ErrorDetail: { ErrorCode: code, ErrorMessage: "by script" } }];
    });
    const reply = good.length > 0 ? await next({ ...body, [list]: good }) : { status: 200, body: {} };
    if (reply === "cut") return reply;
    return { ...reply, body: { ...reply.body, Errors: [...items(reply.body, "Errors"), ...failed] } };
  };
}

/** Leaves one key of the first calls unprocessed, as Glue may. */
export function unprocessed(times: number): Fault {
  let left = times;
  return async ({ body }, next) => {
    if (left-- <= 0) return next(body);
    const [first, ...others] = items(body, "PartitionsToGet");
    const reply = await next({ ...body, PartitionsToGet: others });
    return reply === "cut" ? reply : { ...reply, body: { ...reply.body, UnprocessedKeys: first ? [first] : [] } };
  };
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

function send(target: string, request: http.IncomingMessage, body: Buffer) {
  const { hostname, port, host } = new URL(target);
  const headers = { ...request.headers, host, "content-length": String(body.length) };
  return new Promise<{ status: number; headers: http.IncomingHttpHeaders; body: Buffer }>((resolve, reject) => {
    const options = { hostname, port, method: request.method, path: request.url, headers };
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
