import type { ResourceValidationPolicy } from "@pulumi/policy";
import { ROLE } from "../kinds";
import { onResource } from "../resources";
import { isBoundBy, showConditions } from "../bounds";
import { SOURCE } from "../openings";
import { isEverything, statementsOf, type Statement } from "../statements";

const CONFUSED_DEPUTY = "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html";

/** Services that tell neither account nor resource when they take a role. */
const WITHOUT_SOURCE = ["ec2.amazonaws.com", "edgelambda.amazonaws.com"];

/**
 * Services that tell the database user for whom they take a role, as its external id.
 * (Redshift management guide, authorizing-redshift-service-database-users)
 */
const BY_USER = ["redshift.amazonaws.com", "redshift-serverless.amazonaws.com"];

const SOURCE_OR_USER = new RegExp(`${SOURCE.source}|^sts:ExternalId$`, "i");
const SUBJECT = /:sub$|^SAML:/i;
const PRINCIPAL = /^aws:PrincipalArn$/i;

/** Whether the roles of an account, or of all, are named by a condition: the usual way to trust one that may not be. */
const namesRoles = (statement: Statement): boolean =>
  isBoundBy(statement, PRINCIPAL) &&
  statement.conditions.some(
    ({ key, values }) =>
      PRINCIPAL.test(key) &&
      values.every((arn) => ["role", "user"].every((kind) => !isEverything(arn, "iam", `${kind}/probe-of-nobody`))),
  );

/** Whether somebody of a provider is named: by subject; for Cognito, which all accounts share, by pool and sign-in. */
const namesSubject = (statement: Statement): boolean =>
  isBoundBy(statement, SUBJECT) ||
  (isBoundBy(statement, /^cognito-identity\.amazonaws\.com:aud$/i) && isBoundBy(statement, /^cognito-.*:amr$/i));

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
        const source = BY_USER.includes(who) ? SOURCE_OR_USER : SOURCE;
        if (who === "*" || (kind === "AWS" && /^\d{12}$|:root$|[*?]/.test(who))) {
          if (kind !== "AWS" || !namesRoles(statement))
            say(`trusts '${who}'${showConditions(statement, PRINCIPAL)}, expected a service or a named role`);
        } else if (kind === "Service" && !WITHOUT_SOURCE.includes(who) && !isBoundBy(statement, source))
          say(
            `trusts '${who}' for any account${showConditions(statement, source)}, expected a condition on ` +
              (BY_USER.includes(who) ? "sts:ExternalId, with the ARNs of database users" : "aws:SourceAccount"),
          );
        else if (kind === "Federated" && !namesSubject(statement))
          say(`trusts '${who}' for anyone${showConditions(statement, SUBJECT)}, expected a condition on its :sub`);
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
