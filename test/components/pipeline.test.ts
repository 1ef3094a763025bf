import { deepEqual, equal, match, ok } from "node:assert/strict";
import { createHash } from "node:crypto";
import { DatasetPipeline } from "../../components/pipeline";
import { jobPolicy } from "../../components/permissions/job";
import { features } from "../../datasets/features/dataset";
import { kept, list, names, part, partsOf, stack, statements, type Part } from "./component";

const compute = { instanceType: "ml.t3.medium", instanceCount: 1, volumeSizeGiB: 30, maxRuntimeSeconds: 3600 };
const make = () =>
  partsOf(
    (opts) =>
      new DatasetPipeline(
        "features",
        {
          ...stack,
          ...{ dataset: features, compute, imageUri: "image-uri", keyArn: "key-arn", pipelineRoleArn: "role-arn" },
        },
        opts,
      ),
  );

describe("the pipeline of a dataset, as it is provisioned", () => {
  let parts: Part[];
  before(async () => {
    parts = await make();
  });

  it("is a pipeline, the role of its jobs, and the files that they read", () => {
    deepEqual(
      parts.map(({ name, chain }) => [name, chain.replace("partitions:components:DatasetPipeline$aws:", "")]),
      [
        ["features-dataset.json", "s3/bucketObjectv2:BucketObjectv2"],
        ["features-extract.py", "s3/bucketObjectv2:BucketObjectv2"],
        ["features-job-permissions", "iam/rolePolicy:RolePolicy"],
        ["features-job-role", "iam/role:Role"],
        ["features-pipeline", "sagemaker/pipeline:Pipeline"],
        ["features-transform.py", "s3/bucketObjectv2:BucketObjectv2"],
      ],
    );
    for (const keeps of Object.values(kept(parts))) equal(keeps, false);
  });

  it("runs under the pipelines' role, its jobs under their own", () => {
    const { pipelineName, roleArn, pipelineDefinition } = part(parts, "features-pipeline").inputs;
    deepEqual([pipelineName, roleArn], ["partitions-test-features", "role-arn"]);
    const roles = [...String(pipelineDefinition).matchAll(/"RoleArn":"([^"]+)"/g)].map(([, role]) => role);
    deepEqual([...new Set(roles)], [names.dataset("features").jobRole.arn]);
    const { name, path } = part(parts, "features-job-role").inputs;
    deepEqual([name, path], ["partitions-test-features-job", "/partitions-test/"]);
  });

  it("names the image and the key as they are once they are known", () => {
    const definition = String(part(parts, "features-pipeline").inputs.pipelineDefinition);
    ok(definition.includes('"ImageUri":"image-uri"') && definition.includes('"KmsKeyId":"key-arn"'));
    ok(!definition.includes("unknown"));
  });

  it("uploads each file under the hash of its content, where the definition reads it", () => {
    const definition = String(part(parts, "features-pipeline").inputs.pipelineDefinition);
    for (const file of ["extract.py", "transform.py", "dataset.json"]) {
      const { bucket, key, content } = part(parts, `features-${file}`).inputs;
      const hash = createHash("sha256").update(String(content)).digest("hex").slice(0, 16);
      equal(key, `features/code/${hash}/${file}`);
      ok(definition.includes(`"s3://${String(bucket)}/${String(key)}"`), file);
    }
  });

  it("has the same definition every time", async () => {
    const again = part(await make(), "features-pipeline").inputs.pipelineDefinition;
    equal(again, part(parts, "features-pipeline").inputs.pipelineDefinition);
  });

  it("lets SageMaker assume the job role for jobs of this pipeline alone", () => {
    const { Assume: assume } = statements(part(parts, "features-job-role").inputs.assumeRolePolicy);
    deepEqual(assume?.Principal, { Service: "sagemaker.amazonaws.com" });
    deepEqual(assume?.Condition, {
      StringEquals: { "aws:SourceAccount": "123456789012" },
      ArnLike: {
        "aws:SourceArn": "arn:aws:sagemaker:ap-northeast-1:123456789012:processing-job/partitions-test-features-*",
      },
    });
  });
});

describe("the permissions of a dataset's jobs", () => {
  const policy = statements(JSON.stringify(jobPolicy(names, features)));
  const bucket = "arn:aws:s3:::my-team-partitions-test-data/";
  const s3 = Object.values(policy).filter(({ Action }) => list(Action).some((action) => action.startsWith("s3:")));

  it("read raw files, code and what earlier steps wrote", () => {
    const folders = ["raw", "code", "execution"];
    deepEqual(
      policy.ReadInputAndCode?.Resource,
      folders.map((folder) => `${bucket}features/${folder}/*`),
    );
    deepEqual(policy.ListInput?.Condition, {
      StringLike: { "s3:prefix": folders.map((folder) => `features/${folder}/*`) },
    });
  });

  it("write output and handed-over files, and delete nothing", () => {
    deepEqual(policy.WriteOutput, {
      ...{ Sid: "WriteOutput", Effect: "Allow", Action: ["s3:PutObject", "s3:AbortMultipartUpload"] },
      Resource: [`${bucket}features/output/*`, `${bucket}features/execution/*`],
    });
  });

  it("end each prefix at a slash, so that 'features2' is out of reach of 'features'", () => {
    const prefixes = s3.flatMap(({ Resource, Condition }) => [
      ...list(Resource).flatMap((resource) => (resource.startsWith(bucket) ? [resource.slice(bucket.length)] : [])),
      ...((Condition?.StringLike?.["s3:prefix"] as string[] | undefined) ?? []),
    ]);
    equal(prefixes.length, 8);
    for (const prefix of prefixes) match(prefix, /^features\/(raw|code|execution|output)\/\*$/);
    const other = statements(JSON.stringify(jobPolicy(names, { ...features, name: "other", prefix: "features2" })));
    for (const resource of list(other.WriteOutput?.Resource)) ok(resource.startsWith(`${bucket}features2/`), resource);
  });

  it("know no catalogue, no other service, and no resource at large but where the action has none", () => {
    for (const { Action, Resource, Sid } of Object.values(policy)) {
      for (const action of list(Action)) match(action, /^(s3|kms|ecr|logs|cloudwatch):[A-Za-z]+$/);
      if (list(Resource).includes("*")) ok(["RegistryToken", "JobMetrics"].includes(Sid), Sid);
    }
    ok(policy.JobMetrics?.Condition?.StringEquals?.["cloudwatch:namespace"]);
  });

  it("use the key through S3 alone", () => {
    for (const { Action, Condition } of Object.values(policy))
      if (list(Action).some((action) => action.startsWith("kms:")))
        equal(Condition?.StringEquals?.["kms:ViaService"], "s3.ap-northeast-1.amazonaws.com");
  });

  it("fit into an inline policy by far", () => {
    ok(JSON.stringify(jobPolicy(names, features)).length < 10_240 / 2);
  });
});
