import type { ResourceValidationPolicy } from "@pulumi/policy";
import {
  GROUP_ATTACHMENT,
  POLICY_ATTACHMENT,
  ROLE,
  ROLE_ATTACHMENT,
  ROLE_ATTACHMENTS,
  ROLE_POLICY,
  USER_ATTACHMENT,
  type Kind,
} from "../kinds";
import { eachOf, onAny, onResource, show } from "../resources";

const USER_GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide";

export const noAwsManaged: ResourceValidationPolicy = {
  name: "aws-iam-role-attach-no-aws-managed-policy",
  description: "No role, user or group has a policy that AWS manages: they allow too much, and change by themselves.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Write a policy with the actions and ARNs that the role needs.",
  url: `${USER_GUIDE}/access_policies_managed-vs-inline.html`,
  tags: ["cdk-nag AwsSolutions-IAM4", "CKV_AWS_274"],
  validateResource: onAny(
    ...[ROLE_ATTACHMENT, USER_ATTACHMENT, GROUP_ATTACHMENT, POLICY_ATTACHMENT].map((kind: Kind<Attachment>) =>
      onResource(kind, ({ policyArn }, { name }, report) => {
        if (isAwsManaged(policyArn))
          report(`attachment '${name}': policy is '${policyArn}', expected one of this account`);
      }),
    ),
    onResource(ROLE_ATTACHMENTS, ({ policyArns }, { name }, report) =>
      eachOf(policyArns, (arn) => {
        if (isAwsManaged(arn)) report(`attachments '${name}': policy is '${arn}', expected one of this account`);
      }),
    ),
    onResource(ROLE, (role, { name }, report) =>
      eachOf(role.managedPolicyArns, (arn) => {
        if (isAwsManaged(arn)) report(`role '${name}': policy is '${arn}', expected one of this account`);
      }),
    ),
  ),
};

interface Attachment {
  readonly policyArn: string;
}

const isAwsManaged = (arn: string) => /^arn:[^:]*:iam::aws:policy\//.test(arn);

export const managedNotInline: ResourceValidationPolicy = {
  name: "aws-iam-role-write-no-inline-policy",
  description: "Policies are resources of their own, attached to roles.",
  // An account has 1,500 managed policies, and a dataset needs one.
  enforcementLevel: "disabled",
  severity: "low",
  remediationSteps: "Make an aws.iam.Policy, and attach it.",
  url: `${USER_GUIDE}/access_policies_managed-vs-inline.html`,
  tags: ["cdk-nag IAMNoInlinePolicy"],
  validateResource: onAny(
    onResource(ROLE_POLICY, (_policy, { name }, report) =>
      report(`policy '${name}' is inline, expected a managed one`),
    ),
    onResource(ROLE, (role, { name }, report) => {
      if (role.inlinePolicies?.length)
        report(`role '${name}': ${role.inlinePolicies.length} policies are inline, expected 0`);
    }),
  ),
};

export const boundaryKept: ResourceValidationPolicy = {
  name: "aws-iam-role-keep-boundary",
  description: "Every role has the permissions boundary that the account asks for.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Set permissionsBoundary to the ARN in the parameter permissionsBoundary.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",
  configSchema: { properties: { permissionsBoundary: { type: "string" } } },
  validateResource: onResource(ROLE, (role, { name, config }, report) => {
    const expected = config["permissionsBoundary"];
    if (typeof expected !== "string" || expected === "") return;
    const got = role.permissionsBoundary;
    if (got !== expected) report(`role '${name}': permissionsBoundary is ${show(got)}, expected '${expected}'`);
  }),
};
