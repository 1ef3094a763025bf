import * as s3 from "@aws-sdk/client-s3";
import { z } from "zod";
import { unlessGone, type Aws } from "./clients";
import { row } from "./row";
import { archive, asset, assetBytes, isAsset, tagList, tags, tagsOf, zipOf } from "./values";

const inputs = z.strictObject({
  bucket: z.string(),
  key: z.string(),
  source: z.union([asset(), archive()]).optional(),
  content: z.string().optional(),
  contentBase64: z.string().optional(),
  contentType: z.string().optional(),
  contentEncoding: z.string().optional(),
  cacheControl: z.string().optional(),
  sourceHash: z.string().optional(),
  metadata: z.record(z.string(), z.string()).optional(),
  serverSideEncryption: z.enum(s3.ServerSideEncryption).optional(),
  kmsKeyId: z.string().optional(),
  forceDestroy: z.boolean().optional(),
  tags: tags(),
});
type Inputs = z.infer<typeof inputs>;

const objectRow = (type: string) =>
  row({
    type,
    inputs,
    defaults: { forceDestroy: false },
    replaces: ["bucket", "key"],
    // Under another key there is room for both.
    createFirst: true,
    computed: ["arn", "etag", "versionId", "contentType"],
    volatile: ["etag", "versionId"],
    problems: ({ source, content, contentBase64 }) =>
      [source, content, contentBase64].filter((given) => given !== undefined).length === 1
        ? []
        : ["an object takes exactly one of source, content and contentBase64"],
    create: async (aws, wanted) => {
      await put(aws, wanted);
      return `${wanted.bucket}/${wanted.key}`;
    },
    read: async (aws, id) => {
      const place = placeOf(id);
      const found = await unlessGone(aws.s3.send(new s3.HeadObjectCommand(place)));
      if (!found) return undefined;
      const tagging = await aws.s3.send(new s3.GetObjectTaggingCommand(place));
      return {
        bucket: place.Bucket,
        key: place.Key,
        contentType: found.ContentType,
        contentEncoding: found.ContentEncoding,
        cacheControl: found.CacheControl,
        metadata: Object.keys(found.Metadata ?? {}).length > 0 ? found.Metadata : undefined,
        tags: tagsOf(tagging.TagSet),
        arn: `arn:${aws.partition}:s3:::${id}`,
        etag: found.ETag?.replaceAll('"', ""),
        versionId: found.VersionId ?? "",
      };
    },
    update: (aws, { inputs: wanted }) => put(aws, wanted),
    remove: async (aws, id, { forceDestroy }) => {
      const place = placeOf(id);
      if (!forceDestroy) return unlessGone(aws.s3.send(new s3.DeleteObjectCommand(place)));
      const page = await unlessGone(
        aws.s3.send(new s3.ListObjectVersionsCommand({ Bucket: place.Bucket, Prefix: place.Key })),
      );
      const versions = [...(page?.Versions ?? []), ...(page?.DeleteMarkers ?? [])];
      for (const { Key, VersionId } of versions)
        if (Key === place.Key) await aws.s3.send(new s3.DeleteObjectCommand({ ...place, VersionId }));
      return undefined;
    },
  });

function placeOf(id: string) {
  const slash = id.indexOf("/");
  return { Bucket: id.slice(0, slash), Key: id.slice(slash + 1) };
}

function bodyOf({ source, content, contentBase64 }: Inputs): Uint8Array {
  if (source !== undefined) return isAsset(source) ? assetBytes(source) : zipOf(source);
  return contentBase64 === undefined ? Buffer.from(content ?? "") : Buffer.from(contentBase64, "base64");
}

function put(aws: Aws, wanted: Inputs) {
  const tagging = tagList(wanted.tags).map(({ Key, Value }): [string, string] => [Key, Value]);
  return aws.s3.send(
    new s3.PutObjectCommand({
      Bucket: wanted.bucket,
      Key: wanted.key,
      Body: bodyOf(wanted),
      ContentType: wanted.contentType ?? "application/octet-stream",
      ContentEncoding: wanted.contentEncoding,
      CacheControl: wanted.cacheControl,
      Metadata: wanted.metadata,
      ServerSideEncryption: wanted.serverSideEncryption ?? (wanted.kmsKeyId === undefined ? undefined : "aws:kms"),
      SSEKMSKeyId: wanted.kmsKeyId,
      Tagging: tagging.length > 0 ? new URLSearchParams(tagging).toString() : undefined,
    }),
  );
}

export const rows = [objectRow("aws:s3/bucketObjectv2:BucketObjectv2"), objectRow("aws:s3/bucketObject:BucketObject")];
