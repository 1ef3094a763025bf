import * as ec2 from "@aws-sdk/client-ec2";
import { deepEqual, equal, rejects } from "node:assert/strict";
import { LAPTOP_ACCOUNT } from "../../local/environment";
import { startMoto, type Moto } from "../../local/moto";
import { awsAt, type Aws } from "../../local/provider/clients";
import { invoke } from "../../local/provider/invokes";

const REGION = "ap-northeast-1";
const S3 = `com.amazonaws.${REGION}.s3`;

describe("the laptop's functions that look at a VPC", function () {
  this.timeout(60_000);
  let moto: Moto;
  let aws: Aws;
  let vpcId: string;
  let subnetId: string;
  before(async function () {
    this.timeout(900_000);
    moto = await startMoto({ region: REGION }, () => undefined);
    aws = awsAt({ endpoint: moto.endpoint, region: REGION, accountId: LAPTOP_ACCOUNT });
    vpcId = (await aws.ec2.send(new ec2.CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }))).Vpc?.VpcId ?? "";
    const request = { VpcId: vpcId, CidrBlock: "10.0.1.0/24", AvailabilityZone: `${REGION}c` };
    subnetId = (await aws.ec2.send(new ec2.CreateSubnetCommand(request))).Subnet?.SubnetId ?? "";
  });
  after(() => moto?.stop());

  const call = (name: string, args: Record<string, unknown>) => invoke(`aws:ec2/${name}:${name}`, args, aws);
  const routeTable = (name: string, value: string) =>
    call("getRouteTable", { vpcId, filters: [{ name, values: [value] }] });

  it("show a subnet, and say in the provider's words that there is none", async () => {
    const { availabilityZone, ownerId, vpcId: its } = await call("getSubnet", { id: subnetId });
    deepEqual([availabilityZone, ownerId, its], [`${REGION}c`, LAPTOP_ACCOUNT, vpcId]);
    await rejects(call("getSubnet", { id: "subnet-99999999" }), /^Error: no matching EC2 Subnet found$/);
    await rejects(call("getSecurityGroup", { id: "sg-99999999" }), /^Error: no matching EC2 Security Group found$/);
  });

  it("show the main route table to a subnet without one of its own, and the routes that a program declares", async () => {
    await rejects(routeTable("association.subnet-id", subnetId), /no matching EC2 Route Table found/);
    deepEqual((await routeTable("association.main", "true"))["routes"], []);
    const { RouteTable } = await aws.ec2.send(new ec2.CreateRouteTableCommand({ VpcId: vpcId }));
    const RouteTableId = RouteTable?.RouteTableId ?? "";
    await aws.ec2.send(new ec2.AssociateRouteTableCommand({ RouteTableId, SubnetId: subnetId }));
    const { NatGateway } = await aws.ec2.send(new ec2.CreateNatGatewayCommand({ SubnetId: subnetId }));
    const NatGatewayId = NatGateway?.NatGatewayId ?? "";
    await aws.ec2.send(new ec2.CreateRouteCommand({ RouteTableId, DestinationCidrBlock: "0.0.0.0/0", NatGatewayId }));
    const own = await routeTable("association.subnet-id", subnetId);
    equal(own["routeTableId"], RouteTableId);
    deepEqual(
      (own["routes"] as Record<string, string>[]).map(({ cidrBlock, gatewayId, natGatewayId }) => ({
        ...{ cidrBlock, gatewayId, natGatewayId },
      })),
      [{ cidrBlock: "0.0.0.0/0", gatewayId: "", natGatewayId: NatGatewayId }],
    );
  });

  it("tell none, one and several endpoints apart", async () => {
    const find = () => call("getVpcEndpoint", { vpcId, serviceName: S3, vpcEndpointType: "Gateway" });
    await rejects(find(), /^Error: no matching EC2 VPC Endpoint found$/);
    const make = () =>
      aws.ec2.send(new ec2.CreateVpcEndpointCommand({ VpcId: vpcId, ServiceName: S3, VpcEndpointType: "Gateway" }));
    await make();
    const { state, routeTableIds } = await find();
    deepEqual([state, routeTableIds], ["available", []]);
    await make();
    await rejects(find(), /^Error: multiple EC2 VPC Endpoints matched; /);
  });
});
