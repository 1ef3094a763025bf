import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { dashboardBody, type DashboardArgs } from "../contract/dashboard";

/** One CloudWatch dashboard over all datasets of a stack, drawn from their declarations. */
export class Dashboard extends pulumi.ComponentResource {
  constructor(name: string, args: DashboardArgs, opts?: pulumi.ComponentResourceOptions) {
    super("partitions:components:Dashboard", name, {}, opts);
    new aws.cloudwatch.Dashboard(
      `${name}-dashboard`,
      { dashboardName: args.names.dashboard, dashboardBody: JSON.stringify(dashboardBody(args)) },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
