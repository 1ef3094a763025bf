import { type Registered } from "../../support/policy";
import { GROUP_POLICY, MANAGED_POLICY, ROLE, ROLE_ATTACHMENT, ROLE_POLICY } from "../../../policy/kinds";
import { ACCOUNT, casesOf, change, policy, resource, type Case } from "./case";

const SOURCE = { StringEquals: { "aws:SourceAccount": ACCOUNT } };
export const trust = (service: string, more: object = {}) => ({
  ...{ Sid: "Assume", Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole", Condition: SOURCE },
  ...more,
});
const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/acme-boundary`;

export const goodRole = () => [
  resource(ROLE, "job", {
    name: "acme-job",
    permissionsBoundary: BOUNDARY,
    assumeRolePolicy: policy(trust("sagemaker.amazonaws.com")),
  }),
  resource(MANAGED_POLICY, "permissions", {
    name: "acme-permissions",
    policy: policy(
      { Sid: "Read", Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::acme-data/features/raw/*" },
      {
        ...{ Sid: "List", Effect: "Allow", Action: "s3:ListBucket", Resource: "arn:aws:s3:::acme-data" },
        Condition: { StringLike: { "s3:prefix": ["features/raw/*"] } },
      },
      {
        ...{ Sid: "Nameless", Effect: "Allow", Resource: "*" },
        Action: ["ecr:GetAuthorizationToken", "lakeformation:GetDataAccess", "cloudwatch:ListMetrics", "kms:listkeys"],
      },
      { Sid: "Buckets", Effect: "Allow", Action: ["s3:listallmybuckets"], Resource: "*" },
      {
        ...{ Sid: "Group", Effect: "Allow", Action: "logs:CreateLogGroup" },
        Resource: `arn:aws:logs:ap-northeast-1:${ACCOUNT}:*`,
      },
      {
        ...{ Sid: "Metrics", Effect: "Allow", Action: "cloudwatch:PutMetricData", Resource: "*" },
        Condition: { StringEquals: { "cloudwatch:namespace": "acme" } },
      },
      {
        ...{
          Sid: "Key",
          Effect: "Allow",
          Action: ["kms:Decrypt", "kms:CreateGrant"],
          Resource: `arn:aws:kms:ap-northeast-1:${ACCOUNT}:key/*`,
        },
        Condition: {
          "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/acme" },
          Bool: { "kms:GrantIsForAWSResource": "true" },
        },
      },
      {
        ...{ Sid: "Pass", Effect: "Allow", Action: "iam:PassRole", Resource: `arn:aws:iam::${ACCOUNT}:role/acme-job` },
        Condition: { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } },
      },
      { Sid: "Deny", Effect: "Deny", Action: "*", Resource: "*" },
    ),
  }),
  resource(ROLE_ATTACHMENT, "attached", {
    role: "acme-job",
    policyArn: `arn:aws:iam::${ACCOUNT}:policy/acme-permissions`,
  }),
];

export const allow = (more: object) =>
  change(goodRole, "permissions", { policy: policy({ Sid: "It", Effect: "Allow", ...more }) });
export const said = (text: string) => `policy 'permissions', statement 'It': ${text}`;
export const BUCKET = "arn:aws:s3:::acme-data";

export const identityCases: Case[] = [
  ...casesOf(
    "aws-iam-policy-name-actions",
    ["everything", allow({ Action: "*", Resource: `${BUCKET}/a/*` }), said("allows '*', expected the actions by name")],
    [
      "all of a service",
      allow({ Action: ["glue:GetTable", "glue:*"], Resource: "arn:aws:glue:r:1:catalog" }),
      said("allows 'glue:*', expected the actions by name"),
    ],
    [
      "everything but some",
      allow({ NotAction: "iam:*", Resource: `${BUCKET}/a/*` }),
      said("allows all actions but 'iam:*', expected the actions by name"),
    ],
  ),
  ...casesOf(
    "aws-iam-policy-name-resources",
    [
      "every table",
      allow({ Action: "glue:GetTable", Resource: "*" }),
      said("allows 'glue:GetTable' on '*', expected the ARNs that it needs"),
    ],
    [
      "every resource but one",
      allow({ Action: "glue:GetTable", NotResource: "arn:aws:glue:r:1:catalog" }),
      said("allows 'glue:GetTable' on everything but 'arn:aws:glue:r:1:catalog', expected the ARNs that it needs"),
    ],
    [
      "metrics of any namespace",
      allow({ Action: "cloudwatch:PutMetricData", Resource: "*" }),
      said("allows 'cloudwatch:PutMetricData' on '*', expected a condition on cloudwatch:namespace"),
    ],
  ),
  ...casesOf(
    "aws-iam-role-attach-no-aws-managed-policy",
    [
      "an attachment",
      [
        ...goodRole(),
        resource(ROLE_ATTACHMENT, "full", {
          role: "acme-job",
          policyArn: "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess",
        }),
      ],
      "attachment 'full': policy is 'arn:aws:iam::aws:policy/AmazonSageMakerFullAccess', expected one of this account",
    ],
    [
      "a list in the role",
      change(goodRole, "job", { managedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"] }),
      "role 'job': policy is 'arn:aws:iam::aws:policy/AdministratorAccess', expected one of this account",
    ],
  ),
  ...casesOf(
    "aws-iam-policy-allow-no-escalation",
    [
      "another's policy",
      allow({ Action: "iam:PutRolePolicy", Resource: `arn:aws:iam::${ACCOUNT}:role/acme` }),
      said("allows 'iam:PutRolePolicy', expected no action that gives permissions"),
    ],
    [
      "by a pattern",
      allow({ Action: "s3:PutBucket*", Resource: BUCKET }),
      said("allows 's3:PutBucket*', which includes s3:PutBucketPolicy, expected no action that gives permissions"),
    ],
    [
      "grants of a key to anyone",
      allow({ Action: "kms:CreateGrant", Resource: `arn:aws:kms:r:${ACCOUNT}:key/1` }),
      said("allows 'kms:CreateGrant', expected a condition on kms:GrantIsForAWSResource"),
    ],
    [
      "a policy of a group",
      [
        resource(GROUP_POLICY, "people", {
          group: "acme",
          policy: policy({
            Effect: "Allow",
            Action: "lambda:AddPermission",
            Resource: "arn:aws:lambda:r:1:function:acme",
          }),
        }),
      ],
      "policy 'people', statement 1: allows 'lambda:AddPermission', expected no action that gives permissions",
    ],
  ),
  ...casesOf(
    "aws-iam-policy-bind-pass-role",
    [
      "any role",
      allow({
        Action: "iam:PassRole",
        Resource: "*",
        Condition: { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } },
      }),
      said("hands on any role ('*'), expected the roles by name"),
    ],
    [
      "to any service",
      allow({ Action: "iam:PassRole", Resource: `arn:aws:iam::${ACCOUNT}:role/acme` }),
      said("hands roles on to any service, expected a condition on iam:PassedToService"),
    ],
  ),
  ...casesOf(
    "aws-iam-policy-name-buckets",
    [
      "every bucket",
      allow({ Action: "s3:GetObject", Resource: "*" }),
      said("allows 's3:GetObject' on '*', expected buckets by name"),
    ],
    [
      "every bucket as an ARN",
      allow({ Action: ["s3:PutObject"], Resource: "arn:aws:s3:::*/*" }),
      said("allows 's3:PutObject' on 'arn:aws:s3:::*/*', expected buckets by name"),
    ],
  ),
  ...casesOf(
    "aws-iam-policy-name-whole-folders",
    [
      "a pattern that fits siblings",
      allow({ Action: "s3:GetObject", Resource: `${BUCKET}/features*` }),
      said(`names '${BUCKET}/features*', expected '${BUCKET}/features/*'`),
    ],
    ...(
      [
        ["a pattern in the middle", "/features*/output/*", "/features/output/*"],
        ["a letter left open", "/feature?/output/*", "/feature/output/*"],
        ["a bucket that is named by half", "*/features/*", "/features/*"],
      ] as const
    ).map(([what, got, expected]): [string, Registered[], string] => [
      what,
      allow({ Action: "s3:GetObject", Resource: BUCKET + got }),
      said(`names '${BUCKET}${got}', expected '${BUCKET}${expected}'`),
    ]),
    [
      "a listing that fits siblings",
      allow({
        Action: "s3:ListBucket",
        Resource: BUCKET,
        Condition: { StringLike: { "s3:prefix": "features/output*" } },
      }),
      said("names 'features/output*', expected 'features/output/*'"),
    ],
  ),
  ...casesOf(
    "aws-iam-policy-name-keys-to-decrypt",
    [
      "every key",
      allow({ Action: "kms:Decrypt", Resource: "*" }),
      said("allows 'kms:Decrypt' by '*', expected keys by name"),
    ],
    [
      "every key of the account",
      allow({ Action: "kms:De*", Resource: `arn:aws:kms:r:${ACCOUNT}:key/*` }),
      said(`allows 'kms:De*' by 'arn:aws:kms:r:${ACCOUNT}:key/*', expected keys by name`),
    ],
  ),
  ...casesOf(
    "aws-iam-role-write-no-inline-policy",
    [
      "an inline policy",
      [...goodRole(), resource(ROLE_POLICY, "inline", { role: "acme-job", policy: policy() })],
      "policy 'inline' is inline, expected a managed one",
    ],
    [
      "one in the role",
      change(goodRole, "job", { inlinePolicies: [{ name: "a", policy: policy() }] }),
      "role 'job': 1 policies are inline, expected 0",
    ],
  ),
  ...[
    { what: "no boundary", got: undefined, shown: "absent" },
    { what: "another boundary", got: "arn:aws:iam::1:policy/x", shown: '"arn:aws:iam::1:policy/x"' },
  ].map(({ what, got, shown }) => ({
    ...{ rule: "aws-iam-role-keep-boundary", what, config: { permissionsBoundary: BOUNDARY } },
    resources: change(goodRole, "job", { permissionsBoundary: got }),
    says: [`role 'job': permissionsBoundary is ${shown}, expected '${BOUNDARY}'`],
  })),
];
