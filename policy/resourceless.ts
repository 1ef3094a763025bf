import byService from "./resourceless.json";
import { matches } from "./statements";

/** Names of actions that have no resource type in the service authorization reference, by service, in lower case. */
const RESOURCELESS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(byService).map(([service, actions]) => [service, new Set(actions.toLowerCase().split(" "))]),
);

/** Actions on what does not exist yet, and groups of which but few have a resource. */
const TAKEN_FOR_SUCH = [
  ...["ec2:Describe*", "sagemaker:List*"],
  // Metrics have none; the data sets that these actions reach besides do.
  ...["cloudwatch:ListMetrics", "cloudwatch:GetMetricData"],
  // For functions and jobs in a VPC.
  ...["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:AssignPrivateIpAddresses"],
  ...["ec2:UnassignPrivateIpAddresses", "ec2:CreateNetworkInterfacePermission", "ec2:DeleteNetworkInterfacePermission"],
];

/** Whether an action has no resource to name. */
export function hasNoResource(action: string): boolean {
  const [service = "", name = ""] = action.toLowerCase().split(":");
  return (
    (RESOURCELESS.get(service)?.has(name) ?? false) ||
    TAKEN_FOR_SUCH.some((pattern) => matches(pattern, action, { ignoreCase: true }))
  );
}
