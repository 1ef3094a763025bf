import { GetTableCommand } from "@aws-sdk/client-glue";
import { HeadBucketCommand } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import type { Aws } from "./clients";
import { NETWORK_ARGUMENTS, NETWORK_INVOKES, type Invoke } from "./network";
import type { Properties } from "./values";

/** What a function needs to be told; nothing where it is not listed here. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  "aws:s3/getBucket:getBucket": ["bucket"],
  "aws:glue/getCatalogTable:getCatalogTable": ["databaseName", "name"],
  ...NETWORK_ARGUMENTS,
};

const INVOKES: Readonly<Record<string, Invoke>> = {
  ...NETWORK_INVOKES,
  "aws:index/getCallerIdentity:getCallerIdentity": async ({ sts }) => {
    const { Account, Arn, UserId } = await sts.send(new GetCallerIdentityCommand({}));
    return { accountId: Account, arn: Arn, userId: UserId, id: Account };
  },
  "aws:index/getPartition:getPartition": async ({ partition }) => ({
    partition,
    id: partition,
    dnsSuffix: "amazonaws.com",
    reverseDnsPrefix: "com.amazonaws",
  }),
  "aws:index/getRegion:getRegion": async ({ region }) => ({
    region,
    id: region,
    name: region,
    description: region,
    endpoint: `ec2.${region}.amazonaws.com`,
  }),
  "aws:s3/getBucket:getBucket": async ({ s3, partition, region }, { bucket }) => {
    const found = await s3.send(new HeadBucketCommand({ Bucket: String(bucket) }));
    return {
      bucket,
      id: bucket,
      arn: `arn:${partition}:s3:::${String(bucket)}`,
      region,
      bucketRegion: found.BucketRegion ?? region,
    };
  },
  "aws:glue/getCatalogTable:getCatalogTable": async ({ glue, region }, { databaseName, name }) => {
    const request = new GetTableCommand({ DatabaseName: String(databaseName), Name: String(name) });
    const { Table: found } = await glue.send(request);
    const storage = found?.StorageDescriptor;
    const fields = (columns: readonly { Name?: string | undefined; Type?: string | undefined }[] = []) =>
      columns.map(({ Name, Type }) => ({ name: Name, type: Type }));
    return {
      databaseName,
      name,
      region,
      parameters: found?.Parameters ?? {},
      partitionKeys: fields(found?.PartitionKeys),
      tableType: found?.TableType,
      // The provider shows single blocks as lists of one.
      storageDescriptors: storage && [
        {
          location: storage.Location,
          columns: fields(storage.Columns),
          serDeInfos: storage.SerdeInfo && [
            {
              serializationLibrary: storage.SerdeInfo.SerializationLibrary,
              parameters: storage.SerdeInfo.Parameters ?? {},
            },
          ],
        },
      ],
    };
  },
};

/**
 * Runs a function of the provider.
 *
 * @throws Error for an unknown function or argument, a missing argument, and for what is not there
 */
export async function invoke(token: string, args: Properties, aws: Aws): Promise<Properties> {
  const known = INVOKES[token];
  if (!known)
    throw new Error(`${token} is not a function the laptop AWS supports; add it in local/provider/invokes.ts`);
  const takes = ARGUMENTS[token] ?? [];
  const given = Object.keys(args).filter((name) => args[name] !== undefined && args[name] !== null);
  if (given.length !== takes.length || !takes.every((name) => given.includes(name)))
    throw new Error(
      `${token} takes ${takes.join(", ") || "no arguments"} on the laptop AWS, got ${given.join(", ") || "none"}`,
    );
  return known(aws, args);
}
