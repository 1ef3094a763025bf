/**
 * The parser of `key=val` paths. It knows nothing of the renderer in `layout.ts`: the policy pack imports this file
 * alone, so that a fault in the one is caught by the other.
 */

export interface ParsedPath {
  /** Values in the order of the keys; empty when there are problems. */
  readonly values: readonly string[];
  /** One line each: the level, what stands there, what should. */
  readonly problems: readonly string[];
}

/** A folder name that looks like a partition: something before a `=`. */
export const PARTITION_FOLDER = /(^|\/)[^/=]+=[^/]*(\/|$)/;

/**
 * Reads `key=val/key=val/` against the declared key names, in order.
 *
 * @param keys declared key names
 * @param path the path below the table's location; the final slash may be missing
 */
export function parsePartitionPath(keys: readonly string[], path: string): ParsedPath {
  const levels = path.replace(/\/$/, "").split("/");
  const expected = keys.map((key) => `${key}=…`).join("/");
  if (path === "" || levels.length !== keys.length)
    return {
      values: [],
      problems: [
        `'${path}' has ${path === "" ? 0 : levels.length} levels, the table declares ${keys.length}: ${expected}/`,
      ],
    };
  const values: string[] = [];
  const problems: string[] = [];
  keys.forEach((key, index) => {
    const level = levels[index] ?? "";
    const at = level.indexOf("=");
    const name = at < 0 ? undefined : level.slice(0, at);
    if (name !== key) problems.push(`level ${index + 1} is '${level}', expected '${key}=…'`);
    else if (at === level.length - 1) problems.push(`level ${index + 1} is '${level}': the value is empty`);
    else values.push(level.slice(at + 1));
  });
  return problems.length > 0 ? { values: [], problems } : { values, problems };
}

/** Bucket and key of an `s3://` URI, or `undefined` when it is not one. The key may be empty. */
export function parseS3Uri(uri: string): { readonly bucket: string; readonly key: string } | undefined {
  const match = /^s3:\/\/([^/]+)\/?(.*)$/.exec(uri);
  return match ? { bucket: match[1] ?? "", key: match[2] ?? "" } : undefined;
}
