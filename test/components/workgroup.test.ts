import { deepEqual } from "node:assert/strict";
import { Workgroup } from "../../components/workgroup";
import { features } from "../../datasets/features/dataset";
import { names, part, partsOf } from "./component";

describe("the Athena workgroup", () => {
  const args = { names, datasets: [features], keyArn: "key-arn", scanLimitGiB: 100 };
  const make = async (name: string) =>
    part(await partsOf((opts) => new Workgroup("athena", args, opts)), `athena-${name}`).inputs;

  it("enforces where results go, how they are encrypted, and what a query may read", async () => {
    const { name, configuration } = await make("workgroup");
    deepEqual(name, "partitions-test");
    deepEqual(configuration, {
      enforceWorkgroupConfiguration: true,
      publishCloudwatchMetricsEnabled: true,
      bytesScannedCutoffPerQuery: 107_374_182_400,
      resultConfiguration: {
        outputLocation: "s3://my-team-partitions-test-data/query-results/",
        expectedBucketOwner: "123456789012",
        encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKeyArn: "key-arn" },
      },
    });
  });

  it("has statements to begin with, each below what it is", async () => {
    const { workgroup, database, query } = await make("samples");
    deepEqual([workgroup, database], ["partitions-test", "partitions_test"]);
    const comments = String(query).match(/^-- .*$/gm);
    deepEqual(comments, [
      "-- features: A look at one partition (Athena)",
      "-- features: Rows by partition (Athena; reads everything)",
      "-- features: The newest partition (Athena; reads no file)",
    ]);
  });
});
