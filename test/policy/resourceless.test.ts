import assert from "node:assert/strict";
import byService from "../../policy/resourceless.json";
import { hasNoResource } from "../../policy/resourceless";
import { resourceless } from "../support/resourceless";

describe("actions without a resource", () => {
  it("are those of the service authorization reference: `node --import tsx test/support/resourceless.ts` writes them", async () => {
    assert.deepEqual(byService, await resourceless());
  });

  it("are known in any case, and no others", () => {
    for (const action of ["lakeformation:GetDataAccess", "SQS:listqueues", "tag:GetResources", "ec2:DescribeVpcs"])
      assert.ok(hasNoResource(action), action);
    for (const action of ["glue:GetTable", "sqs:*", "sqs", "*", "", "acme:ListQueues"])
      assert.ok(!hasNoResource(action), action);
  });
});
