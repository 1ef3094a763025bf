import { deepEqual, match, ok } from "node:assert/strict";
import { jobPolicy } from "../../components/permissions/job";
import { registrarPolicy } from "../../components/permissions/functions";
import { PartitionedDataset } from "../../components/dataset";
import { pipelinePlan } from "../../components/pipelinePlan";
import type { Dataset } from "../../contract/dataset";
import type { Deployment } from "../../contract/names";
import { features } from "../../datasets/features/dataset";
import { list, part, partsOf, stackIn, statements } from "./component";

const KEY = "arn:aws:kms:ap-northeast-1:999999999999:key/1234abcd";

describe("the registrar in a bucket and a database that are there already", () => {
  const there = { existingBucket: "team-data", existingDatabase: "team-lake" };
  const renamed: Dataset = { ...features, name: "renamed", prefix: "a/b", table: { physicalName: "old" } };
  const policy = (existing: Partial<Deployment>, datasets: readonly Dataset[]) =>
    statements(JSON.stringify(registrarPolicy(stackIn(existing).names, datasets)));
  const glue = (resource: string) => `arn:aws:glue:ap-northeast-1:123456789012:${resource}`;

  it("reaches the tables and outputs of its datasets alone", () => {
    const { Partitions: partitions, ListOutput: lists, ReadOutput: read } = policy(there, [features, renamed]);
    deepEqual(partitions?.Resource, [
      ...[glue("catalog"), glue("database/team-lake")],
      ...[glue("table/team-lake/features"), glue("table/team-lake/old")],
    ]);
    deepEqual(lists?.Condition, { StringLike: { "s3:prefix": ["features/output/*", "a/b/output/*"] } });
    deepEqual(read?.Resource, ["arn:aws:s3:::team-data/features/output/*", "arn:aws:s3:::team-data/a/b/output/*"]);
  });

  it("is bounded where only one of the two is somebody else's", () => {
    const { Partitions: partitions, ReadOutput: read } = policy({ existingDatabase: "team-lake" }, [features]);
    deepEqual(list(partitions?.Resource).slice(2), [glue("table/team-lake/features")]);
    deepEqual(read?.Resource, ["arn:aws:s3:::my-team-partitions-test-data/*/output/*"]);
  });

  it("has a policy that IAM takes, for no dataset and for a thousand", () => {
    const many = Array.from({ length: 1000 }, (_, index) => ({ ...features, name: `d${index}`, prefix: `d${index}` }));
    for (const datasets of [[], many.slice(0, 60), many]) {
      const document = registrarPolicy(stackIn({ ...there, existingBucketKeyArn: KEY }).names, datasets);
      ok(JSON.stringify(document).length <= 10_240, `${datasets.length} datasets`);
      for (const { Resource, Sid } of Object.values(statements(JSON.stringify(document))))
        ok(list(Resource).length > 0, Sid);
    }
    ok(list(policy(there, many.slice(0, 60)).Partitions?.Resource).includes(glue("table/team-lake/d59")));
    ok(list(policy(there, many).Partitions?.Resource).includes(glue("table/team-lake/*")));
  });

  it("decrypts with the bucket's key through S3, and with no other beside the stack's", () => {
    const { BucketKeyViaS3: use } = policy({ ...there, existingBucketKeyArn: KEY }, [features]);
    deepEqual(use, {
      ...{ Sid: "BucketKeyViaS3", Effect: "Allow", Action: ["kms:Decrypt"], Resource: KEY },
      Condition: { StringEquals: { "kms:ViaService": "s3.ap-northeast-1.amazonaws.com" } },
    });
    ok(!("BucketKeyViaS3" in policy(there, [features])));
  });
});

describe("a pipeline in a bucket that is there already", () => {
  const compute = { instanceType: "ml.t3.medium", instanceCount: 1, volumeSizeGiB: 30, maxRuntimeSeconds: 3600 };
  const known = {
    imageUri: "image-uri",
    keyArn: "key-arn",
    pipelineRoleArn: "role-arn",
    after: { storage: [], functions: [], schedules: [] },
  };
  const make = (existing: Partial<Deployment>) => {
    const there = stackIn(existing);
    const plan = pipelinePlan({ names: there.names, dataset: features, compute });
    return partsOf((opts) => new PartitionedDataset("features", { ...there, ...known, plan }, opts));
  };
  const definitionOf = async (existing: Partial<Deployment>) =>
    String(part(await make(existing), "features-pipeline").inputs.pipelineDefinition);
  const outputKeys = (definition: string) => [
    ...new Set([...definition.matchAll(/"KmsKeyId":"([^"]+)"/g)].map(([, key]) => key)),
  ];

  it("encrypts output with the bucket's key, and volumes with the stack's", async () => {
    const definition = await definitionOf({ existingBucket: "team-data", existingBucketKeyArn: KEY });
    deepEqual(outputKeys(definition), [KEY]);
    match(definition, /"VolumeKmsKeyId":"key-arn"/);
    deepEqual(outputKeys(await definitionOf({ existingBucket: "team-data" })), ["key-arn"]);
  });

  it("has its files in that bucket", async () => {
    const parts = await make({ existingBucket: "team-data" });
    for (const { type, inputs } of parts) if (type.startsWith("aws:s3/")) deepEqual(inputs.bucket, "team-data");
  });

  it("has jobs that write there, and use the bucket's key through S3", () => {
    const { names } = stackIn({ existingBucket: "team-data", existingBucketKeyArn: KEY });
    const policy = statements(JSON.stringify(jobPolicy(names, features)));
    deepEqual(policy.WriteOutput?.Resource, [
      "arn:aws:s3:::team-data/features/output/*",
      "arn:aws:s3:::team-data/features/execution/*",
    ]);
    deepEqual(policy.BucketKeyViaS3, {
      ...{
        Sid: "BucketKeyViaS3",
        Effect: "Allow",
        Action: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
        Resource: KEY,
      },
      Condition: { StringEquals: { "kms:ViaService": "s3.ap-northeast-1.amazonaws.com" } },
    });
  });
});
