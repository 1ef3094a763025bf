import type { Dataset } from "../../contract/dataset";
import { datasetDocument } from "../../contract/document";
import { deployedPipeline, tableOf } from "../deployed";
import { newestExecutions } from "../executions";
import type { OperateClients, Place } from "../place";
import { dayIds } from "../reconcile/dayKeys";
import type { ReconcileRequest, Run } from "../reconcile/request";
import type { Range } from "./range";

/** A look at the partitions of a dataset, of some days or of the whole table. */
export async function requestFor(
  clients: OperateClients,
  place: Place,
  dataset: Dataset,
  range: Range | undefined,
): Promise<ReconcileRequest> {
  const pipeline = await deployedPipeline(clients.sagemaker, place.stack(), dataset.name);
  return {
    ...tableOf(pipeline, place.stack(), dataset),
    document: datasetDocument(dataset),
    scope: range === undefined ? { kind: "table" } : { kind: "days", ...range },
    facts: {},
    operate: place.command(),
    ...(dataset.partitionKeys.some(({ kind }) => kind === "date")
      ? { runOf: runsOf(clients, pipeline.name, dataset) }
      : {}),
  };
}

/** The newest runs of days, read when the first one is asked for: a table without news costs nothing. */
function runsOf({ sagemaker }: OperateClients, pipeline: string, { partitionKeys: keys }: Dataset) {
  const { ofDay, ofValues } = dayIds(keys);
  let runs: Promise<Map<string, Run>> | undefined;
  const read = async (): Promise<Map<string, Run>> => {
    const newest = await newestExecutions(sagemaker, pipeline);
    return new Map([...newest].map(([day, { startedAt }]) => [ofDay(day), { startedAt, processDate: day }]));
  };
  return async (values: readonly string[]): Promise<Run | undefined> => {
    runs ??= read();
    return (await runs).get(ofValues(Object.fromEntries(keys.map(({ name }, index) => [name, values[index] ?? ""]))));
  };
}
