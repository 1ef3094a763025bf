import { GetPartitionCommand, paginateGetPartitions, type GlueClient } from "@aws-sdk/client-glue";
import { paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import type { DueDay, WatchedDataset, WatchList } from "../../contract/freshness";
import type { PartitionKey } from "../../contract/keys";
import { renderLevel } from "../../contract/layout";

/** What is needed to look for a partition. */
export interface LookupClients {
  readonly glue: GlueClient;
  readonly s3: S3Client;
}

/** Whether readers find at least one partition of a day: registered, or under projection with data in its folder. */
export function isThere(
  clients: LookupClients,
  place: Pick<WatchList, "database" | "bucket">,
  dataset: WatchedDataset,
  { values }: Pick<DueDay, "values">,
): Promise<boolean> {
  return dataset.outputPrefix === undefined
    ? isRegistered(clients.glue, place.database, dataset, values)
    : hasFolder(clients.s3, place.bucket, dataset, values, dataset.outputPrefix, lastNamed(dataset, values));
}

type Values = Readonly<Record<string, string>>;

async function isRegistered(glue: GlueClient, database: string, dataset: WatchedDataset, values: Values) {
  const table = { DatabaseName: database, TableName: dataset.table };
  const all = dataset.partitionKeys.flatMap(({ name }) => values[name] ?? []);
  if (all.length === dataset.partitionKeys.length)
    return glue.send(new GetPartitionCommand({ ...table, PartitionValues: all })).then(
      () => true,
      (error: unknown) => {
        if (error instanceof Error && error.name === "EntityNotFoundException") return false;
        throw error;
      },
    );
  const request = { ...table, Expression: expressionOf(dataset.partitionKeys, values), ExcludeColumnSchema: true };
  // A page may be empty and another one follow.
  for await (const page of paginateGetPartitions({ client: glue, pageSize: 1 }, request))
    if ((page.Partitions ?? []).length > 0) return true;
  return false;
}

/** A filter of GetPartitions. Values of dates are digits and hyphens: there is nothing to escape. */
export function expressionOf(keys: readonly PartitionKey[], values: Values): string {
  return keys
    .flatMap(({ name, type }) => {
      const value = values[name];
      if (value === undefined) return [];
      return [`${name} = ${type === "int" || type === "bigint" ? Number(value) : `'${value}'`}`];
    })
    .join(" AND ");
}

/** The keys down to the last one that the day names: below it any folder will do. */
function lastNamed({ partitionKeys }: WatchedDataset, values: Values): readonly PartitionKey[] {
  const last = partitionKeys.reduce((found, { name }, index) => (name in values ? index : found), -1);
  return partitionKeys.slice(0, last + 1);
}

/** Goes down level by level; where the day names no value, into each folder until one holds data. */
async function hasFolder(
  s3: S3Client,
  bucket: string,
  dataset: WatchedDataset,
  values: Values,
  prefix: string,
  [key, ...rest]: readonly PartitionKey[],
): Promise<boolean> {
  if (key === undefined) return holdsData(s3, bucket, prefix);
  const value = values[key.name];
  const below = (folder: string) => hasFolder(s3, bucket, dataset, values, folder, rest);
  if (value !== undefined) return below(`${prefix}${renderLevel(key, value, dataset.escaping)}`);
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix, Delimiter: "/" }))
    for (const { Prefix: folder } of page.CommonPrefixes ?? [])
      if (folder !== undefined && (await below(folder))) return true;
  return false;
}

/** Readers skip empty files, and those whose name begins with `_` or `.`. */
async function holdsData(s3: S3Client, bucket: string, prefix: string): Promise<boolean> {
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix }))
    for (const { Key: key = "", Size: size = 0 } of page.Contents ?? [])
      if (size > 0 && !/(^|\/)[._]/.test(key.slice(prefix.length))) return true;
  return false;
}
