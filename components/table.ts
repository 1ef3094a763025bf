import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { serdeOf, tableParametersOf } from "../contract/csv";
import { tableNameOf, type Dataset } from "../contract/dataset";
import { addresses } from "../contract/layout";
import type { Names } from "../contract/names";
import { refuse } from "../contract/problems";
import { projectionParameters } from "../contract/projection/render";
import { datasetWarnings } from "../contract/rules/dataset";
import { existingTableProblems } from "../contract/rules/existing";

export interface PartitionedTableArgs {
  readonly names: Names;
  readonly dataset: Dataset;
  /** Whether a destroy may delete the table, and with it every registered partition. */
  readonly mayDestroy: boolean;
}

/**
 * The external Glue table of a dataset. Its partitions are no resources: they come and go at run time.
 * Replacing the table would drop them all; hence the protection.
 *
 * A table that somebody else makes is no resource either; that it agrees with the declaration is checked.
 *
 * @returns the table's location, `s3://…/output/`: known at preview
 */
export function partitionedTable(name: string, args: PartitionedTableArgs, opts: pulumi.CustomResourceOptions): string {
  const { dataset, names } = args;
  const location = addresses(dataset, names.bucket).output;
  for (const warning of datasetWarnings(dataset)) void pulumi.log.warn(warning, opts.parent);
  if (dataset.table?.existing) checkExisting(args, location, opts);
  else makeTable(name, args, location, opts);
  return location;
}

function makeTable(
  name: string,
  { dataset, names, mayDestroy }: PartitionedTableArgs,
  location: string,
  opts: pulumi.CustomResourceOptions,
): void {
  const serde = serdeOf(dataset.format);
  new aws.glue.CatalogTable(
    `${name}-table`,
    {
      name: tableNameOf(dataset),
      ...(dataset.owner === undefined ? {} : { owner: dataset.owner }),
      databaseName: names.database,
      description: dataset.description,
      // Without it SHOW CREATE TABLE and MSCK REPAIR TABLE fail in Athena with a NullPointerException.
      tableType: "EXTERNAL_TABLE",
      parameters: { ...tableParametersOf(dataset.format), ...projectionParameters(dataset, location) },
      partitionKeys: dataset.partitionKeys.map(({ name, type, comment }) => ({
        name,
        type,
        ...(comment === undefined ? {} : { comment }),
      })),
      storageDescriptor: {
        location: location,
        columns: dataset.columns.map(({ name, type, comment }) => ({ name, type, comment })),
        inputFormat: serde.inputFormat,
        outputFormat: serde.outputFormat,
        serDeInfo: { serializationLibrary: serde.serializationLibrary, parameters: serde.parameters },
      },
    },
    { ...opts, protect: !mayDestroy, retainOnDelete: !mayDestroy },
  );
}

function checkExisting(
  { dataset, names }: PartitionedTableArgs,
  location: string,
  { parent }: pulumi.CustomResourceOptions,
): void {
  // In a database that this stack makes, the table can only follow it.
  if (!names.existing.database) return;
  const table = { databaseName: names.database, name: tableNameOf(dataset) };
  aws.glue.getCatalogTableOutput(table, parent === undefined ? {} : { parent }).apply((found) => {
    const [storage] = found.storageDescriptors;
    const [serde] = storage?.serDeInfos ?? [];
    refuse(
      `table '${table.databaseName}.${table.name}', which dataset '${dataset.name}' says is there`,
      existingTableProblems(dataset, location, {
        location: storage?.location ?? "",
        partitionKeys: found.partitionKeys,
        columns: storage?.columns ?? [],
        serializationLibrary: serde?.serializationLibrary ?? "",
        serdeParameters: serde?.parameters ?? {},
        parameters: found.parameters,
      }),
    );
  });
}
