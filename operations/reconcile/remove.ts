import { BatchDeletePartitionCommand } from "@aws-sdk/client-glue";
import type { Clients } from "../clients";
import { isPassing, refusalOf, textOf, type Refusal } from "./errors";
import { partitionId, type TableId } from "./glue";
import { backOff } from "./pace";
import { inChunks, inParallel } from "./parallel";
import type { PlannedPartition } from "./request";

/** Partitions in one call (Glue API reference, BatchDeletePartition). */
const REMOVE_AT_ONCE = 25;
const PARALLEL = 4;

/** How the removal of a partition ended. */
export interface Removal {
  readonly path: string;
  readonly ending: "removed" | "failed";
  readonly reason?: string;
}

/**
 * Takes partitions out of the catalogue; objects in S3 are never touched. One that is gone already is removed as well;
 * any other error is a failure. Only a person's command does this: the registrar's role cannot.
 *
 * @param partitions those that a plan calls `remove`; the others are passed over
 */
export async function* remove(
  { glue }: Pick<Clients, "glue">,
  { database, table }: TableId,
  partitions: AsyncIterable<PlannedPartition>,
  options: { readonly attempts?: number; readonly signal?: AbortSignal } = {},
): AsyncGenerator<Removal> {
  const { attempts = 5, signal } = options;
  const chunks = inChunks(removable(partitions), REMOVE_AT_ONCE);
  for await (const removals of inParallel(chunks, PARALLEL, removeSome)) yield* removals;

  async function removeSome(items: readonly PlannedPartition[]): Promise<Removal[]> {
    const reasons = new Map<string, Refusal>();
    let open = items;
    for (let attempt = 0; open.length > 0; attempt += 1) {
      if (attempt > 0) await backOff(attempt, signal);
      const refused = await call(open);
      for (const item of open) {
        const refusal = refused.get(partitionId(item.values));
        if (refusal) reasons.set(item.path, refusal);
        else reasons.delete(item.path);
      }
      if (attempt + 1 >= attempts || signal?.aborted) break;
      open = open.filter(({ path }) => isPassing(reasons.get(path)?.code ?? ""));
    }
    return items.map(({ path }) => {
      const refusal = reasons.get(path);
      return refusal ? { path, ending: "failed", reason: textOf(refusal) } : { path, ending: "removed" };
    });
  }

  async function call(items: readonly PlannedPartition[]): Promise<Map<string, Refusal>> {
    const all = (refusal: Refusal) => new Map(items.map(({ values }) => [partitionId(values), refusal]));
    try {
      const { Errors = [] } = await glue.send(
        new BatchDeletePartitionCommand({
          ...{ DatabaseName: database, TableName: table },
          PartitionsToDelete: items.map(({ values }) => ({ Values: [...values] })),
        }),
        signal === undefined ? {} : { abortSignal: signal },
      );
      const ids = new Set(items.map(({ values }) => partitionId(values)));
      let refused = new Map<string, Refusal>();
      for (const { PartitionValues, ErrorDetail } of Errors) {
        const { ErrorCode: code = "Unknown", ErrorMessage: message = "no message" } = ErrorDetail ?? {};
        if (code === "EntityNotFoundException") continue;
        const id = partitionId(PartitionValues);
        // An error of no item: which one was not done is unknown, so none is claimed.
        if (ids.has(id)) refused.set(id, { code, message });
        else refused = all({ code, message });
      }
      return refused;
    } catch (error) {
      return all(refusalOf(error));
    }
  }
}

async function* removable(partitions: AsyncIterable<PlannedPartition>): AsyncGenerator<PlannedPartition> {
  for await (const partition of partitions) if (partition.action === "remove") yield partition;
}
