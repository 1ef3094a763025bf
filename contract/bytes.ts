/** Bytes of a text in UTF-8, which S3 and the AWS provider count: a Japanese character has three. */
export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
