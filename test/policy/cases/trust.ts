import { ACCOUNT, casesOf, change, policy, type Case } from "./case";
import type { Registered } from "../../support/policy";
import { goodRole, trust } from "./identity";

const trusted = (...statements: object[]) => change(goodRole, "job", { assumeRolePolicy: policy(...statements) });
const HOST = "token.actions.githubusercontent.com";
const GITHUB = `arn:aws:iam::${ACCOUNT}:oidc-provider/${HOST}`;
const POOL = { Principal: { Federated: "cognito-identity.amazonaws.com" }, Action: "sts:AssumeRoleWithWebIdentity" };
const signedIn = (how: string) => ({
  StringEquals: { "cognito-identity.amazonaws.com:aud": "eu-west-1:1" },
  "ForAnyValue:StringLike": { "cognito-identity.amazonaws.com:amr": how },
});
const shown = (condition: Record<string, Record<string, string>>): string =>
  Object.entries(condition)
    .flatMap(([operator, keys]) => Object.entries(keys).map(([key, value]) => `${operator} ${key} '${value}'`))
    .join();

/** A role that is trusted to named ones in every usual way. */
export const goodTrust = () =>
  trusted(
    trust("lambda.amazonaws.com", { Condition: { ArnLike: { "aws:SourceArn": `arn:aws:lambda:*:${ACCOUNT}:*` } } }),
    trust("s3.amazonaws.com", { Condition: { ArnLike: { "aws:SourceArn": "arn:aws:s3:::acme-data" } } }),
    trust("", {
      ...{ Principal: { Federated: GITHUB }, Action: "sts:AssumeRoleWithWebIdentity" },
      Condition: { StringLike: { [`${HOST}:sub`]: ["repo:acme/infra:*", "repo:acme/*"] } },
    }),
    trust("", { ...POOL, Condition: signedIn("authenticated") }),
    trust("", {
      Principal: { AWS: "arn:aws:iam::999999999999:root" },
      Condition: { ArnEquals: { "aws:PrincipalArn": "arn:aws:iam::999999999999:role/reader" } },
    }),
  );

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
      trusting(
        "trusts 'lambda.amazonaws.com' for any account under StringEqualsIfExists aws:SourceAccount '1', expected a condition on aws:SourceAccount",
      ),
    ],
    [
      "Redshift for users of any account",
      trusted(trust("redshift.amazonaws.com", { Condition: { StringLike: { "sts:ExternalId": "*" } } })),
      trusting(
        "trusts 'redshift.amazonaws.com' for any account under StringLike sts:ExternalId '*', expected a condition on sts:ExternalId, with the ARNs of database users",
      ),
    ],
    [
      "another service by an external id",
      trusted(trust("lambda.amazonaws.com", { Condition: { StringLike: { "sts:ExternalId": "arn:aws:x" } } })),
      trusting("trusts 'lambda.amazonaws.com' for any account, expected a condition on aws:SourceAccount"),
    ],
    ...[
      { ArnLike: { "aws:SourceArn": "arn:aws:sagemaker:*:*:*" } },
      { StringLike: { "aws:SourceArn": "arn:*" } },
      { StringLike: { "aws:SourceAccount": "*2" } },
    ].map((Condition): [string, Registered[], string] => [
      `a service under ${shown(Condition)}`,
      trusted(trust("sagemaker.amazonaws.com", { Condition })),
      trusting(
        `trusts 'sagemaker.amazonaws.com' for any account under ${shown(Condition)}, expected a condition on aws:SourceAccount`,
      ),
    ]),
    [
      "every role of an account",
      trusted(trust("", { Principal: { AWS: "arn:aws:iam::999999999999:role/*" } })),
      trusting("trusts 'arn:aws:iam::999999999999:role/*', expected a service or a named role"),
    ],
    [
      "an account under a condition on all its roles",
      trusted(
        trust("", {
          Principal: { AWS: "arn:aws:iam::999999999999:root" },
          Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::999999999999:role/*" } },
        }),
      ),
      trusting(
        "trusts 'arn:aws:iam::999999999999:root' under ArnLike aws:PrincipalArn 'arn:aws:iam::999999999999:role/*', expected a service or a named role",
      ),
    ],
    ...["repo:*", "repo:acme*", "*:acme/infra"].map((sub): [string, Registered[], string] => [
      `anyone called ${sub}`,
      trusted(trust("", { Principal: { Federated: GITHUB }, Condition: { StringLike: { [`${HOST}:sub`]: sub } } })),
      trusting(`trusts '${GITHUB}' for anyone under StringLike ${HOST}:sub '${sub}', expected a condition on its :sub`),
    ]),
    [
      "every guest of Cognito",
      trusted(trust("", { ...POOL, Condition: signedIn("unauthenticated") })),
      trusting("trusts 'cognito-identity.amazonaws.com' for anyone, expected a condition on its :sub"),
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
