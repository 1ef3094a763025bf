import {
  UnknownValueError,
  unknownCheckingProxy,
  type Policies,
  type PolicyResource,
  type ResourceValidation,
  type ResourceValidationArgs,
} from "@pulumi/policy";

/** What the engine sends for a text that is not known before the `up` (the SDK recognises this very value). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A resource as the engine registers it. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly props: object;
  /** What a property was made from: type and name of other resources, by property. */
  readonly from?: Readonly<Record<string, readonly (readonly [type: string, name: string])[]>>;
  /** Options of the resource. Mocks do not tell them: what is not said is as a careful program has it. */
  readonly protect?: boolean;
}

export interface Verdict {
  /** Violations in the order of their report. */
  readonly violations: readonly string[];
  /** Violations that are excepted: the engine shows them as advice. */
  readonly excepted?: readonly string[];
  /** Resource names that the violations of a stack rule point at; `undefined` where one points at the stack. */
  readonly blamed: readonly (string | undefined)[];
  /** Path of the unknown value that the rule stopped at: the engine then adds an advisory note. */
  readonly unknown?: string;
  /** Why the rule did not look at the resource. */
  readonly notApplicable?: string;
}

type Rule = Policies[number];

/** The SDK exports it without a type. */
const behindProxy = unknownCheckingProxy as (props: object) => Record<string, unknown>;

class NotApplicable extends Error {}

/**
 * Judges resources by one rule as the engine does: a resource rule sees each alone, a stack rule all of them, and one
 * that is both gets both; inputs stand behind the SDK's own proxy, which throws at unknown values; a class matches by its type token.
 *
 * What it does not prove: that the engine loads the pack, and what a provider returns as outputs.
 *
 * @param config what the user set for the rule
 */
export function judge(rule: Rule, resources: readonly Registered[], config: object = {}): Verdict {
  const violations: string[] = [];
  const excepted: string[] = [];
  const blamed: (string | undefined)[] = [];
  const notes: { unknown?: string; notApplicable?: string } = {};
  const report = (violation: string | { readonly message: string }, urn?: string) => {
    if (typeof violation === "object") return void excepted.push(violation.message);
    violations.push(violation);
    blamed.push(urn?.split("::").at(-1));
  };
  const shared = {
    getConfig: <T extends object>() => config as T,
    stackTags: new Map<string, string>(),
    notApplicable: (reason?: string): never => {
      throw new NotApplicable(reason);
    },
  };
  const attempt = (validate: () => unknown) => {
    try {
      const result = validate();
      if (result instanceof Promise) throw new Error(`rule '${rule.name}' is asynchronous, which no rule here needs`);
    } catch (error) {
      if (error instanceof UnknownValueError) notes.unknown = pathOf(String(error));
      else if (error instanceof NotApplicable) notes.notApplicable = error.message;
      else throw error;
    }
  };

  const all = resources.map(asPolicyResource);
  const byUrn = new Map(all.map((each) => [each.urn, each]));
  resources.forEach(({ from = {} }, index) => {
    for (const [property, sources] of Object.entries(from)) {
      const found = sources.flatMap(([type, name]) => byUrn.get(urnOf(type, name)) ?? []);
      const resource = all[index];
      if (resource) resource.propertyDependencies[property] = found;
    }
  });
  if ("validateStack" in rule) attempt(() => rule.validateStack({ resources: all, ...shared }, report));
  for (const resource of all)
    for (const validate of validationsOf(rule))
      attempt(() =>
        validate({ ...resource, ...shared } as ResourceValidationArgs, (violation) => report(violation, resource.urn)),
      );
  return { violations, ...(excepted.length > 0 ? { excepted } : {}), blamed, ...notes };
}

function validationsOf(rule: Rule): readonly ResourceValidation[] {
  const validate = "validateResource" in rule ? rule.validateResource : undefined;
  return validate === undefined ? [] : Array.isArray(validate) ? validate : [validate];
}

/** `boolean value at .a.b can't be known during preview` → `a.b`. */
function pathOf(message: string): string {
  return /value at \.(\S+) can't/.exec(message)?.[1] ?? message;
}

const urnOf = (type: string, name: string): string => `urn:pulumi:test::project::${type}::${name}`;

function asPolicyResource({ type, name, props, protect = true }: Registered): PolicyResource {
  const proxied = behindProxy(props);
  const isType = (resourceClass: unknown) => tokenOf(resourceClass) === type;
  return {
    type,
    name,
    props: proxied,
    urn: urnOf(type, name),
    opts: {
      protect,
      ignoreChanges: [],
      aliases: [],
      customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
      additionalSecretOutputs: [],
    },
    dependencies: [],
    propertyDependencies: {},
    isType,
    asType: (resourceClass: unknown) => (isType(resourceClass) ? (proxied as never) : undefined),
  };
}

/** The provider's classes carry their token in a static field. */
function tokenOf(resourceClass: unknown): unknown {
  return typeof resourceClass === "function" && "__pulumiType" in resourceClass
    ? resourceClass.__pulumiType
    : undefined;
}
