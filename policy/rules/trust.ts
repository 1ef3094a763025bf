import type { ResourceValidationPolicy } from "@pulumi/policy";
import { ROLE } from "../kinds";
import { onResource } from "../resources";
import { isBoundBy, statementsOf } from "../statements";

const CONFUSED_DEPUTY = "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html";

/** Services that tell neither account nor resource when they take a role. */
const WITHOUT_SOURCE = ["ec2.amazonaws.com", "edgelambda.amazonaws.com"];

/**
 * Services that tell the database user for whom they take a role, as its external id.
 * (Redshift management guide, authorizing-redshift-service-database-users)
 */
const BY_USER = ["redshift.amazonaws.com", "redshift-serverless.amazonaws.com"];

const SOURCE = /^aws:Source(Account|Arn|OrgID)$/i;
const SOURCE_OR_USER = /^(aws:Source(Account|Arn|OrgID)|sts:ExternalId)$/i;

export const trustBound: ResourceValidationPolicy = {
  name: "aws-iam-role-trust-one-source",
  description: "A role trusts a service for this account's resources, or named roles; never everyone or an account.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps: "Name the service, and bind it by aws:SourceAccount and aws:SourceArn.",
  url: CONFUSED_DEPUTY,
  tags: ["CKV_AWS_60", "CKV_AWS_61", "Prowler iam_role_cross_service_confused_deputy_prevention"],
  validateResource: onResource(ROLE, (role, { name }, report) => {
    for (const statement of statementsOf(role.assumeRolePolicy)) {
      const say = (text: string) => report(`role '${name}', trust policy, ${statement.where}: ${text}`);
      if (!statement.allows) continue;
      if (statement.notPrincipals.length > 0) say("trusts everyone but some, expected the principal by name");
      for (const [kind, who] of statement.principals) {
        if (who === "*" || (kind === "AWS" && /^\d{12}$|:root$/.test(who)))
          say(`trusts '${who}', expected a service or a named role`);
        else if (
          kind === "Service" &&
          !WITHOUT_SOURCE.includes(who) &&
          !isBoundBy(statement, BY_USER.includes(who) ? SOURCE_OR_USER : SOURCE)
        )
          say(
            `trusts '${who}' for any account, expected a condition on ` +
              (BY_USER.includes(who) ? "sts:ExternalId, with the ARNs of database users" : "aws:SourceAccount"),
          );
        else if (kind === "Federated" && !isBoundBy(statement, /:sub$|^SAML:/i))
          say(`trusts '${who}' for anyone, expected a condition on its :sub`);
      }
    }
  }),
};

export const trustScheduleGroup: ResourceValidationPolicy = {
  name: "aws-iam-role-trust-schedule-group",
  description: "A role for EventBridge Scheduler trusts a schedule group: Scheduler names no single schedule.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps:
    "Write the group's ARN as aws:SourceArn, arn:aws:scheduler:<region>:<account>:schedule-group/<group>.",
  url: "https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html",
  validateResource: onResource(ROLE, (role, { name }, report) => {
    for (const statement of statementsOf(role.assumeRolePolicy)) {
      if (!statement.allows || !statement.principals.some(([, who]) => who === "scheduler.amazonaws.com")) continue;
      for (const { key, values } of statement.conditions)
        for (const arn of key.toLowerCase() === "aws:sourcearn" ? values : []) {
          const [, head, group] = /^(arn:[^:]*:scheduler:[^:]*:[^:]*):schedule\/([^/]*)/.exec(arn) ?? [];
          if (head !== undefined)
            report(
              `role '${name}', trust policy, ${statement.where}: aws:SourceArn is '${arn}', ` +
                `expected '${head}:schedule-group/${group}'`,
            );
        }
    }
  }),
};
