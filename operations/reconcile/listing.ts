import { ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import { renderLevel } from "../../contract/layout";
import type { DatasetDocument } from "../../contract/document";

export interface DataFile {
  readonly key: string;
  readonly bytes: number;
}

/** A folder at the depth of a partition, or data files above it, with what is in it. */
export interface FoundPartition {
  /** Below the table's location, with a slash at its end. */
  readonly path: string;
  readonly files: readonly DataFile[];
  /** Names that engines do not read: markers, and names that begin with `_` or `.`. */
  readonly hidden: number;
}

/** Engines skip such names (Athena user guide, "other notable limitations"; `_$folder$` is left by Hadoop). */
export const isHidden = (name: string): boolean =>
  name.startsWith("_") || name.startsWith(".") || name.endsWith("_$folder$");

/**
 * The partition folders below a location, level by level: values that are known narrow the listing, the others are
 * read from S3. A table of a million partitions costs one call for a day that is known.
 *
 * @param known value of some keys, by name
 */
export async function* findPartitions(
  s3: S3Client,
  location: { readonly bucket: string; readonly key: string },
  { partitionKeys: keys, escaping }: Pick<DatasetDocument, "partitionKeys" | "escaping">,
  known: Readonly<Record<string, string>>,
): AsyncGenerator<FoundPartition> {
  yield* descend("", 0);

  async function* descend(path: string, depth: number): AsyncGenerator<FoundPartition> {
    const key = keys[depth];
    if (key === undefined) {
      yield await readFolder(s3, location, path);
      return;
    }
    const value = known[key.name];
    if (value !== undefined) yield* descend(`${path}${renderLevel(key, value, escaping)}`, depth + 1);
    else yield* search(path, depth);
  }

  async function* search(path: string, depth: number): AsyncGenerator<FoundPartition> {
    const prefix = location.key + path;
    const strays: DataFile[] = [];
    for await (const page of pages(s3, location.bucket, prefix, "/")) {
      for (const { Key = "", Size = 0 } of page.Contents ?? [])
        if (Key !== prefix && !isHidden(Key.slice(prefix.length))) strays.push({ key: Key, bytes: Size });
      for (const { Prefix } of page.CommonPrefixes ?? []) {
        const folder = Prefix?.slice(prefix.length, -1) ?? "";
        if (!isHidden(folder)) yield* descend(`${path}${folder}/`, depth + 1);
      }
    }
    // No reader would see their rows: better said than lost.
    if (strays.length > 0) yield { path, files: strays, hidden: 0 };
  }
}

async function* pages(s3: S3Client, bucket: string, prefix: string, delimiter?: string) {
  let token: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix,
        ...(delimiter === undefined ? {} : { Delimiter: delimiter }),
        ...(token === undefined ? {} : { ContinuationToken: token }),
      }),
    );
    yield page;
    token = page.IsTruncated ? page.NextContinuationToken : undefined;
  } while (token !== undefined);
}

async function readFolder(
  s3: S3Client,
  location: { bucket: string; key: string },
  path: string,
): Promise<FoundPartition> {
  const prefix = location.key + path;
  const files: DataFile[] = [];
  let hidden = 0;
  for await (const page of pages(s3, location.bucket, prefix))
    for (const { Key = "", Size = 0 } of page.Contents ?? []) {
      const relative = Key.slice(prefix.length);
      if (relative === "" || relative.split("/").some(isHidden)) hidden += 1;
      else files.push({ key: Key, bytes: Size });
    }
  return { path, files, hidden };
}
