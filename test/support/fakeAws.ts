import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { FakeGlue } from "./fakeGlue";
import { FakeS3 } from "./fakeS3";

export interface FakeOptions {
  /** Milliseconds before every answer. Default 0. */
  readonly latencyMs?: number;
  /** Share of Glue calls that are throttled, 0 to 1. Default 0. */
  readonly throttled?: number;
}

/** S3 and Glue with as many objects and partitions as a load needs, in one process, over HTTP. */
export class FakeAws {
  readonly s3 = new FakeS3();
  readonly glue = new FakeGlue();
  /** Answered calls by operation. */
  readonly calls = new Map<string, number>();
  throttles = 0;
  private seed = 1;
  declare endpoint: string;
  private readonly server = http.createServer((request, response) => void this.serve(request, response));

  constructor(readonly options: FakeOptions = {}) {}

  async start(port = 0): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(port, "127.0.0.1", resolve));
    this.endpoint = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { latencyMs = 0 } = this.options;
    if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
    const target = request.headers["x-amz-target"];
    const url = new URL(request.url ?? "/", this.endpoint);
    if (typeof target !== "string") {
      this.count(url.searchParams.has("list-type") ? "ListObjectsV2" : "GetObject");
      const { status, headers, body } = this.s3.answer(url);
      response.writeHead(status, headers).end(body);
      return;
    }
    const operation = target.split(".")[1] ?? target;
    this.count(operation);
    const json = { "content-type": "application/x-amz-json-1.1" };
    if (this.isThrottled()) {
      this.throttles += 1;
      response.writeHead(400, json).end('{"__type":"ThrottlingException","message":"Rate exceeded"}');
      return;
    }
    const { status, body } = this.glue.answer(operation, JSON.parse(Buffer.concat(chunks).toString()) as never);
    response.writeHead(status, json).end(JSON.stringify(body));
  }

  private count(operation: string): void {
    this.calls.set(operation, (this.calls.get(operation) ?? 0) + 1);
  }

  /** By a sequence that is the same each time. */
  private isThrottled(): boolean {
    this.seed = (this.seed * 48_271) % 2_147_483_647;
    return this.seed / 2_147_483_647 < (this.options.throttled ?? 0);
  }
}
