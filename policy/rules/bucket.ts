import type { ResourceValidationPolicy, StackValidationArgs, StackValidationPolicy } from "@pulumi/policy";
import { partsOf } from "../attachments";
import {
  BUCKET,
  BUCKET_ACL,
  BUCKET_ACL_V2,
  BUCKET_BLOCK,
  BUCKET_ENCRYPTION,
  BUCKET_ENCRYPTION_V2,
  BUCKET_LOGGING,
  BUCKET_LOGGING_V2,
  BUCKET_OWNERSHIP,
  BUCKET_POLICY,
  BUCKET_V2,
  BUCKET_VERSIONING,
  BUCKET_VERSIONING_V2,
  type Bucket,
  type Kind,
} from "../kinds";
import { eachOf, inTurn, isGiven, known, onAny, onResource, resourcesOf, show, type Placed } from "../resources";
import { PRODUCTION } from "../rule";
import { deniesPlainHttpOfBucket } from "../plainHttp";

const USER_GUIDE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide";

/** Calls a check for every bucket of the stack; what it throws of one does not hide the others. */
function eachBucket(args: StackValidationArgs, check: (bucket: Placed<Bucket>) => void): void {
  eachOf(resourcesOf(args, BUCKET, BUCKET_V2), check);
}

/** The resources of some kinds that belong to a bucket: since provider version 4 a bucket's settings are such. */
function settingsOf<Props extends object>(
  args: StackValidationArgs,
  bucket: Placed<Bucket>,
  ...kinds: readonly Kind<Props>[]
): Placed<Props>[] {
  return partsOf(resourcesOf(args, ...kinds), "bucket", bucket);
}

const BLOCKS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"] as const;

export const publicAccessBlocked: StackValidationPolicy = {
  name: "aws-s3-bucket-block-public-access",
  description: "Every bucket has a block of public access, with all four settings on.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps: "Add an aws.s3.BucketPublicAccessBlock for the bucket, and set all four to true.",
  url: `${USER_GUIDE}/access-control-block-public-access.html`,
  tags: [
    "SecurityHub S3.1",
    "SecurityHub S3.8",
    "cdk-nag AwsSolutions-S2",
    "CKV_AWS_53",
    "CKV_AWS_54",
    "CKV_AWS_55",
  ].concat([
    "CKV_AWS_56",
    "CKV2_AWS_6",
    "AVD-AWS-0086",
    "AVD-AWS-0087",
    "AVD-AWS-0091",
    "AVD-AWS-0093",
    "AVD-AWS-0094",
  ]),
  validateStack: (args, report) =>
    eachBucket(args, (bucket) => {
      const blocks = settingsOf(args, bucket, BUCKET_BLOCK);
      if (blocks.length === 0)
        return report(
          `bucket '${bucket.name}': public access block is absent, expected one with all four on`,
          bucket.urn,
        );
      eachOf(blocks, ({ urn, props }) =>
        eachOf(BLOCKS, (setting) => {
          if (props[setting] !== true)
            report(`bucket '${bucket.name}': ${setting} is ${show(props[setting])}, expected true`, urn);
        }),
      );
    }),
};

export const tlsOnly: StackValidationPolicy = {
  name: "aws-s3-bucket-refuse-plain-http",
  description: "Every bucket has a policy that denies requests without TLS.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: 'Deny s3:* to "*" on the bucket and its objects when aws:SecureTransport is false.',
  url: `${USER_GUIDE}/security-best-practices.html`,
  tags: ["SecurityHub S3.5", "cdk-nag AwsSolutions-S10", "CKV_AWS_379"],
  validateStack: (args, report) =>
    eachBucket(args, (bucket) => {
      const policies = settingsOf(args, bucket, BUCKET_POLICY);
      const documents: unknown[] = [...policies.map(({ props }) => props.policy), bucket.props.policy];
      if (!documents.some((document) => deniesPlainHttpOfBucket(document, bucket.props.bucket)))
        report(
          `bucket '${bucket.name}': no policy denies s3:* on it and its objects when aws:SecureTransport is false, expected one that does`,
          policies[0]?.urn ?? bucket.urn,
        );
    }),
};

export const noAccessLists: StackValidationPolicy = {
  name: "aws-s3-bucket-use-no-access-lists",
  description: "The owner of a bucket owns every object in it, and no access control list grants anything.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Add aws.s3.BucketOwnershipControls with BucketOwnerEnforced, and remove every ACL.",
  url: `${USER_GUIDE}/about-object-ownership.html`,
  tags: ["SecurityHub S3.12", "CKV2_AWS_65", "CKV_AWS_20", "CKV_AWS_57", "CKV2_AWS_43", "AVD-AWS-0092"],
  validateStack: (args, report) =>
    eachBucket(args, (bucket) => {
      const say = (text: string, urn = bucket.urn) => report(`bucket '${bucket.name}': ${text}`, urn);
      inTurn(
        () => {
          const { acl, grants } = bucket.props;
          if (acl && acl !== "private") say(`acl is ${show(acl)}, expected none`);
          // The provider shows the owner's own grant, which every bucket has.
          const others = (grants ?? []).filter(({ type }) => type === "Group").length;
          if (others > 0) say(`${others} grants of an access control list to groups, expected none`);
        },
        () =>
          eachOf(settingsOf(args, bucket, BUCKET_ACL, BUCKET_ACL_V2), ({ urn, props }) => {
            if (props.acl !== "private")
              say(`an access control list grants ${show(props.acl ?? "access")}, expected none`, urn);
          }),
        () => {
          const [controls] = settingsOf(args, bucket, BUCKET_OWNERSHIP);
          const got = controls?.props.rule.objectOwnership;
          if (got !== "BucketOwnerEnforced")
            say(`object ownership is ${show(got)}, expected "BucketOwnerEnforced"`, controls?.urn);
        },
      );
    }),
};

export const encryptedByKey: StackValidationPolicy = {
  name: "aws-s3-bucket-encrypt-by-own-key",
  description: "Every bucket encrypts by a key of this account by default, with a bucket key.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Set sseAlgorithm aws:kms, kmsMasterKeyId and bucketKeyEnabled in the bucket's default encryption.",
  url: `${USER_GUIDE}/UsingKMSEncryption.html`,
  tags: [
    "SecurityHub S3.17",
    "cdk-nag S3DefaultEncryptionKMS",
    "CKV_AWS_145",
    "CKV_AWS_19",
    "AVD-AWS-0088",
    "AVD-AWS-0132",
  ],
  validateStack: (args, report) =>
    eachBucket(args, (bucket) => {
      const [encryption] = settingsOf(args, bucket, BUCKET_ENCRYPTION, BUCKET_ENCRYPTION_V2);
      const rule = encryption?.props.rules[0] ?? bucket.props.serverSideEncryptionConfiguration?.rule;
      const say = (text: string) => report(`bucket '${bucket.name}': ${text}`, encryption?.urn ?? bucket.urn);
      if (!rule) return say('default encryption is absent, expected "aws:kms" with a key of this account');
      const by = rule.applyServerSideEncryptionByDefault;
      // S3 delivers access logs into no bucket that a key encrypts.
      if (by?.sseAlgorithm === "AES256" && takesLogs(args, bucket)) return;
      inTurn(
        () => {
          const got = by?.sseAlgorithm;
          if (got !== "aws:kms" && got !== "aws:kms:dsse") say(`sseAlgorithm is ${show(got)}, expected "aws:kms"`);
          else if (!isGiven(() => by?.kmsMasterKeyId)) say("kmsMasterKeyId is absent, expected a key of this account");
          // What is not known yet comes from a resource: AWS's own key has a fixed name.
          else if (/alias\/aws\/s3$/.test(known(() => by?.kmsMasterKeyId) ?? ""))
            say(`kmsMasterKeyId is ${show(by?.kmsMasterKeyId)}, which AWS owns, expected a key of this account`);
        },
        () => {
          if (rule.bucketKeyEnabled !== true)
            say(
              `bucketKeyEnabled is ${show(rule.bucketKeyEnabled)}, expected true: each object else costs a call of KMS`,
            );
        },
      );
    }),
};

/** Whether a bucket of the stack logs the access to it into this one. */
function takesLogs(args: StackValidationArgs, bucket: Placed<Bucket>): boolean {
  return (
    partsOf(resourcesOf(args, BUCKET_LOGGING, BUCKET_LOGGING_V2), "targetBucket", bucket).length > 0 ||
    resourcesOf(args, BUCKET).some(({ props }) => known(() => props.logging?.targetBucket) === bucket.props.bucket)
  );
}

export const versioned: StackValidationPolicy = {
  name: "aws-s3-bucket-keep-versions",
  description: "Every bucket keeps earlier versions: the last net under a run that overwrote good data.",
  enforcementLevel: "advisory",
  severity: "high",
  remediationSteps: "Add an aws.s3.BucketVersioning with the status Enabled.",
  url: `${USER_GUIDE}/Versioning.html`,
  tags: [PRODUCTION, "SecurityHub S3.14", "cdk-nag S3BucketVersioningEnabled", "CKV_AWS_21", "AVD-AWS-0090"],
  validateStack: (args, report) =>
    eachBucket(args, (bucket) => {
      const [versioning] = settingsOf(args, bucket, BUCKET_VERSIONING, BUCKET_VERSIONING_V2);
      const inline = bucket.props.versioning?.enabled === true ? "Enabled" : undefined;
      const got = versioning ? versioning.props.versioningConfiguration.status : inline;
      if (got !== "Enabled")
        report(
          `bucket '${bucket.name}': versioning is ${show(got)}, expected "Enabled"`,
          versioning?.urn ?? bucket.urn,
        );
    }),
};

export const accessLogged: StackValidationPolicy = {
  name: "aws-s3-bucket-log-access-elsewhere",
  description: "Every bucket logs the access to it into another bucket.",
  // A second bucket that nobody may delete either: for those who need it.
  enforcementLevel: "disabled",
  severity: "low",
  remediationSteps: "Add an aws.s3.BucketLogging whose targetBucket is another bucket.",
  url: `${USER_GUIDE}/ServerLogs.html`,
  tags: ["SecurityHub S3.9", "cdk-nag AwsSolutions-S1", "CKV_AWS_18", "AVD-AWS-0089"],
  validateStack: (args, report) =>
    eachBucket(args, (bucket) => {
      const [logging] = settingsOf(args, bucket, BUCKET_LOGGING, BUCKET_LOGGING_V2);
      const given = logging ? logging.props.targetBucket : bucket.props.logging?.targetBucket;
      if (!given)
        report(`bucket '${bucket.name}': target of its access log is absent, expected another bucket`, bucket.urn);
      else if (given === bucket.props.bucket)
        report(
          `bucket '${bucket.name}': target of its access log is itself, expected another bucket`,
          logging?.urn ?? bucket.urn,
        );
    }),
};

const emptied = "expected false: a destroy would delete what is in it";

export const bucketKeptWhenFull: ResourceValidationPolicy = {
  name: "aws-s3-bucket-keep-data-on-destroy",
  description: "A destroy does not delete a bucket that holds data.",
  enforcementLevel: "advisory",
  severity: "high",
  remediationSteps: "Set forceDestroy to false; empty a bucket that shall go by hand.",
  url: `${USER_GUIDE}/delete-bucket.html`,
  tags: [PRODUCTION],
  validateResource: onAny(
    ...[BUCKET, BUCKET_V2].map((kind) =>
      onResource(kind, (bucket, { name }, report) => {
        if (bucket.forceDestroy === true) report(`bucket '${name}': forceDestroy is true, ${emptied}`);
      }),
    ),
  ),
};
