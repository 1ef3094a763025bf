/** What a service said of a call or of one item. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** Errors that pass: the same call can go well a moment later (Glue API reference, common errors; SDK's retry rules). */
const PASSING = new Set([
  "ConcurrentModificationException",
  "ConcurrentRunsExceededException",
  "EntityUnderModificationException",
  "InternalFailure",
  "InternalServerException",
  "InternalServiceException",
  "OperationTimeoutException",
  "ResourceNotReadyException",
  "ServiceUnavailable",
  "ServiceUnavailableException",
  "ThreadPoolExhaustedException",
]);

const NO_ANSWER = /^(TimeoutError|RequestTimeout\w*|ECONN\w+|EPIPE|ETIMEDOUT|ENOTFOUND|NetworkingError)$/;
const THROTTLED =
  /^(Throttl\w*|ProvisionedThroughputExceeded\w*|RequestLimitExceeded|RequestThrottled\w*|SlowDown|TooManyRequests\w*|BandwidthLimitExceeded|EC2ThrottledException|LimitExceededException)$/;
const DENIED =
  /^(AccessDenied\w*|UnauthorizedOperation|UnrecognizedClientException|ExpiredToken\w*|InvalidClientTokenId|InvalidSignatureException|CredentialsProviderError)$/;

export const isThrottling = (code: string): boolean => THROTTLED.test(code);
/** Every further call would be refused as well. */
export const isDenial = (code: string): boolean => DENIED.test(code);
export const isPassing = (code: string): boolean => PASSING.has(code) || NO_ANSWER.test(code) || isThrottling(code);

/** An error of a call, with the name of what happened on the wire where there was no answer. */
export function refusalOf(error: unknown): Refusal {
  if (!(error instanceof Error)) return { code: "Unknown", message: String(error) };
  const status = "$metadata" in error ? (error.$metadata as { httpStatusCode?: number }).httpStatusCode : undefined;
  const wire = "code" in error && typeof error.code === "string" ? error.code : undefined;
  const server = status !== undefined && status >= 500 && !isPassing(error.name);
  return {
    code: server ? "ServiceUnavailable" : error.name === "Error" ? (wire ?? "Error") : error.name,
    message: error.message,
  };
}

export const textOf = ({ code, message }: Refusal): string => `${code}: ${message}`;
