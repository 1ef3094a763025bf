import type { Dataset } from "./dataset";
import type { Vpc } from "./network";
import { registrationOf } from "./registration";

/** An AWS service that must be reached from the subnets, and who reaches for it. */
export interface Need {
  /** As in the endpoint's name: `com.amazonaws.<region>.<service>`. */
  readonly service: string;
  readonly kind: "Gateway" | "Interface";
  readonly by: readonly string[];
}

/**
 * What the jobs and functions of a stack call by themselves.
 *
 * Not among them is what the services do outside the VPC: SageMaker pulls images, writes logs and metrics, and opens
 * volumes (SageMaker developer guide, process-vpc: S3 is the one endpoint it asks for); Lambda writes logs, hands out
 * credentials and leaves failed calls in the queue; S3 and SNS use the key themselves.
 */
export function needsOf(datasets: readonly Dataset[]): Need[] {
  const repairs = datasets.some((dataset) => registrationOf(dataset).strategy === "athena-repair");
  const checks = datasets.some(({ schedule }) => schedule !== undefined);
  const checker = checks ? ["checker"] : [];
  const need = (service: string, ...by: string[]): Need[] =>
    by.length === 0 ? [] : [{ service, kind: service === "s3" ? "Gateway" : "Interface", by }];
  return [
    ...need("s3", "jobs", "registrar", ...checker),
    ...need("glue", "registrar", ...checker),
    ...(repairs ? need("athena", "registrar") : []),
    ...need("scheduler", ...checker),
    ...need("monitoring", ...checker),
    ...need("sns", ...checker),
  ];
}

export interface SubnetFacts {
  readonly id: string;
  readonly vpcId: string;
  /** Availability zone: `ap-northeast-1a`. */
  readonly zone: string;
  readonly ownerId: string;
  readonly routeTableId: string;
  /** Whether its default route leads out by other than an internet gateway: interfaces here have no public address. */
  readonly hasWayOut: boolean;
}

export interface EndpointFacts {
  readonly service: string;
  /** `available` is the one that works. */
  readonly state: string;
  /** Interfaces alone: whether the service's usual name leads to it. */
  readonly privateDns: boolean;
  /** Gateways alone. */
  readonly routeTableIds: readonly string[];
}

/** What AWS says of the subnets, the groups and the VPC. What is not there is left out. */
export interface VpcFacts {
  readonly accountId: string;
  readonly region: string;
  readonly subnets: readonly SubnetFacts[];
  readonly groups: readonly { readonly id: string; readonly vpcId: string }[];
  /** Of the services asked for; one service may have several. */
  readonly endpoints: readonly EndpointFacts[];
  /** Services with more endpoints than AWS's answer tells apart. */
  readonly several: readonly string[];
}

/** What stops a deployment, and what is only said. */
export interface Findings {
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** Whether jobs and functions can work in a VPC as it is. */
export function judgeVpc(vpc: Vpc, needs: readonly Need[], facts: VpcFacts): Findings {
  const placed = placeProblems(vpc, facts);
  if (placed.length > 0) return { problems: placed, warnings: [] };
  const zones = [...new Set(facts.subnets.map(({ zone }) => zone))];
  const oneZone = `all subnets are in ${zones.join()}: when it fails, so does every run; add one of another zone to subnetIds`;
  const warnings = zones.length < 2 ? [oneZone] : [];
  const closed = facts.subnets.filter(({ hasWayOut }) => !hasWayOut);
  if (closed.length === 0) return { problems: [], warnings };
  const [{ ownerId } = { ownerId: facts.accountId }] = closed;
  if (ownerId !== facts.accountId) {
    const names = needs.map(({ service }) => serviceName(facts, service)).join(", ");
    return {
      problems: [],
      warnings: [...warnings, `the VPC is of account ${ownerId}, which alone sees its endpoints; needed are ${names}`],
    };
  }
  const judged = needs.map((need) => judgeNeed(vpc, need, facts, closed));
  return {
    problems: judged.flatMap(({ problems }) => problems),
    warnings: [...warnings, ...judged.flatMap((each) => each.warnings)],
  };
}

/** That subnets and groups are there, in one VPC. */
function placeProblems(
  { subnetIds, securityGroupIds }: Vpc,
  { subnets, groups, region, accountId }: VpcFacts,
): string[] {
  const lost = (key: string, ids: readonly string[], there: readonly { readonly id: string }[]) =>
    ids
      .filter((id) => !there.some((each) => each.id === id))
      .map((id) => `${key} names '${id}', which is not there in ${region} for account ${accountId}; correct ${key}`);
  const places = [...subnets, ...groups].map(({ id, vpcId }) => ({ id, vpcId }));
  const vpcs = new Set(places.map(({ vpcId }) => vpcId));
  const where = places.map(({ id, vpcId }) => `${id} in ${vpcId}`).join(", ");
  return [
    ...lost("subnetIds", subnetIds, subnets),
    ...lost("securityGroupIds", securityGroupIds, groups),
    ...(vpcs.size > 1 ? [`subnets and security groups must be of one VPC, got ${where}`] : []),
  ];
}

function judgeNeed(vpc: Vpc, need: Need, facts: VpcFacts, closed: readonly SubnetFacts[]): Findings {
  const { service, kind, by } = need;
  const name = serviceName(facts, service);
  if (facts.several.includes(service))
    return { problems: [], warnings: [`${name} has several endpoints; that one serves ${list(by)} was not looked at`] };
  const endpoint = facts.endpoints.find((each) => each.service === service);
  const problem = (what: string, fix: string): Findings => ({
    problems: [`${name}: ${what}; ${list(by)} ${by.length > 1 || by[0] === "jobs" ? "need" : "needs"} it; ${fix}`],
    warnings: [],
  });
  const noWayOut = `${list(closed.map(({ id }) => id))} lead${closed.length === 1 ? "s" : ""} to no NAT gateway`;
  if (endpoint === undefined)
    return problem(`there is no ${kind.toLowerCase()} endpoint, and ${noWayOut}`, creation(vpc, need, facts, closed));
  if (endpoint.state.toLowerCase() !== "available")
    return problem(`the endpoint is '${endpoint.state}', expected 'available'`, "wait for it, or accept it");
  if (kind === "Interface" && !endpoint.privateDns)
    return problem(
      "the endpoint has no private DNS name: the AWS SDK does not find it",
      "aws ec2 modify-vpc-endpoint --private-dns-enabled --vpc-endpoint-id <its id>",
    );
  const tables = unique(closed.map(({ routeTableId }) => routeTableId));
  const without = tables.filter((id) => kind === "Gateway" && !endpoint.routeTableIds.includes(id));
  if (without.length > 0)
    return problem(
      `the endpoint is not in ${list(without)}, and ${noWayOut}`,
      `aws ec2 modify-vpc-endpoint --vpc-endpoint-id <its id> --add-route-table-ids ${without.join(" ")}`,
    );
  return { problems: [], warnings: [] };
}

/** The command that makes an endpoint. An interface has one subnet in each zone. */
function creation(vpc: Vpc, { service, kind }: Need, facts: VpcFacts, closed: readonly SubnetFacts[]): string {
  const [{ vpcId } = { vpcId: "" }] = closed;
  const command =
    `add it: aws ec2 create-vpc-endpoint --region ${facts.region} --vpc-id ${vpcId} ` +
    `--service-name ${serviceName(facts, service)} --vpc-endpoint-type ${kind}`;
  if (kind === "Gateway")
    return `${command} --route-table-ids ${unique(closed.map(({ routeTableId }) => routeTableId)).join(" ")}`;
  const byZone = new Map(facts.subnets.map(({ zone, id }) => [zone, id]));
  return (
    `${command} --private-dns-enabled --subnet-ids ${[...byZone.values()].join(" ")} --security-group-ids <group> ` +
    `(a group that lets port 443 in from ${list(vpc.securityGroupIds)})`
  );
}

/** In the partitions `aws` and `aws-us-gov`. */
export function serviceName({ region }: Pick<VpcFacts, "region">, service: string): string {
  return `com.amazonaws.${region}.${service}`;
}

const unique = (values: readonly string[]): string[] => [...new Set(values)];
const list = (values: readonly string[]): string => values.join(", ").replace(/, ([^,]*)$/, " and $1");
