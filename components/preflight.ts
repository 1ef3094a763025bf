import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Dataset } from "../contract/dataset";
import type { Deployment } from "../contract/names";
import type { Vpc } from "../contract/network";
import { judgeVpc, needsOf, serviceName, type EndpointFacts, type SubnetFacts, type VpcFacts } from "../contract/vpc";

/**
 * Says what a stack's network means before anything is made: in preview and up alike.
 *
 * @throws pulumi.RunError naming every endpoint that the VPC lacks, who needs it, and the command that adds it
 */
export async function preflight(deployment: Deployment, datasets: readonly Dataset[]): Promise<void> {
  const { network, stack } = deployment;
  if (network?.mode === "open")
    await pulumi.log.warn(
      `network of stack '${stack}' is 'open': scripts reach the internet and AWS with the rights of their job; ` +
        `nothing but these rights keeps data in; run: pulumi config set network isolated`,
    );
  if (network?.mode !== "vpc") return;
  const needs = needsOf(datasets);
  const services = needs.map(({ service }) => service);
  const { problems, warnings } = judgeVpc(network, needs, await factsOf(deployment, network, services));
  for (const warning of warnings) await pulumi.log.warn(`network of stack '${stack}': ${warning}`);
  if (problems.length > 0)
    throw new pulumi.RunError(
      `network of stack '${stack}':\n${problems.map((problem) => `  - ${problem}`).join("\n")}`,
    );
}

async function factsOf({ accountId, region }: Deployment, vpc: Vpc, services: readonly string[]): Promise<VpcFacts> {
  const [subnets, groups] = await Promise.all([
    Promise.all(vpc.subnetIds.map(subnet)),
    Promise.all(vpc.securityGroupIds.map((id) => unlessMissing(aws.ec2.getSecurityGroup({ id })))),
  ]);
  const known = present(subnets);
  const vpcIds = [...new Set(known.map(({ vpcId }) => vpcId))];
  // In several VPCs nothing is looked for: that is refused anyway.
  const [vpcId] = vpcIds.length === 1 ? vpcIds : [];
  const found = vpcId === undefined ? [] : await Promise.all(services.map((each) => endpoint(vpcId, region, each)));
  return {
    ...{ accountId, region, subnets: known },
    groups: present(groups).map(({ id, vpcId }) => ({ id, vpcId })),
    endpoints: found.flatMap((each) => (typeof each === "object" ? [each] : [])),
    several: found.flatMap((each) => (typeof each === "string" ? [each] : [])),
  };
}

async function subnet(id: string): Promise<SubnetFacts | undefined> {
  const found = await unlessMissing(aws.ec2.getSubnet({ id }));
  if (!found) return undefined;
  const { vpcId, availabilityZone: zone, ownerId } = found;
  const table = (name: string, value: string) =>
    unlessMissing(aws.ec2.getRouteTable({ vpcId, filters: [{ name, values: [value] }] }));
  // A subnet without a table of its own has the VPC's main one.
  const routes = (await table("association.subnet-id", id)) ?? (await table("association.main", "true"));
  const hasWayOut = (routes?.routes ?? []).some(
    ({ cidrBlock, gatewayId }) => cidrBlock === "0.0.0.0/0" && !gatewayId.startsWith("igw-"),
  );
  return { id, vpcId, zone, ownerId, routeTableId: routes?.routeTableId ?? "", hasWayOut };
}

/** The endpoint of a service; the service's name where there are several, which the provider does not show. */
async function endpoint(vpcId: string, region: string, service: string): Promise<EndpointFacts | string | undefined> {
  const vpcEndpointType = service === "s3" ? "Gateway" : "Interface";
  const query = { vpcId, serviceName: serviceName({ region }, service), vpcEndpointType };
  try {
    const found = await unlessMissing(aws.ec2.getVpcEndpoint(query));
    if (!found) return undefined;
    const { state, privateDnsEnabled: privateDns, routeTableIds } = found;
    return { service, state, privateDns, routeTableIds };
  } catch (error) {
    if (/multiple .* matched/.test(String(error))) return service;
    throw error;
  }
}

/** The provider's functions fail where nothing is found, and say so in words alone. */
async function unlessMissing<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (/no matching .* found|returned no results/i.test(String(error))) return undefined;
    throw error;
  }
}

function present<T>(values: readonly (T | undefined)[]): T[] {
  return values.flatMap((value) => (value === undefined ? [] : [value]));
}
