import type {
  ReportViolation,
  ResourceValidation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationArgs,
  StackValidationPolicy,
} from "@pulumi/policy";
import { isRecord } from "./locations";
import type { Rule } from "./rule";

/** A resource that may break a rule for some time. */
export interface Exception {
  readonly rule: string;
  /** Name of the resource in the program. */
  readonly resource: string;
  /** Why, for whoever reads it a year later. */
  readonly reason: string;
  /** Last day that it holds, `yyyy-MM-dd`. */
  readonly until: string;
}

const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const FEWEST_LETTERS = 10;

/** Sorts what is configured: exceptions that hold, and what is wrong with the others. */
export function exceptionsOf(
  given: readonly unknown[],
  rules: readonly Rule[],
  today: string,
): { readonly valid: readonly Exception[]; readonly problems: readonly string[] } {
  const names = new Set(rules.map(({ name }) => name));
  const valid: Exception[] = [];
  const problems: string[] = [];
  given.forEach((each, index) => {
    const where = `policy:exceptions[${index}]`;
    const found = problemsOf(each, names, today);
    if (found.length === 0) valid.push(each as Exception);
    problems.push(...found.map((problem) => `${where} ${problem}`));
  });
  return { valid, problems };
}

function problemsOf(given: unknown, rules: ReadonlySet<string>, today: string): string[] {
  if (!isRecord(given)) return ["is no object, expected rule, resource, reason and until"];
  const { rule, resource, reason, until } = given;
  const problems: string[] = [];
  if (typeof rule !== "string" || !rules.has(rule))
    problems.push(`names the rule '${text(rule)}', expected one of the pack`);
  if (typeof resource !== "string" || resource === "")
    problems.push("names no resource, expected its name in the program");
  if (typeof reason !== "string" || reason.trim().length < FEWEST_LETTERS)
    problems.push(`has the reason '${text(reason)}', expected one of at least ${FEWEST_LETTERS} letters`);
  if (typeof until !== "string" || !DAY.test(until))
    problems.push(`ends '${text(until)}', expected a day such as 2027-03-31`);
  else if (until < today)
    problems.push(`of '${text(rule)}' for '${text(resource)}' ended on ${until}, expected a day from ${today} on`);
  return problems;
}

const text = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));

/** A violation as the SDK takes it too, though its types do not say so. */
type Detailed = (violation: {
  readonly message: string;
  readonly urn?: string;
  readonly enforcementLevel: "advisory";
}) => void;

/**
 * A rule that tells what is excepted as advice, with the reason and the day. Everything else of it stays, so that the
 * engine still matches it by the type of the resource.
 */
export function withExceptions(rule: Rule, exceptions: readonly Exception[]): Rule {
  const own = exceptions.filter((each) => each.rule === rule.name);
  if (own.length === 0) return rule;
  const reporting = (report: ReportViolation, nameOf: (urn?: string) => string | undefined): ReportViolation => {
    return (message, urn) => {
      const exception = own.find(({ resource }) => resource === nameOf(urn));
      if (!exception) return report(message, urn);
      (report as unknown as Detailed)({
        message: `${rule.description}\n${message}\nExcepted until ${exception.until}: ${exception.reason}`,
        ...(urn === undefined ? {} : { urn }),
        enforcementLevel: "advisory",
      });
    };
  };
  const { validateResource, validateStack } = rule as Partial<ResourceValidationPolicy & StackValidationPolicy>;
  const wrapped = (validate: ResourceValidation): ResourceValidation =>
    // With the type token that the SDK put on it.
    Object.assign(
      (args: ResourceValidationArgs, report: ReportViolation) =>
        validate(
          args,
          reporting(report, () => args.name),
        ),
      validate,
    );
  return {
    ...rule,
    ...(validateResource === undefined
      ? {}
      : {
          validateResource: Array.isArray(validateResource) ? validateResource.map(wrapped) : wrapped(validateResource),
        }),
    ...(validateStack === undefined
      ? {}
      : {
          validateStack: (args: StackValidationArgs, report: ReportViolation) =>
            validateStack(
              args,
              reporting(report, (urn) => urn?.split("::").at(-1)),
            ),
        }),
  };
}
