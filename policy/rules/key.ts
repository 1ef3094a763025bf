import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { partsOf } from "../attachments";
import { KEY, KEY_POLICY } from "../kinds";
import { eachOf, inTurn, isGiven, onAny, onResource, resourcesOf, show, type Report } from "../resources";
import { PRODUCTION } from "../rule";
import { openings } from "../openings";

const GUIDE = "https://docs.aws.amazon.com/kms/latest/developerguide";

export const keyRotated: ResourceValidationPolicy = {
  name: "aws-kms-key-rotate-yearly",
  description: "A key for encryption is rotated every year.",
  enforcementLevel: "mandatory",
  severity: "medium",
  remediationSteps: "Set enableKeyRotation to true.",
  url: `${GUIDE}/rotate-keys.html`,
  tags: ["SecurityHub KMS.4", "cdk-nag AwsSolutions-KMS5", "CKV_AWS_7", "AVD-AWS-0065"],
  validateResource: onResource(KEY, (key, { name }, report) => {
    // AWS rotates no others.
    if ((key.keyUsage ?? "ENCRYPT_DECRYPT") !== "ENCRYPT_DECRYPT") return;
    if ((key.customerMasterKeySpec ?? "SYMMETRIC_DEFAULT") !== "SYMMETRIC_DEFAULT") return;
    if (key.enableKeyRotation !== true)
      report(`key '${name}': enableKeyRotation is ${show(key.enableKeyRotation)}, expected true`);
  }),
};

export const keyPolicyWritten: StackValidationPolicy = {
  name: "aws-kms-key-write-policy",
  description: "A key has a written policy: the default one leaves everything to IAM, and services out.",
  enforcementLevel: "mandatory",
  severity: "medium",
  remediationSteps: "Set policy, with a statement for each service that uses the key.",
  url: `${GUIDE}/key-policies.html`,
  tags: ["CKV2_AWS_64"],
  validateStack: (args, report) =>
    eachOf(resourcesOf(args, KEY), (key) => {
      if (isGiven(() => key.props.policy)) return;
      if (partsOf(resourcesOf(args, KEY_POLICY), "keyId", key).length === 0)
        report(`key '${key.name}': policy is absent, expected one`, key.urn);
    }),
};

function checkPolicy(document: unknown, bypass: boolean | undefined, name: string, report: Report): void {
  inTurn(
    () => {
      if (bypass === true) report(`key '${name}': bypassPolicyLockoutSafetyCheck is true, expected false`);
    },
    () => {
      for (const text of openings(document)) report(`key '${name}', policy, ${text}`);
    },
  );
}

export const keyNotOpen: ResourceValidationPolicy = {
  name: "aws-kms-key-policy-name-who-may",
  description: "A key's policy allows nothing to everyone, and cannot lock the account out.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps: "Name accounts, roles or services, and leave AWS's check of lockouts on.",
  url: `${GUIDE}/key-policy-overview.html`,
  tags: ["SecurityHub KMS.5", "CKV_AWS_33"],
  validateResource: onAny(
    onResource(KEY, (key, { name }, report) =>
      inTurn(
        () => checkPolicy(undefined, key.bypassPolicyLockoutSafetyCheck, name, report),
        () => checkPolicy(key.policy, undefined, name, report),
      ),
    ),
    onResource(KEY_POLICY, (key, { name }, report) =>
      inTurn(
        () => checkPolicy(undefined, key.bypassPolicyLockoutSafetyCheck, name, report),
        () => checkPolicy(key.policy, undefined, name, report),
      ),
    ),
  ),
};

const DAYS = 30;

export const keyKept: ResourceValidationPolicy = {
  name: "aws-kms-key-survive-destroy",
  description: "A key is protected, and can be brought back for 30 days: without it the data is gone.",
  enforcementLevel: "advisory",
  severity: "high",
  remediationSteps: "Set the option protect, and deletionWindowInDays to 30.",
  url: `${GUIDE}/deleting-keys.html`,
  tags: [PRODUCTION, "SecurityHub KMS.3"],
  validateResource: onResource(KEY, (key, { name, opts }, report) =>
    inTurn(
      () => {
        if (!opts.protect) report(`key '${name}': protect is off, expected it on`);
      },
      () => {
        const got = key.deletionWindowInDays;
        if (got !== undefined && got < DAYS) report(`key '${name}': deletionWindowInDays is ${got}, expected ${DAYS}`);
      },
    ),
  ),
};
