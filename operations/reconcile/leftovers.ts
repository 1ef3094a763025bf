import { CopyObjectCommand, DeleteObjectCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import type { Clients } from "../clients";
import { readTable } from "./glue";
import { byRun } from "./leftoverRule";
import type { Location } from "./listing";
import { inParallel } from "./parallel";
import { liesBelow, placeOf } from "./placeRule";
import type { ReconcileRequest } from "./request";
import { findFolders, reachOf } from "./scope";

/** Objects that are moved at the same time. */
const PARALLEL = 8;

/** CopyObject takes no larger object (S3 API reference). */
const LARGEST_COPY = 5 * 1024 ** 3;

/** A file of an earlier run, beside files of the run or at a place of no partition. */
export interface Leftover {
  /** Its folder at the depth of a partition, below the table's location. */
  readonly path: string;
  readonly bucket: string;
  readonly key: string;
  readonly bytes: number;
  readonly modified: Date;
  readonly etag: string;
}

/** What became of a leftover. */
export interface Moved {
  readonly leftover: Leftover;
  readonly ending: "moved" | "failed";
  /** Key that it has now. */
  readonly to?: string;
  readonly reason?: string;
}

/** A request of which `startedAt` says which files are the run's. */
export type LeftoverRequest = Pick<ReconcileRequest, "database" | "table" | "document" | "scope" | "signal"> & {
  readonly startedAt: Date;
};

/**
 * The leftovers of a scope, by the rules that registration goes by: all data files that were written before the run
 * began, in a partition that holds files of the run; of the whole table also those that are in no partition by the name
 * of their folder, or in a folder below one. Those fail every look at the whole table, whoever wrote them.
 */
export async function* findLeftovers({ s3, glue }: Clients, request: LeftoverRequest): AsyncGenerator<Leftover> {
  const { document, scope, startedAt, signal } = request;
  const { location } = await readTable(glue, request, 0, signal);
  const ofTable = scope.kind === "table";
  const reach = reachOf(scope, document, signal);
  for await (const folders of findFolders(s3, location, document, reach, signal, Infinity))
    for (const found of folders) {
      const { earlier, own } = byRun(found.files, startedAt);
      const everyFile = own.length > 0 || (ofTable && placeOf(found, document).problems.length > 0);
      for (const file of earlier) {
        const { key, bytes, modified, etag } = file;
        if (everyFile || (ofTable && liesBelow(file, location.key + found.path)))
          yield { path: found.path, bucket: location.bucket, key, bytes, modified, etag };
      }
    }
}

/**
 * Moves leftovers out of the table's location, into `<prefix>/aside/<time>/…` beside it, where no reader and no
 * registration looks; what comes below is the path that they had below the location. Each is copied, the copy is
 * compared by size, and only then is the original deleted; in a bucket with versions, as the stack's own is, that leaves
 * a delete marker and the version under it. What fails stays where it was.
 *
 * @param time names the folder; one call, one folder
 */
export async function* moveAside(
  { s3, glue }: Clients,
  request: LeftoverRequest,
  leftovers: AsyncIterable<Leftover>,
  time: Date = new Date(),
): AsyncGenerator<Moved> {
  const { location } = await readTable(glue, request, 0, request.signal);
  const folder = asideFolder(location, time);
  yield* inParallel(leftovers, PARALLEL, async (leftover): Promise<Moved> => {
    const { bucket, key, bytes, etag } = leftover;
    const to = folder + key.slice(location.key.length);
    try {
      if (bytes > LARGEST_COPY)
        throw new Error(`it has more than ${LARGEST_COPY} bytes, which S3 copies in parts alone; move it by hand`);
      const source = `${bucket}/${key}`.split("/").map(encodeURIComponent).join("/");
      const own = etag === "" ? {} : { CopySourceIfMatch: `"${etag}"` };
      await s3.send(new CopyObjectCommand({ Bucket: bucket, Key: to, CopySource: source, ...own }));
      const copy = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: to }));
      if (copy.ContentLength !== bytes) throw new Error(`its copy has ${copy.ContentLength ?? 0} bytes, not ${bytes}`);
      const now = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
      if (now.ETag?.replaceAll('"', "") !== etag) throw new Error("it was written anew meanwhile");
      await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
      return { leftover, ending: "moved", to };
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      return { leftover, ending: "failed", reason: name === "Error" ? message : `${name}: ${message}` };
    }
  });
}

/** `features/output/` → `features/aside/<time>/`: not below the table's location, whatever that is called. */
export function asideFolder({ key }: Location, time: Date): string {
  const parent = key.split("/").slice(0, -2);
  return [...parent, "aside", time.toISOString().replace(/[:.]/g, "-"), ""].join("/");
}
