import type { Partition } from "@aws-sdk/client-glue";
import type { S3Client } from "@aws-sdk/client-s3";
import { contentProblem, type Contents } from "./contents";
import type { DataFile, FoundPartition } from "./folders";
import { FACTS, hasFacts } from "./facts";
import type { Location } from "./listing";
import { fileTimeProblems, secondOf } from "./leftoverRule";
import type { gate } from "./parallel";
import { wayOut } from "./placeRule";
import { readStart } from "./readStart";
import type { ReconcileRequest } from "./request";

/** A folder to be judged. */
export interface Judged {
  readonly found: FoundPartition;
  /** What is wrong with its path. */
  readonly problems: readonly string[];
  readonly current: Partition | undefined;
  /** Its files were verified when they were registered, as they are: they are not opened again. */
  readonly verified: boolean;
  /** The run names this one partition. */
  readonly exact: boolean;
  readonly values: readonly string[];
}

export interface Verified {
  /** Why it must not become a partition; empty when it may. */
  readonly problems: readonly string[];
  /** Rows of all files, where all of them were seen. */
  readonly rows?: number;
  /** Rows of all files, estimated for those that are larger than what is looked at. */
  readonly about?: number;
}

/** Storage classes whose objects no reader gets without a restore. */
const ARCHIVED = ["GLACIER", "DEEP_ARCHIVE"];

/** Names that say how a file is compressed, which engines go by; gzip is looked into. */
export const COMPRESSED = /\.(bz2|deflate|lz4|lzo|snappy|xz|zip|zst|parquet|orc|avro)$/i;

/** Problems of one partition that are told; a folder with a thousand bad files is bad in one way mostly. */
const TOLD = 5;

/**
 * Whether a folder may become a partition: where it lies, what its files are called, when they were written, and what
 * engines read at their beginning. Nothing is changed or deleted.
 *
 * @param opened bounds how many files are open at the same time
 */
export async function verify(
  s3: S3Client,
  location: Location,
  request: ReconcileRequest,
  given: Judged,
  opened: ReturnType<typeof gate>,
): Promise<Verified> {
  const { document } = request;
  const { found, current, verified, exact } = given;
  if (given.problems.length > 0) return { problems: [...shortened(given.problems), ...wayOut(request, found.files)] };
  const run = verified || request.startedAt !== undefined ? undefined : await request.runOf?.(given.values);
  const times = fileTimeProblems(
    { ...request, ...run },
    found.files,
    verified ? undefined : current,
    exact,
    location.key.length + found.path.length,
  );
  if (times.length > 0) return { problems: times };
  if (verified) return { problems: [] };

  const below = location.key.length + found.path.length;
  const fewest = fewestColumns(request, current, found.files);
  const judged = found.files.map(async (file): Promise<Contents> => {
    const problem = nameProblem(request, file, file.key.slice(below));
    if (problem !== undefined) return { problem };
    if (request.verification === "names") return {};
    return opened(async () => {
      const start = await readStart(s3, location.bucket, file, request.signal);
      return "problem" in start ? start : contentProblem(nameOf(file.key), start, document, fewest(file));
    });
  });
  const contents = await Promise.all(judged);
  const sum = (member: "rows" | "about"): number =>
    contents.map((each) => each[member] ?? NaN).reduce((all, each) => all + each, 0);
  const [rows, about] = [sum("rows"), sum("about")];
  return {
    problems: shortened(contents.flatMap(({ problem }) => problem ?? [])),
    ...(Number.isNaN(rows) ? {} : { rows }),
    ...(Number.isNaN(about) ? {} : { about }),
  };
}

/** @param name below the partition's folder */
function nameProblem(request: ReconcileRequest, file: DataFile, name: string): string | undefined {
  if (name.includes("/")) {
    const below = `'${nameOf(name)}' lies in a folder below the partition; write it into the partition itself`;
    return [below, ...wayOut(request, [file])].join("; ");
  }
  if (file.bytes === 0) return `'${name}' is empty`;
  if (file.storageClass !== undefined && ARCHIVED.includes(file.storageClass))
    return `'${name}' is in the storage class ${file.storageClass}, which no reader reads; restore it`;
  const [compression] = COMPRESSED.exec(name) ?? [];
  return compression === undefined
    ? undefined
    : `'${name}' is no CSV file by its name, and engines go by '${compression}'; write plain CSV, or gzip as .csv.gz`;
}

/**
 * How many cells a file must have at least. Files that were written before columns were appended have fewer, and engines
 * read null there; a file of this run has them all, or its script is wrong. Which of the two an older file is, the
 * partition tells that it was registered as; of one that is not registered, nobody knows, unless the caller does.
 */
function fewestColumns(
  { document, startedAt, fewestColumns: given }: ReconcileRequest,
  current: Partition | undefined,
  files: readonly DataFile[],
): (file: DataFile) => number {
  const all = document.columns.length;
  const unchanged =
    current !== undefined && (!(FACTS.digest in (current.Parameters ?? {})) || hasFacts(current, files, false));
  const registered = unchanged ? (current.StorageDescriptor?.Columns?.length ?? all) : all;
  const fewest = Math.max(1, Math.min(all, registered, given ?? all));
  return ({ modified }) => (startedAt !== undefined && modified.getTime() >= secondOf(startedAt) ? all : fewest);
}

const nameOf = (key: string): string => key.slice(key.lastIndexOf("/") + 1);

function shortened(problems: readonly string[]): readonly string[] {
  if (problems.length <= TOLD) return problems;
  return [...problems.slice(0, TOLD), `and ${problems.length - TOLD} files more`];
}
