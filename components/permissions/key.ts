import type { Names } from "../../contract/names";
import { policyDocument, type PolicyDocument, type Statement } from "./statement";

/**
 * The account administers the key through IAM. Service principals are not covered by that statement: CloudWatch Logs
 * needs its own, limited to this stack's log groups.
 */
export function keyPolicy(names: Names): PolicyDocument {
  return policyDocument([
    {
      Sid: "AccountAdministers",
      Effect: "Allow",
      Principal: { AWS: names.accountRootArn },
      Action: "kms:*",
      Resource: "*",
    },
    {
      Sid: "LogsEncrypt",
      Effect: "Allow",
      Principal: { Service: names.service("logs") },
      Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:GenerateDataKey"],
      Resource: "*",
      // The log group's ARN holds the account: it is the confused deputy's guard as well.
      Condition: {
        ArnLike: { "kms:EncryptionContext:aws:logs:arn": names.logGroupArn(`/aws/lambda/${names.base}-*`) },
      },
    },
    {
      // Describing takes no encryption context.
      Sid: "LogsDescribe",
      Effect: "Allow",
      Principal: { Service: names.service("logs") },
      Action: "kms:DescribeKey",
      Resource: "*",
    },
  ]);
}

/** Use of the stack's key through one service. The alias is fixed; the key's id is not known at a first preview. */
export function keyUse(names: Names, sid: string, service: string, actions: readonly string[]): Statement {
  return {
    Sid: sid,
    Effect: "Allow",
    Action: actions,
    Resource: names.anyKeyArn,
    Condition: {
      "ForAnyValue:StringEquals": { "kms:ResourceAliases": names.keyAlias },
      StringEquals: { "kms:ViaService": names.service(service) },
    },
  };
}
