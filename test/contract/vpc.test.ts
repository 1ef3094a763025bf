import fc from "fast-check";
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { athenaRepair } from "../../contract/registration";
import { dailyAt } from "../../contract/schedule";
import { judgeVpc, needsOf, type SubnetFacts, type VpcFacts } from "../../contract/vpc";
import { features } from "../../datasets/features/dataset";

const { name, description, prefix, partitionKeys, columns, format, steps } = features;
const plain = { name, description, prefix, partitionKeys, columns, format, steps };
const scheduled = { ...features, schedule: dailyAt("02:30", "Asia/Tokyo", { dueBy: "04:00" }) };
const repaired = { ...plain, registration: athenaRepair({ workgroup: "lake" }) };
const ALL = needsOf([scheduled, repaired]);
const VPC = {
  mode: "vpc",
  subnetIds: ["subnet-0000000a", "subnet-0000000c"],
  securityGroupIds: ["sg-0a1b2c3d"],
} as const;

const subnet = (zone: "a" | "c", more: Partial<SubnetFacts> = {}): SubnetFacts => ({
  ...{ id: `subnet-0000000${zone}`, vpcId: "vpc-1", zone: `ap-northeast-1${zone}`, ownerId: "123456789012" },
  ...{ routeTableId: `rtb-${zone}`, hasWayOut: false, ...more },
});
/** A VPC that has all there is to need. */
const COMPLETE: VpcFacts = {
  ...{ accountId: "123456789012", region: "ap-northeast-1", several: [] },
  subnets: [subnet("a"), subnet("c")],
  groups: [{ id: "sg-0a1b2c3d", vpcId: "vpc-1" }],
  endpoints: ALL.map(({ service, kind }) => ({
    ...{ service, state: "available", privateDns: kind === "Interface" },
    routeTableIds: kind === "Gateway" ? ["rtb-a", "rtb-c"] : [],
  })),
};
const judge = (change: Partial<VpcFacts>) => judgeVpc(VPC, ALL, { ...COMPLETE, ...change });
const endpoint = (service: string, change: object) => ({
  endpoints: COMPLETE.endpoints.map((each) => (each.service === service ? { ...each, ...change } : each)),
});
/** Services that problems or warnings name. */
const named = (texts: readonly string[]) =>
  texts.flatMap((text) => /^com\.amazonaws\.ap-northeast-1\.(\S+?):? /.exec(text)?.[1] ?? []);

describe("what the parts of a stack need of a VPC", () => {
  it("is S3 for jobs, Glue for the registrar, and more where there is a schedule or Athena's repair", () => {
    const services = (...datasets: Parameters<typeof needsOf>[0]) => needsOf(datasets).map(({ service }) => service);
    deepEqual(services(plain), ["s3", "glue"]);
    deepEqual(services(repaired), ["s3", "glue", "athena"]);
    deepEqual(services(plain, scheduled), ["s3", "glue", "scheduler", "monitoring", "sns"]);
  });
});

describe("the preflight", () => {
  it("finds nothing in a VPC that has everything", () => deepEqual(judge({}), { problems: [], warnings: [] }));

  it("names each missing endpoint, who needs it, and the command, for whatever is missing", () => {
    fc.assert(
      fc.property(fc.subarray(ALL.map(({ service }) => service)), (missing) => {
        const endpoints = COMPLETE.endpoints.filter(({ service }) => !missing.includes(service));
        const { problems, warnings } = judge({ endpoints });
        deepEqual([named(problems), warnings], [missing, []]);
        for (const problem of problems) match(problem, /; .* needs? it; add it: aws ec2 create-vpc-endpoint /);
      }),
    );
  });

  it("finds nothing where every subnet reaches everything, and something wherever one does not", () => {
    const subnets = fc.tuple(
      ...(["a", "c"] as const).map((zone) => fc.boolean().map((hasWayOut) => subnet(zone, { hasWayOut }))),
    );
    const oneEndpoint = (service: string) =>
      fc.record({
        service: fc.constant(service),
        state: fc.constantFrom("available", "available", "available", "Available", "pending"),
        privateDns: fc.constantFrom(true, true, false),
        routeTableIds: fc.subarray(["rtb-a", "rtb-c", "rtb-x"], { minLength: 2 }),
      });
    const endpoints = fc
      .subarray(ALL, { minLength: ALL.length - 1 })
      .chain((needs) => fc.tuple(...needs.map(({ service }) => oneEndpoint(service))));
    fc.assert(
      fc.property(subnets, endpoints, (places, there) => {
        const reaches = (place: SubnetFacts): boolean =>
          place.hasWayOut ||
          ALL.every(({ service }) => {
            const found = there.find((each) => each.service === service && /^available$/i.test(each.state));
            return service === "s3" ? found?.routeTableIds.includes(place.routeTableId) : found?.privateDns;
          });
        equal(judge({ subnets: places, endpoints: there }).problems.length === 0, places.every(reaches));
      }),
      { numRuns: 1000 },
    );
  });

  it("writes commands that can be run but for the group", () => {
    const { problems } = judge({ endpoints: COMPLETE.endpoints.filter(({ service }) => !/s3|sns/.test(service)) });
    deepEqual(problems, [
      "com.amazonaws.ap-northeast-1.s3: there is no gateway endpoint, and subnet-0000000a and subnet-0000000c lead to " +
        "no NAT gateway; jobs, registrar and checker need it; add it: aws ec2 create-vpc-endpoint --region ap-northeast-1 " +
        "--vpc-id vpc-1 --service-name com.amazonaws.ap-northeast-1.s3 --vpc-endpoint-type Gateway " +
        "--route-table-ids rtb-a rtb-c",
      "com.amazonaws.ap-northeast-1.sns: there is no interface endpoint, and subnet-0000000a and subnet-0000000c lead to " +
        "no NAT gateway; checker needs it; add it: aws ec2 create-vpc-endpoint --region ap-northeast-1 --vpc-id vpc-1 " +
        "--service-name com.amazonaws.ap-northeast-1.sns --vpc-endpoint-type Interface --private-dns-enabled " +
        "--subnet-ids subnet-0000000a subnet-0000000c --security-group-ids <group> " +
        "(a group that lets port 443 in from sg-0a1b2c3d)",
    ]);
  });

  it("asks for no endpoint where every subnet has a way out, and for all where one has none", () => {
    const out = { hasWayOut: true };
    const without = { endpoints: [] };
    deepEqual(judge({ ...without, subnets: [subnet("a", out), subnet("c", out)] }), { problems: [], warnings: [] });
    const { problems } = judge({ ...without, subnets: [subnet("a", out), subnet("c")] });
    equal(problems.length, ALL.length);
    ok(problems.every((text) => text.includes("subnet-0000000c leads to no NAT gateway") && !text.includes("rtb-a")));
  });

  it("takes an endpoint for none that is not ready, has no name of its own, or is not in the route tables", () => {
    const first = (change: Partial<VpcFacts>) => judge(change).problems;
    match(
      first(endpoint("glue", { state: "pendingAcceptance" })).join(),
      /\.glue: the endpoint is 'pendingAcceptance'/,
    );
    match(first(endpoint("glue", { privateDns: false })).join(), /\.glue: the endpoint has no private DNS name/);
    match(
      first(endpoint("s3", { routeTableIds: ["rtb-a"] })).join(),
      /\.s3: the endpoint is not in rtb-c, .*--add-route-table-ids rtb-c$/,
    );
    deepEqual(first(endpoint("s3", { privateDns: false })), []);
  });

  it("rejects subnets and groups that are not there, or of two VPCs, before it looks for endpoints", () => {
    deepEqual(judge({ subnets: [subnet("a")], groups: [], endpoints: [] }).problems, [
      "subnetIds names 'subnet-0000000c', which is not there in ap-northeast-1 for account 123456789012; correct subnetIds",
      "securityGroupIds names 'sg-0a1b2c3d', which is not there in ap-northeast-1 for account 123456789012; correct securityGroupIds",
    ]);
    deepEqual(judge({ subnets: [subnet("a"), subnet("c", { vpcId: "vpc-2" })], endpoints: [] }).problems, [
      "subnets and security groups must be of one VPC, got subnet-0000000a in vpc-1, subnet-0000000c in vpc-2, sg-0a1b2c3d in vpc-1",
    ]);
  });

  it("warns of one zone, of a VPC whose endpoints it cannot see, and of several endpoints; it refuses none of them", () => {
    const zone = judge({ subnets: [subnet("a"), subnet("c", { zone: "ap-northeast-1a" })] });
    deepEqual([zone.problems, zone.warnings.length], [[], 1]);
    match(zone.warnings[0] ?? "", /all subnets are in ap-northeast-1a:/);
    const shared = { ownerId: "999999999999" };
    const theirs = judge({ endpoints: [], subnets: [subnet("a", shared), subnet("c", shared)] });
    deepEqual(theirs.problems, []);
    match(
      theirs.warnings.join(),
      /of account 999999999999, .* needed are com\.amazonaws\.ap-northeast-1\.s3, .*\.sns$/,
    );
    const several = judge({ endpoints: COMPLETE.endpoints.filter(({ service }) => service !== "s3"), several: ["s3"] });
    deepEqual([several.problems, named(several.warnings)], [[], ["s3"]]);
  });
});
