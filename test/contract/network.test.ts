import fc from "fast-check";
import { deepEqual, match, ok } from "node:assert/strict";
import { jobNetwork, networkOf, networkProblems, type NetworkSettings } from "../../contract/network";

const id = (kind: string) =>
  fc
    .constantFrom(8, 17)
    .chain((length) =>
      fc
        .array(fc.constantFrom(..."0123456789abcdef"), { minLength: length, maxLength: length })
        .map((digits) => `${kind}-${digits.join("")}`),
    );
const subnets = fc.uniqueArray(id("subnet"), { minLength: 1, maxLength: 16 });
const groups = fc.uniqueArray(id("sg"), { minLength: 1, maxLength: 5 });
const NONE: NetworkSettings = { network: "isolated", subnetIds: "", securityGroupIds: "" };
const VPC: NetworkSettings = { network: "vpc", subnetIds: "subnet-0a1b2c3d", securityGroupIds: "sg-0a1b2c3d" };
const problems = (change: Partial<NetworkSettings>, base = VPC) =>
  networkProblems({ ...base, ...change }).map(({ key, message }) => `${key}: ${message}`);

describe("the network of a stack", () => {
  it("is made of lists as a command line sets them, and as a file holds them", () => {
    fc.assert(
      fc.property(subnets, groups, (subnetIds, securityGroupIds) => {
        for (const write of [
          (ids: string[]) => ids.join(","),
          (ids: string[]) => ` ${ids.join(" , ")} ,`,
          (ids: string[]) => JSON.stringify(ids),
        ]) {
          const settings = { ...VPC, subnetIds: write(subnetIds), securityGroupIds: write(securityGroupIds) };
          deepEqual(networkProblems(settings), []);
          deepEqual(networkOf(settings), { mode: "vpc", subnetIds, securityGroupIds });
        }
      }),
    );
  });

  it("has no subnets where it is no VPC", () => {
    for (const network of ["isolated", "open"]) {
      deepEqual(problems({ network }, NONE), []);
      deepEqual(problems({ network, subnetIds: "[]" }, NONE), []);
      deepEqual(networkOf({ ...NONE, network }), { mode: network });
      deepEqual(problems({ network }), [
        `subnetIds: of no use with network '${network}'; set network to 'vpc', or run: pulumi config rm subnetIds`,
        `securityGroupIds: of no use with network '${network}'; set network to 'vpc', or run: pulumi config rm securityGroupIds`,
      ]);
    }
  });

  it("rejects everything that is wrong at once", () => {
    deepEqual(problems({ network: "vpn" }, NONE), ["network: one of isolated, vpc, open"]);
    deepEqual(problems({ subnetIds: "", securityGroupIds: "" }), [
      "subnetIds: network 'vpc' needs 1 to 16 subnets; run: pulumi config set subnetIds subnet-0a1b2c3d,…",
      "securityGroupIds: network 'vpc' needs 1 to 5 security groups; run: pulumi config set securityGroupIds sg-0a1b2c3d,…",
    ]);
    deepEqual(problems({ subnetIds: "sg-0a1b2c3d", securityGroupIds: "default" }), [
      "subnetIds: ids such as 'subnet-0a1b2c3d', got 'sg-0a1b2c3d'",
      "securityGroupIds: ids such as 'sg-0a1b2c3d', got 'default'",
    ]);
    deepEqual(problems({ subnetIds: "subnet-0a1b2c3d,subnet-0a1b2c3d" }), [
      "subnetIds: name each once, 'subnet-0a1b2c3d' occurs twice",
    ]);
  });

  it("rejects more than AWS takes, and no less", () => {
    const many = (kind: string, count: number) =>
      Array.from({ length: count }, (_, index) => `${kind}-${String(index).padStart(8, "0")}`).join();
    deepEqual(problems({ subnetIds: many("subnet", 16), securityGroupIds: many("sg", 5) }), []);
    deepEqual(problems({ subnetIds: many("subnet", 17), securityGroupIds: many("sg", 6) }), [
      "subnetIds: at most 16 subnets, got 17",
      "securityGroupIds: at most 5 security groups, got 6",
    ]);
  });

  it("takes whatever text comes, and lets no id through that is none", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (subnetIds) => {
        const settings = { ...VPC, subnetIds };
        const network = networkOf(settings);
        ok(network.mode === "vpc");
        if (networkProblems(settings).length > 0) return;
        for (const each of network.subnetIds) match(each, /^subnet-[0-9a-f]{8,17}$/);
      }),
    );
  });

  it("isolates jobs but where it is open, and places them in a VPC alone", () => {
    deepEqual(jobNetwork(), { isolation: true });
    deepEqual(jobNetwork({ mode: "open" }), { isolation: false });
    const { subnetIds, securityGroupIds } = { subnetIds: ["subnet-0a1b2c3d"], securityGroupIds: ["sg-0a1b2c3d"] };
    deepEqual(jobNetwork({ mode: "vpc", subnetIds, securityGroupIds }), {
      ...{ isolation: true, subnets: subnetIds, securityGroupIds },
    });
  });
});
