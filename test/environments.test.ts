import { runtime } from "@pulumi/pulumi";
import { load } from "js-yaml";
import { deepEqual, match, ok, rejects } from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import program from "../index";
import { rules } from "../policy/rules";
import { ACCOUNT, mockEngine, type Registered } from "./support/mocks";
import { judge } from "./support/policy";

const ROOT = path.resolve(__dirname, "..");
const stacks = fs.readdirSync(ROOT).flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? []);

/** A stack's own configuration, without the project's prefix. */
function configOf(stack: string): Record<string, string> {
  const { config } = load(fs.readFileSync(path.join(ROOT, `Pulumi.${stack}.yaml`), "utf8")) as {
    config: Record<string, string>;
  };
  return Object.fromEntries(
    Object.entries(config).flatMap(([key, value]) => {
      const [prefix = "", name = ""] = key.split(":");
      return prefix === "partitions" ? [[name, value]] : [];
    }),
  );
}

async function resourcesOf(stack: string): Promise<Registered[]> {
  const registered = await mockEngine({ ...configOf(stack), expectedAccountId: ACCOUNT }, {}, stack);
  await program();
  await runtime.disconnect();
  return registered.filter(({ type }) => !type.startsWith("partitions:"));
}

/** What a service knows a resource by. */
function physicalName({ type, inputs }: Registered): string | undefined {
  const { name, bucket, pipelineName, dashboardName, databaseName, key, queueUrl, role } = inputs as Record<
    string,
    string | undefined
  >;
  if (type.startsWith("aws:s3/")) return `${type} ${bucket}/${key ?? ""}`;
  if (type === "aws:iam/rolePolicy:RolePolicy") return `${type} ${role}`;
  if (queueUrl !== undefined) return undefined;
  const own = pipelineName ?? dashboardName ?? name;
  return own === undefined ? undefined : `${type} ${databaseName ?? ""}/${own}`;
}

describe("the environments", function () {
  this.timeout(60_000);
  const all = new Map<string, Registered[]>();
  before(async () => {
    for (const stack of stacks) all.set(stack, await resourcesOf(stack));
  });

  it("are dev, stg and prod", () => deepEqual([...stacks].sort(), ["dev", "prod", "stg"]));

  it("share no physical name in one account", () => {
    const owners = new Map<string, string>();
    for (const [stack, resources] of all)
      for (const name of resources.flatMap((each) => physicalName(each) ?? [])) {
        ok(!owners.has(name) || owners.get(name) === stack, `${name} is of ${owners.get(name)} and of ${stack}`);
        owners.set(name, stack);
      }
    ok(owners.size > 60);
  });

  it("break no mandatory rule of the policy pack", () => {
    for (const [stack, resources] of all) {
      const judged = resources.map(({ type, name, inputs }) => ({ type, name, props: inputs }));
      const broken = rules.filter((rule) => judge(rule, judged).violations.length > 0);
      deepEqual(
        broken.filter(({ enforcementLevel }) => enforcementLevel === "mandatory").map(({ name }) => name),
        [],
        stack,
      );
    }
  });

  it("deploy to no account before somebody names it, but for dev", async () => {
    for (const stack of ["stg", "prod"]) {
      await mockEngine(configOf(stack), {}, stack);
      await rejects(program(), (error: Error) => {
        match(
          error.message,
          new RegExp(`stack '${stack}' belongs to account 000000000000, the credentials to ${ACCOUNT}`),
        );
        return true;
      });
    }
  });

  it("build an image in dev alone: the others name a digest", async () => {
    for (const [stack, resources] of all)
      deepEqual([stack, resources.some(({ type }) => type === "awsx:ecr:Image")], [stack, stack === "dev"]);
  });
});
