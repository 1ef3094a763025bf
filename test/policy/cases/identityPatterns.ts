import { GROUP_ATTACHMENT, POLICY_ATTACHMENT, ROLE_ATTACHMENTS, USER_ATTACHMENT } from "../../../policy/kinds";
import type { Registered } from "../../support/policy";
import { ACCOUNT, casesOf, resource, type Case } from "./case";
import { allow, BUCKET, goodRole, said } from "./identity";

const ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess";
const PASS = { Action: "iam:PassRole", Resource: `arn:aws:iam::${ACCOUNT}:role/acme` };

/** The same permissions as those that are refused by name, in other words. */
export const identityPatternsCases: Case[] = [
  ...casesOf(
    "aws-iam-policy-name-actions",
    ...["*:*", "s3:?*", "glue:*?"].map((Action): [string, Registered[], string] => [
      `all of a service as ${Action}`,
      allow({ Action, Resource: `${BUCKET}/a/*` }),
      said(`allows '${Action}', expected the actions by name`),
    ]),
  ),
  ...casesOf(
    "aws-iam-policy-name-resources",
    ...["**", "?*", "arn:*", "arn:aws:*", "arn:aws:glue:*", "arn:aws:glue:*:*:*", `arn:aws:glue:r:${ACCOUNT}:*`].map(
      (Resource): [string, Registered[], string] => [
        `every table as ${Resource}`,
        allow({ Action: "glue:DeleteTable", Resource }),
        said(`allows 'glue:DeleteTable' on '${Resource}', expected the ARNs that it needs`),
      ],
    ),
    [
      "metrics of nearly any namespace",
      allow({
        Action: "cloudwatch:PutMetricData",
        Resource: "*",
        Condition: { StringLike: { "cloudwatch:namespace": "*a*" } },
      }),
      said(
        "allows 'cloudwatch:PutMetricData' on '*' under StringLike cloudwatch:namespace '*a*', expected a condition on cloudwatch:namespace",
      ),
    ],
  ),
  ...casesOf(
    "aws-iam-role-attach-no-aws-managed-policy",
    ...[USER_ATTACHMENT, GROUP_ATTACHMENT, POLICY_ATTACHMENT].map((kind): [string, Registered[], string] => [
      `an attachment as ${kind.token}`,
      [...goodRole(), resource(kind, "full", { policyArn: ADMINISTRATOR })],
      `attachment 'full': policy is '${ADMINISTRATOR}', expected one of this account`,
    ]),
    [
      "a list of attachments",
      [...goodRole(), resource(ROLE_ATTACHMENTS, "all", { roleName: "acme-job", policyArns: [ADMINISTRATOR] })],
      `attachments 'all': policy is '${ADMINISTRATOR}', expected one of this account`,
    ],
  ),
  ...casesOf(
    "aws-iam-policy-allow-no-escalation",
    [
      "grants of a key to whoever is no service",
      allow({
        ...{ Action: "kms:CreateGrant", Resource: `arn:aws:kms:r:${ACCOUNT}:key/1` },
        Condition: { Bool: { "kms:GrantIsForAWSResource": "false" } },
      }),
      said(
        "allows 'kms:CreateGrant' under Bool kms:GrantIsForAWSResource 'false', expected a condition on kms:GrantIsForAWSResource",
      ),
    ],
    ...[
      ...["lakeformation:PutDataLakeSettings", "lakeformation:GrantPermissions", "iam:DetachRolePolicy"],
      ...["iam:DeleteRolePolicy", "iam:CreatePolicy", "s3:PutAccountPublicAccessBlock", "s3:PutAccessPointPolicy"],
      "lambda:AddLayerVersionPermission",
    ].map((Action): [string, Registered[], string] => [
      Action,
      allow({ Action, Resource: "arn:aws:acme:::one" }),
      said(`allows '${Action}', expected no action that gives permissions`),
    ]),
  ),
  ...casesOf(
    "aws-iam-policy-bind-pass-role",
    ...["role/*", "role*", "role/?*"].map((roles): [string, Registered[], string] => [
      `any role as ${roles}`,
      allow({
        ...{ Action: "iam:P?ssRole", Resource: `arn:aws:iam::${ACCOUNT}:${roles}` },
        Condition: { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } },
      }),
      said(`hands on any role ('arn:aws:iam::${ACCOUNT}:${roles}'), expected the roles by name`),
    ]),
    [
      "to any service by a pattern",
      allow({ ...PASS, Condition: { StringLike: { "iam:PassedToService": "*.amazonaws.com" } } }),
      said(
        "hands roles on to any service under StringLike iam:PassedToService '*.amazonaws.com', expected a condition on iam:PassedToService",
      ),
    ],
  ),
  ...casesOf(
    "aws-iam-policy-name-buckets",
    ...["arn:aws:*", "arn:aws:s3:*", "arn:aws:s3:*:*:*", "arn:aws:s3::?*", "?*"].map(
      (Resource): [string, Registered[], string] => [
        `every bucket as ${Resource}`,
        allow({ Action: "s3:GetObject", Resource }),
        said(`allows 's3:GetObject' on '${Resource}', expected buckets by name`),
      ],
    ),
    [
      "every bucket but one",
      allow({ Action: "s3:GetObject", NotResource: `${BUCKET}/*` }),
      said(`allows 's3:GetObject' on everything but '${BUCKET}/*', expected buckets by name`),
    ],
  ),
  ...casesOf(
    "aws-iam-policy-name-keys-to-decrypt",
    ...["arn:aws:kms:*", "arn:aws:kms:*:*:key/?*", "arn:aws:kms:*:*:key/????*"].map(
      (Resource): [string, Registered[], string] => [
        `every key as ${Resource}`,
        allow({ Action: "kms:Decrypt", Resource }),
        said(`allows 'kms:Decrypt' by '${Resource}', expected keys by name`),
      ],
    ),
  ),
];
