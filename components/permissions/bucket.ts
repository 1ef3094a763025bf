import type { Dataset } from "../../contract/dataset";
import type { Names } from "../../contract/names";
import { readersOfBucket } from "./readers";
import { fitting, policyDocument, type PolicyDocument } from "./statement";

/**
 * Denies plain HTTP, and uploads that ask for another encryption than the bucket's (Security Hub S3.5, S3.17); lets the
 * readers of other accounts in.
 *
 * @throws ContractError when there are too many of them for one policy
 */
export function bucketPolicy(names: Names, datasets: readonly Dataset[]): PolicyDocument {
  const document = policyDocument([
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
    ...readersOfBucket(names, datasets),
  ]);
  const fix =
    "name readers of other accounts for fewer datasets, give datasets equal sets of accounts or shorter prefixes, " +
    "or let these accounts in through S3 access points";
  return fitting("bucket", `bucket '${names.bucket}'`, document, fix);
}
