import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Names } from "../contract/names";
import { bucketPolicy } from "./permissions/bucket";

export interface DataBucketArgs {
  readonly names: Names;
  readonly keyArn: pulumi.Input<string>;
  /** Whether a destroy may delete the bucket with all that is in it. */
  readonly mayDestroy: boolean;
}

/**
 * The data bucket: private, encrypted with the stack's key, TLS only, versioned, objects owned by the account.
 * Its data survives a destroy unless both switches of the configuration say otherwise.
 */
export class DataBucket extends pulumi.ComponentResource {
  /** Known at preview. Whoever must wait for encryption and policy depends on this component. */
  readonly bucket: string;

  constructor(name: string, args: DataBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("partitions:components:DataBucket", name, {}, opts);
    this.bucket = args.names.bucket;
    const protect = !args.mayDestroy;
    const bucket = new aws.s3.Bucket(
      `${name}-bucket`,
      { bucket: this.bucket, forceDestroy: args.mayDestroy },
      { parent: this, protect, retainOnDelete: protect },
    );
    // The settings go with the bucket: a destroy that keeps the data keeps what guards it.
    const child = { parent: this, dependsOn: [bucket], protect, retainOnDelete: protect };
    const blocked = new aws.s3.BucketPublicAccessBlock(
      `${name}-public-access`,
      {
        bucket: this.bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      child,
    );
    new aws.s3.BucketOwnershipControls(
      `${name}-ownership`,
      { bucket: this.bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      child,
    );
    new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      {
        bucket: this.bucket,
        rules: [
          {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: args.keyArn },
            bucketKeyEnabled: true,
          },
        ],
      },
      child,
    );
    const versioning = new aws.s3.BucketVersioning(
      `${name}-versioning`,
      { bucket: this.bucket, versioningConfiguration: { status: "Enabled" } },
      child,
    );
    new aws.s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      {
        bucket: this.bucket,
        rules: [
          {
            id: "abort-unfinished-uploads",
            status: "Enabled",
            filter: { prefix: "" },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
          {
            // A day that was overwritten by a re-run can be brought back for this long.
            id: "expire-noncurrent-versions",
            status: "Enabled",
            filter: { prefix: "" },
            noncurrentVersionExpiration: { noncurrentDays: 30 },
          },
        ],
      },
      { ...child, dependsOn: [bucket, versioning] },
    );
    new aws.s3.BucketPolicy(
      `${name}-policy`,
      { bucket: this.bucket, policy: JSON.stringify(bucketPolicy(args.names)) },
      // S3 refuses a policy and a public access block that arrive at the same moment.
      { ...child, dependsOn: [bucket, blocked] },
    );
    this.registerOutputs({ bucket: this.bucket });
  }
}
