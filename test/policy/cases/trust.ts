import { ACCOUNT, casesOf, change, policy, type Case } from "./case";
import { goodRole, trust } from "./identity";

const trusted = (...statements: object[]) => change(goodRole, "job", { assumeRolePolicy: policy(...statements) });
const trusting = (text: string) => `role 'job', trust policy, statement 'Assume': ${text}`;

export const trustCases: Case[] = [
  ...casesOf(
    "aws-iam-role-trust-one-source",
    ["everyone", trusted(trust("", { Principal: "*" })), trusting("trusts '*', expected a service or a named role")],
    [
      "an account",
      trusted(trust("", { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } })),
      trusting(`trusts 'arn:aws:iam::${ACCOUNT}:root', expected a service or a named role`),
    ],
    [
      "a service for any account",
      trusted(trust("lambda.amazonaws.com", { Condition: undefined })),
      trusting("trusts 'lambda.amazonaws.com' for any account, expected a condition on aws:SourceAccount"),
    ],
    [
      "a condition that holds without the key",
      trusted(trust("lambda.amazonaws.com", { Condition: { StringEqualsIfExists: { "aws:SourceAccount": "1" } } })),
      trusting("trusts 'lambda.amazonaws.com' for any account, expected a condition on aws:SourceAccount"),
    ],
    [
      "Redshift for users of any account",
      trusted(trust("redshift.amazonaws.com", { Condition: { StringLike: { "sts:ExternalId": "*" } } })),
      trusting(
        "trusts 'redshift.amazonaws.com' for any account, expected a condition on sts:ExternalId, with the ARNs of database users",
      ),
    ],
    [
      "another service by an external id",
      trusted(trust("lambda.amazonaws.com", { Condition: { StringLike: { "sts:ExternalId": "arn:aws:x" } } })),
      trusting("trusts 'lambda.amazonaws.com' for any account, expected a condition on aws:SourceAccount"),
    ],
    [
      "anyone of a provider",
      trusted(trust("", { Principal: { Federated: "arn:aws:iam::1:oidc-provider/x" }, Condition: undefined })),
      trusting("trusts 'arn:aws:iam::1:oidc-provider/x' for anyone, expected a condition on its :sub"),
    ],
  ),
  ...casesOf("aws-iam-role-trust-schedule-group", [
    "the ARN of a schedule",
    trusted(
      trust("scheduler.amazonaws.com", {
        Condition: { ArnLike: { "aws:SourceArn": `arn:aws:scheduler:r:${ACCOUNT}:schedule/acme/daily` } },
      }),
    ),
    trusting(
      `aws:SourceArn is 'arn:aws:scheduler:r:${ACCOUNT}:schedule/acme/daily', expected 'arn:aws:scheduler:r:${ACCOUNT}:schedule-group/acme'`,
    ),
  ]),
];
