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
    console.error(textOf(error));
    process.exitCode = 1;
  }
}

/** What to do about an error of the SDK that says only what it could not do. */
const HINTS: readonly (readonly [pattern: RegExp, hint: string])[] = [
  [
    /CredentialsProviderError|Could not load credentials/,
    "there are no AWS credentials; set AWS_PROFILE, or log in with: aws sso login",
  ],
  [/ExpiredToken|token.*expired/i, "the AWS credentials have expired; log in again, such as with: aws sso login"],
  [/Region is missing/, "there is no AWS region; set AWS_REGION to the stack's"],
  [/ECONNREFUSED/, "nothing listens there; is AWS_ENDPOINT_URL set for a laptop AWS that is down?"],
  [/UnrecognizedClient|InvalidClientTokenId/, "AWS does not know these credentials; check AWS_PROFILE"],
];

function textOf(error: unknown): string {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const text = name === "UserError" || name === "Error" ? message : `${name}: ${message}`;
  const hint = HINTS.find(([pattern]) => pattern.test(`${name}: ${message}`))?.[1];
  return hint === undefined ? text : `${text}\n${hint}`;
}
