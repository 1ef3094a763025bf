import * as s3 from "@aws-sdk/client-s3";
import { z } from "zod";
import { unlessGone, type Aws } from "./clients";
import { row } from "./row";
import { tagList, tags, tagsOf } from "./values";

const bucket = row({
  type: "aws:s3/bucket:Bucket",
  inputs: z.strictObject({
    bucket: z.string().optional(),
    forceDestroy: z.boolean().optional(),
    objectLockEnabled: z.boolean().optional(),
    tags: tags(),
  }),
  defaults: { forceDestroy: false },
  autoname: "bucket",
  replaces: ["bucket", "objectLockEnabled"],
  computed: ["arn", "bucketDomainName", "bucketRegionalDomainName", "bucketRegion", "hostedZoneId"],
  create: async (aws, inputs) => {
    const Bucket = inputs.bucket ?? "";
    // CreateBucket succeeds in us-east-1 for a bucket one has already: that would adopt it silently.
    if (await exists(aws, Bucket)) throw new Error(`bucket '${Bucket}' exists already`);
    await aws.s3.send(
      new s3.CreateBucketCommand({
        Bucket,
        ObjectLockEnabledForBucket: inputs.objectLockEnabled,
        ...(aws.region === "us-east-1"
          ? {}
          : { CreateBucketConfiguration: { LocationConstraint: aws.region as s3.BucketLocationConstraint } }),
      }),
    );
    await putTags(aws, Bucket, inputs.tags);
    return Bucket;
  },
  read: async (aws, id) => {
    if (!(await exists(aws, id))) return undefined;
    const tagging = await unlessGone(aws.s3.send(new s3.GetBucketTaggingCommand({ Bucket: id })));
    return {
      bucket: id,
      tags: tagsOf(tagging?.TagSet),
      arn: `arn:${aws.partition}:s3:::${id}`,
      bucketDomainName: `${id}.s3.amazonaws.com`,
      bucketRegionalDomainName: `${id}.s3.${aws.region}.amazonaws.com`,
      bucketRegion: aws.region,
      // The zone of S3 in us-east-1; only website aliases, which the laptop lacks, would read it.
      hostedZoneId: "Z3AQBSTGFYJSTF",
    };
  },
  update: async (aws, { id, inputs, changes }) => {
    if (changes("tags")) await putTags(aws, id, inputs.tags);
  },
  remove: async (aws, id, inputs) => {
    if (inputs.forceDestroy) await unlessGone(empty(aws, id));
    await unlessGone(aws.s3.send(new s3.DeleteBucketCommand({ Bucket: id })));
  },
});

async function exists(aws: Aws, name: string): Promise<boolean> {
  return (await unlessGone(aws.s3.send(new s3.HeadBucketCommand({ Bucket: name })))) !== undefined;
}

async function putTags(aws: Aws, Bucket: string, wanted: Record<string, string> | undefined): Promise<void> {
  if (wanted && Object.keys(wanted).length > 0)
    await aws.s3.send(new s3.PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: tagList(wanted) } }));
  else await unlessGone(aws.s3.send(new s3.DeleteBucketTaggingCommand({ Bucket })));
}

/** Deletes every object, and every version where there are some. */
async function empty(aws: Aws, Bucket: string): Promise<void> {
  for (;;) {
    // Each round takes the first page of what is left.
    const page = await aws.s3.send(new s3.ListObjectVersionsCommand({ Bucket }));
    const left = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
    if (left.length === 0) return;
    const Objects = left.map(({ Key, VersionId }) => ({ Key, VersionId }));
    await aws.s3.send(new s3.DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
  }
}

const publicAccessBlock = row({
  type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  inputs: z.strictObject({
    bucket: z.string(),
    blockPublicAcls: z.boolean().optional(),
    blockPublicPolicy: z.boolean().optional(),
    ignorePublicAcls: z.boolean().optional(),
    restrictPublicBuckets: z.boolean().optional(),
  }),
  defaults: { blockPublicAcls: false, blockPublicPolicy: false, ignorePublicAcls: false, restrictPublicBuckets: false },
  replaces: ["bucket"],
  computed: [],
  create: async (aws, inputs) => {
    await putPublicAccessBlock(aws, inputs);
    return inputs.bucket;
  },
  read: async (aws, id) => {
    const found = await unlessGone(aws.s3.send(new s3.GetPublicAccessBlockCommand({ Bucket: id })));
    const block = found?.PublicAccessBlockConfiguration;
    return (
      block && {
        bucket: id,
        blockPublicAcls: block.BlockPublicAcls,
        blockPublicPolicy: block.BlockPublicPolicy,
        ignorePublicAcls: block.IgnorePublicAcls,
        restrictPublicBuckets: block.RestrictPublicBuckets,
      }
    );
  },
  update: (aws, { inputs }) => putPublicAccessBlock(aws, inputs),
  remove: (aws, id) => unlessGone(aws.s3.send(new s3.DeletePublicAccessBlockCommand({ Bucket: id }))),
});

function putPublicAccessBlock(
  aws: Aws,
  block: {
    bucket: string;
    blockPublicAcls?: boolean | undefined;
    blockPublicPolicy?: boolean | undefined;
    ignorePublicAcls?: boolean | undefined;
    restrictPublicBuckets?: boolean | undefined;
  },
) {
  return aws.s3.send(
    new s3.PutPublicAccessBlockCommand({
      Bucket: block.bucket,
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: block.blockPublicAcls,
        BlockPublicPolicy: block.blockPublicPolicy,
        IgnorePublicAcls: block.ignorePublicAcls,
        RestrictPublicBuckets: block.restrictPublicBuckets,
      },
    }),
  );
}

const bucketPolicy = row({
  type: "aws:s3/bucketPolicy:BucketPolicy",
  inputs: z.strictObject({ bucket: z.string(), policy: z.string() }),
  documents: ["policy"],
  replaces: ["bucket"],
  computed: [],
  create: async (aws, { bucket: Bucket, policy: Policy }) => {
    await aws.s3.send(new s3.PutBucketPolicyCommand({ Bucket, Policy }));
    return Bucket;
  },
  read: async (aws, id) => {
    const found = await unlessGone(aws.s3.send(new s3.GetBucketPolicyCommand({ Bucket: id })));
    return found && { bucket: id, policy: found.Policy };
  },
  update: (aws, { id, inputs }) => aws.s3.send(new s3.PutBucketPolicyCommand({ Bucket: id, Policy: inputs.policy })),
  remove: (aws, id) => unlessGone(aws.s3.send(new s3.DeleteBucketPolicyCommand({ Bucket: id }))),
});

export const rows = [bucket, publicAccessBlock, bucketPolicy];
