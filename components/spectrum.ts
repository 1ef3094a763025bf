import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Dataset } from "../contract/dataset";
import type { Names } from "../contract/names";
import type { Warehouse } from "../contract/redshift";
import { externalSchema } from "../contract/sql";
import { spectrumPolicy, spectrumTrust } from "./permissions/spectrum";

export interface SpectrumArgs {
  readonly names: Names;
  /** Those that Redshift reads; at least one. */
  readonly datasets: readonly Dataset[];
  /** Absent: the statement is an output, for somebody to run. */
  readonly warehouse?: Warehouse | undefined;
}

/**
 * What Redshift Spectrum needs to read the stack's tables: its role, and the statement that shows it the Glue database
 * as an external schema. The role must also be attached to the cluster or namespace, which is not this program's.
 */
export class Spectrum extends pulumi.ComponentResource {
  /** Both known at preview. */
  readonly roleArn: string;
  readonly createSchema: string;

  constructor(name: string, args: SpectrumArgs, opts?: pulumi.ComponentResourceOptions) {
    super("partitions:components:Spectrum", name, {}, opts);
    const { names, datasets, warehouse } = args;
    this.roleArn = names.spectrumRole.arn;
    this.createSchema = externalSchema(names.database, this.roleArn);
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        name: names.spectrumRole.name,
        path: names.rolePath,
        permissionsBoundary: names.permissionsBoundaryArn,
        description: `Redshift Spectrum reads tables of ${names.base}`,
        assumeRolePolicy: JSON.stringify(spectrumTrust(names, warehouse?.workgroup ?? warehouse?.cluster)),
      },
      { parent: this },
    );
    const permissions = new aws.iam.RolePolicy(
      `${name}-permissions`,
      { name: "permissions", role: names.spectrumRole.name, policy: JSON.stringify(spectrumPolicy(names, datasets)) },
      { parent: this, dependsOn: [role] },
    );
    if (warehouse !== undefined)
      new aws.redshiftdata.Statement(
        `${name}-schema`,
        {
          workgroupName: warehouse.workgroup,
          clusterIdentifier: warehouse.cluster,
          database: warehouse.database,
          secretArn: warehouse.secretArn,
          statementName: `${names.base}-external-schema`,
          sql: this.createSchema,
        },
        { parent: this, dependsOn: [permissions] },
      );
    this.registerOutputs({ roleArn: this.roleArn, createSchema: this.createSchema });
  }
}
