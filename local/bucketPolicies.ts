import type { ServerResponse } from "node:http";

/**
 * Keeps bucket policies in moto's place: moto applies their statements without looking at the conditions, so that "deny
 * what comes without TLS" would deny everything. Here they are kept and shown, not enforced.
 */
export class BucketPolicies {
  readonly #policies = new Map<string, string>();

  /** The bucket whose policy a request is about. */
  static bucketOf(url: URL): string | undefined {
    const [, bucket] = /^\/([^/]+)\/?$/.exec(url.pathname) ?? [];
    return url.searchParams.has("policy") ? bucket : undefined;
  }

  answer(method: string, bucket: string, body: Buffer, res: ServerResponse): void {
    const policy = this.#policies.get(bucket);
    if (method === "PUT") {
      this.#policies.set(bucket, body.toString("utf8"));
      res.writeHead(204).end();
    } else if (method === "DELETE") {
      this.#policies.delete(bucket);
      res.writeHead(204).end();
    } else if (policy !== undefined) res.writeHead(200, { "Content-Type": "application/json" }).end(policy);
    else
      res
        .writeHead(404, { "Content-Type": "application/xml" })
        .end(`<Error><Code>NoSuchBucketPolicy</Code><Message>The bucket policy does not exist</Message></Error>`);
  }
}
