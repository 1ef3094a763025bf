import * as fs from "node:fs";
import * as path from "node:path";
import { LAPTOP_CREDENTIALS } from "../../local/environment";
import { runChild } from "../../local/runner/child";
import { scratchFolder } from "../../local/scratch";

const BOOTSTRAP = path.resolve(__dirname, "../../local/runner/lambda/bootstrap.js");

/** A function's answer, or the message of its error. */
export type Ended = { readonly answer: unknown } | { readonly error: string };

/** Runs the files of a deployed function as Lambda does: a bare process, the SDK beside it, AWS at an endpoint. */
export async function runFunction(
  files: Readonly<Record<string, string>>,
  event: unknown,
  at: { readonly endpoint: string; readonly region: string; readonly timeoutMs?: number },
): Promise<Ended> {
  const { endpoint, region, timeoutMs = 60_000 } = at;
  const folder = scratchFolder("security");
  const task = path.join(folder, "task");
  try {
    fs.mkdirSync(task);
    for (const [file, text] of Object.entries(files)) fs.writeFileSync(path.join(task, file), text);
    const modules = path.resolve(__dirname, "../../node_modules");
    fs.mkdirSync(path.join(folder, "node_modules"));
    for (const scope of ["@aws-sdk", "@smithy"])
      fs.symlinkSync(path.join(modules, scope), path.join(folder, "node_modules", scope));
    const { result, lines } = await runChild(process.execPath, [BOOTSTRAP], {
      cwd: task,
      env: {
        PATH: process.env["PATH"] ?? "",
        LAMBDA_TASK_ROOT: task,
        _HANDLER: "index.handler",
        AWS_ENDPOINT_URL: endpoint,
        AWS_REGION: region,
        AWS_ACCESS_KEY_ID: LAPTOP_CREDENTIALS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: LAPTOP_CREDENTIALS.secretAccessKey,
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
        LAPTOP_TIMEOUT_MS: String(timeoutMs),
      },
      timeoutMs: timeoutMs + 10_000,
      signal: new AbortController().signal,
      input: JSON.stringify(event),
      result: true,
    });
    if (result.startsWith("=")) return { answer: JSON.parse(result.slice(1)) };
    if (!result.startsWith("!")) throw new Error(lines.map(({ message }) => message).join("\n") || "no result");
    return { error: (JSON.parse(result.slice(1)) as { errorMessage: string }).errorMessage };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
