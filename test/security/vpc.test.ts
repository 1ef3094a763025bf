import { deepEqual, equal, ok } from "node:assert/strict";
import { isJsonObject } from "../../contract/pipeline/json";
import { needsOf, type Need } from "../../contract/vpc";
import { allows } from "../support/iam";
import { ACCOUNT, REGION } from "../support/mocks";
import { all, features } from "./datasets";
import { ADMIN, ANYTHING, DeployedStack, VPC, type RoleName } from "./deployed";
import { ofInterfaces } from "./needs";
import type { Needed } from "./permissionsOf";
import { jobsOf, toldOf } from "./services";

const ec2 = (path: string) => `arn:aws:ec2:${REGION}:${ACCOUNT}:${path}`;
const FUNCTIONS = ["day", "registrar", "checker"] as const;
const [SUBNET] = VPC.subnetIds;
const [GROUP] = VPC.securityGroupIds;

/** What services do by themselves, outside the VPC: with these prefixes of actions no endpoint is needed. */
const OUTSIDE = ["kms", "logs", "sqs", "ec2"];
/** Prefixes of actions whose endpoints are called otherwise. */
const ENDPOINTS: Readonly<Record<string, string>> = { cloudwatch: "monitoring" };

describe("the roles of a stack in a VPC", function () {
  this.timeout(60_000);
  let stack: DeployedStack;
  let job: { readonly arn: string; readonly told: Readonly<Record<string, string | string[]>> };
  before(async () => {
    stack = await DeployedStack.of({ network: VPC }, all);
    const [first] = jobsOf(stack, features);
    ok(first);
    job = { arn: first.arns[0] ?? "", told: toldOf(first.request) };
  });

  const create = (changed: Readonly<Record<string, string | string[] | undefined>>): Needed => ({
    ...{ action: "sagemaker:CreateProcessingJob", resource: job.arn },
    context: Object.fromEntries(
      Object.entries({ ...job.told, ...changed }).flatMap(([key, value]) =>
        value === undefined ? [] : [[key, value]],
      ),
    ),
  });

  it("let Lambda make, look at and remove the interfaces of every function", async () => {
    for (const role of FUNCTIONS)
      for (const needed of ofInterfaces(stack))
        equal(await stack.may(role, needed), true, `${role}: ${JSON.stringify(needed)}`);
  });

  it("let no function's code do what Lambda does", async () => {
    for (const role of FUNCTIONS)
      for (const { action, resource } of ofInterfaces(stack)) {
        const context = { "lambda:SourceFunctionArn": stack.names[role].arn };
        equal(await stack.may(role, { action, resource, context }), false, `${role}: ${action}`);
      }
  });

  /** Denied: who, what it would be, and the call. */
  const forbidden = (): (readonly [RoleName, string, Needed])[] => [
    ...(["job of a", ...FUNCTIONS] as const).flatMap((role) => [
      [role, "make an interface in another subnet", on("CreateNetworkInterface", "subnet/subnet-99999999")] as const,
      [role, "make one in another group", on("CreateNetworkInterface", "security-group/sg-99999999")] as const,
      [
        role,
        "make one in another region",
        { action: "ec2:CreateNetworkInterface", resource: ec2(`subnet/${SUBNET}`).replace(REGION, "us-east-1") },
      ] as const,
      [role, "open a group", on("AuthorizeSecurityGroupIngress", `security-group/${GROUP}`)] as const,
      [role, "change an interface", on("ModifyNetworkInterfaceAttribute", "network-interface/eni-0a1b2c3d")] as const,
    ]),
    ...(["pipeline", "scheduler", "remover"] as const).map(
      (role) => [role, "make an interface", on("CreateNetworkInterface", `subnet/${SUBNET}`)] as const,
    ),
    [
      "pipeline",
      "start a job outside every VPC",
      create({ "sagemaker:VpcSubnets": undefined, "sagemaker:VpcSecurityGroupIds": undefined }),
    ],
    ["pipeline", "start a job without groups", create({ "sagemaker:VpcSecurityGroupIds": undefined })],
    ["pipeline", "start a job in another subnet", create({ "sagemaker:VpcSubnets": ["subnet-99999999"] })],
    [
      "pipeline",
      "start a job in another subnet as well",
      create({ "sagemaker:VpcSubnets": [SUBNET, "subnet-99999999"] }),
    ],
    [
      "pipeline",
      "start a job in another group as well",
      create({ "sagemaker:VpcSecurityGroupIds": [GROUP, "sg-99999999"] }),
    ],
    ["pipeline", "start a job with a network", create({ "sagemaker:NetworkIsolation": "false" })],
  ];
  const on = (action: string, path: string): Needed => ({ action: `ec2:${action}`, resource: ec2(path) });

  it("deny other subnets, other groups, and jobs outside them", async () => {
    equal(await stack.may("pipeline", create({})), true);
    for (const [role, what, call] of forbidden()) {
      equal(await stack.may(role, call), false, `${role}: ${what}`);
      equal(await allows({ identity: ANYTHING }, { principal: ADMIN, ...call }), true, `${role}: ${what}`);
    }
  });

  it("are granted nothing that no endpoint of the preflight leads to", () => {
    const reached = (role: RoleName) => {
      const actions = stack.permissions(role).Statement.flatMap(({ Action }) => Action);
      const prefixes = new Set(actions.map((action) => action.split(":")[0] ?? ""));
      return [...prefixes].filter((each) => !OUTSIDE.includes(each)).map((each) => ENDPOINTS[each] ?? each);
    };
    const needed = (who: string) =>
      needsOf(all)
        .filter(({ by }: Need) => by.includes(who))
        .map(({ service }) => service);
    for (const role of FUNCTIONS) deepEqual(reached(role).sort(), needed(role).sort(), role);
  });
});

describe("the roles of a stack without a VPC", () => {
  it("have nothing to do with networks", async () => {
    for (const mode of ["isolated", "open"] as const) {
      const stack = await DeployedStack.of({ network: { mode } }, all);
      const texts = stack.parts.map(({ inputs }) => String(inputs["policy"]));
      deepEqual(
        texts.filter((text) => /ec2:|Vpc|SourceFunctionArn/.test(text)),
        [],
      );
    }
  }).timeout(60_000);

  it("let an open stack's pipelines start jobs with a network, within all other limits", async () => {
    const stack = await DeployedStack.of({ network: { mode: "open" } }, [features]);
    const [job] = jobsOf(stack, features);
    ok(job && isJsonObject(job.request));
    const told = toldOf(job.request);
    equal(told["sagemaker:NetworkIsolation"], "false");
    const call = { action: "sagemaker:CreateProcessingJob", resource: job.arns[0] ?? "" };
    equal(await stack.may("pipeline", { ...call, context: told }), true);
    equal(
      await stack.may("pipeline", { ...call, context: { ...told, "sagemaker:MaxRuntimeInSeconds": "3601" } }),
      false,
    );
  }).timeout(60_000);
});
