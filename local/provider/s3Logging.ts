import * as s3 from "@aws-sdk/client-s3";
import { z } from "zod";
import { unlessGone, type Aws } from "./clients";
import { row } from "./row";

const inputs = z.strictObject({ bucket: z.string(), targetBucket: z.string(), targetPrefix: z.string() });

const logging = row({
  type: "aws:s3/bucketLogging:BucketLogging",
  inputs,
  replaces: ["bucket"],
  computed: [],
  create: async (aws, wanted) => {
    await put(aws, wanted);
    return wanted.bucket;
  },
  read: async (aws, id) => {
    const found = await unlessGone(aws.s3.send(new s3.GetBucketLoggingCommand({ Bucket: id })));
    const { TargetBucket: targetBucket, TargetPrefix: targetPrefix } = found?.LoggingEnabled ?? {};
    return targetBucket === undefined ? undefined : { bucket: id, targetBucket, targetPrefix };
  },
  update: (aws, { inputs: wanted }) => put(aws, wanted),
  remove: (aws, id) => unlessGone(aws.s3.send(new s3.PutBucketLoggingCommand({ Bucket: id, BucketLoggingStatus: {} }))),
});

function put(aws: Aws, { bucket, targetBucket, targetPrefix }: z.infer<typeof inputs>) {
  const LoggingEnabled = { TargetBucket: targetBucket, TargetPrefix: targetPrefix };
  return aws.s3.send(new s3.PutBucketLoggingCommand({ Bucket: bucket, BucketLoggingStatus: { LoggingEnabled } }));
}

export const rows = [logging];
