import { deepEqual } from "node:assert/strict";
import { Workgroup } from "../../components/workgroup";
import { names, part, partsOf } from "./component";

describe("the Athena workgroup", () => {
  const make = async () =>
    part(
      await partsOf((opts) => new Workgroup("athena", { names, keyArn: "key-arn", scanLimitGiB: 100 }, opts)),
      "athena-workgroup",
    ).inputs;

  it("enforces where results go, how they are encrypted, and what a query may read", async () => {
    const { name, configuration } = await make();
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
});
