import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { constants, gunzipSync } from "node:zlib";
import type { DataFile } from "./folders";

/** Enough to see many lines of a file, and its encoding. */
const FIRST_BYTES = 64 * 1024;

/** As far as the end of the first line is looked for. */
const LONGEST_LINE = 1024 * 1024;

/** Compressed bytes that are looked at: they are a thousand times as many at worst. */
const COMPRESSED_BYTES = 4 * 1024;

/** A compressed file of so many bytes is looked at to its end. */
const WHOLE_COMPRESSED = FIRST_BYTES;

/** The beginning of a file, as engines read it. */
export interface Start {
  readonly bytes: Uint8Array;
  /** Whether the file goes on. */
  readonly cut: boolean;
  /** Bytes of the whole file; absent where it is compressed. */
  readonly size?: number;
}

/** Reads the beginning of exactly the object that was listed; a problem when it cannot be had. */
export async function readStart(
  s3: S3Client,
  bucket: string,
  file: DataFile,
  signal?: AbortSignal,
): Promise<Start | { readonly problem: string }> {
  const name = file.key.slice(file.key.lastIndexOf("/") + 1);
  const read = async (most: number): Promise<Start> => {
    const object = await s3.send(
      new GetObjectCommand({
        ...{ Bucket: bucket, Key: file.key, Range: `bytes=0-${most - 1}` },
        ...(file.etag === "" ? {} : { IfMatch: `"${file.etag}"` }),
      }),
      signal === undefined ? {} : { abortSignal: signal },
    );
    if (!object.Body) throw new Error("it has no body");
    return { bytes: await object.Body.transformToByteArray(), cut: file.bytes > most, size: file.bytes };
  };
  try {
    const start = await read(FIRST_BYTES);
    const gzip = start.bytes[0] === 0x1f && start.bytes[1] === 0x8b;
    if (gzip !== /\.gz$/i.test(name))
      return {
        problem: gzip
          ? `'${name}' is compressed, which engines do not see without .gz at the end of its name; rename it`
          : `'${name}' is not compressed, which its name says; engines would fail on it; rename it`,
      };
    if (gzip) return uncompressed(name, start);
    return start.cut && !start.bytes.includes(10) ? await read(LONGEST_LINE) : start;
  } catch (error) {
    if (signal?.aborted) throw error;
    const { name: code, message } = error instanceof Error ? error : new Error(String(error));
    if (["NoSuchKey", "NotFound", "PreconditionFailed"].includes(code))
      return { problem: `'${name}' was changed or removed while it was looked at; run again` };
    return { problem: `'${name}' cannot be read (s3:GetObject): ${code}: ${message}` };
  }
}

function uncompressed(name: string, { bytes, cut }: Start): Start | { readonly problem: string } {
  // A file that was read to its end must end as gzip does, or engines fail on it.
  const whole = !cut && bytes.length <= WHOLE_COMPRESSED;
  const part = whole ? bytes : bytes.subarray(0, COMPRESSED_BYTES);
  let text: Buffer;
  try {
    text = gunzipSync(part, {
      ...(whole ? {} : { finishFlush: constants.Z_SYNC_FLUSH }),
      maxOutputLength: WHOLE_COMPRESSED * 1100,
    });
  } catch (error) {
    const { message } = error instanceof Error ? error : new Error(String(error));
    return { problem: `'${name}' is damaged or cut off (${message}), and engines fail on it; write it again` };
  }
  return { bytes: text.subarray(0, FIRST_BYTES), cut: cut || part.length < bytes.length || text.length > FIRST_BYTES };
}
