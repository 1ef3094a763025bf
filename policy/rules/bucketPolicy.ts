import type { ResourceValidationPolicy } from "@pulumi/policy";
import { holdsAlways } from "../bounds";
import { ACCESS_POINT, ACCESS_POINT_POLICY, BUCKET, BUCKET_POLICY, BUCKET_V2 } from "../kinds";
import { openings } from "../openings";
import { isGiven, onAny, onResource, type Found, type Report } from "../resources";
import { hasAction, statementsOf, type Statement } from "../statements";

const USER_GUIDE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide";

/** A check of every policy of a bucket, its own resource or written into the bucket. */
function onBucketPolicies(check: (document: unknown, resource: Found<unknown>, report: Report) => void) {
  return [
    onResource(BUCKET_POLICY, (props, resource, report) => check(props.policy, resource, report)),
    onResource(BUCKET, (props, resource, report) => check(props.policy, resource, report)),
    onResource(BUCKET_V2, (props, resource, report) => check(props.policy, resource, report)),
  ];
}

export const noOpenBucket: ResourceValidationPolicy = {
  name: "aws-s3-bucket-policy-name-who-may",
  description: "The policy of a bucket or of its access point allows nothing to everyone.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps: "Name the roles that may, or bind the statement by a condition such as aws:PrincipalOrgID.",
  url: `${USER_GUIDE}/access-policy-language-overview.html`,
  tags: ["SecurityHub S3.2", "SecurityHub S3.3", "SecurityHub S3.6", "CKV_AWS_70"],
  validateResource: onAny(
    ...onBucketPolicies((document, { name }, report) => {
      for (const text of openings(document)) report(`bucket policy '${name}', ${text}`);
    }),
    onResource(ACCESS_POINT, (point, { name }, report) => {
      // One for a VPC lets nobody else in.
      if (isGiven(() => point.vpcConfiguration)) return;
      for (const text of openings(point.policy)) report(`access point '${name}', policy, ${text}`);
    }),
    onResource(ACCESS_POINT_POLICY, ({ policy }, { name }, report) => {
      for (const text of openings(policy)) report(`access point policy '${name}', ${text}`);
    }),
  ),
};

/** Whether a statement denies something of the bucket itself, whose ARN has no slash, unlike its objects'. */
function isOfBucket({ resources, notResources }: Statement): boolean {
  const fits = (pattern: string) => !pattern.includes("/");
  return notResources.length > 0 ? !notResources.some(fits) : resources.some(fits);
}

/** Whom a denial leaves nobody of: everyone, or everyone but some whose account is shut out with the others. */
function deniedTo({ principals, notPrincipals }: Statement): string | undefined {
  if (principals.some(([kind, who]) => kind === "AWS" && who === "*")) return "everyone";
  if (notPrincipals.length === 0 || notPrincipals.some(([, who]) => /^\d{12}$|:root$/.test(who))) return undefined;
  return `everyone but '${notPrincipals.map(([, who]) => who).join("', '")}'`;
}

export const noLockout: ResourceValidationPolicy = {
  name: "aws-s3-bucket-policy-lock-nobody-out",
  description: "A bucket's policy does not deny everything to everyone: nobody but the root user could undo it.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Deny less, or except the deploying role by a condition on aws:PrincipalArn.",
  url: "https://repost.aws/knowledge-center/s3-accidentally-denied-access",
  tags: ["CKV_AWS_93"],
  validateResource: onAny(
    ...onBucketPolicies((document, { name }, report) => {
      for (const statement of statementsOf(document)) {
        if (statement.allows || !hasAction(statement, "s3:PutBucketPolicy") || !isOfBucket(statement)) continue;
        const who = deniedTo(statement);
        if (who !== undefined && statement.conditions.every(holdsAlways))
          report(
            `bucket policy '${name}', ${statement.where}: denies s3:PutBucketPolicy to ${who}, ` +
              "expected a condition that lets somebody undo it",
          );
      }
    }),
  ),
};
