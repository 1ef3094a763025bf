import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Dataset } from "../contract/dataset";
import { QUERY_RESULTS } from "../contract/layout";
import type { Names } from "../contract/names";
import { refuse } from "../contract/problems";
import { bucketPolicy } from "./permissions/bucket";
import { ownerStatements, type OwnerStatements } from "./permissions/readers";

export interface DataBucketArgs {
  readonly names: Names;
  /** Readers of other accounts are let in by the bucket's policy. */
  readonly datasets: readonly Dataset[];
  readonly keyArn: pulumi.Input<string>;
  /** Another bucket, which gets the log of who accessed this one. Absent: nobody keeps it. */
  readonly accessLogBucket?: string | undefined;
  /** Whether a destroy may delete the bucket with all that is in it. */
  readonly mayDestroy: boolean;
}

/**
 * The data bucket: private, encrypted with the stack's key, TLS only, versioned, objects owned by the account.
 * Its data survives a destroy unless both switches of the configuration say otherwise.
 *
 * A bucket that is there already is used as it is: nothing of it is made, changed or deleted.
 */
export class DataBucket extends pulumi.ComponentResource {
  /** Known at preview. Whoever must wait for encryption and policy depends on this component. */
  readonly bucket: string;
  /** What the owner of an existing bucket adds to its policies; undefined where nothing is to be added. */
  readonly ownerStatements: OwnerStatements | undefined;

  constructor(name: string, args: DataBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("partitions:components:DataBucket", name, {}, opts);
    checkAccessLog(args);
    this.bucket = args.names.bucket;
    this.ownerStatements = ownerStatements(args.names, args.datasets);
    if (args.names.existing.bucket) checkExisting(args.names, this);
    else this.make(name, args);
    this.registerOutputs({ bucket: this.bucket });
  }

  private make(name: string, args: DataBucketArgs): void {
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
            id: "expire-query-results",
            status: "Enabled",
            filter: { prefix: QUERY_RESULTS },
            expiration: { days: 7 },
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
    if (args.accessLogBucket !== undefined)
      new aws.s3.BucketLogging(
        `${name}-access-log`,
        { bucket: this.bucket, targetBucket: args.accessLogBucket, targetPrefix: `${this.bucket}/` },
        child,
      );
    new aws.s3.BucketPolicy(
      `${name}-policy`,
      { bucket: this.bucket, policy: JSON.stringify(bucketPolicy(args.names, args.datasets)) },
      // S3 refuses a policy and a public access block that arrive at the same moment.
      { ...child, dependsOn: [bucket, blocked] },
    );
  }
}

/** S3 would write a line for each line that it writes. */
function checkAccessLog({ names, accessLogBucket }: DataBucketArgs): void {
  refuse(
    `bucket '${names.bucket}'`,
    accessLogBucket === undefined
      ? []
      : [
          ...(accessLogBucket === names.bucket
            ? [
                `accessLogBucket '${accessLogBucket}' is the data bucket itself, whose log would log itself; name another`,
              ]
            : []),
          ...(names.existing.bucket
            ? [`accessLogBucket '${accessLogBucket}' is of no use with existingBucket: its settings are its owner's`]
            : []),
        ],
  );
}

/** A bucket that is not there, or in another region, would be noticed by the first job that writes. */
function checkExisting({ bucket, region }: Names, parent: pulumi.Resource): void {
  aws.s3.getBucketOutput({ bucket }, { parent }).bucketRegion.apply((place) => {
    if (place !== region)
      throw new pulumi.RunError(
        `existingBucket '${bucket}' is in ${place}, the stack in ${region}: jobs, catalogue and bucket share a region; ` +
          `name a bucket in ${region}, or deploy to ${place}`,
      );
  });
}
