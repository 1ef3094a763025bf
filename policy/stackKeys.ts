import { UnknownValueError } from "@pulumi/policy";
import type { StackValidationArgs } from "@pulumi/policy";
import { isNamed, namedBy, partsOf } from "./attachments";
import { KEY, KEY_ALIAS, KEY_POLICY } from "./kinds";
import { eachOf, known, resourcesOf, type Placed } from "./resources";
import { hasAction, hasResource, matches, statementsOf, type Statement } from "./statements";

/** A key of the stack, and what it is told of who may use it. */
export interface StackKey {
  readonly name: string;
  readonly urn: string;
  /** Its ARN, where it is known. */
  readonly arn: () => string | undefined;
  /** Policy documents: in the key, or resources of their own. */
  readonly policies: () => readonly unknown[];
}

/**
 * The key of the stack that a property names: by reference, by the key's own id or ARN, or by one of its aliases.
 *
 * @returns `undefined` when the key is of another stack
 * @throws UnknownValueError when it is not known yet which key is named
 */
export function keyOf(args: StackValidationArgs, part: Placed<object>, property: string): StackKey | undefined {
  const keys = resourcesOf(args, KEY);
  const aliases = resourcesOf(args, KEY_ALIAS);
  const references = part.references(property);
  const referred = [...keys, ...aliases].find(({ urn }) => references.includes(urn));
  const named = referred ?? byText((part.props as Readonly<Record<string, unknown>>)[property]);
  if (!named) return undefined;
  const alias = aliases.find(({ urn }) => urn === named.urn);
  const key = alias ? targetOf(alias) : keys.find(({ urn }) => urn === named.urn);
  const policies = (of: (typeof keys)[number]) => () => [of.props.policy, ...attached(of)];
  return key && { name: key.name, urn: key.urn, arn: () => arnOf(key), policies: policies(key) };

  function byText(text: unknown): Placed<object> | undefined {
    if (typeof text !== "string") return undefined;
    const alias = /(?:^|:)(alias\/.+)$/.exec(text)?.[1];
    return alias === undefined
      ? keys.find((key) => isNamed(text, key))
      : aliases.find(({ props }) => known(() => props.name) === alias);
  }

  function targetOf(alias: (typeof aliases)[number]): (typeof keys)[number] | undefined {
    const target = alias.references("targetKeyId");
    const known = keys.find(({ urn }) => target.includes(urn));
    if (known) return known;
    const id = alias.props.targetKeyId;
    return keys.find((key) => isNamed(id, key));
  }

  function attached(key: (typeof keys)[number]): unknown[] {
    return partsOf(resourcesOf(args, KEY_POLICY), "keyId", key).map(({ props }) => props.policy);
  }
}

/** The ARN is an output, which the engine shows among all resources of a stack. */
function arnOf({ props }: Placed<object>): string | undefined {
  const arn = known(() => (props as Readonly<Record<string, unknown>>)["arn"]);
  return typeof arn === "string" ? arn : undefined;
}

/** What a service must be able to do with the key of a topic or queue that it sends to. */
const SENDING = ["kms:Decrypt", "kms:GenerateDataKey"];

/**
 * Which of {@link SENDING} a key's policies do not allow to a service.
 *
 * @param account for which the service asks, where it is known
 */
export function missingFor(key: StackKey, service: string, account: string | undefined): string[] {
  const isService = ([kind, who]: Statement["principals"][number]) =>
    (kind === "Service" && who === service) || who === "*";
  const applies = ({ principals, notPrincipals }: Statement) =>
    notPrincipals.length > 0 ? !notPrincipals.some(isService) : principals.some(isService);
  const statements = key.policies().flatMap(statementsOf).filter(applies).filter(isAbout(key.arn()));
  return SENDING.filter((action) => {
    const fit = statements.filter((statement) => hasAction(statement, action));
    // What a denial's conditions ask of a service is not known: one with none shuts it out.
    const denied = fit.some(({ allows, conditions }) => !allows && conditions.length === 0);
    return denied || !fit.some((statement) => statement.allows && isFor(statement, account));
  });
}

/** Whether a statement is about a key; about one whose ARN is not known yet, where it names none by its whole ARN. */
const isAbout =
  (arn: string | undefined) =>
  (statement: Statement): boolean =>
    arn === undefined
      ? statement.notResources.length > 0 || statement.resources.some((each) => /[*?]/.test(each))
      : hasResource(statement, arn);

/** Whether a statement's conditions let a service in that asks for an account. */
function isFor({ conditions }: Statement, account: string | undefined): boolean {
  if (account === undefined) return true;
  return conditions.every(({ operator, key, values }) => {
    const accounts = /^aws:SourceAccount$/i.test(key) ? values : arnAccounts(key, values);
    return /Not|Null/.test(operator) || accounts.length === 0 || accounts.some((each) => matches(each, account));
  });
}

const arnAccounts = (key: string, values: readonly string[]): string[] =>
  /^aws:SourceArn$/i.test(key) ? values.map((arn) => arn.split(":")[4] ?? "*") : [];

/**
 * The resources that a list of texts names, with what they refer to before anything is known.
 *
 * @throws UnknownValueError when an item is unknown and no reference says what it is
 */
export function namedIn<Whole extends object>(
  part: Placed<object>,
  property: string,
  texts: () => readonly unknown[] | undefined,
  wholes: readonly Placed<Whole>[],
): Placed<Whole>[] {
  const references = part.references(property);
  const referred = wholes.filter(({ urn }) => references.includes(urn));
  const found = new Set(referred);
  try {
    eachOf(texts(), (text) => {
      const whole = typeof text === "string" ? namedBy(text, wholes) : undefined;
      if (whole) found.add(whole);
    });
  } catch (error) {
    if (!(error instanceof UnknownValueError) || referred.length === 0) throw error;
  }
  return [...found];
}
