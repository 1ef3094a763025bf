import { GlueClient, type GlueClientConfig } from "@aws-sdk/client-glue";
import { S3Client } from "@aws-sdk/client-s3";

/** The AWS clients of one place. Credentials, region and endpoint come from the SDK's standard sources. */
export interface Clients {
  readonly glue: GlueClient;
  readonly s3: S3Client;
}

/** Files that verification opens at the same time, and some listings beside them. */
const SOCKETS = 128;

/** A connection that says nothing any more ends as an error, which is tried again; the SDK itself would wait for ever. */
const PATIENCE = { connectionTimeout: 5_000, requestTimeout: 60_000, throwOnRequestTimeout: true };

/**
 * The SDK copies every request for `info`, also when the logger drops it: 100 partitions in each are noticeable. It does
 * not when there is no such function.
 */
const nothing = () => undefined;
const logger = { debug: nothing, warn: nothing, error: nothing } as unknown as NonNullable<GlueClientConfig["logger"]>;

export function makeClients(): Clients {
  // Waits by chance, longer each time. Not "adaptive": how many calls run at the same time, a registration adapts itself,
  // and two that slow down on one sign do it too much.
  const retries = { maxAttempts: 8, retryMode: "standard", logger };
  // A host name per bucket exists only in AWS itself.
  const forcePathStyle = process.env.AWS_ENDPOINT_URL !== undefined || process.env.AWS_ENDPOINT_URL_S3 !== undefined;
  const sockets = { httpAgent: { maxSockets: SOCKETS }, httpsAgent: { maxSockets: SOCKETS } };
  return {
    glue: new GlueClient({ ...retries, requestHandler: PATIENCE }),
    s3: new S3Client({ ...retries, forcePathStyle, requestHandler: { ...PATIENCE, ...sockets } }),
  };
}
