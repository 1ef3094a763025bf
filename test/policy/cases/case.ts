import type { Registered } from "../../support/policy";

/** One way to break one rule: resources that every other rule accepts, and what the rule says of them. */
export interface Case {
  readonly rule: string;
  readonly what: string;
  readonly resources: readonly Registered[];
  readonly says: readonly string[];
  /** What the rule is configured with. */
  readonly config?: object;
}

type Props = Record<string, unknown>;

/** A set of resources, made anew for each case. */
export type Good = () => Registered[];

export function resource(kind: { readonly token: string }, name: string, props: object, more: object = {}): Registered {
  return { type: kind.token, name, props, ...more };
}

/** A good set with one change to the inputs of a resource; a value of `undefined` takes an input away. */
export function change(good: Good, name: string, inputs: Props, kind?: { readonly token: string }): Registered[] {
  return good().map((each) => {
    if (each.name !== name || (kind && each.type !== kind.token)) return each;
    const props: Props = { ...each.props, ...inputs };
    for (const [input, value] of Object.entries(inputs)) if (value === undefined) delete props[input];
    return { ...each, props };
  });
}

/** A good set without one of its resources. */
export function without(good: Good, name: string): Registered[] {
  return good().filter((each) => each.name !== name);
}

/** Cases of one rule. */
export function casesOf(
  rule: string,
  ...cases: readonly (readonly [string, readonly Registered[], ...string[]])[]
): Case[] {
  return cases.map(([what, resources, ...says]) => ({ rule, what, resources, says }));
}

/** A policy document of some statements. */
export function policy(...statements: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

export const ACCOUNT = "123456789012";

/** Denies some actions to everyone without TLS. */
export function tlsOnly(action: string | readonly string[], resource: string | readonly string[]): object {
  return {
    ...{ Sid: "TlsOnly", Effect: "Deny", Principal: "*", Action: action, Resource: resource },
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}
