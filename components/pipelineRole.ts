import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { JobLimits } from "../contract/compute";
import type { Deployment, Names } from "../contract/names";
import { pipelinePolicy } from "./permissions/pipeline";
import { trustPolicy } from "./permissions/trust";

export interface PipelineRoleArgs {
  readonly deployment: Deployment;
  readonly names: Names;
  readonly limits: JobLimits;
}

/** The role that every pipeline of the stack runs under. It starts jobs; it cannot read data. */
export class PipelineRole extends pulumi.ComponentResource {
  /** Resolves once the permissions are attached: a pipeline that has this ARN can run. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: PipelineRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("partitions:components:PipelineRole", name, {}, opts);
    const { deployment, names } = args;
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        name: names.pipelineRole.name,
        path: names.rolePath,
        permissionsBoundary: names.permissionsBoundaryArn,
        description: `pipelines of ${names.base}`,
        assumeRolePolicy: JSON.stringify(
          trustPolicy(deployment, "sagemaker.amazonaws.com", names.pipelineArn(`${names.base}-*`)),
        ),
      },
      { parent: this },
    );
    const permissions = new aws.iam.RolePolicy(
      `${name}-permissions`,
      {
        name: "permissions",
        role: names.pipelineRole.name,
        policy: JSON.stringify(pipelinePolicy(names, args.limits)),
      },
      { parent: this, dependsOn: [role] },
    );
    this.arn = pulumi.all([role.arn, permissions.id]).apply(([arn]) => arn);
    this.registerOutputs({ arn: this.arn });
  }
}
