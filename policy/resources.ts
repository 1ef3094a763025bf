import type { Resource } from "@pulumi/pulumi";
import {
  UnknownValueError,
  validateResourceOfType,
  type PolicyResource,
  type PolicyResourceOptions,
  type ResourceValidation,
  type StackValidationArgs,
} from "@pulumi/policy";
import type { Kind } from "./kinds";

/** One resource, with the inputs of its kind. */
export interface Found<Props> {
  readonly name: string;
  readonly urn: string;
  readonly props: Props;
  readonly opts: PolicyResourceOptions;
  /** What the rule was configured with. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** One resource among all of its stack: what it refers to is known even before the value is. */
export interface Placed<Props> extends Found<Props> {
  /** URNs of the resources that a property was made from. */
  readonly references: (property: string) => readonly string[];
}

/** Reports a violation of the resource at hand. */
export type Report = (message: string) => void;

/**
 * A validation of one kind of resource. The engine hands it no other: it compares the token before it unpacks anything.
 *
 * @param validate `resource` is for messages, where a name must be known; `report` takes this resource's own fact
 */
export function onResource<Props>(
  kind: Kind<Props>,
  validate: (props: Props, resource: Found<Props>, report: Report) => void,
): ResourceValidation {
  // Stands in for the provider's class, of which the SDK reads the token alone: importing the provider costs
  // 6.5 s and 700 MB an operation.
  const standIn = class {
    static readonly __pulumiType = kind.token;
  } as unknown as new (name: string, args: object) => Resource;
  return validateResourceOfType(standIn, (_props, args, report) => {
    const props = args.props as Props;
    const { name, urn, opts } = args;
    validate(props, { name, urn, props, opts, config: args.getConfig<Record<string, unknown>>() }, (message) =>
      report(message),
    );
  });
}

/**
 * One validation of several kinds. The SDK takes a list as well, but unpacks every resource for each of its items, and
 * has each that does not fit throw.
 */
export function onAny(...validations: readonly ResourceValidation[]): ResourceValidation {
  const byToken = new Map(
    validations.map((validate) => [(validate as { readonly __pulumiType?: string }).__pulumiType, validate]),
  );
  return (args, report) => byToken.get(args.type)?.(args, report);
}

/** The resources of some kinds, in the order of the stack. */
export function resourcesOf<Props>(args: StackValidationArgs, ...kinds: readonly Kind<Props>[]): Placed<Props>[] {
  const tokens = kinds.map(({ token }) => token);
  const config = args.getConfig<Record<string, unknown>>();
  return args.resources
    .filter((resource: PolicyResource) => tokens.includes(resource.type))
    .map(({ name, urn, props, opts, propertyDependencies }) => ({
      ...{ name, urn, opts, config },
      props: props as Props,
      references: (property) => (propertyDependencies[property] ?? []).map((each) => each.urn),
    }));
}

/**
 * Runs every check, then throws what one of them threw. The SDK ends a rule at the first unknown value it reads and
 * downgrades it to advice; this way all that is known is checked, and the engine still hears that something was not.
 *
 * @throws the first error that is not an unknown value, else the first unknown value
 */
export function inTurn(...checks: readonly (() => void)[]): void {
  const errors: Error[] = [];
  for (const check of checks) {
    try {
      check();
    } catch (error) {
      errors.push(error instanceof Error ? error : new Error(String(error)));
    }
  }
  const error = errors.find((candidate) => !(candidate instanceof UnknownValueError)) ?? errors[0];
  if (error) throw error;
}

/** {@link inTurn} over a list that may be absent, or hold unknown items: each is read in its own check. */
export function eachOf<Item>(items: readonly Item[] | undefined, check: (item: Item) => void): void {
  inTurn(
    ...Array.from({ length: items?.length ?? 0 }, (_, index) => () => {
      const item = items?.[index];
      if (item !== undefined) check(item);
    }),
  );
}

/** The value, or `undefined` as long as it is unknown. */
export function known<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnknownValueError) return undefined;
    throw error;
  }
}

/** Whether a value is given at all; one that is not known yet is given. */
export function isGiven(read: () => unknown): boolean {
  try {
    const value = read();
    return value !== undefined && value !== null && value !== "";
  } catch (error) {
    if (error instanceof UnknownValueError) return true;
    throw error;
  }
}

/** A value as a message shows it. */
export function show(value: unknown): string {
  return value === undefined || value === null ? "absent" : JSON.stringify(value);
}
