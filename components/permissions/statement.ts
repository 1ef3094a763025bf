import { refuse } from "../../contract/problems";

/** One statement of an IAM policy. Sids tell a reader what the statement is for. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: Readonly<Record<string, string | readonly string[]>> | "*";
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Omit<Statement, "Resource">[] | readonly Statement[];
}

export function policyDocument(statements: PolicyDocument["Statement"]): PolicyDocument {
  return { Version: "2012-10-17", Statement: statements };
}

/** Characters that AWS takes of a policy document. */
export const POLICY_LIMITS = {
  /** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html: 20 KB. */
  bucket: 20 * 1024,
  /** https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html: 32 KiB. */
  key: 32 * 1024,
  /** Inline, all of a role's together (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html). */
  role: 10_240,
} as const;

export function fits(kind: keyof typeof POLICY_LIMITS, document: PolicyDocument): boolean {
  return JSON.stringify(document).length <= POLICY_LIMITS[kind];
}

/**
 * The document itself, when it is not too long for AWS.
 *
 * @param subject whose policy it is, for the message: `bucket 'data'`
 * @throws ContractError that tells the limit and the length
 */
export function fitting(
  kind: keyof typeof POLICY_LIMITS,
  subject: string,
  document: PolicyDocument,
  fix: string,
): PolicyDocument {
  const { length } = JSON.stringify(document);
  refuse(
    `policy of ${subject}`,
    fits(kind, document) ? [] : [`AWS takes ${POLICY_LIMITS[kind]} characters, it has ${length}; ${fix}`],
  );
  return document;
}
