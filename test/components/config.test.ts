import { deepEqual, equal, match, ok, rejects, throws } from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { readConfig } from "../../components/config";
import { currentDeployment } from "../../components/deployment";
import { mockEngine } from "../support/mocks";

/** Reads a configuration as a stack file would give it, on top of the project's defaults. */
async function configured(config: Readonly<Record<string, string>> = {}) {
  await mockEngine(config);
  return readConfig();
}

describe("the configuration of a stack", () => {
  it("is complete with the project's defaults, and keeps data", async () => {
    deepEqual(await configured(), {
      ...{ bucketPrefix: "test", expectedAccountId: "any", image: "build" },
      ...{ existingBucket: undefined, existingBucketKeyArn: undefined, existingDatabase: undefined },
      accessLogBucket: undefined,
      ...{ instanceType: "ml.t3.medium", instanceCount: 1, volumeSizeGiB: 30, maxRuntimeSeconds: 3600 },
      ...{ alarmEmail: "night@example.com", runbookUrl: undefined, removerPrincipalArn: undefined, scanLimitGiB: 100 },
      ...{ logRetentionDays: 400, ephemeral: false, destroyData: false },
      ...{ network: { mode: "isolated" }, permissionsBoundaryArn: undefined, warehouse: undefined },
    });
  });

  it("has no address for alarms, and no other runbook, where the keys are empty, as by default", async () => {
    const { alarmEmail, runbookUrl } = await configured({ alarmEmail: "" });
    deepEqual([alarmEmail, runbookUrl], [undefined, undefined]);
    const { runbookUrl: there } = await configured({ runbookUrl: "https://git.example.com/docs/runbook.md" });
    equal(there, "https://git.example.com/docs/runbook.md");
  });

  it("names the warehouse whole, or what is missing of it", async () => {
    const { warehouse } = await configured({ redshiftWorkgroup: "lake", redshiftDatabase: "dev" });
    deepEqual(warehouse, { workgroup: "lake", cluster: undefined, database: "dev", secretArn: undefined });
    await rejects(configured({ redshiftWorkgroup: "lake" }), /redshiftDatabase is '': name Redshift's database/);
  });

  const wrong: Record<string, string> = {
    bucketPrefix: "My_Team",
    expectedAccountId: "1234",
    image: "latest:1",
    instanceType: "m5.large",
    instanceCount: "0",
    volumeSizeGiB: "1.5",
    maxRuntimeSeconds: "777601",
    alarmEmail: "the night shift",
    runbookUrl: "docs/runbook.md",
    logRetentionDays: "100",
    network: "vpn",
    permissionsBoundaryArn: "boundary",
    ephemeral: "yes",
    destroyData: "True",
  };

  it("rejects every wrong value at once, each with its key, its value and the file", async () => {
    await rejects(configured(wrong), (error: Error) => {
      ok(pulumi.RunError.isInstance(error));
      match(error.message, /^configuration of stack 'test' \(Pulumi\.test\.yaml\):/);
      for (const [key, value] of Object.entries(wrong))
        ok(error.message.includes(`partitions:${key} is '${value}': `), `${key} in ${error.message}`);
      return true;
    });
  });

  it("takes no URL that would make the texts of alarms too long", async () => {
    const long = `https://git.example.com/${"a".repeat(500)}`;
    await rejects(configured({ runbookUrl: long }), /runbookUrl is 'https.*: a URL of at most 500 ASCII characters/);
  });

  for (const [key, value] of Object.entries(wrong))
    it(`rejects ${key} '${value}' alone, and blames nothing else`, async () => {
      await rejects(configured({ [key]: value }), (error: Error) => {
        equal(error.message.split("\n").length, 2, error.message);
        return true;
      });
    });

  it("rejects a network that does not fit together, with all else that is wrong", async () => {
    await rejects(configured({ network: "vpc", subnetIds: "subnet-1", image: "latest:1" }), (error: Error) => {
      const [, ...problems] = error.message.split("\n");
      deepEqual(
        problems.map((problem) => problem.split(":", 2).join(":")),
        ["image is 'latest", "subnetIds is 'subnet-1'", "securityGroupIds is ''"].map(
          (each) => `  - partitions:${each}`,
        ),
      );
      return true;
    });
  });

  it("rejects keys that are not set, with the command that sets them", async () => {
    await mockEngine();
    pulumi.runtime.setAllConfig({});
    throws(
      () => readConfig(),
      (error: Error) => {
        for (const key of Object.keys(wrong))
          ok(error.message.includes(`partitions:${key} is not set; run: pulumi config set ${key} VALUE`), key);
        return true;
      },
    );
  });

  for (const image of ["build", `sha256:${"a".repeat(64)}`, "v1.2_3"])
    it(`accepts image '${image}'`, async () => {
      equal((await configured({ image })).image, image);
    });
});

describe("the place of a deployment", () => {
  it("is known before anything is made", async () => {
    deepEqual(await currentDeployment(await configured({ expectedAccountId: "123456789012" })), {
      ...{ partition: "aws", region: "ap-northeast-1", accountId: "123456789012" },
      ...{ project: "partitions", stack: "test", bucketPrefix: "test" },
      ...{ existingBucket: undefined, existingBucketKeyArn: undefined, existingDatabase: undefined },
      ...{ network: { mode: "isolated" }, permissionsBoundaryArn: undefined },
    });
  });

  it("is told of what is there already, whose names are checked where names are", async () => {
    const existing = { existingBucket: "Team", existingBucketKeyArn: "any", existingDatabase: "team-lake" };
    const { existingBucket, existingBucketKeyArn, existingDatabase } = await currentDeployment(
      await configured(existing),
    );
    deepEqual({ existingBucket, existingBucketKeyArn, existingDatabase }, existing);
  });

  it("rejects credentials of another account, and names both", async () => {
    const config = await configured({ expectedAccountId: "999999999999" });
    await rejects(currentDeployment(config), (error: Error) => {
      ok(pulumi.RunError.isInstance(error));
      match(error.message, /stack 'test' belongs to account 999999999999, the credentials to 123456789012/);
      return true;
    });
  });
});
