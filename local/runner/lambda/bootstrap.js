// Stands for the Node runtime of Lambda: event on standard input, result on file descriptor 3, led by "=", for an
// error by "!", and by "T" when time is up. Plain JavaScript, because the process that runs it must be as bare as the real one.
"use strict";
const { existsSync, readFileSync, writeSync } = require("node:fs");
const { join } = require("node:path");
const { pathToFileURL } = require("node:url");

function finish(mark, value) {
  const bytes = Buffer.from(mark + JSON.stringify(value === undefined ? null : value));
  for (let sent = 0; sent < bytes.length;) {
    try {
      sent += writeSync(3, bytes, sent);
    } catch (error) {
      // The pipe is full until the reader catches up.
      if (error.code !== "EAGAIN") throw error;
    }
  }
  process.exit(0);
}

function fail(error) {
  if (error instanceof Error) {
    console.error(error.stack);
    finish("!", { errorType: error.name, errorMessage: error.message, trace: String(error.stack).split("\n") });
  }
  console.error(error);
  finish("!", { errorType: typeof error, errorMessage: String(error), trace: [] });
}

function runtimeError(name, message) {
  return Object.assign(new Error(message), { name: `Runtime.${name}` });
}

async function loadHandler() {
  const handler = process.env._HANDLER;
  const [, file, name] = /^(.+)\.([^./]+)$/.exec(handler) ?? [];
  if (!file) throw runtimeError("MalformedHandlerName", `Bad handler ${handler}`);
  const path = ["", ".js", ".mjs", ".cjs"].map((suffix) => join(process.env.LAMBDA_TASK_ROOT, file + suffix));
  const found = path.find((candidate) => existsSync(candidate));
  if (!found) throw runtimeError("ImportModuleError", `Error: Cannot find module '${file}'`);
  const loaded = await import(pathToFileURL(found).href);
  const exported = loaded[name] ?? (loaded.default && loaded.default[name]);
  if (typeof exported !== "function") throw runtimeError("HandlerNotFound", `${handler} is undefined or not exported`);
  return exported;
}

async function main() {
  const event = JSON.parse(readFileSync(0, "utf8"));
  const { env } = process;
  const context = {
    callbackWaitsForEmptyEventLoop: true,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    invokedFunctionArn: env.LAPTOP_FUNCTION_ARN,
    awsRequestId: env.LAPTOP_REQUEST_ID,
    logGroupName: `/aws/lambda/${env.AWS_LAMBDA_FUNCTION_NAME}`,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
  const timeout = Number(env.LAPTOP_TIMEOUT_MS);
  for (const key of ["LAPTOP_FUNCTION_ARN", "LAPTOP_REQUEST_ID", "LAPTOP_TIMEOUT_MS"]) delete env[key];
  const handler = await loadHandler();
  // As on AWS the time of loading does not count.
  const deadline = Date.now() + timeout;
  setTimeout(() => finish("T"), timeout);
  const done = await new Promise((resolve, reject) => {
    const returned = handler(event, context, (error, value) => (error ? reject(error) : resolve(value)));
    if (returned && typeof returned.then === "function") returned.then(resolve, reject);
    else if (handler.length < 3) resolve(returned);
  });
  finish("=", done);
}

process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);
main().catch(fail);
