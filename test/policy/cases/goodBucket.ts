import {
  BUCKET,
  BUCKET_BLOCK,
  BUCKET_ENCRYPTION,
  BUCKET_LIFECYCLE,
  BUCKET_LOGGING,
  BUCKET_OWNERSHIP,
  BUCKET_POLICY,
  BUCKET_VERSIONING,
} from "../../../policy/kinds";
import { ACCOUNT, policy, resource, tlsOnly } from "./case";

export const NAME = "acme-data";
export const BOTH = [`arn:aws:s3:::${NAME}`, `arn:aws:s3:::${NAME}/*`];
export const KEY = `arn:aws:kms:ap-northeast-1:${ACCOUNT}:key/acme-key`;
export const bucket = { bucket: NAME };
export const TLS = tlsOnly("s3:*", BOTH);
/** Objects that nobody may read: who may change the policy still may. */
const QUARANTINE = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: `arn:aws:s3:::${NAME}/quarantine/*` };
const DELIVERY = {
  ...{ Effect: "Allow", Principal: { Service: "delivery.logs.amazonaws.com" }, Action: "s3:PutObject" },
  ...{ Resource: `arn:aws:s3:::${NAME}/logs/*`, Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT } } },
};
export const ABORT = { id: "abort", status: "Enabled", abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } };
export const EXPIRE = { id: "expire", status: "Enabled", noncurrentVersionExpiration: { noncurrentDays: 30 } };
const BLOCKED = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true };

export const goodBucket = () => [
  resource(BUCKET, "data", bucket),
  resource(BUCKET_BLOCK, "block", { ...bucket, ...BLOCKED }),
  resource(BUCKET_OWNERSHIP, "ownership", { ...bucket, rule: { objectOwnership: "BucketOwnerEnforced" } }),
  resource(BUCKET_POLICY, "policy", { ...bucket, policy: policy(TLS, QUARANTINE, DELIVERY) }),
  resource(BUCKET_VERSIONING, "versioning", { ...bucket, versioningConfiguration: { status: "Enabled" } }),
  resource(BUCKET_ENCRYPTION, "encryption", {
    ...bucket,
    rules: [encryption({ sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY })],
  }),
  resource(BUCKET_LIFECYCLE, "lifecycle", { ...bucket, rules: [ABORT, EXPIRE] }),
  resource(BUCKET_LOGGING, "logging", { ...bucket, targetBucket: "acme-logs", targetPrefix: "data/" }),
];

export function encryption(applyServerSideEncryptionByDefault: object, bucketKeyEnabled: unknown = true): object {
  return { applyServerSideEncryptionByDefault, bucketKeyEnabled };
}
