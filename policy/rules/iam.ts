import type { ResourceValidationPolicy } from "@pulumi/policy";
import { onIdentityStatements } from "../identityPolicies";
import { isAllResources, isBoundBy, matches } from "../statements";

const USER_GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide";
const LEAST_PRIVILEGE = `${USER_GUIDE}/best-practices.html#grant-least-privilege`;
const REFERENCE =
  "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html";

export const noStarAction: ResourceValidationPolicy = {
  name: "aws-iam-policy-name-actions",
  description: "A policy allows actions by name, never all of a service.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps: "List the actions that the code calls; never use NotAction with Allow.",
  url: LEAST_PRIVILEGE,
  tags: ["SecurityHub IAM.1", "SecurityHub IAM.21", "cdk-nag AwsSolutions-IAM5", "CKV_AWS_62", "CKV_AWS_63"].concat([
    "CKV_AWS_1",
    "CKV_AWS_49",
    "CKV2_AWS_40",
    "CKV2_AWS_56",
    "AVD-AWS-0057",
  ]),
  validateResource: onIdentityStatements((statement, report) => {
    if (!statement.allows) return;
    for (const action of statement.actions)
      if (/^(\*+|[a-z0-9-]+:\*+)$/i.test(action)) report(`allows '${action}', expected the actions by name`);
    if (statement.notActions.length > 0)
      report(`allows all actions but '${statement.notActions.join("', '")}', expected the actions by name`);
  }),
};

/** Actions that have no resource to name. */
const WITHOUT_RESOURCE = [
  ...["ecr:GetAuthorizationToken", "ec2:Describe*", "sts:GetCallerIdentity", "s3:ListAllMyBuckets", "kms:ListAliases"],
  ...["xray:PutTraceSegments", "xray:PutTelemetryRecords", "logs:DescribeLogGroups", "sagemaker:List*"],
  // For functions in a VPC: the interface does not exist yet.
  ...["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:AssignPrivateIpAddresses"],
  "ec2:UnassignPrivateIpAddresses",
];

export const noStarResource: ResourceValidationPolicy = {
  name: "aws-iam-policy-name-resources",
  description: "A policy allows on resources by name; everything is named only where an action has no resource.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Write the ARNs. cloudwatch:PutMetricData needs a condition on cloudwatch:namespace.",
  url: REFERENCE,
  tags: ["cdk-nag AwsSolutions-IAM5", "CKV_AWS_355", "CKV_AWS_356"],
  validateResource: onIdentityStatements((statement, report) => {
    if (!statement.allows || !isAllResources(statement)) return;
    for (const action of statement.actions) {
      if (WITHOUT_RESOURCE.some((pattern) => matches(pattern, action, { ignoreCase: true }))) continue;
      if (OF_OTHER_RULES.test(action)) continue;
      const metrics = action.toLowerCase() === "cloudwatch:putmetricdata";
      if (metrics && isBoundBy(statement, /^cloudwatch:namespace$/i)) continue;
      report(
        `allows '${action}' on every resource, expected ` +
          (metrics ? "a condition on cloudwatch:namespace" : "the ARNs that it needs"),
      );
    }
  }),
};

/** Actions whose resources have a rule of their own: wildcards, S3, decryption, handing on roles. */
const OF_OTHER_RULES = /^(\*|[a-z0-9-]+:\*|s3:.*|kms:(decrypt|reencryptfrom|reencrypt\*)|iam:passrole)$/i;

/** What lets its holder become somebody else, or hand out what is not theirs. */
const EXPOSING = [
  ...["iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion", "iam:CreateAccessKey", "iam:CreateLoginProfile"],
  ...["iam:UpdateLoginProfile", "iam:AttachUserPolicy", "iam:AttachGroupPolicy", "iam:AttachRolePolicy"],
  ...[
    "iam:PutUserPolicy",
    "iam:PutGroupPolicy",
    "iam:PutRolePolicy",
    "iam:AddUserToGroup",
    "iam:UpdateAssumeRolePolicy",
  ],
  ...["iam:DeleteRolePermissionsBoundary", "iam:PutRolePermissionsBoundary", "iam:CreateServiceSpecificCredential"],
  ...[
    "s3:PutBucketPolicy",
    "s3:PutBucketAcl",
    "s3:PutObjectAcl",
    "s3:DeleteBucketPolicy",
    "s3:PutBucketPublicAccessBlock",
  ],
  ...["kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:DisableKey", "kms:CreateGrant", "ecr:SetRepositoryPolicy"],
  ...[
    "lambda:AddPermission",
    "lambda:UpdateFunctionCode",
    "lambda:UpdateFunctionConfiguration",
    "lambda:CreateFunctionUrlConfig",
  ],
  ...[
    "sns:AddPermission",
    "sns:SetTopicAttributes",
    "sqs:AddPermission",
    "sqs:SetQueueAttributes",
    "glue:PutResourcePolicy",
  ],
  ...["sts:AssumeRoleWithWebIdentity", "secretsmanager:PutResourcePolicy", "logs:PutResourcePolicy"],
];

export const noExposure: ResourceValidationPolicy = {
  name: "aws-iam-policy-allow-no-escalation",
  description: "No policy lets its holder take other permissions, or open resources to others.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps: "Remove the action. Grants of keys are bound by kms:GrantIsForAWSResource.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",
  tags: [
    "CKV_AWS_286",
    "CKV_AWS_287",
    "CKV_AWS_288",
    "CKV_AWS_289",
    "CKV_AWS_290",
    "CKV_AWS_107",
    "CKV_AWS_108",
  ].concat(["CKV_AWS_109", "CKV_AWS_110", "CKV_AWS_111", "CKV_AWS_283"]),
  validateResource: onIdentityStatements((statement, report) => {
    if (!statement.allows || statement.notActions.length > 0) return;
    const actions = statement.actions.filter((action) => !/^(\*|[a-z0-9-]+:\*)$/i.test(action));
    for (const action of actions) {
      const exposed = EXPOSING.find((each) => matches(action, each, { ignoreCase: true }));
      if (exposed === undefined) continue;
      const grant = exposed === "kms:CreateGrant";
      if (grant && isBoundBy(statement, /^kms:(GrantIsForAWSResource|ViaService)$/i)) continue;
      report(
        `allows '${action}'${action === exposed ? "" : `, which includes ${exposed}`}, expected ` +
          (grant ? "a condition on kms:GrantIsForAWSResource" : "no action that gives permissions"),
      );
    }
  }),
};

export const passRoleBound: ResourceValidationPolicy = {
  name: "aws-iam-policy-bind-pass-role",
  description: "iam:PassRole names the roles that are handed on, and the service that gets them.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps: "Write the ARNs of the roles, and a condition on iam:PassedToService.",
  url: `${USER_GUIDE}/id_roles_use_passrole.html`,
  tags: ["AVD-AWS-0342", "cfn-guard no-wildcard-resource-on-passrole"],
  validateResource: onIdentityStatements((statement, report) => {
    if (!statement.allows || !statement.actions.some((action) => /^iam:pass/i.test(action))) return;
    const open = isAllResources(statement) ? "*" : statement.resources.find((arn) => /:role\/\*$/.test(arn));
    if (open !== undefined) report(`hands on any role ('${open}'), expected the roles by name`);
    if (!isBoundBy(statement, /^iam:PassedToService$/i))
      report("hands roles on to any service, expected a condition on iam:PassedToService");
  }),
};

export const s3Scoped: ResourceValidationPolicy = {
  name: "aws-iam-policy-name-buckets",
  description: "What a policy allows in S3, it allows in buckets by name.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Write arn:aws:s3:::<bucket>/<prefix>/*, with the slash before the *.",
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html",
  tags: ["AVD-AWS-0345", "AVD-AWS-0346"],
  validateResource: onIdentityStatements((statement, report) => {
    const actions = statement.actions.filter(
      (action) => /^s3:.*[^*]$|^s3:.+\*$/i.test(action) && action !== "s3:ListAllMyBuckets",
    );
    if (!statement.allows || actions.length === 0) return;
    for (const resource of isAllResources(statement) ? ["*"] : statement.resources)
      if (/^(\*|arn:[^:]*:s3:::[*?])/.test(resource))
        report(`allows '${actions.join("', '")}' on '${resource}', expected buckets by name`);
  }),
};

export const decryptScoped: ResourceValidationPolicy = {
  name: "aws-iam-policy-name-keys-to-decrypt",
  description: "What a policy decrypts, it decrypts by keys that it names.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Write the key's ARN, or key/* with a condition on kms:ResourceAliases.",
  url: "https://docs.aws.amazon.com/kms/latest/developerguide/iam-policies-best-practices.html",
  tags: ["SecurityHub KMS.1", "SecurityHub KMS.2"],
  validateResource: onIdentityStatements((statement, report) => {
    const actions = statement.actions.filter(
      (action) =>
        /^kms:./i.test(action) &&
        action !== "kms:*" &&
        DECRYPTING.some((each) => matches(action, each, { ignoreCase: true })),
    );
    if (!statement.allows || actions.length === 0 || isBoundBy(statement, /^kms:(ResourceAliases|RequestAlias)$/i))
      return;
    for (const resource of isAllResources(statement) ? ["*"] : statement.resources)
      if (isEveryKey(resource)) report(`allows '${actions.join("', '")}' by '${resource}', expected keys by name`);
  }),
};

const DECRYPTING = ["kms:Decrypt", "kms:ReEncryptFrom"];
const isEveryKey = (resource: string) => /^(\*|arn:[^:]*:kms:[^:]*:[^:]*:(key\/)?\*)$/.test(resource);
