import type { Csv } from "./csv";
import type { Column } from "./columns";
import type { Dataset } from "./dataset";
import type { PartitionKey } from "./keys";
import type { Escaping } from "./parse";

/** Where a job finds things in its container. SageMaker mounts nothing outside `/opt/ml/processing`. */
export const CONTAINER = {
  input: (name: string) => `/opt/ml/processing/input/${name}`,
  output: "/opt/ml/processing/output",
  dataset: "/opt/ml/processing/input/dataset/dataset.json",
} as const;

/** `dataset.json`: what scripts and Lambda steps are told of the declaration. */
export interface DatasetDocument {
  readonly name: string;
  readonly partitionKeys: readonly PartitionKey[];
  readonly columns: readonly Column[];
  readonly format: Csv;
  /** Absent: none. */
  readonly escaping?: Escaping;
}

/** The document of a dataset; key order is fixed, so its hash changes only with its content. */
export function datasetDocument({ name, partitionKeys, columns, format, escaping }: Dataset): DatasetDocument {
  return { name, partitionKeys, columns, format, ...(escaping === undefined ? {} : { escaping }) };
}

/** The text of `dataset.json`. */
export function datasetJson(dataset: Dataset): string {
  return `${JSON.stringify(datasetDocument(dataset), null, 2)}\n`;
}
