import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { DataBucket } from "../../components/bucket";
import type { Deployment } from "../../contract/names";
import { kept, part, partsOf, stack, stackIn, statements, type Part } from "./component";
import { readBy } from "./readers";

const make = (mayDestroy = false) =>
  partsOf((opts) => new DataBucket("data", { ...stack, mayDestroy, keyArn: "key-arn" }, opts));

describe("the data bucket", () => {
  let parts: Part[];
  before(async () => {
    parts = await make();
  });

  it("is one bucket, and its settings, below the component", () => {
    deepEqual(
      parts.map(({ name }) => name),
      ["bucket", "encryption", "lifecycle", "ownership", "policy", "public-access", "versioning"].map(
        (each) => `data-${each}`,
      ),
    );
    for (const { chain, type } of parts) equal(chain, `partitions:components:DataBucket$${type}`);
    for (const { inputs } of parts) equal(inputs.bucket, "my-team-partitions-test-data");
  });

  it("logs who accessed it into another bucket where one is named, and never into itself", async () => {
    const args = { ...stack, mayDestroy: false, keyArn: "key-arn" };
    const logged = await partsOf((opts) => new DataBucket("data", { ...args, accessLogBucket: "team-logs" }, opts));
    deepEqual(part(logged, "data-access-log").inputs, {
      ...{ bucket: "my-team-partitions-test-data", targetBucket: "team-logs" },
      targetPrefix: "my-team-partitions-test-data/",
    });
    const itself = { ...args, accessLogBucket: "my-team-partitions-test-data" };
    await rejects(
      partsOf((opts) => new DataBucket("data", itself, opts)),
      /is the data bucket itself/,
    );
    const existing = { ...args, ...stackIn({ existingBucket: "team-data" }), accessLogBucket: "team-logs" };
    await rejects(
      partsOf((opts) => new DataBucket("data", existing, opts)),
      /is of no use with existingBucket/,
    );
  });

  it("shuts the public out in all four ways", () => {
    deepEqual(part(parts, "data-public-access").inputs, {
      bucket: "my-team-partitions-test-data",
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    deepEqual(part(parts, "data-ownership").inputs.rule, { objectOwnership: "BucketOwnerEnforced" });
  });

  it("encrypts with the stack's key, and asks the key once for many objects", () => {
    deepEqual(part(parts, "data-encryption").inputs.rules, [
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: "key-arn" },
        bucketKeyEnabled: true,
      },
    ]);
  });

  it("keeps old versions for a while, and no unfinished upload", () => {
    deepEqual(part(parts, "data-versioning").inputs.versioningConfiguration, { status: "Enabled" });
    const rules = part(parts, "data-lifecycle").inputs.rules as Record<string, unknown>[];
    deepEqual(
      rules.map(({ status }) => status),
      ["Enabled", "Enabled", "Enabled"],
    );
    ok(rules.some((rule) => "abortIncompleteMultipartUpload" in rule));
    ok(rules.some((rule) => "noncurrentVersionExpiration" in rule));
    // Nothing may expire a partition's current files.
    deepEqual(
      rules.filter((rule) => "expiration" in rule).map(({ filter }) => filter),
      [{ prefix: "query-results/" }],
    );
  });

  it("refuses plain HTTP for everybody and everything", () => {
    const { TlsOnly: tls } = statements(part(parts, "data-policy").inputs.policy);
    deepEqual(tls, {
      Sid: "TlsOnly",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: ["arn:aws:s3:::my-team-partitions-test-data", "arn:aws:s3:::my-team-partitions-test-data/*"],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
  });

  it("refuses another encryption than KMS, and leaves alone who asks for none", () => {
    const { KmsOnly: kms } = statements(part(parts, "data-policy").inputs.policy);
    deepEqual(kms?.Condition, {
      StringNotEqualsIfExists: { "s3:x-amz-server-side-encryption": "aws:kms" },
      Null: { "s3:x-amz-server-side-encryption": "false" },
    });
  });

  it("locks nobody out of the account's own administration", () => {
    for (const statement of Object.values(statements(part(parts, "data-policy").inputs.policy)))
      ok(statement.Effect === "Deny" && statement.Condition !== undefined, statement.Sid);
  });

  it("outlives a destroy with all that guards it, unless both switches are on", async () => {
    for (const [name, keeps] of Object.entries(kept(parts))) equal(keeps, true, name);
    equal(part(parts, "data-bucket").inputs.forceDestroy, false);
    const loose = await make(true);
    for (const [name, keeps] of Object.entries(kept(loose))) equal(keeps, false, name);
    equal(part(loose, "data-bucket").inputs.forceDestroy, true);
  });
});

describe("a data bucket that is there already", () => {
  const make = async (existing: Partial<Deployment>, datasets = [readBy("events", "999999999999")]) => {
    let bucket: DataBucket | undefined;
    const parts = await partsOf((opts) => {
      bucket = new DataBucket("data", { ...stackIn(existing), datasets, keyArn: "key-arn" }, opts);
    });
    return { parts, bucket };
  };
  const keyArn = "arn:aws:kms:ap-northeast-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

  it("is not touched: no bucket, no settings, no policy", async () => {
    const { parts, bucket } = await make({ existingBucket: "team-data" });
    deepEqual(parts, []);
    equal(bucket?.bucket, "team-data");
  });

  it("has statements for its owner to add, and to its key's policy where it has one", async () => {
    const { bucket } = await make({ existingBucket: "team-data" });
    deepEqual(Object.keys(bucket?.ownerStatements ?? {}), ["bucketPolicy"]);
    const { ReadersRead1: read } = statements(JSON.stringify(bucket?.ownerStatements?.bucketPolicy));
    deepEqual(read?.Resource, ["arn:aws:s3:::team-data/events/output/*"]);
    const { bucket: withKey } = await make({ existingBucket: "team-data", existingBucketKeyArn: keyArn });
    const { ReadersDecrypt: decrypt } = statements(JSON.stringify(withKey?.ownerStatements?.keyPolicy));
    deepEqual(decrypt?.Principal, { AWS: ["arn:aws:iam::999999999999:root"] });
  });

  it("has none where no other account reads, nor has a bucket of the stack's own", async () => {
    equal((await make({ existingBucket: "team-data" }, [])).bucket?.ownerStatements, undefined);
    equal((await make({})).bucket?.ownerStatements, undefined);
  });
});
