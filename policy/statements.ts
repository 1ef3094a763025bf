import { parse } from "./definition";
import { kept } from "./keep";
import { isRecord } from "./locations";

/** One condition of a statement: `StringEquals`, `aws:SourceAccount`, its values. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** One statement of an IAM document, with every list a list. */
export interface Statement {
  /** `statement 'Sid'`, or its number: for messages. */
  readonly where: string;
  readonly allows: boolean;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly notResources: readonly string[];
  /** `AWS`, `Service`, `Federated` or `CanonicalUser`, and who; `*` alone is `AWS *`. */
  readonly principals: readonly (readonly [kind: string, who: string])[];
  readonly notPrincipals: readonly (readonly [kind: string, who: string])[];
  readonly conditions: readonly Condition[];
}

/** The statements of a policy document, which is JSON text or already an object; none of broken JSON. */
export function statementsOf(document: unknown): readonly Statement[] {
  return typeof document === "string" ? statementsOfText(document) : statementsIn(document);
}

const statementsOfText = kept(2000, (text: string): readonly Statement[] => statementsIn(parse(text)));

function statementsIn(parsed: unknown): Statement[] {
  if (!isRecord(parsed)) return [];
  const list = parsed["Statement"];
  return (Array.isArray(list) ? (list as unknown[]) : [list]).filter(isRecord).map((statement, index) => ({
    where: typeof statement["Sid"] === "string" ? `statement '${statement["Sid"]}'` : `statement ${index + 1}`,
    allows: statement["Effect"] === "Allow",
    actions: texts(statement["Action"]),
    notActions: texts(statement["NotAction"]),
    resources: texts(statement["Resource"]),
    notResources: texts(statement["NotResource"]),
    principals: principals(statement["Principal"]),
    notPrincipals: principals(statement["NotPrincipal"]),
    conditions: conditions(statement["Condition"]),
  }));
}

function texts(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.flatMap((each) =>
    typeof each === "string" || typeof each === "number" || typeof each === "boolean" ? [String(each)] : [],
  );
}

function principals(value: unknown): [string, string][] {
  if (value === "*") return [["AWS", "*"]];
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([kind, who]) => texts(who).map((each): [string, string] => [kind, each]));
}

function conditions(value: unknown): Condition[] {
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([operator, keys]) =>
    isRecord(keys) ? Object.entries(keys).map(([key, values]) => ({ operator, key, values: texts(values) })) : [],
  );
}

/** Whether a text fits an IAM pattern, where `*` is any text and `?` one character. */
export function matches(pattern: string, text: string, options: { readonly ignoreCase?: boolean } = {}): boolean {
  return (options.ignoreCase ? anyCase : exactly)(pattern).test(text);
}

const exactly = kept(5000, (pattern) => new RegExp(sourceOf(pattern)));
const anyCase = kept(5000, (pattern) => new RegExp(sourceOf(pattern), "i"));

const sourceOf = (pattern: string): string =>
  `^${pattern.replace(/[.*+?^${}()|[\]\\]/g, (hit) => (hit === "*" ? "[^]*" : hit === "?" ? "[^]" : `\\${hit}`))}$`;

/** Whether the statement's actions include one; names of actions know no case. */
export function hasAction(statement: Statement, action: string): boolean {
  const includes = (patterns: readonly string[]) =>
    patterns.some((pattern) => matches(pattern, action, { ignoreCase: true }));
  return statement.notActions.length > 0 ? !includes(statement.notActions) : includes(statement.actions);
}

/** Whether the statement's resources include one. */
export function hasResource(statement: Statement, resource: string): boolean {
  const includes = (patterns: readonly string[]) => patterns.some((pattern) => matches(pattern, resource));
  return statement.notResources.length > 0 ? !includes(statement.notResources) : includes(statement.resources);
}

/** All actions, or all of a service: a rule of its own judges them. */
export const ALL_ACTIONS = /^([*?]+|[^:]*:[*?]+)$/;

/** Whether a pattern names an action, and not all of its service. */
export const includesAction = (pattern: string, action: string): boolean =>
  !ALL_ACTIONS.test(pattern) && matches(pattern, action, { ignoreCase: true });

/** Whether the statement names an action: by its name, or by a pattern within its service. */
export const namesAction = (statement: Statement, action: string): boolean =>
  statement.actions.some((pattern) => includesAction(pattern, action));

/** What no resource is called. */
const NOTHING = "probe-of-no-resource";

/** Whether a pattern fits every resource of a service whose ARN has this form: it fits one that nobody has. */
export function isEverything(pattern: string, service: string, resource = NOTHING): boolean {
  const [, partition, , region, account] = pattern.split(":");
  const literal = (field: string | undefined, otherwise: string) =>
    field === undefined || /[*?]/.test(field) ? otherwise : field;
  const where = `${literal(region, "probe")}:${literal(account, "000000000000")}`;
  return matches(pattern, `arn:${literal(partition, "aws")}:${service}:${where}:${resource}`);
}

/** By which patterns a statement means every resource of a service, as messages show them. */
export function everythingIn(statement: Statement, service: string, ...resources: readonly string[]): string[] {
  if (statement.notResources.length > 0) return [`everything but '${statement.notResources.join("', '")}'`];
  return statement.resources
    .filter((pattern) => [NOTHING, ...resources].some((resource) => isEverything(pattern, service, resource)))
    .map((pattern) => `'${pattern}'`);
}
