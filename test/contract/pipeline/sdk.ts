import { execFile } from "node:child_process";
import * as path from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { ensureVenv } from "../../../local/python";

const answer = z.object({
  pipelines: z.record(z.string(), z.json()),
  /** Pipelines that are not built here, for the validator. */
  definitions: z.record(z.string(), z.json()),
  stepTypes: z.array(z.string()),
  processingJob: z.json(),
  createPipeline: z.looseObject({ members: z.record(z.string(), z.json()) }),
  describedJob: z.array(z.string()),
  images: z.array(z.tuple([z.string(), z.string(), z.string().nullable(), z.string(), z.string()])),
});

/** What the SageMaker Python SDK gives for the pipelines and images of `sdk_pipelines.py`. */
export type SdkAnswer = z.infer<typeof answer>;

let asked: Promise<SdkAnswer> | undefined;

/** Asks the SDK once for all tests: its import alone takes seconds. */
export function sdkAnswer(): Promise<SdkAnswer> {
  asked ??= ask();
  return asked;
}

async function ask(): Promise<SdkAnswer> {
  const requirements = path.resolve(__dirname, "../../requirements.txt");
  const { python } = await ensureVenv({ name: "test", requirements }, console.log);
  const script = path.join(__dirname, "sdk_pipelines.py");
  const { stdout } = await promisify(execFile)(python, [script], { maxBuffer: 16 * 1024 * 1024 });
  return answer.parse(JSON.parse(stdout));
}
