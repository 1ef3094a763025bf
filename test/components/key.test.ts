import { deepEqual, equal } from "node:assert/strict";
import { DataKey } from "../../components/key";
import { kept, list, part, partsOf, stack, statements, type Part } from "./component";

const make = (mayDestroy = false) => partsOf((opts) => new DataKey("data", { ...stack, mayDestroy }, opts));

describe("the data key", () => {
  let parts: Part[];
  before(async () => {
    parts = await make();
  });

  it("is a key that rotates, goes slowly, and is found by its alias", () => {
    deepEqual(
      parts.map(({ name, chain }) => [name, chain]),
      [
        ["data-alias", "partitions:components:DataKey$aws:kms/alias:Alias"],
        ["data-key", "partitions:components:DataKey$aws:kms/key:Key"],
      ],
    );
    const { enableKeyRotation, deletionWindowInDays } = part(parts, "data-key").inputs;
    deepEqual([enableKeyRotation, deletionWindowInDays], [true, 30]);
    deepEqual(part(parts, "data-alias").inputs, { name: "alias/partitions-test-data", targetKeyId: "data-key-key" });
  });

  it("is administered by the account, and used by CloudWatch for this stack's logs alone", () => {
    const policy = statements(part(parts, "data-key").inputs.policy);
    const service = "logs.ap-northeast-1.amazonaws.com";
    const services = Object.values(policy).filter(({ Principal }) => JSON.stringify(Principal).includes(service));
    deepEqual(policy.AccountAdministers?.Principal, { AWS: "arn:aws:iam::123456789012:root" });
    equal(services.length, 2);
    // Describing takes no encryption context: all else must name it.
    for (const { Action, Condition, Sid } of services)
      if (list(Action).join() !== "kms:DescribeKey")
        equal(
          Condition?.StringLike?.["kms:EncryptionContext:aws:logs:arn"],
          "arn:aws:logs:ap-northeast-1:123456789012:log-group:/aws/lambda/partitions-test-*",
          Sid,
        );
  });

  it("outlives a destroy, unless both switches are on: without it the data is lost", async () => {
    deepEqual(kept(parts), { "data-alias": true, "data-key": true });
    deepEqual(kept(await make(true)), { "data-alias": false, "data-key": false });
    equal(parts.length, 2);
  });
});
