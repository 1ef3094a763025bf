import type { Names } from "../../contract/names";
import { leaveUndelivered } from "./functions";
import { policyDocument, type PolicyDocument } from "./statement";

/**
 * What the stack's schedules may do: start its pipelines, call its checker, read themselves, and leave in the queue what
 * they could not deliver. No role is passed: a pipeline has its own.
 */
export function schedulerPolicy(names: Names): PolicyDocument {
  return policyDocument([
    {
      Sid: "StartPipelines",
      Effect: "Allow",
      Action: "sagemaker:StartPipelineExecution",
      Resource: names.pipelineArn(`${names.base}-*`),
    },
    { Sid: "CallChecker", Effect: "Allow", Action: "lambda:InvokeFunction", Resource: names.checker.arn },
    {
      // The scheduler decrypts with this role by itself: such a call comes through no other service, and kms:ViaService
      // would be absent (EventBridge Scheduler user guide, encryption-rest).
      Sid: "ReadSchedules",
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: names.anyKeyArn,
      Condition: {
        "ForAnyValue:StringEquals": { "kms:ResourceAliases": names.keyAlias },
        StringLike: { "kms:EncryptionContext:aws:scheduler:schedule:arn": names.scheduleArn("*") },
      },
    },
    ...leaveUndelivered(names),
  ]);
}
