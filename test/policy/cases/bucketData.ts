import { NAME, KEY, ABORT, EXPIRE, goodBucket, encryption } from "./goodBucket";
import { casesOf, change, without, type Case } from "./case";

const encrypted = (by: object, key?: unknown) => change(goodBucket, "encryption", { rules: [encryption(by, key)] });

const lifecycle = (...rules: object[]) => change(goodBucket, "lifecycle", { rules });

function unfinished(): string {
  return "bucket 'data': no lifecycle rule aborts unfinished uploads, expected one, such as after 7 days";
}

export const bucketDataCases: Case[] = [
  ...casesOf(
    "aws-s3-bucket-encrypt-by-own-key",
    [
      "no encryption",
      without(goodBucket, "encryption"),
      "bucket 'data': default encryption is absent, expected \"aws:kms\" with a key of this account",
    ],
    [
      "the key of S3",
      encrypted({ sseAlgorithm: "AES256" }),
      'bucket \'data\': sseAlgorithm is "AES256", expected "aws:kms"',
    ],
    [
      "no key named",
      encrypted({ sseAlgorithm: "aws:kms" }),
      "bucket 'data': kmsMasterKeyId is absent, expected a key of this account",
    ],
    [
      "AWS's key",
      encrypted({ sseAlgorithm: "aws:kms", kmsMasterKeyId: "alias/aws/s3" }),
      "bucket 'data': kmsMasterKeyId is \"alias/aws/s3\", which AWS owns, expected a key of this account",
    ],
    [
      "no bucket key",
      encrypted({ sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY }, false),
      "bucket 'data': bucketKeyEnabled is false, expected true: each object else costs a call of KMS",
    ],
  ),
  ...casesOf(
    "aws-s3-bucket-keep-versions",
    ["no versioning", without(goodBucket, "versioning"), "bucket 'data': versioning is absent, expected \"Enabled\""],
    [
      "versioning that is suspended",
      change(goodBucket, "versioning", { versioningConfiguration: { status: "Suspended" } }),
      'bucket \'data\': versioning is "Suspended", expected "Enabled"',
    ],
  ),
  ...casesOf(
    "aws-s3-bucket-abort-unfinished-uploads",
    ["no such rule", lifecycle(EXPIRE), unfinished()],
    ["one that is off", lifecycle({ ...ABORT, status: "Disabled" }, EXPIRE), unfinished()],
  ),
  ...casesOf("aws-s3-bucket-expire-old-versions", [
    "no such rule",
    lifecycle(ABORT),
    "bucket 'data': no lifecycle rule expires noncurrent versions, expected one",
  ]),
  ...casesOf("aws-s3-bucket-keep-versions-long-enough", [
    "a week",
    lifecycle(ABORT, { ...EXPIRE, noncurrentVersionExpiration: { noncurrentDays: 7 } }),
    "bucket 'data', lifecycle rule 'expire': noncurrentDays is 7, expected at least 30",
  ]),
  ...casesOf(
    "aws-s3-bucket-log-access-elsewhere",
    [
      "no logging",
      without(goodBucket, "logging"),
      "bucket 'data': target of its access log is absent, expected another bucket",
    ],
    [
      "a log in itself",
      change(goodBucket, "logging", { targetBucket: NAME }),
      "bucket 'data': target of its access log is itself, expected another bucket",
    ],
  ),
  ...casesOf("aws-s3-bucket-keep-data-on-destroy", [
    "forceDestroy",
    change(goodBucket, "data", { forceDestroy: true }),
    "bucket 'data': forceDestroy is true, expected false: a destroy would delete what is in it",
  ]),
];
