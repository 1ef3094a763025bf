import { ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import type { DatasetDocument } from "../../contract/document";
import { readPath } from "../../contract/layout";
import { isHidden } from "./listing";

/** Names that are looked at in the table's folder: one call, whatever the table holds. */
const LOOKED_AT = 1000;

/** Something in the table's folder that no reader will ever see. */
export interface Stray {
  /** Below the table's location. */
  readonly path: string;
  readonly reason: string;
}

/**
 * What a run left directly in the table's folder that is no folder of the outermost key: a file, a key in capitals, a
 * day that is none. Only what is younger than the run: something older is not its doing, and must not fail it for ever.
 * Of the first 1,000 names; folders of valid values are not looked into.
 *
 * @param since start of the run
 */
export async function findStrays(
  s3: S3Client,
  location: { readonly bucket: string; readonly key: string },
  { partitionKeys, escaping }: Pick<DatasetDocument, "partitionKeys" | "escaping">,
  since: Date,
): Promise<Stray[]> {
  const outermost = partitionKeys.slice(0, 1);
  const page = await s3.send(
    new ListObjectsV2Command({
      ...{ Bucket: location.bucket, Prefix: location.key, Delimiter: "/", MaxKeys: LOOKED_AT },
    }),
  );
  const strays: Stray[] = [];
  for (const { Key: key = "", LastModified: written } of page.Contents ?? []) {
    const path = key.slice(location.key.length);
    if (path !== "" && !isHidden(path) && isOf(since, written))
      strays.push({ path, reason: "lies beside the partition folders, where no reader sees it; write it into one" });
  }
  for (const { Prefix: prefix = "" } of page.CommonPrefixes ?? []) {
    const path = prefix.slice(location.key.length);
    const read = isHidden(path.slice(0, -1)) ? { values: {} } : readPath(outermost, path, escaping);
    if ("problems" in read && (await holdsAnyOf(s3, location.bucket, prefix, since)))
      strays.push({ path, reason: read.problems.join("; ") });
  }
  return strays;
}

/** S3 counts in seconds. */
function isOf(since: Date, written: Date | undefined): boolean {
  return written !== undefined && written.getTime() >= Math.floor(since.getTime() / 1000) * 1000;
}

async function holdsAnyOf(s3: S3Client, bucket: string, prefix: string, since: Date): Promise<boolean> {
  const page = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: LOOKED_AT }));
  return (page.Contents ?? []).some(({ LastModified: written }) => isOf(since, written));
}
