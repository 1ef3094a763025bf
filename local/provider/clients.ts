import { AthenaClient } from "@aws-sdk/client-athena";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ECRClient } from "@aws-sdk/client-ecr";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { GlueClient } from "@aws-sdk/client-glue";
import { IAMClient } from "@aws-sdk/client-iam";
import { KMSClient } from "@aws-sdk/client-kms";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { SchedulerClient } from "@aws-sdk/client-scheduler";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { STSClient } from "@aws-sdk/client-sts";
import { clientOptions } from "../environment";

/** Where the stand-in creates things. */
export interface Place {
  readonly endpoint: string;
  readonly region: string;
  readonly accountId: string;
}

/** The services, all at the laptop's endpoint, and the place they play. */
export type Aws = ReturnType<typeof awsAt>;

/** @throws Error for an endpoint that is not on this machine */
export function awsAt(place: Place) {
  const options = clientOptions(place);
  return {
    ...place,
    partition: "aws",
    s3: new S3Client({ ...options, forcePathStyle: true }),
    iam: new IAMClient(options),
    kms: new KMSClient(options),
    ec2: new EC2Client(options),
    ecr: new ECRClient(options),
    glue: new GlueClient(options),
    lambda: new LambdaClient(options),
    logs: new CloudWatchLogsClient(options),
    sagemaker: new SageMakerClient(options),
    sts: new STSClient(options),
    scheduler: new SchedulerClient(options),
    sns: new SNSClient(options),
    sqs: new SQSClient(options),
    events: new EventBridgeClient(options),
    athena: new AthenaClient(options),
    cloudWatch: new CloudWatchClient(options),
  };
}

/** Whether AWS says that the thing asked for does not exist. */
export function isGone(error: unknown): boolean {
  return error instanceof Error && /NotFound|NoSuch/.test(error.name);
}

/** Undefined, or what was asked for; every error but "does not exist" is passed on. */
export async function unlessGone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}
