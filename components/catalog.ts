import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Names } from "../contract/names";

export interface CatalogArgs {
  readonly names: Names;
  readonly mayDestroy: boolean;
}

/**
 * The Glue database that holds the stack's tables. Its name has no hyphen: Athena's DDL could not name it. A database
 * that is there already is used as it is.
 */
export class Catalog extends pulumi.ComponentResource {
  /** Known at preview. */
  readonly database: string;

  constructor(name: string, args: CatalogArgs, opts?: pulumi.ComponentResourceOptions) {
    super("partitions:components:Catalog", name, {}, opts);
    this.database = args.names.database;
    if (!args.names.existing.database)
      new aws.glue.CatalogDatabase(
        `${name}-database`,
        { name: this.database, description: `tables of ${args.names.base}` },
        { parent: this, protect: !args.mayDestroy, retainOnDelete: !args.mayDestroy },
      );
    this.registerOutputs({ database: this.database });
  }
}
