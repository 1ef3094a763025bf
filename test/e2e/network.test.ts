import * as ec2 from "@aws-sdk/client-ec2";
import { GetRoleCommand, IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import { GetFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { DescribePipelineCommand } from "@aws-sdk/client-sagemaker";
import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { pipelineName } from "../../contract/names";
import { textOutput, Watch } from "../../local/deploy";
import { clientOptions, LAPTOP_ACCOUNT } from "../../local/environment";
import { seed } from "../../local/seed";
import { LAPTOP } from "../../local/settings";
import { runPipeline } from "../../operations/executions";
import { useStartedLaptop } from "../support/startedLaptop";

const BASE = `${LAPTOP.project}-${LAPTOP.stack}`;
const BOUNDARY = `arn:aws:iam::${LAPTOP_ACCOUNT}:policy/boundary`;
const service = (name: string) => `com.amazonaws.${LAPTOP.region}.${name}`;

/** One stack on the real engine, in one VPC: refused as long as the VPC lacks something, then deployed. */
describe("a stack in a VPC", function () {
  this.timeout(300_000);
  const laptop = useStartedLaptop();
  let network: ec2.EC2Client;
  let vpcId: string;
  let subnetIds: string[];
  let groupId: string;
  let routeTableId: string;
  let config: Record<string, string | readonly string[]>;

  before(async () => {
    const options = clientOptions({ endpoint: laptop.endpoint, region: LAPTOP.region });
    network = new ec2.EC2Client(options);
    vpcId = (await network.send(new ec2.CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }))).Vpc?.VpcId ?? "";
    subnetIds = [];
    for (const zone of ["a", "c"]) {
      const request = { VpcId: vpcId, CidrBlock: `10.0.${subnetIds.length}.0/24` };
      const { Subnet } = await network.send(
        new ec2.CreateSubnetCommand({ ...request, AvailabilityZone: `${LAPTOP.region}${zone}` }),
      );
      subnetIds.push(Subnet?.SubnetId ?? "");
    }
    const group = { VpcId: vpcId, GroupName: "jobs", Description: "jobs" };
    groupId = (await network.send(new ec2.CreateSecurityGroupCommand(group))).GroupId ?? "";
    routeTableId = await mainTable(vpcId);
    config = {
      "partitions:network": "vpc",
      // As a stack's file holds a list, and as a command line sets one.
      "partitions:subnetIds": subnetIds,
      "partitions:securityGroupIds": groupId,
      "partitions:permissionsBoundaryArn": BOUNDARY,
    };
  });

  async function mainTable(vpc: string): Promise<string> {
    const Filters = [
      { Name: "vpc-id", Values: [vpc] },
      { Name: "association.main", Values: ["true"] },
    ];
    const { RouteTables = [] } = await network.send(new ec2.DescribeRouteTablesCommand({ Filters }));
    return RouteTables[0]?.RouteTableId ?? "";
  }
  const endpoint = (name: string, rest: Partial<ec2.CreateVpcEndpointCommandInput>) =>
    network.send(new ec2.CreateVpcEndpointCommand({ VpcId: vpcId, ServiceName: service(name), ...rest }));
  /** The endpoints that an `up` asks for; it has made nothing then. */
  const missing = async (): Promise<string[]> => {
    const made: string[] = [];
    const watch = new Watch((line) => made.push(line));
    let text = "";
    await laptop.withStack(
      (stack) => rejects(watch.over(stack.up(watch)), (error: Error) => Boolean((text = error.message))),
      config,
    );
    deepEqual(
      made.filter((line) => !/ pulumi:(pulumi:Stack|providers:)/.test(line)),
      [],
    );
    return [...text.matchAll(/^ {2}- com\.amazonaws\.[a-z0-9-]+\.([a-z0-9.]+): /gm)].map(([, name = ""]) => name);
  };

  it("is refused before anything is made, with every endpoint that is missing", async () => {
    deepEqual(await missing(), ["s3", "glue", "scheduler", "monitoring", "sns"]);
  });

  it("needs no endpoint in subnets that lead to a NAT gateway, by a table of their own or the VPC's", async () => {
    const other = (await network.send(new ec2.CreateVpcCommand({ CidrBlock: "10.1.0.0/16" }))).Vpc?.VpcId ?? "";
    const make = async (zone: string, CidrBlock: string) => {
      const request = { VpcId: other, CidrBlock, AvailabilityZone: `${LAPTOP.region}${zone}` };
      return (await network.send(new ec2.CreateSubnetCommand(request))).Subnet?.SubnetId ?? "";
    };
    const subnets = [await make("a", "10.1.0.0/24"), await make("c", "10.1.1.0/24")];
    const [SubnetId = ""] = subnets;
    const { NatGateway } = await network.send(new ec2.CreateNatGatewayCommand({ SubnetId }));
    const own = (await network.send(new ec2.CreateRouteTableCommand({ VpcId: other }))).RouteTable?.RouteTableId ?? "";
    await network.send(new ec2.AssociateRouteTableCommand({ RouteTableId: own, SubnetId }));
    const main = await mainTable(other);
    for (const RouteTableId of [own, main]) {
      const route = { RouteTableId, DestinationCidrBlock: "0.0.0.0/0", NatGatewayId: NatGateway?.NatGatewayId };
      await network.send(new ec2.CreateRouteCommand(route));
    }
    const group = { VpcId: other, GroupName: "jobs", Description: "jobs" };
    const groups = (await network.send(new ec2.CreateSecurityGroupCommand(group))).GroupId ?? "";
    const there = { ...config, "partitions:subnetIds": subnets, "partitions:securityGroupIds": groups };
    ok((await laptop.withStack((stack) => stack.preview(), there))["create"]);

    const mixed = { ...there, "partitions:subnetIds": [...subnets, ...subnetIds, "subnet-99999999"] };
    await laptop.withStack(
      (stack) => rejects(stack.preview(), /subnetIds names 'subnet-99999999'[^]*must be of one VPC, got subnet-/),
      mixed,
    );
  });

  it("is refused with what is still missing: an endpoint elsewhere, and one without a name of its own, do not count", async () => {
    await endpoint("s3", { VpcEndpointType: "Gateway" });
    for (const name of ["glue", "scheduler", "monitoring"])
      await endpoint(name, { VpcEndpointType: "Interface", SubnetIds: subnetIds, PrivateDnsEnabled: true });
    await endpoint("sns", { VpcEndpointType: "Interface", SubnetIds: subnetIds, PrivateDnsEnabled: false });
    deepEqual(await missing(), ["s3", "sns"]);
  });

  it("is deployed once nothing is missing, and judged by the policies for a VPC", async () => {
    const { VpcEndpoints = [] } = await network.send(new ec2.DescribeVpcEndpointsCommand({}));
    for (const { VpcEndpointId = "", ServiceName = "" } of VpcEndpoints) {
      if (ServiceName === service("s3"))
        await network.send(new ec2.ModifyVpcEndpointCommand({ VpcEndpointId, AddRouteTableIds: [routeTableId] }));
      if (ServiceName === service("sns"))
        await network.send(new ec2.DeleteVpcEndpointsCommand({ VpcEndpointIds: [VpcEndpointId] }));
    }
    await endpoint("sns", { VpcEndpointType: "Interface", SubnetIds: subnetIds, PrivateDnsEnabled: true });
    const watch = new Watch();
    const outputs = await laptop.withStack((stack) => watch.over(stack.up(watch)), config);
    deepEqual([watch.problems, watch.warnings], [[], []]);
    await seed(laptop.endpoint, textOutput(outputs, "bucket"));
    const again = new Watch();
    await laptop.withStack((stack) => again.over(stack.up(again)), config);
    deepEqual([...again.done.keys()], ["same"]);
  });

  it("has its functions in the subnets, its jobs isolated in them, and the boundary on every role", async () => {
    const options = clientOptions({ endpoint: laptop.endpoint, region: LAPTOP.region });
    const lambda = new LambdaClient(options);
    for (const name of ["day", "registrar", "checker"]) {
      const found = await lambda.send(new GetFunctionCommand({ FunctionName: `${BASE}-${name}` }));
      const { SubnetIds, SecurityGroupIds } = found.Configuration?.VpcConfig ?? {};
      deepEqual([SubnetIds, SecurityGroupIds], [subnetIds, [groupId]], name);
    }
    const { PipelineDefinition = "" } = await laptop.clients.sagemaker.send(
      new DescribePipelineCommand({ PipelineName: pipelineName(LAPTOP, "features") }),
    );
    const { Steps } = JSON.parse(PipelineDefinition) as { Steps: { Type: string; Arguments: unknown }[] };
    const jobs = Steps.filter(({ Type }) => Type === "Processing").map(({ Arguments }) => Arguments);
    equal(jobs.length, 2);
    for (const job of jobs)
      deepEqual((job as { NetworkConfig: unknown }).NetworkConfig, {
        EnableNetworkIsolation: true,
        VpcConfig: { SecurityGroupIds: [groupId], Subnets: subnetIds },
      });
    deepEqual([...(await boundaries())], [BOUNDARY]);
  });

  /** Boundaries of the stack's roles; `undefined` for a role without one. */
  async function boundaries(): Promise<Set<string | undefined>> {
    const iam = new IAMClient(clientOptions({ endpoint: laptop.endpoint, region: LAPTOP.region }));
    const { Roles = [] } = await iam.send(new ListRolesCommand({ PathPrefix: `/${BASE}/` }));
    ok(Roles.length >= 6);
    const read = ({ RoleName = "" }) => iam.send(new GetRoleCommand({ RoleName }));
    const roles = await Promise.all(Roles.map(({ RoleName = "" }) => read({ RoleName })));
    return new Set(roles.map(({ Role }) => Role?.PermissionsBoundary?.PermissionsBoundaryArn));
  }

  it("runs its pipeline", async () => {
    const result = await runPipeline(laptop.clients.sagemaker, {
      ...{ pipeline: pipelineName(LAPTOP, "features"), processDate: "2021-12-01", pollMs: 100 },
    });
    equal(result.status, "Succeeded", result.failure);
  });

  it("is refused by the pack when the pack is told of another network, or another boundary", async () => {
    const parameters = JSON.stringify({ network: "isolated", permissionsBoundary: `${BOUNDARY}-2` });
    const watch = new Watch();
    await laptop.withStack(
      (stack) =>
        rejects(watch.over(stack.preview(watch)), (error: Error) => {
          match(
            error.message,
            /policy-settings-be-sound: [^]*'network' to "isolated", the program's own setting is 'vpc'/,
          );
          match(error.message, /'permissionsBoundary' to "[^"]*-2", the program's own setting is '[^']*boundary'/);
          return true;
        }),
      { ...config, "policy:parameters": parameters },
    );
  });

  it("leaves the VPC when it is told to, and says on every up that an open one keeps nothing in", async () => {
    const isolated = new Watch();
    await laptop.withStack((stack) => isolated.over(stack.up(isolated)));
    deepEqual([isolated.problems, isolated.warnings], [[], []]);
    const lambda = new LambdaClient(clientOptions({ endpoint: laptop.endpoint, region: LAPTOP.region }));
    const found = await lambda.send(new GetFunctionCommand({ FunctionName: `${BASE}-day` }));
    deepEqual(found.Configuration?.VpcConfig?.SubnetIds ?? [], []);
    deepEqual([...(await boundaries())], [undefined]);

    const open = new Watch();
    let output = "";
    const onOutput = (text: string) => (output += text);
    await laptop.withStack((stack) => open.over(stack.up({ ...open, onOutput })), { "partitions:network": "open" });
    deepEqual(open.problems, []);
    deepEqual([...new Set(open.warnings.map((text) => text.split(":")[0]))], ["aws-sagemaker-job-isolate-network"]);
    const [, diagnostics = ""] = output.split("\nDiagnostics:");
    equal([...diagnostics.matchAll(/network of stack 'laptop' is 'open'/g)].length, 1, output);
  });
});
