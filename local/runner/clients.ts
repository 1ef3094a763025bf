import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { GlueClient } from "@aws-sdk/client-glue";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { clientOptions } from "../environment";

/** SDK clients for one loopback endpoint. */
export interface Clients {
  readonly s3: S3Client;
  readonly glue: GlueClient;
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  readonly sagemaker: SageMakerClient;
  close(): void;
}

/** @throws Error when the endpoint is not this machine */
export function clientsFor(endpoint: string, region: string): Clients {
  const config = clientOptions({ endpoint, region });
  // A streamed body over plain http cannot carry a trailing checksum.
  const s3 = new S3Client({ ...config, forcePathStyle: true, requestChecksumCalculation: "WHEN_REQUIRED" });
  const glue = new GlueClient(config);
  const lambda = new LambdaClient(config);
  const logs = new CloudWatchLogsClient(config);
  const sagemaker = new SageMakerClient(config);
  return {
    s3,
    glue,
    lambda,
    logs,
    sagemaker,
    close: () => [s3, glue, lambda, logs, sagemaker].forEach((c) => c.destroy()),
  };
}
