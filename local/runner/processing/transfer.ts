import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readdir, stat } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { GetObjectCommand, paginateListObjectsV2, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { StepFailure } from "../errors";

const AT_ONCE = 8;
/** Control characters, and what Node makes of bytes that are not UTF-8. */
const NO_KEY = /[\p{Cc}\uFFFD-\uFFFF]/u;

/** Bucket and key (or prefix) of `s3://bucket/key`. */
export function splitUri(uri: string): { bucket: string; key: string } {
  const [, bucket = "", key = ""] = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(uri) ?? [];
  return { bucket, key };
}

export interface RemoteFile {
  readonly key: string;
  /** Where it appears below LocalPath. */
  readonly name: string;
}

/**
 * The objects of an input, in the order of their keys. S3Prefix means every key that *begins* with the text, so
 * `…/raw` also brings `…/raw-old/x`; that one keeps its folder name, as nothing else would tell it apart.
 *
 * @throws StepFailure when there are none, in SageMaker's words, and for a key that would leave LocalPath
 */
export async function listInput(s3: S3Client, uri: string): Promise<RemoteFile[]> {
  const { bucket, key: prefix } = splitUri(uri);
  const keys: string[] = [];
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix }))
    keys.push(...(page.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key])));
  if (keys.length === 0)
    throw new StepFailure(
      `ClientError: No S3 objects found under S3 URL "${uri}" given in input data source. ` +
        `Please ensure that the bucket exists and that objects exist under that S3 prefix.`,
    );
  const folder = prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`;
  const parent = prefix.slice(0, prefix.lastIndexOf("/") + 1);
  return keys
    .filter((key) => !key.endsWith("/"))
    .map((key) => {
      const name = key.slice(key.startsWith(folder) ? folder.length : parent.length);
      if (name.split("/").includes("..")) throw new StepFailure(`ClientError: key '${key}' leads out of LocalPath`);
      return { key, name };
    });
}

/** Copies the files below the folder, which exists afterwards even when there are none. */
export async function download(
  s3: S3Client,
  bucket: string,
  files: readonly RemoteFile[],
  folder: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await each(files, async ({ key, name }) => {
    const target = join(folder, name);
    await mkdir(dirname(target), { recursive: true });
    const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    await pipeline(body as Readable, createWriteStream(target));
  });
}

/**
 * Regular files below the folder, and what SageMaker leaves behind: symbolic links and special files.
 *
 * @throws Error when the folder is gone, and naming all files whose names cannot be keys that S3 lists
 */
export async function listOutput(folder: string): Promise<{ files: string[]; skipped: string[] }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR"))
      throw new Error("the folder is gone: the script removed, renamed or replaced it; leave it in place", {
        cause: error,
      });
    throw error;
  });
  const name = (entry: (typeof entries)[number]) => relative(folder, join(entry.parentPath, entry.name));
  const names = (wanted: (entry: (typeof entries)[number]) => boolean) => entries.filter(wanted).map(name).sort();
  const files = names((entry) => entry.isFile());
  const unusable = files.filter((file) => NO_KEY.test(file)).map((file) => JSON.stringify(file));
  if (unusable.length > 0)
    throw new Error(
      `S3 lists keys as XML, which holds no control characters and UTF-8 alone; rename ${unusable.join(", ")}`,
    );
  return { files, skipped: names((entry) => !entry.isFile() && !entry.isDirectory()) };
}

/** Copies the files of the folder below the S3 URI, under their relative names. */
export async function upload(
  s3: S3Client,
  folder: string,
  names: readonly string[],
  uri: string,
  kmsKeyId?: string,
): Promise<void> {
  const { bucket, key } = splitUri(uri);
  const prefix = key === "" || key.endsWith("/") ? key : `${key}/`;
  const encryption = kmsKeyId === undefined ? {} : { ServerSideEncryption: "aws:kms" as const, SSEKMSKeyId: kmsKeyId };
  await each(names, async (name) => {
    const path = join(folder, name);
    const { size } = await stat(path);
    await s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: prefix + name,
        Body: createReadStream(path),
        ContentLength: size,
        ...encryption,
      }),
    );
  });
}

/** A few at a time: an input may hold thousands of objects. */
async function each<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const queue = items[Symbol.iterator]();
  await Promise.all(
    Array.from({ length: Math.min(AT_ONCE, items.length) }, async () => {
      for (const item of queue) await act(item);
    }),
  );
}
