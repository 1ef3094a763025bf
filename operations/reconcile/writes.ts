import {
  BatchCreatePartitionCommand,
  BatchUpdatePartitionCommand,
  type GlueClient,
  type PartitionInput,
} from "@aws-sdk/client-glue";
import { partitionId, type TableId } from "./glue";
import { isThrottling, refusalOf, type Refusal } from "./errors";
import type { Pace } from "./pace";

/** Partitions in one call (Glue API reference, BatchCreatePartition and BatchUpdatePartition). */
export const WRITE_AT_ONCE = 100;

export type Write = "create" | "update";

/** What Glue said of the items of one call. */
export interface Answer {
  /** By {@link partitionId}. */
  readonly refused: ReadonlyMap<string, Refusal>;
  /** An error that names no item of the call: which one was not done is not known. */
  readonly unnamed?: Refusal;
}

/**
 * Creates or replaces up to 100 partitions in one call.
 *
 * @throws what the client throws when the whole call fails
 */
export async function write(
  glue: GlueClient,
  { database, table }: TableId,
  kind: Write,
  inputs: readonly PartitionInput[],
  pace: Pace,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const id = { DatabaseName: database, TableName: table };
  const options = signal === undefined ? {} : { abortSignal: signal };
  const send = async () => {
    if (kind === "create") {
      const answer = await glue.send(
        new BatchCreatePartitionCommand({ ...id, PartitionInputList: [...inputs] }),
        options,
      );
      const errors = (answer.Errors ?? []).map(({ PartitionValues, ErrorDetail }) => ({
        values: PartitionValues,
        ErrorDetail,
      }));
      return { errors, attempts: answer.$metadata.attempts };
    }
    const entries = inputs.map((input) => ({ PartitionValueList: input.Values, PartitionInput: input }));
    const answer = await glue.send(new BatchUpdatePartitionCommand({ ...id, Entries: entries }), options);
    const errors = (answer.Errors ?? []).map(({ PartitionValueList, ErrorDetail }) => ({
      values: PartitionValueList,
      ErrorDetail,
    }));
    return { errors, attempts: answer.$metadata.attempts };
  };
  const { errors } = await pace.run(send, (ended) =>
    "error" in ended ? isThrottling(refusalOf(ended.error).code) : (ended.result.attempts ?? 1) > 1,
  );
  const ids = new Set(inputs.map((input) => partitionId(input.Values)));
  const refused = new Map<string, Refusal>();
  let unnamed: Refusal | undefined;
  for (const { values, ErrorDetail: detail } of errors) {
    const refusal = { code: detail?.ErrorCode ?? "Unknown", message: detail?.ErrorMessage ?? "no message" };
    const named = partitionId(values);
    if (ids.has(named)) refused.set(named, refusal);
    else unnamed = refusal;
  }
  return { refused, ...(unnamed === undefined ? {} : { unnamed }) };
}
