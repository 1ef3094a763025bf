import * as http from "node:http";
import type { AddressInfo } from "node:net";

/** A request to AWS as it went out, and what came back. */
export interface Recorded {
  readonly method: string;
  /** Path with its query. */
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  readonly status: number;
  readonly answer: string;
}

/** A proxy that keeps every request and changes none. */
export class Recorder {
  /** Oldest first. */
  readonly requests: Recorded[] = [];

  private constructor(
    readonly endpoint: string,
    private readonly server: http.Server,
  ) {}

  static async start(target: string): Promise<Recorder> {
    const server = http.createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const recorder = new Recorder(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server);
    server.on("request", (request, response) => {
      recorder.serve(target, request, response).catch(() => request.socket.destroy());
    });
    return recorder;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(target: string, request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { method = "", url = "/", headers } = request;
    const body = await bytesOf(request);
    const { hostname, port, host } = new URL(target);
    const incoming = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const options = { hostname, port, method, path: url, headers: { ...headers, host } };
      http.request(options, resolve).on("error", reject).end(body);
    });
    const answer = await bytesOf(incoming);
    const status = incoming.statusCode ?? 500;
    this.requests.push({ method, url, headers, body: body.toString(), status, answer: answer.toString() });
    response.writeHead(status, incoming.headers).end(answer);
  }
}

async function bytesOf(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
