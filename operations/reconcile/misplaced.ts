import type { Clients } from "../clients";
import { readTable } from "./glue";
import { placeOf, wayOut } from "./placeRule";
import type { ReconcileRequest } from "./request";
import { findFolders, reachOf } from "./scope";

/** A folder with data files that is no partition by its name, and so belongs to no day. */
export interface Misplaced {
  /** Below the table's location; empty for files that lie in it directly. */
  readonly path: string;
  readonly reason: string;
}

/** What a look at the whole table rejects by the name of its folder; costs a listing of the table. */
export async function* findMisplaced(
  { s3, glue }: Clients,
  request: Pick<ReconcileRequest, "database" | "table" | "document" | "operate" | "signal">,
): AsyncGenerator<Misplaced> {
  const { document, signal } = request;
  const { location } = await readTable(glue, request, 0, signal);
  const reach = reachOf({ kind: "table" }, document, signal);
  for await (const folders of findFolders(s3, location, document, reach, signal))
    for (const found of folders) {
      const { problems } = placeOf(found, document);
      if (found.files.length > 0 && problems.length > 0)
        yield { path: found.path, reason: [...problems, ...wayOut(request, found.files)].join("; ") };
    }
}
