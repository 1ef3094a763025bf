import type { Deployment, Names } from "../../contract/names";
import { policyDocument, type PolicyDocument, type Statement } from "./statement";

/**
 * The account administers the key through IAM. Service principals are not covered by that statement: CloudWatch Logs
 * needs its own, limited to this stack's log groups.
 */
export function keyPolicy(deployment: Deployment, names: Names): PolicyDocument {
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
      Action: [
        "kms:Encrypt",
        "kms:Decrypt",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
        "kms:GenerateDataKey",
        "kms:DescribeKey",
      ],
      Resource: "*",
      Condition: {
        ArnLike: { "kms:EncryptionContext:aws:logs:arn": names.logGroupArn(`/aws/lambda/${names.base}-*`) },
        StringEquals: { "aws:SourceAccount": deployment.accountId },
      },
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
