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

/** How values stand in folder names: as they are, or with some characters as `%XX`, as Hive, Spark and Trino write them. */
export const ESCAPINGS = ["none", "hive"] as const;
export type Escaping = (typeof ESCAPINGS)[number];

/**
 * Reads `key=val/key=val/` against the declared key names, in order.
 *
 * @param keys declared key names
 * @param path the path below the table's location; the final slash may be missing
 * @param escaping `hive`: `%XX` in values stands for one ASCII character
 */
export function parsePartitionPath(keys: readonly string[], path: string, escaping: Escaping = "none"): ParsedPath {
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
    const value = level.slice(at + 1);
    if (name !== key) problems.push(`level ${index + 1} is '${level}', expected '${key}=…'`);
    else if (value === "") problems.push(`level ${index + 1} is '${level}': the value is empty`);
    else {
      const bad = escaping === "hive" ? escapeProblem(value) : undefined;
      if (bad !== undefined) problems.push(`level ${index + 1} is '${level}': ${bad}`);
      values.push(escaping === "hive" ? unescaped(value) : value);
    }
  });
  return problems.length > 0 ? { values: [], problems } : { values, problems };
}

/** Hive leaves a `%` without two hexadecimal digits alone, and takes `%E6` for one character: both are mistakes here. */
function escapeProblem(value: string): string | undefined {
  const [broken] = /%(?![0-9A-Fa-f]{2}).{0,2}/s.exec(value) ?? [];
  if (broken !== undefined) return `'${broken}' is not % and two hexadecimal digits; write the % itself as %25`;
  const [beyond] = /%[89A-Fa-f][0-9A-Fa-f]/.exec(value) ?? [];
  return beyond === undefined
    ? undefined
    : `'${beyond}' is no ASCII character; Hive escapes no others, write them as they are`;
}

const unescaped = (value: string): string =>
  value.replace(/%([0-9A-Fa-f]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));

/** Bucket and key of an `s3://` URI, or `undefined` when it is not one. The key may be empty. */
export function parseS3Uri(uri: string): { readonly bucket: string; readonly key: string } | undefined {
  const match = /^s3:\/\/([^/]+)\/?(.*)$/.exec(uri);
  return match ? { bucket: match[1] ?? "", key: match[2] ?? "" } : undefined;
}
