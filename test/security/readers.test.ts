import { equal } from "node:assert/strict";
import { allows } from "../support/iam";
import { a, all, READER_ACCOUNT } from "./datasets";
import { ANYTHING, DeployedStack, KEY } from "./deployed";
import type { Needed } from "./permissionsOf";

describe("readers in other accounts", () => {
  let stack: DeployedStack;
  before(async function () {
    this.timeout(60_000);
    stack = await DeployedStack.of({}, all);
  });

  /** Even when their own administrators let them do everything. */
  const may = async (action: string, resource: string, context: Needed["context"] = {}, account = READER_ACCOUNT) => {
    const policy = stack.policyOf(resource);
    if (!policy) throw new Error(`${resource} has no policy`);
    const principal = `arn:aws:iam::${account}:role/analyst`;
    return allows({ identity: ANYTHING, resource: policy }, { principal, action, resource, context });
  };
  const key = (name: string) => stack.names.objectArn(`${name}/output/d=2021-12-01/partition.csv`);
  const viaS3 = () => ({ "kms:ViaService": stack.names.service("s3") });

  it("read, list and decrypt the output that names them", async () => {
    equal(await may("s3:GetObject", key(a.name)), true);
    equal(await may("s3:ListBucket", stack.names.bucketArn, { "s3:prefix": "a/output/" }), true);
    equal(await may("s3:GetBucketLocation", stack.names.bucketArn), true);
    equal(await may("kms:Decrypt", KEY, viaS3()), true);
  });

  it("see no other prefix, change nothing, and use the key through S3 alone", async () => {
    for (const name of ["a_b", "a-c", "features"]) {
      equal(await may("s3:GetObject", key(name)), false, name);
      equal(await may("s3:ListBucket", stack.names.bucketArn, { "s3:prefix": `${name}/output/` }), false, name);
    }
    for (const prefix of ["", "a", "a/raw/"])
      equal(await may("s3:ListBucket", stack.names.bucketArn, { "s3:prefix": prefix }), false, prefix);
    equal(await may("s3:ListBucket", stack.names.bucketArn), false);
    equal(await may("s3:GetObject", stack.names.objectArn("a/raw/x.csv")), false);
    for (const action of ["s3:PutObject", "s3:DeleteObject"]) equal(await may(action, key("a")), false, action);
    equal(await may("kms:Decrypt", KEY), false);
    for (const action of ["kms:GenerateDataKey", "kms:CreateGrant"])
      equal(await may(action, KEY, viaS3()), false, action);
  });

  it("are those that a declaration names, and no others", async () => {
    equal(await may("s3:GetObject", key("a"), {}, "888888888888"), false);
    equal(await may("kms:Decrypt", KEY, viaS3(), "888888888888"), false);
    equal(await may("s3:GetObject", key("a"), { "aws:SecureTransport": "false" }), false);
  });
});
