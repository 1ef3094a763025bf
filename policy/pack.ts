import type { PolicyPackConfig, PolicyResource, StackValidationPolicy } from "@pulumi/policy";
import { alsoEarly } from "./early";
import { exceptionsOf, withExceptions } from "./exceptions";
import type { Rule } from "./rule";
import { earlyRules, optionalRules, rules } from "./rules";
import { configOf, settingsOf, settingsProblems } from "./settings";

/** All rules, those that are off among them. */
export const allRules: readonly Rule[] = [...rules, ...optionalRules];

/** What the engine tells a policy pack of the stack, in variables of its environment. */
export interface Surroundings {
  readonly PULUMI_CONFIG?: string | undefined;
  readonly PULUMI_STACK?: string | undefined;
  readonly PULUMI_PROJECT?: string | undefined;
  /** `true` in a preview. */
  readonly PULUMI_DRY_RUN?: string | undefined;
}

/** The rules and their configuration for one stack. */
export interface Pack {
  readonly policies: Rule[];
  readonly config: PolicyPackConfig;
}

/**
 * @param surroundings usually `process.env`
 * @param today `yyyy-MM-dd`
 */
export function packOf(surroundings: Surroundings, today: string): Pack {
  const { settings, problems } = settingsOf(surroundings.PULUMI_CONFIG, surroundings.PULUMI_PROJECT);
  const { valid, problems: ended } = exceptionsOf(settings.exceptions, allRules, today);
  const sound = settingsSound([...problems, ...settingsProblems(allRules, settings), ...ended]);
  const seen = new Map<string, PolicyResource>();
  // A preview judges the whole stack before anything is made.
  const isPreview = surroundings.PULUMI_DRY_RUN === "true";
  const early = (rule: Rule): Rule =>
    !isPreview &&
    "validateStack" in rule &&
    ("validateResource" in rule || earlyRules.some(({ name }) => name === rule.name))
      ? alsoEarly(rule, seen)
      : rule;
  const policies = [...allRules.map((rule) => early(withExceptions(rule, valid))), sound];
  return { policies, config: configOf(policies, settings, surroundings.PULUMI_STACK) };
}

/** A setting that does nothing, and an exception that has ended, stop a deployment: nobody reads a warning every day. */
export function settingsSound(problems: readonly string[]): StackValidationPolicy {
  return {
    name: "policy-settings-be-sound",
    description: "Levels and parameters name rules that exist; exceptions have a reason and a day that has not passed.",
    enforcementLevel: "mandatory",
    severity: "high",
    remediationSteps:
      "Correct policy:… in the stack's configuration; repair the resource, or give the exception a new day.",
    url: "https://www.pulumi.com/docs/iac/concepts/config/",
    validateStack: (_args, report) => {
      for (const problem of problems) report(problem);
    },
  };
}
