import type { ResourceValidationPolicy } from "@pulumi/policy";
import { BUCKET, BUCKET_POLICY, BUCKET_V2 } from "../kinds";
import { onAny, onResource, type Found, type Report } from "../resources";
import { hasAction, openPrincipals, statementsOf } from "../statements";

const USER_GUIDE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide";

/** A check of every policy of a bucket, its own resource or written into the bucket. */
function onBucketPolicies(check: (document: unknown, resource: Found<unknown>, report: Report) => void) {
  return onAny(
    onResource(BUCKET_POLICY, (props, resource, report) => check(props.policy, resource, report)),
    onResource(BUCKET, (props, resource, report) => check(props.policy, resource, report)),
    onResource(BUCKET_V2, (props, resource, report) => check(props.policy, resource, report)),
  );
}

export const noOpenBucket: ResourceValidationPolicy = {
  name: "aws-s3-bucket-policy-name-who-may",
  description: "A bucket's policy allows nothing to everyone.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps: "Name the roles that may, or bind the statement by a condition such as aws:PrincipalOrgID.",
  url: `${USER_GUIDE}/access-policy-language-overview.html`,
  tags: ["SecurityHub S3.2", "SecurityHub S3.3", "SecurityHub S3.6", "CKV_AWS_70"],
  validateResource: onBucketPolicies((document, { name }, report) => {
    for (const statement of statementsOf(document))
      for (const who of openPrincipals(statement))
        report(
          `bucket policy '${name}', ${statement.where}: allows to '${who}', expected named principals or a condition`,
        );
  }),
};

export const noLockout: ResourceValidationPolicy = {
  name: "aws-s3-bucket-policy-lock-nobody-out",
  description: "A bucket's policy does not deny everything to everyone: nobody but the root user could undo it.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Deny less, or except the deploying role by a condition on aws:PrincipalArn.",
  url: "https://repost.aws/knowledge-center/s3-accidentally-denied-access",
  tags: ["CKV_AWS_93"],
  validateResource: onBucketPolicies((document, { name }, report) => {
    for (const statement of statementsOf(document)) {
      const everyone = statement.principals.some(([kind, who]) => kind === "AWS" && who === "*");
      if (
        !statement.allows &&
        everyone &&
        statement.conditions.length === 0 &&
        hasAction(statement, "s3:PutBucketPolicy")
      )
        report(
          `bucket policy '${name}', ${statement.where}: denies s3:PutBucketPolicy to everyone, expected a condition`,
        );
    }
  }),
};
