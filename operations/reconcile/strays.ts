import type { GlueClient } from "@aws-sdk/client-glue";
import type { S3Client } from "@aws-sdk/client-s3";
import type { DatasetDocument } from "../../contract/document";
import { readPath, renderLevel } from "../../contract/layout";
import type { Clients } from "../clients";
import type { TableId } from "./glue";
import { secondOf } from "./leftoverRule";
import { isHidden, listLevel, pages, type Location } from "./listing";
import { inParallel, streamOf } from "./parallel";
import { READ_AT_ONCE, readPartitions } from "./reading";
import { partitionId } from "./glue";

/** Folders that are looked into, of those that are not registered. */
const LOOKED_INTO = 100;
const PARALLEL = 8;

/** Something of a run beside the partitions that it registers. */
export interface Stray {
  /** Below the table's location. */
  readonly path: string;
  readonly reason: string;
  /** Whether it may be another run's, which is about to register it. */
  readonly elsewhere?: true;
}

/**
 * What a run left directly in the table's folder and does not register: a file, a key in capitals, a day that is none,
 * and another day than its own, which would lie there unseen. Only what is younger than the run: something older is not
 * its doing, and must not fail it for ever. One listing of the outermost folders; of a day that is registered already
 * nothing is said, because readers see it.
 *
 * @param known the run's own values
 * @param since start of the run
 */
export async function findStrays(
  { s3, glue }: Clients,
  id: TableId,
  location: Location,
  document: Pick<DatasetDocument, "name" | "partitionKeys" | "escaping"> & { readonly operate: string },
  known: Readonly<Record<string, string>>,
  since: Date,
  signal?: AbortSignal,
): Promise<Stray[]> {
  const { partitionKeys: keys, escaping } = document;
  const { folders, files } = await listLevel(s3, location, "", signal);
  const strays: Stray[] = files
    .filter(({ modified }) => modified.getTime() >= secondOf(since))
    .map(({ key }) => ({
      path: key.slice(location.key.length),
      reason: "lies beside the partition folders, where no reader sees it; write it into one",
    }));
  const [outermost] = keys;
  const own =
    outermost === undefined || known[outermost.name] === undefined
      ? undefined
      : renderLevel(outermost, known[outermost.name] ?? "", escaping);
  const wrong: Stray[] = [];
  const others: { path: string; values: string[] }[] = [];
  for (const folder of folders) {
    const path = `${folder}/`;
    const read = readPath(keys.slice(0, 1), path, escaping);
    if ("problems" in read) wrong.push({ path, reason: read.problems.join("; ") });
    else if (own !== undefined && path !== own) others.push({ path, values: Object.values(read.values) });
  }
  const unseen = keys.length === 1 ? await unregistered(glue, id, others, signal) : [];
  const day: Stray[] = unseen.slice(0, LOOKED_INTO).map(({ path }) => ({
    path,
    elsewhere: true,
    reason:
      `was written since the run began, which registers '${own ?? ""}' alone, and is not registered; if no other run ` +
      `does that, register it with ${document.operate} partitions ${document.name} --apply, or declare ` +
      `registered({ looksAt: "table" })`,
  }));
  const young = inParallel(streamOf([...wrong.slice(0, LOOKED_INTO), ...day]), PARALLEL, async (stray) =>
    (await holdsAnyOf(s3, location, stray.path, since, signal)) ? [stray] : [],
  );
  for await (const found of young) strays.push(...found);
  return strays;
}

/** The last ones by name come first: a run that writes a day too many mostly writes one near its own, the newest. */
async function unregistered<Folder extends { readonly values: readonly string[] }>(
  glue: GlueClient,
  id: TableId,
  folders: readonly Folder[],
  signal?: AbortSignal,
): Promise<Folder[]> {
  const last = folders.slice(-READ_AT_ONCE).reverse();
  if (last.length === 0) return [];
  const there = await readPartitions(
    glue,
    id,
    last.map(({ values }) => values),
    signal,
  );
  return last.filter(({ values }) => !there.has(partitionId(values)));
}

/** Of the first 1,000 names: a run writes its files in one go. */
async function holdsAnyOf(
  s3: S3Client,
  location: Location,
  prefix: string,
  since: Date,
  signal?: AbortSignal,
): Promise<boolean> {
  for await (const { Contents = [] } of pages(s3, location, { prefix, signal }))
    return Contents.some(
      ({ Key = "", LastModified: written }) =>
        !Key.slice(location.key.length).split("/").some(isHidden) && (written?.getTime() ?? 0) >= secondOf(since),
    );
  return false;
}
