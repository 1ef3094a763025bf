import { GlueClient } from "@aws-sdk/client-glue";
import { S3Client } from "@aws-sdk/client-s3";

/** The AWS clients of one place. Credentials, region and endpoint come from the SDK's standard sources. */
export interface Clients {
  readonly glue: GlueClient;
  readonly s3: S3Client;
}

export function makeClients(): Clients {
  // Adaptive: the client slows down when Glue throttles, instead of retrying into the storm.
  const retries = { maxAttempts: 8, retryMode: "adaptive" };
  // A host name per bucket exists only in AWS itself.
  const forcePathStyle = process.env.AWS_ENDPOINT_URL !== undefined || process.env.AWS_ENDPOINT_URL_S3 !== undefined;
  return { glue: new GlueClient(retries), s3: new S3Client({ ...retries, forcePathStyle }) };
}
