import type { StorageDescriptor, Table } from "@aws-sdk/client-glue";
import { paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import { locationTemplate } from "../../contract/layout";
import { problemText, projectionProblems } from "../../contract/projection/check";
import { placesOf } from "../../contract/projection/places";
import { columnText } from "../../contract/projection/values";
import { splitUri } from "../runner/processing/transfer";

/** A partition that is nowhere registered: Athena computes it from the table's parameters. */
export interface ComputedPartition {
  /** Values in the order of the keys. */
  readonly values: readonly string[];
  /** The table's own; only the location is the partition's. */
  readonly descriptor: StorageDescriptor;
}

/**
 * The projected partitions of a table that have something in S3. The others have no rows, and neither have folders
 * beyond the ranges; what is registered is not asked for. An injected key, which Athena wants named in the query, has
 * every value that there is a folder of.
 *
 * @param now time of the query, in milliseconds since 1970
 * @throws Error that lists what is wrong with the projection
 */
export async function* projectedPartitions(
  s3: S3Client,
  { Name: name = "", Parameters: parameters = {}, PartitionKeys: keys = [], StorageDescriptor: storage }: Table,
  now: number,
): AsyncGenerator<ComputedPartition> {
  const location = (storage?.Location ?? "").replace(/\/*$/, "/");
  const columns = keys.map(({ Name = "", Type }) => ({ name: Name, type: Type }));
  const problems = projectionProblems({ partitionKeys: columns, parameters, location });
  if (problems.length > 0)
    throw new Error(`table '${name}' cannot be projected:\n${problems.map((p) => `  - ${problemText(p)}`).join("\n")}`);
  const names = columns.map((column) => column.name);
  const template = parameters["storage.location.template"] ?? locationTemplate(columns, location);
  const places = placesOf(parameters, names, template, now);
  const { bucket, key: prefix } = splitUri(places.prefix);
  const seen = new Set<string>();
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix }))
    for (const { Key: key = "" } of page.Contents ?? []) {
      const place = places.find(`s3://${bucket}/${key}`);
      if (!place || seen.has(place.location)) continue;
      seen.add(place.location);
      yield {
        values: columns.map(({ name, type = "string" }) => columnText(parameters, name, type, place.texts[name] ?? "")),
        descriptor: { ...storage, Location: place.location },
      };
    }
}
