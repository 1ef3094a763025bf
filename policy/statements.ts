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

/** Whether everything is meant: `*`, and also every resource but some. */
export function isAllResources(statement: Statement): boolean {
  return statement.resources.includes("*") || statement.notResources.length > 0;
}

/**
 * Whether a condition binds the statement to values of a key. A negation does not; `ForAllValues` alone neither, because
 * it holds when the key is absent; nor does a value that is only `*`.
 */
export function isBoundBy(statement: Statement, key: RegExp): boolean {
  return statement.conditions.some(
    ({ operator, key: name, values }) =>
      key.test(name) &&
      !/Not|^Null$|^ForAllValues:/.test(operator) &&
      !/IfExists$/.test(operator) &&
      values.length > 0 &&
      !values.some((value) => /^[*?]*$/.test(value)),
  );
}

/** Keys that say who asks, by which an open principal is not everyone. */
const WHO =
  /^(aws:(SourceAccount|SourceArn|SourceOrgID|SourceOrgPaths|PrincipalAccount|PrincipalArn|PrincipalOrgID|PrincipalOrgPaths|SourceVpc|SourceVpce|SourceIp|userid|username)|kms:CallerAccount|sns:Endpoint)$/i;

/** The principals that are everyone, where no condition says who: `*`, in text as in an ARN. */
export function openPrincipals(statement: Statement): string[] {
  if (!statement.allows || isBoundBy(statement, WHO)) return [];
  const open = statement.principals.filter(([kind, who]) => kind === "AWS" && /^\*$|::\*:root$/.test(who));
  return [...open.map(([, who]) => who), ...statement.notPrincipals.map(([, who]) => `everyone but ${who}`)];
}

/** Whether a document denies some actions to everyone who comes without TLS. */
export function deniesPlainHttp(document: unknown, action: string): boolean {
  return statementsOf(document).some(
    (statement) =>
      !statement.allows &&
      hasAction(statement, action) &&
      statement.principals.some(([, who]) => who === "*") &&
      statement.conditions.length === 1 &&
      statement.conditions.some(
        ({ operator, key, values }) =>
          /^Bool(IfExists)?$/.test(operator) &&
          key.toLowerCase() === "aws:securetransport" &&
          values.length === 1 &&
          values[0]?.toLowerCase() === "false",
      ),
  );
}
