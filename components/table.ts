import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { serdeOf, tableParametersOf } from "../contract/csv";
import { tableNameOf, type Dataset } from "../contract/dataset";
import { addresses } from "../contract/layout";
import type { Names } from "../contract/names";

export interface PartitionedTableArgs {
  readonly names: Names;
  readonly dataset: Dataset;
  /** Whether a destroy may delete the table, and with it every registered partition. */
  readonly mayDestroy: boolean;
}

/**
 * The external Glue table of a dataset. Its partitions are no resources: they come and go at run time.
 * Replacing the table would drop them all; hence the protection.
 */
export class PartitionedTable extends pulumi.ComponentResource {
  /** `s3://…/output/`: known at preview. */
  readonly location: string;

  constructor(name: string, args: PartitionedTableArgs, opts?: pulumi.ComponentResourceOptions) {
    super("partitions:components:PartitionedTable", name, {}, opts);
    const { dataset, names, mayDestroy } = args;
    this.location = addresses(dataset, names.bucket).output;
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
        parameters: tableParametersOf(dataset.format),
        partitionKeys: dataset.partitionKeys.map(({ name, type, comment }) => ({
          name,
          type,
          ...(comment === undefined ? {} : { comment }),
        })),
        storageDescriptor: {
          location: this.location,
          columns: dataset.columns.map(({ name, type, comment }) => ({ name, type, comment })),
          inputFormat: serde.inputFormat,
          outputFormat: serde.outputFormat,
          serDeInfo: { serializationLibrary: serde.serializationLibrary, parameters: serde.parameters },
        },
      },
      { parent: this, protect: !mayDestroy, retainOnDelete: !mayDestroy },
    );
    this.registerOutputs({ location: this.location });
  }
}
