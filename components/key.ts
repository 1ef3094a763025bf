import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Dataset } from "../contract/dataset";
import type { Names } from "../contract/names";
import { keyPolicy } from "./permissions/key";

export interface DataKeyArgs {
  readonly names: Names;
  /** Readers of other accounts are let in by the key's policy. */
  readonly datasets: readonly Dataset[];
  /** Whether a destroy may schedule the key's deletion. Without the key the data is lost. */
  readonly mayDestroy: boolean;
}

/**
 * The customer-managed key of a stack (bucket, volumes, repository, logs), and its fixed alias.
 * Roles name the alias (`kms:ResourceAliases`), because the key's id is unknown at a first preview.
 */
export class DataKey extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: DataKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("partitions:components:DataKey", name, {}, opts);
    const data = { parent: this, protect: !args.mayDestroy, retainOnDelete: !args.mayDestroy };
    const key = new aws.kms.Key(
      `${name}-key`,
      {
        description: `data of ${args.names.base}`,
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        policy: JSON.stringify(keyPolicy(args.names, args.datasets)),
      },
      data,
    );
    const alias = new aws.kms.Alias(`${name}-alias`, { name: args.names.keyAlias, targetKeyId: key.keyId }, data);
    // Whoever uses the key may go by its alias: not before the alias exists.
    this.arn = pulumi.all([key.arn, alias.arn]).apply(([arn]) => arn);
    this.registerOutputs({ arn: this.arn });
  }
}
