import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { z } from "zod";

const code = z.object({
  ZipFile: z.string().optional(),
  S3Bucket: z.string().optional(),
  S3Key: z.string().optional(),
  S3ObjectVersion: z.string().optional(),
});
const creation = z.object({ FunctionName: z.string(), Code: code });

const FUNCTIONS = /^\/2015-03-31\/functions\/?$/;
const CODE = /^\/2015-03-31\/functions\/([^/]+)\/code\/?$/;
const ONE = /^\/2015-03-31\/functions\/([^/]+)\/?$/;

/** Name of a function, from a name, a partial ARN or an ARN. */
export function functionName(reference: string): string {
  const parts = decodeURIComponent(reference).split(":");
  const index = parts.indexOf("function");
  return (index >= 0 ? parts[index + 1] : parts[0]) ?? reference;
}

/** The zips of deployed functions, kept as they pass: moto does not give them back. */
export class Bundles {
  private readonly zips = new Map<string, Uint8Array>();

  constructor(private readonly s3: S3Client) {}

  get(name: string): Uint8Array | undefined {
    return this.zips.get(name);
  }

  /** Whether a request deploys or removes code, so that its body has to be looked at. */
  concerns(method: string, path: string): boolean {
    if (method === "POST") return FUNCTIONS.test(path);
    if (method === "PUT") return CODE.test(path);
    return method === "DELETE" && ONE.test(path);
  }

  /** Takes over what moto has accepted. */
  async observe(method: string, path: string, body: Buffer): Promise<void> {
    if (method === "DELETE") {
      const [, name = ""] = ONE.exec(path) ?? [];
      this.zips.delete(functionName(name));
      return;
    }
    const value: unknown = JSON.parse(body.toString("utf8"));
    if (method === "POST") {
      const { FunctionName: name, Code: source } = creation.parse(value);
      await this.keep(functionName(name), source);
    } else {
      const [, name = ""] = CODE.exec(path) ?? [];
      await this.keep(functionName(name), code.parse(value));
    }
  }

  /** As on AWS an object is read once, when it is deployed: a later version of it changes nothing. */
  private async keep(name: string, source: z.infer<typeof code>): Promise<void> {
    if (source.ZipFile !== undefined) {
      this.zips.set(name, Buffer.from(source.ZipFile, "base64"));
    } else if (source.S3Bucket !== undefined && source.S3Key !== undefined) {
      const version = source.S3ObjectVersion === undefined ? {} : { VersionId: source.S3ObjectVersion };
      const object = await this.s3.send(
        new GetObjectCommand({ Bucket: source.S3Bucket, Key: source.S3Key, ...version }),
      );
      if (object.Body) this.zips.set(name, await object.Body.transformToByteArray());
    }
  }
}
