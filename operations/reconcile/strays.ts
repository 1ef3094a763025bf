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

/** Folders of one level that are looked into, of those that are not registered. */
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
 * What a run left beside its own path and does not register, on every level of the path that it knows: a file above the
 * partitions, a key in capitals, `day=1` beside `day=01`, a day that is none; and on a table of one key another day than
 * its own, which would lie there unseen. Only what is younger than the run: something older is not its doing, and must
 * not fail it for ever. One listing for each level; of a day that is registered already nothing is said, because readers
 * see it.
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
  const strays: Stray[] = [];
  const wrong: Stray[] = [];
  const others: { path: string; values: string[] }[] = [];
  let base = "";
  for (const key of keys) {
    const value = known[key.name];
    // Below a level that is not known all folders are the run's: they have been looked at.
    if (value === undefined && base !== "") break;
    const own = value === undefined ? undefined : renderLevel(key, value, escaping);
    const { folders, files } = await listLevel(s3, location, base, signal);
    for (const file of files)
      if (file.modified.getTime() >= secondOf(since))
        strays.push({
          path: file.key.slice(location.key.length),
          reason: "lies beside the partition folders, where no reader sees it; write it into one",
        });
    let looked = 0;
    for (const folder of folders) {
      const path = `${base}${folder}/`;
      const read = readPath([key], `${folder}/`, escaping);
      if ("problems" in read) {
        looked += 1;
        const reason = read.problems.join("; ") + (own === undefined ? "" : `; the run's own folder is '${own}'`);
        if (looked <= LOOKED_INTO) wrong.push({ path, reason });
      } else if (own !== undefined && path !== own && keys.length === 1)
        others.push({ path, values: Object.values(read.values) });
    }
    if (own === undefined) break;
    base += own;
  }
  const unseen = await unregistered(glue, id, others, signal);
  const day: Stray[] = unseen.slice(0, LOOKED_INTO).map(({ path }) => ({
    path,
    elsewhere: true,
    reason:
      `was written since the run began, which registers '${base}' alone, and is not registered; if no other run ` +
      `does that, register it with ${document.operate} partitions ${document.name} --apply, or declare ` +
      `registered({ looksAt: "table" })`,
  }));
  const young = inParallel(streamOf([...wrong, ...day]), PARALLEL, async (stray) =>
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
