import { byteLength } from "./bytes";
import type { Dataset, PartitionValues } from "./dataset";
import type { PartitionKey } from "./keys";
import { parsePartitionPath, type Escaping } from "./parse";
import { refuse } from "./problems";
import { dayProblem, valueProblem } from "./rules/keys";

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

/**
 * What Hive writes as `%XX` in a folder's name (FileUtils.escapePathName), less NUL, on which readers differ and which
 * no value may hold. Trino's set is the same (io.trino.metastore.Partitions); so is Spark's outside Windows
 * (ExternalCatalogUtils), but for releases that leave a value alone which begins with one of these. All other
 * characters, blanks and Japanese among them, stand as they are.
 */
const ESCAPED = /[\u0001-\u001f"#%'*/:=?\\\u007f{[\]^]/g;

function escaped(value: string, escaping: Escaping): string {
  if (escaping === "none") return value;
  return value.replace(ESCAPED, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`);
}

/** The folders of one partition, `process_date_jst=2021-12-01/`; empty for a table without keys. */
export function partitionPath<D extends Pick<Dataset, "partitionKeys" | "escaping">>(
  dataset: D,
  values: PartitionValues<D>,
): string {
  return renderPath(dataset.partitionKeys, values, dataset.escaping);
}

/**
 * {@link partitionPath} for values that are only known at run time; missing and extra keys are refused as well.
 *
 * @throws ContractError that names every value which is none
 */
export function renderPath(
  keys: readonly PartitionKey[],
  values: Readonly<Record<string, string>>,
  escaping: Escaping = "none",
): string {
  const names = keys.map((key) => key.name);
  const problems = [
    ...Object.keys(values)
      .filter((name) => !names.includes(name))
      .map((name) => `'${name}' is not a partition key; the keys are ${names.join(", ")}`),
    ...keys.flatMap((key) => {
      const value = Object.hasOwn(values, key.name) ? values[key.name] : undefined;
      return value === undefined
        ? [`partition key '${key.name}' has no value`]
        : (valueProblem(key, value, escaping) ?? []);
    }),
  ];
  const impossible = problems.length > 0 ? undefined : dayProblem(keys, values);
  if (impossible !== undefined) problems.push(impossible);
  refuse("partition", problems);
  const path = pathParts(keys, (name) => escaped(values[name] ?? "", escaping)).join("");
  refuse("partition", lengthProblems(path));
  return path;
}

/** Bytes of an object's key in S3; the table's folder and the file's name are a part of them. */
const LONGEST_KEY = 1024;

function lengthProblems(path: string): string[] {
  const length = byteLength(path);
  return length < LONGEST_KEY
    ? []
    : [
        `the folders have ${length} bytes, and keys in S3 end at ${LONGEST_KEY} (other letters than ASCII are three ` +
          `bytes, %XX are three): '${path.slice(0, 80)}…'; choose shorter values`,
      ];
}

/** One level of a path, `key=val/`, for listings that go down level by level. */
export function renderLevel(key: PartitionKey, value: string, escaping: Escaping = "none"): string {
  return renderPath([key], { [key.name]: value }, escaping);
}

/** Reads what {@link partitionPath} wrote: the values by key, or what is wrong with the path. */
export function readPath(
  keys: readonly PartitionKey[],
  path: string,
  escaping: Escaping = "none",
): { readonly values: Readonly<Record<string, string>> } | { readonly problems: readonly string[] } {
  const parsed = parsePartitionPath(
    keys.map((key) => key.name),
    path,
    escaping,
  );
  if (parsed.problems.length > 0) return { problems: parsed.problems };
  const values = Object.fromEntries(keys.map((key, index) => [key.name, parsed.values[index] ?? ""]));
  const problems = keys.flatMap((key) => valueProblem(key, values[key.name] ?? "", escaping) ?? []);
  if (problems.length > 0) return { problems };
  // One value has one folder: with a second spelling of it the same partition would be registered twice.
  const only = pathParts(keys, (name) => escaped(values[name] ?? "", escaping)).join("");
  if (only !== path.replace(/\/?$/, "/")) problems.push(`'${path}' is written '${only}' by Hive; rename the folder`);
  const impossible = dayProblem(keys, values);
  if (impossible !== undefined) problems.push(`'${path}': ${impossible}`);
  return problems.length > 0 ? { problems } : { values };
}

/**
 * Athena's `storage.location.template`: the same folders, with `${key}` for each value.
 *
 * @param location the table's, with a slash at its end
 */
export function locationTemplate(keys: readonly { readonly name: string }[], location: string): string {
  return `${location}${pathParts(keys, (key) => `\${${key}}`).join("")}`;
}

/** Pattern of the keys of {@link addresses}' `repairResults`, of all datasets; for IAM. */
export const REPAIR_RESULTS = "*/execution/athena/*";

/** Folder of Athena's answers in a stack's bucket; no dataset's prefix begins so. */
export const QUERY_RESULTS = "query-results/";

/** Where Athena writes the answers of the stack's workgroup. */
export function queryResults(bucket: string): string {
  return `s3://${bucket}/${QUERY_RESULTS}`;
}

/** Every S3 address of a dataset in one bucket. Folders end with a slash. */
export function addresses(dataset: Pick<Dataset, "prefix" | "table">, bucket: string) {
  const folder = (...parts: string[]) => [dataset.prefix, ...parts, ""].join("/");
  const output = dataset.table?.folder === undefined ? folder("output") : `${dataset.table.folder}/`;
  const uri = (key: string) => `s3://${bucket}/${key}`;
  return {
    /** Key prefixes, for IAM and listings. */
    rawPrefix: folder("raw"),
    outputPrefix: output,
    executionPrefix: folder("execution"),
    codePrefix: folder("code"),
    /** What the first step reads. */
    raw: uri(folder("raw")),
    /** The table's location, and where SageMaker mirrors the output folder. */
    output: uri(output),
    /** Parent of the folders that steps of one execution hand to each other; the execution id comes next. */
    execution: uri(folder("execution")),
    /** Where Athena writes what it says of `MSCK REPAIR TABLE`; {@link REPAIR_RESULTS}. */
    repairResults: uri(`${folder("execution")}athena/`),
    /** Key of a file that the job reads, under the hash of its content: no change, no upload, no diff. */
    codeKey: (hash: string, file: string) => `${folder("code", hash)}${file}`,
    codeUri: (hash: string, file: string) => uri(`${folder("code", hash)}${file}`),
    /** A folder that a declaration names: below this bucket, or an S3 URI already. */
    folder: (name: string) => (name.startsWith("s3://") ? name : uri(`${name}/`)),
  };
}
