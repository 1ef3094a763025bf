import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { DatasetDocument } from "../../contract/document";
import { readPath } from "../../contract/layout";
import type { FoundPartition } from "./listing";

/** Enough to see the first line of a file, and its encoding; a longer first line is judged by what is there. */
const FIRST_BYTES = 64 * 1024;

/**
 * Why a folder must not become a partition; empty when it may. Nothing is changed or deleted.
 *
 * @param bucket bucket of the files
 */
export async function verify(
  s3: S3Client,
  bucket: string,
  document: DatasetDocument,
  found: FoundPartition,
): Promise<string[]> {
  const levels = found.path.split("/").length - 1;
  if (levels < document.partitionKeys.length)
    return found.files.map(
      ({ key }) =>
        `'${nameOf(key)}' lies above the partition folders, where no reader sees it; write it below ` +
        document.partitionKeys
          .slice(levels)
          .map(({ name }) => `'${name}'`)
          .join(", "),
    );
  const read = readPath(document.partitionKeys, found.path);
  if ("problems" in read) return [...read.problems];
  if (found.files.length === 0)
    return [
      found.hidden > 0
        ? `no data file, only ${found.hidden} hidden ones`
        : "no data file: did the script write this day?",
    ];
  const problems: string[] = [];
  for (const file of found.files) {
    const name = nameOf(file.key);
    if (file.key.slice(file.key.indexOf(found.path) + found.path.length).includes("/"))
      problems.push(`'${name}' lies in a folder below the partition; write it into the partition itself`);
    else if (file.bytes === 0) problems.push(`'${name}' is empty`);
    else problems.push(...firstLineProblems(name, await firstBytes(s3, bucket, file.key), document));
  }
  return problems;
}

const nameOf = (key: string): string => key.slice(key.lastIndexOf("/") + 1);

async function firstBytes(s3: S3Client, bucket: string, key: string): Promise<Uint8Array> {
  const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, Range: `bytes=0-${FIRST_BYTES - 1}` }));
  if (!object.Body) throw new Error(`s3://${bucket}/${key} has no body`);
  return object.Body.transformToByteArray();
}

/** What LazySimpleSerDe would read wrongly at the beginning of a file: it knows no quotes, takes bytes as UTF-8, and columns by position. */
export function firstLineProblems(name: string, bytes: Uint8Array, { columns, format }: DatasetDocument): string[] {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    return [
      `'${name}' begins with a byte order mark, which would become part of the first value; write encoding="utf-8"`,
    ];
  if (bytes.includes(0)) return [`'${name}' holds a NUL byte: not UTF-8 text (UTF-16?); write encoding="utf-8"`];
  const cut = bytes.length === FIRST_BYTES;
  let start: string;
  try {
    start = new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: cut });
  } catch {
    return [`'${name}' is not UTF-8 (Shift_JIS?); write encoding="utf-8"`];
  }
  const end = start.indexOf("\n");
  const text = end < 0 ? start : start.slice(0, end);
  if (text.endsWith("\r")) return [`'${name}' has Windows line ends; write lineterminator="\\n"`];
  if (text.includes("\r")) return [`'${name}' holds a carriage return within a line`];
  if (end < 0 && cut) return [];
  const cells = text.split(format.delimiter);
  const names = columns.map((column) => column.name);
  if (cells.length !== names.length)
    return [
      `the first line of '${name}' has ${cells.length} columns, the table ${names.length} (${names.join(", ")}): ${clip(text)}`,
    ];
  const isHeader = cells.every((cell, index) => cell === names[index]);
  if (isHeader !== format.header)
    return [
      isHeader
        ? `'${name}' begins with a header, the dataset declares none: it would be read as data; write header=False`
        : `'${name}' has no header, the dataset declares one: its first row would be lost; write header=True`,
    ];
  return [];
}

const clip = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
