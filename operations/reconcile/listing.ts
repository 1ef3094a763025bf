import { ListObjectsV2Command, type ListObjectsV2CommandOutput, type S3Client } from "@aws-sdk/client-s3";
import { cutBetween } from "./cut";
import { Folders, isHidden, type DataFile, type FoundPartition } from "./folders";
import { growing } from "./growing";

export { isHidden, type DataFile, type FoundPartition } from "./folders";

/** A place in S3; the key ends with a slash, or is empty. */
export interface Location {
  readonly bucket: string;
  readonly key: string;
}

/** A part of a table's folder, by names below the table's location. */
export interface Part {
  /** Every name begins with it. */
  readonly prefix: string;
  /** Names come after this one. */
  readonly after?: string;
  /** Names come before this one. */
  readonly before?: string;
}

/** Listings at the same time. */
const PARALLEL = 8;

/** A listing is cut in two from this page on: a small table costs one call for each 1,000 objects, and none more. */
const PAGES_ALONE = 3;

/** Pages of a listing, in the order of their names. */
export async function* pages(
  s3: S3Client,
  { bucket, key }: Location,
  { prefix, after, delimiter, signal }: Omit<Part, "before"> & { delimiter?: string; signal?: AbortSignal | undefined },
): AsyncGenerator<ListObjectsV2CommandOutput> {
  let token: string | undefined;
  do {
    const page: ListObjectsV2CommandOutput = await s3.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: key + prefix,
        ...(delimiter === undefined ? {} : { Delimiter: delimiter }),
        ...(after === undefined || token !== undefined ? {} : { StartAfter: key + after }),
        ...(token === undefined ? {} : { ContinuationToken: token }),
      }),
      signal === undefined ? {} : { abortSignal: signal },
    );
    yield page;
    token = page.IsTruncated ? page.NextContinuationToken : undefined;
  } while (token !== undefined);
}

/**
 * The folders of partitions within a part of the table, with their files, as lists of some. One flat listing, without
 * levels: each call brings 1,000 objects and their sizes. A long one is cut in two again and again, between folders, and
 * goes on in parallel; folders then come in no order.
 *
 * @param depth number of partition keys
 * @param straysKept files of a folder above those of partitions that are kept by name; more are passed over
 */
export function listFolders(
  s3: S3Client,
  location: Location,
  depth: number,
  part: Part,
  signal?: AbortSignal,
  straysKept?: number,
): AsyncGenerator<FoundPartition[]> {
  return growing<Part, FoundPartition[]>([part], PARALLEL, (given, add) => span(given, add));

  async function* span(
    { prefix, after, before }: Part,
    add: (part: Part) => boolean,
  ): AsyncGenerator<FoundPartition[]> {
    const folders = new Folders(depth, straysKept);
    let end = before;
    let read = 0;
    for await (const { Contents = [], IsTruncated } of pages(s3, location, {
      prefix,
      ...(after === undefined ? {} : { after }),
      signal,
    })) {
      let last = "";
      let over = false;
      for (const { Key = "", Size = 0, LastModified, ETag = "", StorageClass } of Contents) {
        last = Key.slice(location.key.length);
        over = end !== undefined && last >= end;
        if (over) break;
        folders.add(last, fileOf(Key, Size, LastModified, ETag, StorageClass));
      }
      const done = folders.take();
      if (done.length > 0) yield done;
      if (over) break;
      read += 1;
      if (!IsTruncated || read < PAGES_ALONE) continue;
      const cut = cutBetween(last, end, prefix, depth);
      if (cut !== undefined && add({ prefix, after: cut, ...(end === undefined ? {} : { before: end }) })) end = cut;
    }
    const rest = folders.end();
    if (rest.length > 0) yield rest;
  }
}

function fileOf(key: string, bytes: number, modified: Date | undefined, etag: string, storageClass?: string): DataFile {
  return {
    key,
    bytes,
    modified: modified ?? new Date(0),
    etag: etag.replaceAll('"', ""),
    ...(storageClass === undefined || storageClass === "STANDARD" ? {} : { storageClass }),
  };
}

/** The folders and files directly below a prefix; hidden ones are left out. */
export async function listLevel(
  s3: S3Client,
  location: Location,
  prefix: string,
  signal?: AbortSignal,
): Promise<{ readonly folders: readonly string[]; readonly files: readonly DataFile[] }> {
  const folders: string[] = [];
  const files: DataFile[] = [];
  const start = location.key.length + prefix.length;
  for await (const page of pages(s3, location, { prefix, delimiter: "/", signal })) {
    for (const { Key = "", Size = 0, LastModified, ETag = "" } of page.Contents ?? [])
      if (Key.length > start && !isHidden(Key.slice(start))) files.push(fileOf(Key, Size, LastModified, ETag));
    for (const { Prefix = "" } of page.CommonPrefixes ?? []) {
      const folder = Prefix.slice(start, -1);
      if (!isHidden(folder)) folders.push(folder);
    }
  }
  return { folders, files };
}
