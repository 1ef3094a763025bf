import * as cloudWatch from "@aws-sdk/client-cloudwatch";
import { z } from "zod";
import { unlessGone, type Aws } from "./clients";
import { row } from "./row";

const inputs = z.strictObject({
  dashboardName: z.string().regex(/^[A-Za-z0-9_-]{1,255}$/),
  dashboardBody: z.string(),
});

const dashboard = row({
  type: "aws:cloudwatch/dashboard:Dashboard",
  inputs,
  documents: ["dashboardBody"],
  replaces: ["dashboardName"],
  computed: ["dashboardArn"],
  create: async (aws, wanted) => {
    await put(aws, wanted);
    return wanted.dashboardName;
  },
  read: async (aws, id) => {
    const found = await unlessGone(aws.cloudWatch.send(new cloudWatch.GetDashboardCommand({ DashboardName: id })));
    return (
      found && {
        ...{ dashboardName: found.DashboardName, dashboardBody: found.DashboardBody, dashboardArn: found.DashboardArn },
      }
    );
  },
  update: (aws, { inputs: wanted }) => put(aws, wanted),
  remove: (aws, id) => aws.cloudWatch.send(new cloudWatch.DeleteDashboardsCommand({ DashboardNames: [id] })),
});

/** CloudWatch takes what it can draw, and tells what it cannot. */
async function put(aws: Aws, { dashboardName, dashboardBody }: z.infer<typeof inputs>): Promise<void> {
  const command = new cloudWatch.PutDashboardCommand({ DashboardName: dashboardName, DashboardBody: dashboardBody });
  const { DashboardValidationMessages: problems = [] } = await aws.cloudWatch.send(command);
  if (problems.length > 0)
    throw new Error(problems.map(({ DataPath, Message }) => `${DataPath}: ${Message}`).join("; "));
}

export const rows = [dashboard];
