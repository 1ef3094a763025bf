import type { StackValidationArgs } from "@pulumi/policy";
import { namedBy, names, partsOf } from "./attachments";
import { BUCKET_POLICY, MANAGED_POLICY, POLICY_ATTACHMENT, ROLE, ROLE_ATTACHMENT, ROLE_POLICY } from "./kinds";
import { resourcesOf, type Placed } from "./resources";
import { namedIn } from "./stackKeys";
import { hasAction, hasResource, matches, statementsOf, type Condition, type Statement } from "./statements";

/** A role of the stack and what it is allowed. */
export interface StackRole {
  readonly name: string;
  readonly urn: string;
  /** Statements of all its policies that may hold; `undefined` where some policies are not of the stack. */
  readonly statements: () => readonly Statement[] | undefined;
}

/** The role of the stack that an ARN names, or `undefined` when it is of another. */
export function roleOf(args: StackValidationArgs, arn: string): StackRole | undefined {
  const known = rolesOf.get(args) ?? new Map<string, StackRole>();
  rolesOf.set(args, known);
  const there = known.get(arn);
  if (there) return there;
  const role = namedBy(arn, resourcesOf(args, ROLE));
  if (!role) return undefined;
  let read: { readonly statements: Statement[] | undefined } | undefined;
  const statements = () => (read ??= { statements: statementsFor(args, role, arn) }).statements;
  const found = { name: role.name, urn: role.urn, statements };
  known.set(arn, found);
  return found;
}

/** What a rule has looked up before: many steps have one role. */
const rolesOf = new WeakMap<StackValidationArgs, Map<string, StackRole>>();

type RoleProps = NonNullable<(typeof ROLE)["props"]>;

function statementsFor(args: StackValidationArgs, role: Placed<RoleProps>, arn: string): Statement[] | undefined {
  const managed = resourcesOf(args, MANAGED_POLICY);
  const attachments = [
    ...partsOf(resourcesOf(args, ROLE_ATTACHMENT), "role", role),
    ...resourcesOf(args, POLICY_ATTACHMENT).filter(
      (each) => namedIn(each, "roles", () => each.props.roles, [role]).length > 0,
    ),
  ];
  const attached = attachments.map((each) => managed.find((policy) => names(each, "policyArn", policy)));
  if (attached.includes(undefined)) return undefined;
  const arns = role.props.managedPolicyArns;
  const own = namedIn(role, "managedPolicyArns", () => arns, managed);
  if (own.length < (arns?.length ?? 0)) return undefined;
  const documents: unknown[] = [
    ...partsOf(resourcesOf(args, ROLE_POLICY), "role", role).map(({ props }) => props.policy),
    ...[...attached, ...own].map((policy) => policy?.props.policy),
    ...(role.props.inlinePolicies ?? []).map(({ policy }) => policy),
  ];
  // A role without a policy in sight has them by a way that is not looked at.
  if (documents.length === 0) return undefined;
  return documents
    .flatMap(statementsOf)
    .filter(({ allows, conditions }) => !allows || conditions.every((each) => mayHold(each, arn)));
}

/** Whether a condition may hold for a role: the account and the ARN of who asks are known before anybody asks. */
function mayHold({ operator, key, values }: Condition, role: string): boolean {
  if (!/^(ForAnyValue:)?(String(Equals|Like)|Arn(Equals|Like))$/.test(operator)) return true;
  const who = { "aws:principalaccount": role.split(":")[4], "aws:principalarn": role }[key.toLowerCase()];
  return !who || values.some((value) => matches(value, who));
}

/** What the policies of the stack's buckets allow a role. */
export function grantsOfBuckets(args: StackValidationArgs, role: string): Statement[] {
  return resourcesOf(args, BUCKET_POLICY)
    .flatMap(({ props }) => statementsOf(props.policy))
    .filter(({ allows, principals }) => allows && principals.some(([, who]) => who === role || who === "*"));
}

/** Whether statements allow an action, and none denies it whatever the request. */
export function isAllowed(statements: readonly Statement[], action: string, resource: string): boolean {
  const fit = statements.filter((statement) => hasAction(statement, action) && hasResource(statement, resource));
  return fit.some(({ allows }) => allows) && !fit.some(isPlainDenial);
}

const isPlainDenial = ({ allows, conditions }: Statement): boolean => !allows && conditions.length === 0;

/** The resources on which an action is allowed, for a message. */
export function resourcesFor(statements: readonly Statement[], action: string): string {
  const found = statements.filter((statement) => hasAction(statement, action));
  const list = (some: readonly Statement[]) =>
    [...new Set(some.flatMap(({ resources }) => resources))].map((each) => `'${each}'`).join(", ");
  const allowed = list(found.filter(({ allows }) => allows)) || "nothing";
  const denied = list(found.filter(isPlainDenial));
  return denied === "" ? allowed : `${allowed}, but not ${denied}`;
}

/** ARN of an object below an S3 address, in the partition of another ARN. */
export function objectArn(address: string, like: string): string {
  const partition = like.split(":")[1] || "aws";
  return `arn:${partition}:s3:::${address.replace(/^s3:\/\//, "")}`;
}
