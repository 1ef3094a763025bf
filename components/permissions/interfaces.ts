import type { Names } from "../../contract/names";
import type { Statement } from "./statement";

/** Interfaces are made in the stack's subnets and security groups alone; a new one has no id yet. */
function makeInterfaces(names: Names): Statement[] {
  const { network } = names;
  if (network.mode !== "vpc") return [];
  return [
    {
      Sid: "MakeInterfaces",
      Effect: "Allow",
      Action: "ec2:CreateNetworkInterface",
      Resource: [
        ...network.subnetIds.map((id) => names.ec2Arn(`subnet/${id}`)),
        ...network.securityGroupIds.map((id) => names.ec2Arn(`security-group/${id}`)),
        names.ec2Arn("network-interface/*"),
      ],
    },
  ];
}

/**
 * What SageMaker does in a VPC with the role of a job: make, hand to itself, look at and remove network interfaces. None
 * outside a VPC. (SageMaker developer guide, sagemaker-roles, "CreateProcessingJob API")
 */
export function jobInterfaces(names: Names): Statement[] {
  if (names.network.mode !== "vpc") return [];
  return [
    ...makeInterfaces(names),
    {
      Sid: "HandOverInterfaces",
      Effect: "Allow",
      Action: [
        "ec2:CreateNetworkInterfacePermission",
        "ec2:DeleteNetworkInterfacePermission",
        "ec2:DeleteNetworkInterface",
      ],
      Resource: names.ec2Arn("network-interface/*"),
    },
    {
      // These actions have no resource type: `*` is the only resource they take.
      Sid: "LookAtNetwork",
      Effect: "Allow",
      Action: [
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeVpcs",
        "ec2:DescribeDhcpOptions",
        "ec2:DescribeSubnets",
        "ec2:DescribeSecurityGroups",
      ],
      Resource: "*",
    },
  ];
}

/** Lambda's own work on network interfaces, which the function's code has no part in. */
const LAMBDA_LOOKS = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"];
const LAMBDA_CHANGES = ["ec2:DeleteNetworkInterface", "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses"];

/**
 * What Lambda does in a VPC with the role of a function; none outside a VPC. The function's code has the same role: calls
 * that come from it are denied. (https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html)
 */
export function functionInterfaces(names: Names, functionArn: string): Statement[] {
  if (names.network.mode !== "vpc") return [];
  return [
    ...makeInterfaces(names),
    {
      Sid: "ChangeInterfaces",
      Effect: "Allow",
      Action: LAMBDA_CHANGES,
      // The first is what the actions take; Lambda asks a role for the second (the guide's note on
      // DeleteNetworkInterface).
      Resource: [names.ec2Arn("network-interface/*"), names.ec2Arn("*/*")],
    },
    { Sid: "LookAtNetwork", Effect: "Allow", Action: LAMBDA_LOOKS, Resource: "*" },
    {
      Sid: "NotByCode",
      Effect: "Deny",
      Action: ["ec2:CreateNetworkInterface", "ec2:DetachNetworkInterface", ...LAMBDA_CHANGES, ...LAMBDA_LOOKS],
      Resource: "*",
      Condition: { ArnEquals: { "lambda:SourceFunctionArn": functionArn } },
    },
  ];
}
