import type { Dataset, PartitionValues } from "./dataset";
import { valueProblem, type PartitionKey } from "./keys";
import { parsePartitionPath } from "./parse";
import { refuse } from "./problems";

/**
 * The only author of `key=val`: walks the keys in order and lets the caller say how a value looks. A path, Athena's
 * `${key}` template and a join of values that only a run knows are forms of the same walk.
 */
export function pathParts<Value>(
  keys: readonly { readonly name: string }[],
  valueOf: (key: string) => Value,
): (string | Value)[] {
  return keys.flatMap(({ name }) => [`${name}=`, valueOf(name), "/"]);
}

/** The folders of one partition, `process_date_jst=2021-12-01/`; empty for a table without keys. */
export function partitionPath<D extends Pick<Dataset, "partitionKeys">>(
  dataset: D,
  values: PartitionValues<D>,
): string {
  return renderPath(dataset.partitionKeys, values);
}

/** {@link partitionPath} for values that are only known at run time; missing and extra keys are refused as well. */
export function renderPath(keys: readonly PartitionKey[], values: Readonly<Record<string, string>>): string {
  const names = keys.map((key) => key.name);
  refuse("partition", [
    ...Object.keys(values)
      .filter((name) => !names.includes(name))
      .map((name) => `'${name}' is not a partition key; the keys are ${names.join(", ")}`),
    ...keys.flatMap((key) => {
      const value = values[key.name];
      return value === undefined ? [`partition key '${key.name}' has no value`] : (valueProblem(key, value) ?? []);
    }),
  ]);
  return pathParts(keys, (name) => values[name] ?? "").join("");
}

/** One level of a path, `key=val/`, for listings that go down level by level. */
export function renderLevel(key: PartitionKey, value: string): string {
  return renderPath([key], { [key.name]: value });
}

/** Reads what {@link partitionPath} wrote: the values by key, or what is wrong with the path. */
export function readPath(
  keys: readonly PartitionKey[],
  path: string,
): { readonly values: Readonly<Record<string, string>> } | { readonly problems: readonly string[] } {
  const parsed = parsePartitionPath(
    keys.map((key) => key.name),
    path,
  );
  if (parsed.problems.length > 0) return { problems: parsed.problems };
  const problems = keys.flatMap((key, index) => valueProblem(key, parsed.values[index] ?? "") ?? []);
  if (problems.length > 0) return { problems };
  return { values: Object.fromEntries(keys.map((key, index) => [key.name, parsed.values[index] ?? ""])) };
}

/** Every S3 address of a dataset in one bucket. Folders end with a slash. */
export function addresses(dataset: Pick<Dataset, "prefix">, bucket: string) {
  const folder = (...parts: string[]) => [dataset.prefix, ...parts, ""].join("/");
  const uri = (key: string) => `s3://${bucket}/${key}`;
  return {
    /** Key prefixes, for IAM and listings. */
    rawPrefix: folder("raw"),
    outputPrefix: folder("output"),
    executionPrefix: folder("execution"),
    codePrefix: folder("code"),
    /** What the first step reads. */
    raw: uri(folder("raw")),
    /** The table's location, and where SageMaker mirrors the output folder. */
    output: uri(folder("output")),
    /** Parent of the folders that steps of one execution hand to each other; the execution id comes next. */
    execution: uri(folder("execution")),
    /** Key of a file that the job reads, under the hash of its content: no change, no upload, no diff. */
    codeKey: (hash: string, file: string) => `${folder("code", hash)}${file}`,
    codeUri: (hash: string, file: string) => uri(`${folder("code", hash)}${file}`),
    /** A folder that a declaration names: below this bucket, or an S3 URI already. */
    folder: (name: string) => (name.startsWith("s3://") ? name : uri(`${name}/`)),
  };
}
