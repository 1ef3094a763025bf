import { BUCKET_ACL } from "../../../policy/kinds";
import { BOTH, bucket, TLS, goodBucket } from "./goodBucket";
import { ACCOUNT, casesOf, change, policy, resource, without, type Case } from "./case";

const open = (more: object = {}) => ({
  Sid: "Open",
  Effect: "Allow",
  Principal: "*",
  Action: "s3:GetObject",
  Resource: BOTH,
  ...more,
});

function plainHttp(): string {
  return "bucket 'data': no policy denies s3:* on it and its objects when aws:SecureTransport is false, expected one that does";
}

function openTo(who: string, condition = ""): string {
  return `bucket policy 'policy', statement 'Open': allows to '${who}'${condition}, expected named principals or a condition`;
}

const denying = (more: object) =>
  change(goodBucket, "policy", {
    policy: policy(TLS, { Sid: "All", Effect: "Deny", Action: "s3:*", Resource: "*", ...more }),
  });
const lockedOut = (who: string) =>
  `bucket policy 'policy', statement 'All': denies s3:PutBucketPolicy to ${who}, expected a condition that lets somebody undo it`;
const tlsOn = (Resource: unknown) => change(goodBucket, "policy", { policy: policy({ ...TLS, Resource }) });

export const bucketAccessCases: Case[] = [
  ...casesOf(
    "aws-s3-bucket-block-public-access",
    [
      "no block",
      without(goodBucket, "block"),
      "bucket 'data': public access block is absent, expected one with all four on",
    ],
    [
      "one setting off",
      change(goodBucket, "block", { ignorePublicAcls: false }),
      "bucket 'data': ignorePublicAcls is false, expected true",
    ],
    [
      "one setting absent",
      change(goodBucket, "block", { blockPublicPolicy: undefined }),
      "bucket 'data': blockPublicPolicy is absent, expected true",
    ],
    [
      "the block of another bucket",
      change(goodBucket, "block", { bucket: "acme-other" }),
      "bucket 'data': public access block is absent, expected one with all four on",
    ],
  ),
  ...casesOf(
    "aws-s3-bucket-refuse-plain-http",
    ["no policy", without(goodBucket, "policy"), plainHttp()],
    [
      "a denial of plain HTTP the wrong way round",
      change(goodBucket, "policy", {
        policy: policy({ ...TLS, Condition: { Bool: { "aws:SecureTransport": "true" } } }),
      }),
      plainHttp(),
    ],
    [
      "a denial of reading alone",
      change(goodBucket, "policy", { policy: policy({ ...TLS, Action: "s3:GetObject" }) }),
      plainHttp(),
    ],
    ["a denial on another bucket", tlsOn(["arn:aws:s3:::acme-date", "arn:aws:s3:::acme-date/*"]), plainHttp()],
    ["a denial on the bucket without its objects", tlsOn(BOTH[0]), plainHttp()],
    ["a denial on the objects without the bucket", tlsOn(BOTH[1]), plainHttp()],
    ["a denial on one folder", tlsOn([BOTH[0], "arn:aws:s3:::acme-data/features/*"]), plainHttp()],
    [
      "a denial on all but this bucket's objects",
      change(goodBucket, "policy", { policy: policy({ ...TLS, Resource: undefined, NotResource: BOTH[1] }) }),
      plainHttp(),
    ],
    [
      "a denial that another condition narrows",
      change(goodBucket, "policy", {
        policy: policy({
          ...TLS,
          Condition: { Bool: { "aws:SecureTransport": "false" }, IpAddress: { "aws:SourceIp": "10.0.0.0/8" } },
        }),
      }),
      plainHttp(),
    ],
  ),
  ...casesOf(
    "aws-s3-bucket-use-no-access-lists",
    [
      "no ownership controls",
      without(goodBucket, "ownership"),
      "bucket 'data': object ownership is absent, expected \"BucketOwnerEnforced\"",
    ],
    [
      "another owner",
      change(goodBucket, "ownership", { rule: { objectOwnership: "ObjectWriter" } }),
      'bucket \'data\': object ownership is "ObjectWriter", expected "BucketOwnerEnforced"',
    ],
    [
      "a public ACL beside it",
      [...goodBucket(), resource(BUCKET_ACL, "acl", { ...bucket, acl: "public-read" })],
      "bucket 'data': an access control list grants \"public-read\", expected none",
    ],
    [
      "a public ACL in it",
      change(goodBucket, "data", { acl: "public-read" }),
      "bucket 'data': acl is \"public-read\", expected none",
    ],
  ),
  ...casesOf("aws-s3-bucket-use-no-access-lists", [
    "a grant to everyone in it",
    change(goodBucket, "data", {
      grants: [
        { type: "CanonicalUser", id: "owner", permissions: ["FULL_CONTROL"] },
        { type: "Group", uri: "http://acs.amazonaws.com/groups/global/AllUsers", permissions: ["READ"] },
      ],
    }),
    "bucket 'data': 1 grants of an access control list to groups, expected none",
  ]),
  ...casesOf(
    "aws-s3-bucket-policy-name-who-may",
    ["a policy for everyone", change(goodBucket, "policy", { policy: policy(TLS, open()) }), openTo("*")],
    [
      "everyone under another name",
      change(goodBucket, "policy", { policy: policy(TLS, open({ Principal: { AWS: ["*"] } })) }),
      openTo("*"),
    ],
    [
      "everyone but one",
      change(goodBucket, "policy", {
        policy: policy(TLS, open({ Principal: undefined, NotPrincipal: { AWS: "arn:aws:iam::1:root" } })),
      }),
      openTo("everyone but arn:aws:iam::1:root"),
    ],
    [
      "a condition that limits nobody",
      change(goodBucket, "policy", {
        policy: policy(TLS, open({ Condition: { StringLike: { "aws:PrincipalOrgID": "*" } } })),
      }),
      openTo("*", " under StringLike aws:PrincipalOrgID '*'"),
    ],
    [
      "a condition of all values, which none fulfil too",
      change(goodBucket, "policy", {
        policy: policy(TLS, open({ Condition: { "ForAllValues:StringEquals": { "aws:PrincipalOrgID": "o-1" } } })),
      }),
      openTo("*", " under ForAllValues:StringEquals aws:PrincipalOrgID 'o-1'"),
    ],
    [
      "a service that says for whom it writes, for anyone",
      change(goodBucket, "policy", {
        policy: policy(TLS, open({ Principal: { Service: "cloudtrail.amazonaws.com" }, Action: "s3:PutObject" })),
      }),
      "bucket policy 'policy', statement 'Open': allows to 'cloudtrail.amazonaws.com' for any account, expected a condition on aws:SourceAccount or aws:SourceArn",
    ],
  ),
  ...casesOf(
    "aws-s3-bucket-policy-lock-nobody-out",
    ["a denial of all to all", denying({ Principal: "*" }), lockedOut("everyone")],
    [
      "a denial under a condition that always holds",
      denying({ Principal: "*", Condition: { Bool: { "aws:SecureTransport": ["true", "false"] } } }),
      lockedOut("everyone"),
    ],
    [
      "a denial to all but a role, whose account is denied",
      denying({ NotPrincipal: { AWS: `arn:aws:iam::${ACCOUNT}:role/acme` } }),
      lockedOut(`everyone but 'arn:aws:iam::${ACCOUNT}:role/acme'`),
    ],
  ),
];
