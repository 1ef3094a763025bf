/** A mistake of the user's: shown as its message alone. */
export class UserError extends Error {
  override readonly name = "UserError";
}

/** Runs a command line; an error is printed as one message, without a stack trace, and ends with exit code 1. */
export async function runCommandLine(work: () => Promise<unknown>): Promise<void> {
  // The SDK's note about next year's Node would stand in front of every answer.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  try {
    await work();
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    console.error(name === "UserError" || name === "Error" ? message : `${name}: ${message}`);
    process.exitCode = 1;
  }
}
