import type { ResourceValidationPolicy } from "@pulumi/policy";
import { onIdentityStatements } from "../identityPolicies";
import { isBoundBy, showConditions } from "../bounds";
import { hasNoResource } from "../resourceless";
import { ALL_ACTIONS, everythingIn, includesAction, matches, namesAction, type Statement } from "../statements";

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
      if (ALL_ACTIONS.test(action)) report(`allows '${action}', expected the actions by name`);
    if (statement.notActions.length > 0)
      report(`allows all actions but '${statement.notActions.join("', '")}', expected the actions by name`);
  }),
};

export const noStarResource: ResourceValidationPolicy = {
  name: "aws-iam-policy-name-resources",
  description: "A policy allows on resources by name; everything is named only where an action has no resource.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Write the ARNs. cloudwatch:PutMetricData needs a condition on cloudwatch:namespace.",
  url: REFERENCE,
  tags: ["cdk-nag AwsSolutions-IAM5", "CKV_AWS_355", "CKV_AWS_356"],
  validateResource: onIdentityStatements((statement, report) => {
    if (!statement.allows) return;
    for (const action of statement.actions) {
      if (ALL_ACTIONS.test(action) || OF_OTHER_RULES.test(action)) continue;
      const metrics = /^cloudwatch:PutMetricData$/i.test(action);
      const namespace = /^cloudwatch:namespace$/i;
      if (metrics ? isBoundBy(statement, namespace) : hasNoResource(action)) continue;
      for (const all of everythingIn(statement, action.split(":")[0]?.toLowerCase() ?? "")) {
        // Lambda's own template for roles allows it so: the group is not there yet.
        if (/^logs:CreateLogGroup$/i.test(action) && /:\d{12}:\*'$/.test(all)) continue;
        report(
          `allows '${action}' on ${all}${showConditions(statement, namespace)}, expected ` +
            (metrics ? "a condition on cloudwatch:namespace" : "the ARNs that it needs"),
        );
      }
    }
  }),
};

/** Actions whose resources have a rule of their own: S3, decryption, handing on roles. */
const OF_OTHER_RULES = /^(s3:.*|kms:(decrypt|reencryptfrom|reencrypt\*)|iam:passrole)$/i;

/** What lets its holder become somebody else, or hand out what is not theirs, by service. */
const EXPOSING = Object.entries({
  iam:
    "CreatePolicy CreatePolicyVersion SetDefaultPolicyVersion CreateAccessKey CreateLoginProfile UpdateLoginProfile " +
    "AttachUserPolicy AttachGroupPolicy AttachRolePolicy DetachRolePolicy PutUserPolicy PutGroupPolicy PutRolePolicy " +
    "DeleteRolePolicy AddUserToGroup UpdateAssumeRolePolicy DeleteRolePermissionsBoundary PutRolePermissionsBoundary " +
    "CreateServiceSpecificCredential",
  s3:
    "PutBucketPolicy PutBucketAcl PutObjectAcl DeleteBucketPolicy PutBucketPublicAccessBlock PutAccessPointPolicy " +
    "PutAccountPublicAccessBlock",
  kms: "PutKeyPolicy ScheduleKeyDeletion DisableKey CreateGrant",
  ecr: "SetRepositoryPolicy",
  lambda:
    "AddPermission AddLayerVersionPermission UpdateFunctionCode UpdateFunctionConfiguration CreateFunctionUrlConfig",
  sns: "AddPermission SetTopicAttributes",
  sqs: "AddPermission SetQueueAttributes",
  glue: "PutResourcePolicy",
  lakeformation: "PutDataLakeSettings GrantPermissions BatchGrantPermissions",
  sts: "AssumeRoleWithWebIdentity",
  secretsmanager: "PutResourcePolicy",
  logs: "PutResourcePolicy",
}).flatMap(([service, actions]) => actions.split(" ").map((action) => `${service}:${action}`));

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
    for (const action of statement.actions) {
      if (ALL_ACTIONS.test(action)) continue;
      const exposed = EXPOSING.find((each) => matches(action, each, { ignoreCase: true }));
      if (exposed === undefined) continue;
      const grant = exposed === "kms:CreateGrant";
      if (grant && isBoundBy(statement, GRANTS)) continue;
      report(
        `allows '${action}'${action === exposed ? "" : `, which includes ${exposed}`}` +
          (grant
            ? `${showConditions(statement, GRANTS)}, expected a condition on kms:GrantIsForAWSResource`
            : ", expected no action that gives permissions"),
      );
    }
  }),
};

const GRANTS = /^kms:(GrantIsForAWSResource|ViaService)$/i;

export const passRoleBound: ResourceValidationPolicy = {
  name: "aws-iam-policy-bind-pass-role",
  description: "iam:PassRole names the roles that are handed on, and the service that gets them.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps: "Write the ARNs of the roles, and a condition on iam:PassedToService.",
  url: `${USER_GUIDE}/id_roles_use_passrole.html`,
  tags: ["AVD-AWS-0342", "cfn-guard no-wildcard-resource-on-passrole"],
  validateResource: onIdentityStatements((statement, report) => {
    if (!statement.allows || !namesAction(statement, "iam:PassRole")) return;
    for (const all of everythingIn(statement, "iam", "role/probe-of-no-role"))
      report(`hands on any role (${all}), expected the roles by name`);
    if (!isBoundBy(statement, PASSED_TO))
      report(
        `hands roles on to any service${showConditions(statement, PASSED_TO)}, ` +
          "expected a condition on iam:PassedToService",
      );
  }),
};

const PASSED_TO = /^iam:PassedToService$/i;

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
      (action) => /^s3:/i.test(action) && !ALL_ACTIONS.test(action) && !hasNoResource(action),
    );
    if (!statement.allows || actions.length === 0) return;
    for (const all of bucketsIn(statement))
      report(`allows '${actions.join("', '")}' on ${all}, expected buckets by name`);
  }),
};

/** What of a statement's resources names no bucket, or begins a bucket's name with a wildcard. */
const bucketsIn = (statement: Statement): string[] => [
  ...new Set([
    ...everythingIn(statement, "s3", "probe-of-no-bucket/probe-of-no-object"),
    ...statement.resources.filter((arn) => /^arn:[^:]*:s3:::[*?]/.test(arn)).map((arn) => `'${arn}'`),
  ]),
];

export const decryptScoped: ResourceValidationPolicy = {
  name: "aws-iam-policy-name-keys-to-decrypt",
  description: "What a policy decrypts, it decrypts by keys that it names.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Write the key's ARN, or key/* with a condition on kms:ResourceAliases.",
  url: "https://docs.aws.amazon.com/kms/latest/developerguide/iam-policies-best-practices.html",
  tags: ["SecurityHub KMS.1", "SecurityHub KMS.2"],
  validateResource: onIdentityStatements((statement, report) => {
    const aliases = /^kms:(ResourceAliases|RequestAlias)$/i;
    const actions = statement.actions.filter((action) => DECRYPTING.some((each) => includesAction(action, each)));
    if (!statement.allows || actions.length === 0 || isBoundBy(statement, aliases)) return;
    for (const all of everythingIn(statement, "kms", "key/7e57a11e-0000-0000-0000-000000000000"))
      report(`allows '${actions.join("', '")}' by ${all}${showConditions(statement, aliases)}, expected keys by name`);
  }),
};

const DECRYPTING = ["kms:Decrypt", "kms:ReEncryptFrom"];
