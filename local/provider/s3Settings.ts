import * as s3 from "@aws-sdk/client-s3";
import { z } from "zod";
import { unlessGone, type Aws } from "./clients";
import { row } from "./row";
import { compact, isObject } from "./values";

const ownershipControls = row({
  type: "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  inputs: z.strictObject({
    bucket: z.string(),
    rule: z.strictObject({ objectOwnership: z.enum(s3.ObjectOwnership) }),
  }),
  replaces: ["bucket"],
  computed: [],
  create: async (aws, inputs) => {
    await putOwnership(aws, inputs.bucket, inputs.rule.objectOwnership);
    return inputs.bucket;
  },
  read: async (aws, id) => {
    const found = await unlessGone(aws.s3.send(new s3.GetBucketOwnershipControlsCommand({ Bucket: id })));
    const rule = found?.OwnershipControls?.Rules?.[0];
    return rule && { bucket: id, rule: { objectOwnership: rule.ObjectOwnership } };
  },
  update: (aws, { id, inputs }) => putOwnership(aws, id, inputs.rule.objectOwnership),
  remove: (aws, id) => unlessGone(aws.s3.send(new s3.DeleteBucketOwnershipControlsCommand({ Bucket: id }))),
});

function putOwnership(aws: Aws, Bucket: string, ObjectOwnership: s3.ObjectOwnership) {
  return aws.s3.send(
    new s3.PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls: { Rules: [{ ObjectOwnership }] } }),
  );
}

const encryptionRules = z.array(
  z.strictObject({
    applyServerSideEncryptionByDefault: z
      .strictObject({ sseAlgorithm: z.enum(s3.ServerSideEncryption), kmsMasterKeyId: z.string().optional() })
      .optional(),
    bucketKeyEnabled: z.boolean().optional(),
  }),
);

const encryption = row({
  type: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  inputs: z.strictObject({ bucket: z.string(), rules: encryptionRules }),
  replaces: ["bucket"],
  computed: [],
  create: async (aws, inputs) => {
    await putEncryption(aws, inputs.bucket, inputs.rules);
    return inputs.bucket;
  },
  read: async (aws, id) => {
    const found = await unlessGone(aws.s3.send(new s3.GetBucketEncryptionCommand({ Bucket: id })));
    const rules = found?.ServerSideEncryptionConfiguration?.Rules?.map((rule) => ({
      applyServerSideEncryptionByDefault: rule.ApplyServerSideEncryptionByDefault && {
        sseAlgorithm: rule.ApplyServerSideEncryptionByDefault.SSEAlgorithm,
        kmsMasterKeyId: rule.ApplyServerSideEncryptionByDefault.KMSMasterKeyID,
      },
      bucketKeyEnabled: rule.BucketKeyEnabled,
    }));
    return rules && { bucket: id, rules };
  },
  update: (aws, { id, inputs }) => putEncryption(aws, id, inputs.rules),
  remove: (aws, id) => unlessGone(aws.s3.send(new s3.DeleteBucketEncryptionCommand({ Bucket: id }))),
});

function putEncryption(aws: Aws, Bucket: string, rules: z.infer<typeof encryptionRules>) {
  const Rules = rules.map((rule) => ({
    ApplyServerSideEncryptionByDefault: rule.applyServerSideEncryptionByDefault && {
      SSEAlgorithm: rule.applyServerSideEncryptionByDefault.sseAlgorithm,
      KMSMasterKeyID: rule.applyServerSideEncryptionByDefault.kmsMasterKeyId,
    },
    BucketKeyEnabled: rule.bucketKeyEnabled,
  }));
  return aws.s3.send(new s3.PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }));
}

const versioning = row({
  type: "aws:s3/bucketVersioning:BucketVersioning",
  inputs: z.strictObject({
    bucket: z.string(),
    versioningConfiguration: z.strictObject({ status: z.enum(s3.BucketVersioningStatus) }),
  }),
  replaces: ["bucket"],
  computed: [],
  create: async (aws, inputs) => {
    await putVersioning(aws, inputs.bucket, inputs.versioningConfiguration.status);
    return inputs.bucket;
  },
  read: async (aws, id) => {
    const found = await unlessGone(aws.s3.send(new s3.GetBucketVersioningCommand({ Bucket: id })));
    return found?.Status && { bucket: id, versioningConfiguration: { status: found.Status } };
  },
  update: (aws, { id, inputs }) => putVersioning(aws, id, inputs.versioningConfiguration.status),
  // Versioning cannot be taken off a bucket, only be suspended.
  remove: (aws, id) => unlessGone(putVersioning(aws, id, "Suspended")),
});

function putVersioning(aws: Aws, Bucket: string, Status: s3.BucketVersioningStatus) {
  return aws.s3.send(new s3.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
}

const transition = { storageClass: z.enum(s3.TransitionStorageClass) };
const newer = { noncurrentDays: z.number(), newerNoncurrentVersions: z.number().optional() };
const size = { objectSizeGreaterThan: z.number().optional(), objectSizeLessThan: z.number().optional() };

const lifecycleRules = z.array(
  z.strictObject({
    id: z.string(),
    status: z.enum(s3.ExpirationStatus),
    filter: z
      .strictObject({
        prefix: z.string().optional(),
        tag: z.strictObject({ key: z.string(), value: z.string() }).optional(),
        ...size,
        and: z.strictObject({ prefix: z.string().optional(), ...size }).optional(),
      })
      .optional(),
    expiration: z
      .strictObject({ days: z.number().optional(), expiredObjectDeleteMarker: z.boolean().optional() })
      .optional(),
    noncurrentVersionExpiration: z.strictObject(newer).optional(),
    abortIncompleteMultipartUpload: z.strictObject({ daysAfterInitiation: z.number() }).optional(),
    transitions: z.array(z.strictObject({ days: z.number().optional(), ...transition })).optional(),
    noncurrentVersionTransitions: z.array(z.strictObject({ ...newer, ...transition })).optional(),
  }),
);

const lifecycle = row({
  type: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  inputs: z.strictObject({ bucket: z.string(), rules: lifecycleRules }),
  replaces: ["bucket"],
  computed: [],
  create: async (aws, inputs) => {
    await putLifecycle(aws, inputs.bucket, inputs.rules);
    return inputs.bucket;
  },
  read: async (aws, id) => {
    const found = await unlessGone(aws.s3.send(new s3.GetBucketLifecycleConfigurationCommand({ Bucket: id })));
    return (
      found?.Rules && { bucket: id, rules: renamed(found.Rules, (name) => name[0]?.toLowerCase() + name.slice(1)) }
    );
  },
  update: (aws, { id, inputs }) => putLifecycle(aws, id, inputs.rules),
  remove: (aws, id) => unlessGone(aws.s3.send(new s3.DeleteBucketLifecycleCommand({ Bucket: id }))),
});

function putLifecycle(aws: Aws, Bucket: string, rules: z.infer<typeof lifecycleRules>) {
  // Names differ by their first letter only; the shape above holds no map whose keys this would change.
  const pascal = renamed(compact(rules), (name) => (name[0] ?? "").toUpperCase() + name.slice(1));
  const Rules = (pascal as s3.LifecycleRule[]).map((rule) => ({ Filter: { Prefix: "" }, ...rule }));
  return aws.s3.send(new s3.PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
}

function renamed(value: unknown, rename: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, rename));
  if (!isObject(value)) return value;
  const exception: Readonly<Record<string, string>> = { id: "ID", ID: "id" };
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [exception[name] ?? rename(name), renamed(item, rename)]),
  );
}

export const rows = [ownershipControls, encryption, versioning, lifecycle];
