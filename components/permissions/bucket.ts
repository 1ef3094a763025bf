import type { Names } from "../../contract/names";
import { policyDocument, type PolicyDocument } from "./statement";

/** Denies plain HTTP, and uploads that ask for another encryption than the bucket's (Security Hub S3.5, S3.17). */
export function bucketPolicy(names: Names): PolicyDocument {
  return policyDocument([
    {
      Sid: "TlsOnly",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: [names.bucketArn, names.objectArn("*")],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
    {
      // Without the header the bucket's default encryption applies; hence IfExists.
      Sid: "KmsOnly",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:PutObject",
      Resource: names.objectArn("*"),
      Condition: {
        StringNotEqualsIfExists: { "s3:x-amz-server-side-encryption": "aws:kms" },
        Null: { "s3:x-amz-server-side-encryption": "false" },
      },
    },
  ]);
}
