import type { IncomingMessage, ServerResponse } from "node:http";
import { messageOf, ServiceError } from "../errors";
import { invoke, type LambdaSurroundings } from "./invoke";

/**
 * Answers the HTTP request of Lambda's Invoke.
 *
 * @throws ServiceError for a qualifier, a payload that is not JSON, and whatever {@link invoke} refuses
 */
export async function answerInvoke(
  reference: string,
  req: IncomingMessage,
  body: Buffer,
  res: ServerResponse,
  around: LambdaSurroundings,
  signal: AbortSignal,
): Promise<void> {
  const { searchParams } = new URL(req.url ?? "/", around.endpoint);
  const qualifier = searchParams.get("Qualifier") ?? "$LATEST";
  if (qualifier !== "$LATEST")
    throw new ServiceError(
      "ResourceNotFoundException",
      `version or alias '${qualifier}': the laptop runs $LATEST`,
      404,
    );
  const event = body.length === 0 ? "{}" : body.toString("utf8");
  try {
    JSON.parse(event);
  } catch (error) {
    throw new ServiceError(
      "InvalidRequestContentException",
      `Could not parse request body into json: ${messageOf(error)}`,
    );
  }
  const type = req.headers["x-amz-invocation-type"] ?? "RequestResponse";
  if (type === "DryRun") {
    res.writeHead(204).end();
    return;
  }
  if (type === "Event") {
    res.writeHead(202).end();
    await invoke(reference, event, around, signal).catch((error: unknown) => around.log(messageOf(error)));
    return;
  }
  const { payload, functionError, lines } = await invoke(reference, event, around, signal);
  const tail = lines
    .map(({ message }) => message)
    .join("\n")
    .slice(-4096);
  res.writeHead(200, {
    "Content-Type": "application/json",
    "X-Amz-Executed-Version": "$LATEST",
    ...(functionError === undefined ? {} : { "X-Amz-Function-Error": functionError }),
    ...(req.headers["x-amz-log-type"] === "Tail" ? { "X-Amz-Log-Result": Buffer.from(tail).toString("base64") } : {}),
  });
  res.end(payload);
}
