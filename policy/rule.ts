import type { Policies, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";

/** A rule of the pack, in the SDK's own shape; its tags are {@link PRODUCTION} and the ids of what it is anchored in. */
export type Rule = Policies[number];

/** A rule that is asked in both ways: see onDefinitions. */
export type DefinitionPolicy = ResourceValidationPolicy & StackValidationPolicy;

/** Tag of a rule that is mandatory in production, whatever its level elsewhere. */
export const PRODUCTION = "mandatory-in-production";

/** The ids of the rule sets that ask for the same: Security Hub, cdk-nag, Checkov, Trivy, Prowler. */
export function anchorsOf(rule: Rule): readonly string[] {
  return (rule.tags ?? []).filter((tag) => tag !== PRODUCTION);
}

export function isForProduction(rule: Rule): boolean {
  return rule.tags?.includes(PRODUCTION) ?? false;
}
