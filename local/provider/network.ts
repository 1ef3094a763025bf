import * as ec2 from "@aws-sdk/client-ec2";
import type { Aws } from "./clients";
import { isObject, type Properties } from "./values";

/** What a function of the provider does. */
export type Invoke = (aws: Aws, args: Properties) => Promise<Properties>;

/** The one found; otherwise an error in the words of the real provider, which programs read. */
function one<T>(what: string, found: readonly T[] = []): T {
  const [first] = found;
  if (first === undefined) throw new Error(`no matching ${what} found`);
  if (found.length > 1)
    throw new Error(`multiple ${what}s matched; use additional constraints to reduce matches to a single ${what}`);
  return first;
}

const filters = (wanted: Readonly<Record<string, unknown>>): ec2.Filter[] =>
  Object.entries(wanted).map(([Name, value]) => ({ Name, Values: [String(value)] }));

/** Filters as a program gives them. */
function given(value: unknown): ec2.Filter[] {
  return (Array.isArray(value) ? value : [])
    .filter(isObject)
    .map(({ name, values }) => ({ Name: String(name), Values: Array.isArray(values) ? values.map(String) : [] }));
}

const arnOf = ({ partition, region, accountId }: Aws, resource: string) =>
  `arn:${partition}:ec2:${region}:${accountId}:${resource}`;

/** Arguments that the functions below take, all of them. */
export const NETWORK_ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  "aws:ec2/getSubnet:getSubnet": ["id"],
  "aws:ec2/getSecurityGroup:getSecurityGroup": ["id"],
  "aws:ec2/getRouteTable:getRouteTable": ["vpcId", "filters"],
  "aws:ec2/getVpcEndpoint:getVpcEndpoint": ["vpcId", "serviceName", "vpcEndpointType"],
};

/** Functions that look at a VPC. */
export const NETWORK_INVOKES: Readonly<Record<string, Invoke>> = {
  "aws:ec2/getSubnet:getSubnet": async (aws, { id }) => {
    const request = new ec2.DescribeSubnetsCommand({ Filters: filters({ "subnet-id": id }) });
    const found = one("EC2 Subnet", (await aws.ec2.send(request)).Subnets);
    return {
      id,
      arn: arnOf(aws, `subnet/${String(id)}`),
      vpcId: found.VpcId,
      availabilityZone: found.AvailabilityZone,
      availabilityZoneId: found.AvailabilityZoneId,
      cidrBlock: found.CidrBlock,
      ownerId: found.OwnerId,
      state: found.State,
      region: aws.region,
    };
  },
  "aws:ec2/getSecurityGroup:getSecurityGroup": async (aws, { id }) => {
    const request = new ec2.DescribeSecurityGroupsCommand({ Filters: filters({ "group-id": id }) });
    const found = one("EC2 Security Group", (await aws.ec2.send(request)).SecurityGroups);
    const { GroupName: name, Description: description, VpcId: vpcId } = found;
    return { id, arn: arnOf(aws, `security-group/${String(id)}`), name, description, vpcId, region: aws.region };
  },
  "aws:ec2/getRouteTable:getRouteTable": async (aws, { vpcId, filters: wanted }) => {
    const Filters = [...filters({ "vpc-id": vpcId }), ...given(wanted)];
    const found = one(
      "EC2 Route Table",
      (await aws.ec2.send(new ec2.DescribeRouteTablesCommand({ Filters }))).RouteTables,
    );
    return {
      id: found.RouteTableId,
      routeTableId: found.RouteTableId,
      arn: arnOf(aws, `route-table/${found.RouteTableId}`),
      vpcId,
      region: aws.region,
      // Without the VPC's own route and those to gateway endpoints, as the real provider shows them.
      routes: (found.Routes ?? [])
        .filter(({ GatewayId }) => GatewayId !== "local" && !GatewayId?.startsWith("vpce-"))
        .map((route) => ({
          cidrBlock: route.DestinationCidrBlock ?? "",
          gatewayId: route.GatewayId ?? "",
          natGatewayId: route.NatGatewayId ?? "",
          transitGatewayId: route.TransitGatewayId ?? "",
          networkInterfaceId: route.NetworkInterfaceId ?? "",
        })),
    };
  },
  "aws:ec2/getVpcEndpoint:getVpcEndpoint": async (aws, { vpcId, serviceName, vpcEndpointType }) => {
    const Filters = filters({ "vpc-id": vpcId, "service-name": serviceName, "vpc-endpoint-type": vpcEndpointType });
    const request = new ec2.DescribeVpcEndpointsCommand({ Filters });
    const found = one("EC2 VPC Endpoint", (await aws.ec2.send(request)).VpcEndpoints);
    return {
      id: found.VpcEndpointId,
      arn: arnOf(aws, `vpc-endpoint/${found.VpcEndpointId}`),
      vpcId,
      serviceName,
      vpcEndpointType,
      state: found.State,
      privateDnsEnabled: found.PrivateDnsEnabled ?? false,
      routeTableIds: found.RouteTableIds ?? [],
      subnetIds: found.SubnetIds ?? [],
      region: aws.region,
    };
  },
};
