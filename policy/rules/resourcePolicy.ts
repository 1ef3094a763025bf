import type { ResourceValidationPolicy } from "@pulumi/policy";
import { CATALOG_POLICY, SECRET, SECRET_POLICY } from "../kinds";
import { openings } from "../openings";
import { onAny, onResource, type Found, type Report } from "../resources";

const notOpen =
  (what: string) =>
  ({ policy }: { readonly policy?: unknown }, { name }: Found<unknown>, report: Report): void => {
    for (const text of openings(policy)) report(`${what} '${name}', policy, ${text}`);
  };

export const catalogNotOpen: ResourceValidationPolicy = {
  name: "aws-glue-catalog-policy-name-who-may",
  description: "The policy of the data catalog allows nothing to everyone.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps: "Name the accounts or roles that may read.",
  url: "https://docs.aws.amazon.com/glue/latest/dg/security_iam_resource-based-policy-examples.html",
  validateResource: onResource(CATALOG_POLICY, notOpen("catalog")),
};

export const secretNotOpen: ResourceValidationPolicy = {
  name: "aws-secretsmanager-secret-policy-name-who-may",
  description: "A secret's policy allows nothing to everyone.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps: "Name the roles that may read the secret.",
  url: "https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html",
  validateResource: onAny(onResource(SECRET, notOpen("secret")), onResource(SECRET_POLICY, notOpen("secret"))),
};
