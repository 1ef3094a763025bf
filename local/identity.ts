import { get } from "node:http";
import { z } from "zod";
import { loopback } from "./environment";

/** Where a laptop AWS says which one it is. No bucket can have this name, so no request to S3 can mean it. */
export const IDENTITY_PATH = "/_laptop";
const ANSWER_MS = 5_000;

const identity = z.object({
  /** Another one at each start. */
  id: z.string().min(1),
  /** Of the process that listens. */
  pid: z.int().positive(),
});
export type Identity = z.infer<typeof identity>;

const running = identity.extend({ endpoint: z.string() });
/** A laptop AWS that stays up, and where to reach it. */
export type Running = z.infer<typeof running>;

/** The laptop AWS that the text of a file describes, if it still listens there: a number alone may be anybody's. */
export async function runningBy(text: string): Promise<Running | undefined> {
  const described = parsed(running, text);
  if (!described) return undefined;
  const found = await identityAt(described.endpoint).catch(() => undefined);
  return found?.id === described.id && found.pid === described.pid ? described : undefined;
}

/** @throws Error when nobody answers there, or the endpoint is not this machine */
async function identityAt(endpoint: string): Promise<Identity | undefined> {
  const url = new URL(IDENTITY_PATH, loopback(endpoint));
  return new Promise((done, failed) => {
    const request = get(url, { agent: false, timeout: ANSWER_MS }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text = (text + chunk).slice(0, 1_000)));
      response.on("end", () => done(parsed(identity, text)));
      response.on("error", failed);
    });
    request.on("timeout", () => request.destroy(new Error("no answer")));
    request.on("error", failed);
  });
}

function parsed<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
