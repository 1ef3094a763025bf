import type { Dataset } from "../../contract/dataset";
import type { Names } from "../../contract/names";
import { alarmsUseKey } from "./alarms";
import { readersOfKey } from "./readers";
import { fitting, policyDocument, type PolicyDocument, type Statement } from "./statement";

/**
 * The account administers the key through IAM. Service principals are not covered by that statement: CloudWatch Logs
 * needs its own, limited to this stack's log groups, and so does what writes to the topic of alarms. Nor are other
 * accounts: those that read data decrypt it through S3, unless the data lies in a bucket that has another key.
 *
 * @throws ContractError when there are too many readers for one policy
 */
export function keyPolicy(names: Names, datasets: readonly Dataset[]): PolicyDocument {
  const document = policyDocument([
    {
      Sid: "AccountAdministers",
      Effect: "Allow",
      Principal: { AWS: names.rootArn(names.accountId) },
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
        StringLike: { "kms:EncryptionContext:aws:logs:arn": names.logGroupArn(`/aws/lambda/${names.base}-*`) },
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
    ...alarmsUseKey(names),
    ...(names.existing.bucketKeyArn === undefined ? readersOfKey(names, datasets) : []),
  ]);
  return fitting("key", `key '${names.keyAlias}'`, document, "name readers of fewer other accounts");
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

/**
 * Grants on the stack's key for the encrypted volumes of jobs. AWS names the job's role for it in one place and the
 * caller in another (sagemaker-roles, "CreateProcessingJob API: Execution Role Permissions"; role manager templates).
 */
export function volumeGrants(names: Names): Statement {
  const use = keyUse(names, "VolumeKey", "sagemaker", ["kms:CreateGrant"]);
  return { ...use, Condition: { ...use.Condition, Bool: { "kms:GrantIsForAWSResource": "true" } } };
}

/** Use, through S3, of the key that an existing bucket is encrypted with; none where the stack's key does that. */
export function bucketKeyUse(names: Names, actions: readonly string[]): Statement[] {
  const arn = names.existing.bucketKeyArn;
  if (arn === undefined) return [];
  return [
    {
      Sid: "BucketKeyViaS3",
      Effect: "Allow",
      Action: actions,
      Resource: arn,
      Condition: { StringEquals: { "kms:ViaService": names.service("s3") } },
    },
  ];
}
