import type { z } from "zod";

/** An error of an AWS API: what a client sees as `name`, message and HTTP status. */
export class ServiceError extends Error {
  constructor(
    /** As the SDKs know it: `ValidationException`, `ResourceNotFound`. */
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
    this.name = code;
  }
}

/** A step ended badly; the message is its FailureReason. */
export class StepFailure extends Error {
  override readonly name = "StepFailure";

  constructor(
    message: string,
    readonly status: "Failed" | "Stopped" = "Failed",
  ) {
    super(message);
  }
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Every problem in one line each, led by its place: `Steps[0].Arguments.RoleArn: ...`. */
export function issuesOf(error: z.ZodError, place = ""): string {
  return error.issues
    .map((issue) => {
      const path = issue.path.reduce<string>(
        (text, part) =>
          typeof part === "number" ? `${text}[${part}]` : text ? `${text}.${String(part)}` : String(part),
        place,
      );
      return path ? `${path}: ${issue.message}` : issue.message;
    })
    .join("; ");
}
