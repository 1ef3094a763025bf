import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { clientsFor } from "./runner/clients";
import { LAPTOP } from "./settings";

/** The objects of the laptop S3 below a prefix. */
export async function filesBelow(
  endpoint: string,
  bucket: string,
  prefix: string,
): Promise<{ readonly key: string; readonly bytes: number }[]> {
  const clients = clientsFor(endpoint, LAPTOP.region);
  try {
    const page = await clients.s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
    return (page.Contents ?? []).map(({ Key = "", Size = 0 }) => ({ key: Key, bytes: Size }));
  } finally {
    clients.close();
  }
}
