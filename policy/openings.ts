import { isBoundBy, showConditions } from "./bounds";
import { hasAction, statementsOf, type Statement } from "./statements";

/** Keys that say who asks, by which an open principal is not everyone. A user's name is one of every account. */
const WHO =
  /^(aws:(SourceAccount|SourceOwner|SourceArn|SourceOrgID|SourceOrgPaths|PrincipalAccount|PrincipalArn|PrincipalOrgID|PrincipalOrgPaths|SourceVpc|SourceVpce|SourceVpcArn|SourceIp|userid)|kms:CallerAccount|sns:Endpoint|s3:DataAccessPoint(Account|Arn))$/i;

/** By which a service says for whom it asks. */
export const SOURCE = /^aws:Source(Account|Owner|Arn|OrgID|OrgPaths)$/i;

/**
 * Services that say for whom they ask, by what they ask for; others may not, as EventBridge where it publishes to a
 * topic: a condition would shut them out. (User guides of the services, each on the confused deputy)
 */
const TELLING: readonly (readonly [action: string, services: readonly string[]])[] = [
  ["s3:PutObject", ["cloudtrail", "config", "delivery.logs", "guardduty", "logging.s3", "redshift", "s3", "ses"]],
  ["s3:GetObject", ["cloudfront"]],
  ["sns:Publish", ["cloudwatch", "s3"]],
  ["sqs:SendMessage", ["events", "s3", "sns"]],
];

/** Everyone: `*`, in text as in the account of an ARN. */
const isOpen = (kind: string, who: string): boolean =>
  who === "*" || (kind === "AWS" && /^arn(:[^:]*){3}:[^:]*[*?]/.test(who));

function toEveryone(statement: Statement): string[] {
  if (isBoundBy(statement, WHO)) return [];
  const open = statement.principals.filter(([kind, who]) => isOpen(kind, who)).map(([, who]) => who);
  return [...open, ...statement.notPrincipals.map(([, who]) => `everyone but ${who}`)].map(
    (who) => `allows to '${who}'${showConditions(statement, WHO)}, expected named principals or a condition`,
  );
}

function toAnyAccount(statement: Statement): string[] {
  if (isBoundBy(statement, SOURCE)) return [];
  const telling = TELLING.filter(([action]) => hasAction(statement, action)).flatMap(([, services]) => services);
  return statement.principals
    .filter(([kind, who]) => kind === "Service" && telling.includes(who.replace(/\.amazonaws\.com(\.cn)?$/, "")))
    .map(
      ([, who]) =>
        `allows to '${who}' for any account${showConditions(statement, SOURCE)}, ` +
        "expected a condition on aws:SourceAccount or aws:SourceArn",
    );
}

/** What a resource's policy opens to others than it names, as messages say it. */
export function openings(document: unknown): string[] {
  return statementsOf(document)
    .filter(({ allows }) => allows)
    .flatMap((statement) =>
      [...toEveryone(statement), ...toAnyAccount(statement)].map((text) => `${statement.where}: ${text}`),
    );
}
