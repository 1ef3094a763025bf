import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Dataset } from "../contract/dataset";
import type { Names } from "../contract/names";
import { removerPolicy } from "./permissions/remover";
import { personTrust } from "./permissions/trust";

export interface RemoverArgs {
  readonly names: Names;
  readonly datasets: readonly Dataset[];
  /** ARN of the role or user that may assume it. */
  readonly principalArn: string;
}

/**
 * The role under which somebody takes partitions out of the catalogue (`operate remove`). Nothing that runs by itself
 * has this right: the pipelines' registrar cannot delete.
 */
export class Remover extends pulumi.ComponentResource {
  /** Known at preview. */
  readonly roleArn: string;

  constructor(name: string, args: RemoverArgs, opts?: pulumi.ComponentResourceOptions) {
    super("partitions:components:Remover", name, {}, opts);
    const { names, datasets, principalArn } = args;
    this.roleArn = names.removerRole.arn;
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        name: names.removerRole.name,
        path: names.rolePath,
        permissionsBoundary: names.permissionsBoundaryArn,
        description: `takes partitions of ${names.base} out of the catalogue`,
        maxSessionDuration: 3600,
        assumeRolePolicy: JSON.stringify(personTrust(principalArn)),
      },
      { parent: this },
    );
    new aws.iam.RolePolicy(
      `${name}-permissions`,
      { name: "permissions", role: names.removerRole.name, policy: JSON.stringify(removerPolicy(names, datasets)) },
      { parent: this, dependsOn: [role] },
    );
    this.registerOutputs({ roleArn: this.roleArn });
  }
}
