import { ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import type { Partition } from "@aws-sdk/client-glue";
import { pathParts, renderPath } from "../../contract/layout";
import { parseS3Uri } from "../../contract/parse";
import type { Clients } from "../clients";
import { partitionId } from "./glue";
import { isHidden, type Location } from "./listing";
import { inParallel } from "./parallel";
import { listPartitions } from "./reading";
import type { PlannedPartition, ReconcileRequest } from "./request";

/** Locations that are looked into at the same time. */
const PARALLEL = 16;

/**
 * The partitions of Glue that have no data. That no folder of theirs was met is not enough: each one's own location is
 * listed before it is called so.
 *
 * @param passes whether a partition is known to have data, or is none of those that are looked at
 */
export async function* findRemovals(
  { glue, s3 }: Clients,
  request: ReconcileRequest,
  table: Location,
  passes: (values: readonly string[]) => boolean,
): AsyncGenerator<PlannedPartition> {
  const expression = expressionOf(request);
  const told = new Set<string>();
  for await (const planned of inParallel(candidates(), PARALLEL, (partition) => judge(partition)))
    if (planned !== undefined) yield planned;

  async function* candidates(): AsyncGenerator<Partition> {
    for await (const page of listPartitions(glue, request, request.signal, expression))
      for (const partition of page) {
        const values = partition.Values ?? [];
        const id = partitionId(values);
        if (passes(values) || told.has(id)) continue;
        // A long listing brings its first page twice.
        told.add(id);
        yield partition;
      }
  }

  async function judge(partition: Partition): Promise<PlannedPartition | undefined> {
    const values = partition.Values ?? [];
    const { partitionKeys: keys } = request.document;
    const byName = new Map(keys.map(({ name }, index) => [name, values[index] ?? ""]));
    const path = pathParts(keys, (name) => byName.get(name) ?? "").join("");
    const given = partition.StorageDescriptor?.Location ?? "";
    const location = parseS3Uri(given.replace(/\/*$/, "/"));
    const item = { path, values, files: 0, bytes: 0, current: partition };
    if (location && (await holdsData(s3, location, request.signal))) {
      const own = folderOf(values, request);
      // Its folder was written after it was looked for.
      if (own !== undefined && location.bucket === table.bucket && location.key === table.key + own) return undefined;
      const inside = location.bucket === table.bucket && location.key.startsWith(table.key);
      return {
        ...item,
        action: "reject",
        reason:
          `Glue has it at ${given}, ${inside ? "which is not its own folder: readers see rows of another partition as its" : "outside of the table's location, with data"}; ` +
          `drop the partition (glue:DeletePartition, or the command 'remove'), or move the data to its own folder`,
      };
    }
    return {
      ...item,
      action: "remove",
      reason: `Glue has it, and there is no data at ${given || "its location, which is none"}`,
    };
  }
}

/** Where a partition's files belong, below the table's location; undefined for values that are none. */
function folderOf(values: readonly string[], { document }: ReconcileRequest): string | undefined {
  const { partitionKeys: keys, escaping } = document;
  try {
    return renderPath(keys, Object.fromEntries(keys.map(({ name }, index) => [name, values[index] ?? ""])), escaping);
  } catch {
    return undefined;
  }
}

async function holdsData(s3: S3Client, { bucket, key }: Location, signal?: AbortSignal): Promise<boolean> {
  let token: string | undefined;
  do {
    const command = new ListObjectsV2Command({
      Bucket: bucket,
      Prefix: key,
      ...(token === undefined ? {} : { ContinuationToken: token }),
    });
    const page = await s3.send(command, signal === undefined ? {} : { abortSignal: signal });
    const data = (page.Contents ?? []).some(({ Key = "" }) => {
      const name = Key.slice(key.length);
      return name !== "" && !name.endsWith("/") && !name.split("/").some(isHidden);
    });
    if (data) return true;
    token = page.IsTruncated ? page.NextContinuationToken : undefined;
  } while (token !== undefined);
  return false;
}

/** Glue's filter for a scope that has one; only of text, on whose comparison everybody agrees. */
function expressionOf({ scope, document }: ReconcileRequest): string | undefined {
  if (scope.kind !== "values") return undefined;
  const terms = document.partitionKeys.flatMap(({ name, type }) => {
    const value = scope.known[name];
    return value === undefined || type !== "string" ? [] : [`${name} = '${value.replaceAll("'", "''")}'`];
  });
  return terms.length > 0 ? terms.join(" AND ") : undefined;
}
