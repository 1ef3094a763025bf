import type { StackValidationArgs } from "@pulumi/policy";
import { namedBy, names, partsOf } from "./attachments";
import { MANAGED_POLICY, ROLE, ROLE_ATTACHMENT, ROLE_POLICY } from "./kinds";
import { resourcesOf, type Placed } from "./resources";
import { hasAction, hasResource, statementsOf, type Statement } from "./statements";

/** A role of the stack and what it is allowed. */
export interface StackRole {
  readonly name: string;
  readonly urn: string;
  /** Allowing statements of all policies; `undefined` where some of them are not of the stack. */
  readonly allows: () => readonly Statement[] | undefined;
}

/** The role of the stack that an ARN names, or `undefined` when it is of another. */
export function roleOf(args: StackValidationArgs, arn: string): StackRole | undefined {
  const known = rolesOf.get(args) ?? new Map<string, StackRole>();
  rolesOf.set(args, known);
  const there = known.get(arn);
  if (there) return there;
  const role = namedBy(arn, resourcesOf(args, ROLE));
  if (!role) return undefined;
  let allowed: { readonly statements: Statement[] | undefined } | undefined;
  const allows = () => (allowed ??= { statements: allowedTo(args, role) }).statements;
  const found = { name: role.name, urn: role.urn, allows };
  known.set(arn, found);
  return found;
}

/** What a rule has looked up before: many steps have one role. */
const rolesOf = new WeakMap<StackValidationArgs, Map<string, StackRole>>();

function allowedTo(args: StackValidationArgs, role: Placed<object>): Statement[] | undefined {
  const managed = resourcesOf(args, MANAGED_POLICY);
  const attached = partsOf(resourcesOf(args, ROLE_ATTACHMENT), "role", role).map((attachment) =>
    managed.find((policy) => names(attachment, "policyArn", policy)),
  );
  if (attached.includes(undefined)) return undefined;
  const inline =
    (role.props as { readonly inlinePolicies?: readonly { readonly policy?: unknown }[] }).inlinePolicies ?? [];
  const documents: unknown[] = [
    ...partsOf(resourcesOf(args, ROLE_POLICY), "role", role).map(({ props }) => props.policy),
    ...attached.map((policy) => policy?.props.policy),
    ...inline.map(({ policy }) => policy),
  ];
  // A role without a policy in sight has them by a way that is not looked at.
  if (documents.length === 0) return undefined;
  return documents.flatMap(statementsOf).filter(({ allows }) => allows);
}

export function isAllowed(statements: readonly Statement[], action: string, resource: string): boolean {
  return statements.some((statement) => hasAction(statement, action) && hasResource(statement, resource));
}

/** The resources on which an action is allowed, for a message. */
export function resourcesFor(statements: readonly Statement[], action: string): string {
  const found = statements.filter((statement) => hasAction(statement, action)).flatMap(({ resources }) => resources);
  return found.length === 0 ? "nothing" : [...new Set(found)].map((each) => `'${each}'`).join(", ");
}

/** ARN of an object below an S3 address, in the partition of another ARN. */
export function objectArn(address: string, like: string): string {
  const partition = like.split(":")[1] || "aws";
  return `arn:${partition}:s3:::${address.replace(/^s3:\/\//, "")}`;
}
