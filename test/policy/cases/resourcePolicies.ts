import { ACCESS_POINT, ACCESS_POINT_POLICY, CATALOG_POLICY, SECRET, SECRET_POLICY } from "../../../policy/kinds";
import type { Registered } from "../../support/policy";
import { ACCOUNT, casesOf, change, policy, resource, type Case } from "./case";

const READER = { AWS: `arn:aws:iam::${ACCOUNT}:role/reader` };
const allow = (Action: string, Principal: object | "*" = READER, Condition?: object) =>
  policy({ Sid: "Read", Effect: "Allow", Principal, Action, Resource: "*", Condition });
const OPEN = "statement 'Read': allows to '*', expected named principals or a condition";

export const goodShares = () => [
  resource(ACCESS_POINT, "point", { bucket: "acme-data", policy: allow("s3:GetObject") }),
  // Whoever is in the VPC, and nobody else.
  resource(ACCESS_POINT, "inside", {
    ...{ bucket: "acme-data", policy: allow("s3:GetObject", "*"), vpcConfiguration: { vpcId: "vpc-1" } },
  }),
  resource(ACCESS_POINT_POLICY, "pointed", { accessPointArn: "arn", policy: allow("s3:GetObject") }),
  resource(CATALOG_POLICY, "catalog", { policy: allow("glue:GetTable") }),
  resource(SECRET, "secret", { name: "acme", policy: allow("secretsmanager:GetSecretValue") }),
  resource(SECRET_POLICY, "told", {
    secretArn: "arn",
    policy: allow("secretsmanager:GetSecretValue", "*", { StringEquals: { "aws:PrincipalOrgID": "o-1" } }),
  }),
];

const opened = (name: string, action: string): Registered[] => change(goodShares, name, { policy: allow(action, "*") });

export const resourcePoliciesCases: Case[] = [
  ...casesOf(
    "aws-s3-bucket-policy-name-who-may",
    ["an access point for everyone", opened("point", "s3:GetObject"), `access point 'point', policy, ${OPEN}`],
    [
      "the policy of an access point for everyone",
      opened("pointed", "s3:GetObject"),
      `access point policy 'pointed', ${OPEN}`,
    ],
  ),
  ...casesOf("aws-glue-catalog-policy-name-who-may", [
    "everyone",
    opened("catalog", "glue:GetTable"),
    `catalog 'catalog', policy, ${OPEN}`,
  ]),
  ...casesOf(
    "aws-secretsmanager-secret-policy-name-who-may",
    ["everyone", opened("secret", "secretsmanager:GetSecretValue"), `secret 'secret', policy, ${OPEN}`],
    [
      "everyone, in a policy of its own",
      opened("told", "secretsmanager:GetSecretValue"),
      `secret 'told', policy, ${OPEN}`,
    ],
  ),
];
