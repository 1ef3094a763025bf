import { randomUUID } from "node:crypto";
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import {
  GetFunctionConfigurationCommand,
  ResourceNotFoundException,
  type FunctionConfiguration,
} from "@aws-sdk/client-lambda";
import { unzipSync } from "fflate";
import { LAPTOP_CREDENTIALS, loopback } from "../../environment";
import { scratchFolder } from "../../scratch";
import { runChild, type ChildResult, type LogLine } from "../child";
import type { Clients } from "../clients";
import { ServiceError } from "../errors";
import { beginning, putLogs } from "../logs";
import { functionName, type Bundles } from "./bundles";

/** What Invoke answers. */
export interface Invocation {
  readonly payload: string;
  /** Present when the function threw, ran out of time or ended early. */
  readonly functionError?: "Unhandled";
  readonly lines: readonly LogLine[];
}

export interface LambdaSurroundings {
  readonly clients: Clients;
  readonly bundles: Bundles;
  /** Where the function finds AWS. */
  readonly endpoint: string;
  readonly region: string;
  readonly log: (line: string) => void;
}

const BOOTSTRAP = join(__dirname, "bootstrap.js");
/** Packages the real runtime brings along; all else has to be in the bundle. */
const PROVIDED = ["@aws-sdk", "@smithy"];
/** What the service grants for loading the code, besides the timeout. */
const INIT_MS = 10_000;

/**
 * Runs a deployed function in a fresh Node process, as a cold start does.
 *
 * @throws ServiceError ResourceNotFoundException for an unknown function, InvalidRuntimeException and its like for
 *   one that the laptop cannot run
 */
export async function invoke(
  reference: string,
  event: string,
  around: LambdaSurroundings,
  signal: AbortSignal,
): Promise<Invocation> {
  const name = functionName(reference);
  const configuration = await configurationOf(name, around);
  const zip = around.bundles.get(name);
  if (!zip)
    throw new ServiceError(
      "ResourceNotFoundException",
      `Function '${name}' was not deployed through this endpoint`,
      404,
    );
  const folder = scratchFolder("lambda");
  try {
    const task = await unpack(zip, folder);
    return await run(name, configuration, task, event, around, signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function configurationOf(name: string, { clients }: LambdaSurroundings): Promise<FunctionConfiguration> {
  let configuration: FunctionConfiguration;
  try {
    configuration = await clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
  } catch (error) {
    if (error instanceof ResourceNotFoundException)
      throw new ServiceError("ResourceNotFoundException", `Function not found: ${name}`, 404);
    throw error;
  }
  const { Runtime: runtime = "an image", Layers: layers = [] } = configuration;
  if (!/^nodejs\d+\.x$/.test(runtime))
    throw new ServiceError("InvalidRuntimeException", `function '${name}': the laptop runs Node, not ${runtime}`, 502);
  if (layers.length > 0)
    throw new ServiceError(
      "InvalidRuntimeException",
      `function '${name}': layers are not supported on the laptop`,
      502,
    );
  return configuration;
}

/** The bundle's folder; the runtime's packages lie beside it, where Node looks after the bundle's own. */
async function unpack(zip: Uint8Array, folder: string): Promise<string> {
  const task = join(folder, "task");
  await mkdir(task);
  for (const [entry, content] of Object.entries(unzipSync(zip))) {
    if (entry.endsWith("/")) continue;
    const target = join(task, normalize(entry));
    if (!target.startsWith(`${task}/`))
      throw new ServiceError("InvalidZipFileException", `entry '${entry}' leads out of the zip`, 502);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content);
  }
  const modules = dirname(dirname(dirname(require.resolve("@aws-sdk/client-s3/package.json"))));
  await mkdir(join(folder, "node_modules"));
  for (const scope of PROVIDED) await symlink(join(modules, scope), join(folder, "node_modules", scope));
  return task;
}

async function run(
  name: string,
  configuration: FunctionConfiguration,
  task: string,
  event: string,
  { clients, endpoint, region, log }: LambdaSurroundings,
  signal: AbortSignal,
): Promise<Invocation> {
  const requestId = randomUUID();
  const variables = configuration.Environment?.Variables ?? {};
  for (const [key, value] of Object.entries(variables)) if (/^AWS_ENDPOINT_URL(_|$)/.test(key)) loopback(value);
  const seconds = configuration.Timeout ?? 3;
  const started = Date.now();
  const show = beginning(log);
  const result = await runChild(process.execPath, [BOOTSTRAP], {
    cwd: task,
    env: {
      ...variables,
      PATH: "/usr/local/bin:/usr/bin:/bin",
      LANG: "en_US.UTF-8",
      TZ: ":UTC",
      LAMBDA_TASK_ROOT: task,
      _HANDLER: configuration.Handler ?? "",
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: LAPTOP_CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: LAPTOP_CREDENTIALS.secretAccessKey,
      // Settings of the developer's own account must not leak in.
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_EC2_METADATA_DISABLED: "true",
      // It would be about the Node of the laptop, not about the function's runtime.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.MemorySize ?? 128),
      LAPTOP_FUNCTION_ARN: configuration.FunctionArn ?? "",
      LAPTOP_REQUEST_ID: requestId,
      LAPTOP_TIMEOUT_MS: String(seconds * 1000),
    },
    // The bootstrap keeps the time itself; this ends a function that never gives it a chance to.
    timeoutMs: INIT_MS + seconds * 1000,
    signal,
    input: event,
    result: true,
    onLine: ({ message }) => show(`${name}: ${message}`),
  });
  const stream = `${new Date(started).toISOString().slice(0, 10).replaceAll("-", "/")}/[$LATEST]${requestId}`;
  await putLogs(clients.logs, `/aws/lambda/${name}`, stream, result.lines, log);
  return { ...outcome(result, requestId, seconds), lines: result.lines };
}

/** The three ways a function can end, in the words of the service. */
function outcome(
  result: ChildResult,
  requestId: string,
  seconds: number,
): Pick<Invocation, "payload" | "functionError"> {
  const failed = (errorType: string, text: string) => ({
    payload: JSON.stringify({ errorType, errorMessage: `RequestId: ${requestId} Error: ${text}` }),
    functionError: "Unhandled" as const,
  });
  if (result.ended === "timeout" || result.result.startsWith("T"))
    return failed("Sandbox.Timedout", `Task timed out after ${seconds.toFixed(2)} seconds`);
  if (result.ended === "stop") return failed("Runtime.ExitError", "the execution was stopped");
  if (result.result === "")
    return failed("Runtime.ExitError", `Runtime exited with error: exit status ${result.exitCode ?? "unknown"}`);
  // The bootstrap marks the outcome with its first character.
  const payload = result.result.slice(1);
  return result.result.startsWith("!") ? { payload, functionError: "Unhandled" } : { payload };
}
