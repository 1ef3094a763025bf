import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Deployment } from "../contract/names";
import type { StackConfig } from "./config";

/**
 * Where this stack is deployed to: known before anything is made, so that every name and ARN is a plain string.
 *
 * @throws pulumi.RunError when the credentials belong to another account than the stack's
 */
export async function currentDeployment(config: StackConfig): Promise<Deployment> {
  const [identity, region, partition] = await Promise.all([
    aws.getCallerIdentity({}),
    aws.getRegion({}),
    aws.getPartition({}),
  ]);
  if (config.expectedAccountId !== "any" && identity.accountId !== config.expectedAccountId)
    throw new pulumi.RunError(
      `stack '${pulumi.getStack()}' belongs to account ${config.expectedAccountId}, the credentials to ${identity.accountId}; ` +
        `switch the profile, or change expectedAccountId`,
    );
  return {
    partition: partition.partition,
    region: region.region,
    accountId: identity.accountId,
    project: pulumi.getProject(),
    stack: pulumi.getStack(),
    bucketPrefix: config.bucketPrefix,
    existingBucket: config.existingBucket,
    existingBucketKeyArn: config.existingBucketKeyArn,
    existingDatabase: config.existingDatabase,
    network: config.network,
    permissionsBoundaryArn: config.permissionsBoundaryArn,
  };
}
