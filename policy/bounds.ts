import type { Condition, Statement } from "./statements";

/** Whether values of a condition's key leave anybody out. */
type Binds = (values: readonly string[]) => boolean;

const all =
  (pattern: RegExp): Binds =>
  (values) =>
    values.every((value) => pattern.test(value));

/** Whether an ARN says whose it is: by the account, or, where it has none as in S3, by the resource's own name. */
export function isOfSomebody(arn: string): boolean {
  const [, , , , account = "", ...rest] = arn.split(":");
  const resource = rest.join(":");
  return account === "" ? /^[^*?/]+(\/.*)?$/.test(resource) : /^\d{12}$/.test(account);
}

/** Share of all addresses: of IPv6 those that are given out, 2000::/3. What is no address may be any. */
function shareOf(cidr: string): number {
  const [, address, bits] = /^([\d.]+|[\da-f.]*:[\da-f:.]*)(?:\/(\d+))?$/i.exec(cidr) ?? [];
  if (address === undefined) return 1;
  return bits === undefined ? 0 : 2 ** ((address.includes(":") ? 3 : 0) - Number(bits));
}
const share = (cidrs: readonly string[]): number => cidrs.reduce((sum, cidr) => sum + shareOf(cidr), 0);

/** No owner has more of all addresses. */
const MOST_ADDRESSES = 1 / 16;

/** A whole subject, or one whose first part after its scheme is whole: `repo:acme/*`, not `repo:acme*`. */
const SUBJECT = /^([^*?]+|[^:*?]+:[^*?]*[^*?:/][/:].*)$/;

/** What the values of a key must be to name somebody; of other keys, text that begins with a letter. */
const BINDING: readonly (readonly [key: RegExp, binds: Binds])[] = [
  [
    /^(aws:(SourceAccount|SourceOwner|PrincipalAccount)|kms:CallerAccount|s3:DataAccessPointAccount)$/i,
    all(/^(\d{12}|\$\{aws:ResourceAccount\})$/i),
  ],
  [/^aws:(Source|Principal)Org(ID|Paths)$/i, all(/^(o-[a-z0-9]+(\/.*)?|\$\{aws:ResourceOrg(ID|Paths)\})$/i)],
  [/^(aws:(SourceArn|SourceVpcArn|PrincipalArn)|s3:DataAccessPointArn)$/i, (values) => values.every(isOfSomebody)],
  [/^aws:SourceVpce?$/i, all(/^vpce?-[^*?]+$/)],
  [/^aws:SourceIp$/i, (values) => share(values) < MOST_ADDRESSES],
  // The id of a role has 21 letters, an account 12; what follows is up to whoever takes the role.
  [/^aws:userid$/i, all(/^[^*?:]{12}/)],
  [/^sns:Endpoint$/i, all(/@[^@*?]+$|^https?:\/\/[^*?/]+(\/|$)|^arn:[^*?]*:\d{12}:/)],
  [/:sub$/i, all(SUBJECT)],
  [/:amr$/i, all(/^(?!unauthenticated)[^*?]/)],
  [
    /^sts:ExternalId$/i,
    (values) => values.every((id) => (id.startsWith("arn:") ? isOfSomebody(id) : /^[^*?]/.test(id))),
  ],
  [/^iam:PassedToService$/i, all(/^[^*?]+$/)],
  [/^kms:(ResourceAliases|RequestAlias)$/i, all(/^alias\/[^*?]/)],
  [/^kms:GrantIsForAWSResource$/i, all(/^true$/i)],
];
const BEGINS_WITH_TEXT = all(/^[^*?]/);

/**
 * Whether a condition binds the statement by a key, to values that leave somebody out. A negation does not;
 * `ForAllValues` alone and `IfExists` neither, because they hold when the key is absent.
 */
export function isBoundBy(statement: Statement, key: RegExp): boolean {
  return statement.conditions.some(
    ({ operator, key: name, values }) =>
      key.test(name) &&
      !/Not|^Null$|^ForAllValues:|IfExists$/.test(operator) &&
      values.length > 0 &&
      (BINDING.find(([pattern]) => pattern.test(name))?.[1] ?? BEGINS_WITH_TEXT)(values),
  );
}

/** The conditions on a key, as a message shows what does not bind; nothing where there are none. */
export function showConditions(statement: Statement, key: RegExp): string {
  const shown = statement.conditions
    .filter((each) => key.test(each.key))
    .map(({ operator, key: name, values }) => `${operator} ${name} '${values.join("', '")}'`);
  return shown.length === 0 ? "" : ` under ${shown.join(" and ")}`;
}

/** Keys that every request has. */
const ALWAYS_THERE = /^aws:(SecureTransport|PrincipalArn|PrincipalAccount|userid)$/i;

/** Whether a condition holds for every request. */
export function holdsAlways({ operator, key, values }: Condition): boolean {
  if (!ALWAYS_THERE.test(key) && !/IfExists$/.test(operator)) return false;
  if (/Bool/.test(operator)) return ["true", "false"].every((each) => values.some((v) => v.toLowerCase() === each));
  return /Like/.test(operator) && !/Not/.test(operator) && values.some((value) => /^\*+$/.test(value));
}
