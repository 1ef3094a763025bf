import type * as pulumi from "@pulumi/pulumi";
import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { PartitionedDataset } from "../../components/dataset";
import { INLINE_LIMIT, pipelinePlan, type PipelinePlanArgs } from "../../components/pipelinePlan";
import { jobPolicy } from "../../components/permissions/job";
import { features } from "../../datasets/features/dataset";
import { kept, list, names, part, partsOf, stack, statements, type Part } from "./component";

const compute = { instanceType: "ml.t3.medium", instanceCount: 1, volumeSizeGiB: 30, maxRuntimeSeconds: 3600 };
const planOf = (given: Partial<PipelinePlanArgs>) => pipelinePlan({ names, dataset: features, compute, ...given });
const known = {
  imageUri: "image-uri",
  keyArn: "key-arn",
  pipelineRoleArn: "role-arn",
  after: { storage: [], functions: [], schedules: [] },
};
const make = (given: Partial<PipelinePlanArgs> = {}, seen?: pulumi.ResourceTransformation) =>
  partsOf(
    (opts) =>
      new PartitionedDataset(
        "features",
        { ...stack, ...known, plan: planOf(given) },
        { ...opts, transformations: [...(opts.transformations ?? []), ...(seen ? [seen] : [])] },
      ),
  );
const hashOf = (text: unknown) => createHash("sha256").update(String(text)).digest("hex").slice(0, 16);

describe("a dataset, as it is provisioned", () => {
  let parts: Part[];
  before(async () => {
    parts = await make();
  });

  it("is a table, a pipeline, the role of its jobs, the files that they read, and its schedule", () => {
    deepEqual(
      parts.map(({ name, chain }) => [name, chain.replace("partitions:components:PartitionedDataset$aws:", "")]),
      [
        ["features-dataset.json", "s3/bucketObjectv2:BucketObjectv2"],
        ["features-extract.py", "s3/bucketObjectv2:BucketObjectv2"],
        ["features-job-permissions", "iam/rolePolicy:RolePolicy"],
        ["features-job-role", "iam/role:Role"],
        ["features-pipeline", "sagemaker/pipeline:Pipeline"],
        ["features-schedule", "scheduler/schedule:Schedule"],
        ["features-table", "glue/catalogTable:CatalogTable"],
        ["features-transform.py", "s3/bucketObjectv2:BucketObjectv2"],
      ],
    );
    // Files stay for the executions that were started with them; nothing stands in the way of a destroy.
    for (const [name, keeps] of Object.entries(kept(parts)))
      equal(keeps, name === "features-table" || (/\.(py|json)$/.test(name) && "half"), name);
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
      equal(key, `features/code/${hashOf(content)}/${file}`);
      ok(definition.includes(`"s3://${String(bucket)}/${String(key)}"`), file);
    }
  });

  it("has the same definition every time", async () => {
    const again = part(await make(), "features-pipeline").inputs.pipelineDefinition;
    equal(again, part(parts, "features-pipeline").inputs.pipelineDefinition);
  });

  it("reads the scripts where it is told to", async () => {
    const scripts = fs.mkdtempSync(path.join(os.tmpdir(), "scripts-"));
    try {
      for (const file of ["extract.py", "transform.py"]) fs.writeFileSync(path.join(scripts, file), `# ${file}`);
      equal(part(await make({ scripts }), "features-extract.py").inputs.content, "# extract.py");
      fs.rmSync(path.join(scripts, "extract.py"));
      throws(
        () => planOf({ scripts }),
        /scripts of dataset 'features'[^]*step 'extract_step': there is no 'extract\.py' in .*scripts-.*; write it, or correct/,
      );
    } finally {
      fs.rmSync(scripts, { recursive: true });
    }
  });

  it("lets SageMaker assume the job role for jobs of this pipeline alone", () => {
    const { Assume: assume } = statements(part(parts, "features-job-role").inputs.assumeRolePolicy);
    deepEqual(assume?.Principal, { Service: "sagemaker.amazonaws.com" });
    deepEqual(assume?.Condition, {
      StringEquals: { "aws:SourceAccount": "123456789012" },
      ArnLike: {
        "aws:SourceArn": ["featuresJ", "featuresj"].map(
          (job) => `arn:aws:sagemaker:ap-northeast-1:123456789012:processing-job/partitions-test-${job}-*`,
        ),
      },
    });
  });
});

describe("the definition of a pipeline over the limit", () => {
  const PIPELINE = "aws:sagemaker/pipeline:Pipeline";
  let inline: unknown;
  let parts: Part[];
  const options: pulumi.CustomResourceOptions[] = [];
  before(async () => {
    inline = part(await make(), "features-pipeline").inputs.pipelineDefinition;
    parts = await make({ inlineLimit: 1 }, ({ type, opts }) => {
      if (type === PIPELINE) options.push(opts);
      return undefined;
    });
  });

  it("is one more file, with the text that it would have had inline", () => {
    const { bucket, key, content, contentType } = part(parts, "features-pipeline.json").inputs;
    deepEqual([bucket, content, contentType], [names.bucket, inline, "application/json"]);
    equal(key, `features/code/${hashOf(inline)}/pipeline.json`);
    equal(parts.length, 9);
  });

  it("is named by the pipeline, by its version, and is not in it", () => {
    const { pipelineDefinition, pipelineDefinitionS3Location } = part(parts, "features-pipeline").inputs;
    equal(pipelineDefinition, undefined);
    const { key } = part(parts, "features-pipeline.json").inputs;
    deepEqual(pipelineDefinitionS3Location, {
      bucket: names.bucket,
      objectKey: key,
      versionId: "features-pipeline.json-v1",
    });
  });

  it("is left alone where the provider shows its text, and changes its form by a new pipeline only", async () => {
    const formOf = ({ ignoreChanges, replacementTrigger, deleteBeforeReplace }: pulumi.CustomResourceOptions) => [
      ...[ignoreChanges, replacementTrigger as unknown, deleteBeforeReplace],
    ];
    deepEqual(options.map(formOf), [[["pipelineDefinition"], "stored", true]]);
    const before: pulumi.CustomResourceOptions[] = [];
    await make({}, ({ type, opts }) => {
      if (type === PIPELINE) before.push(opts);
      return undefined;
    });
    deepEqual(before.map(formOf), [[undefined, "inline", true]]);
  });

  it("is stored by its length with the longest image and key that there can be, known or not", async () => {
    const length = Buffer.byteLength(String(inline));
    // Two steps and the registration name the image, two steps the key of volume and output; the words here are shorter
    // than what may come.
    const longest = length + 3 * (255 - "image-uri".length) + 4 * (128 - "key-arn".length);
    const storedAt = async (inlineLimit: number) =>
      (await make({ inlineLimit })).some(({ name }) => name === "features-pipeline.json");
    deepEqual([await storedAt(longest), await storedAt(longest + 1)], [true, false]);
    ok(longest < INLINE_LIMIT / 5);
  });

  it("is checked like every other, before anything is made", () => {
    throws(
      () => planOf({ compute: { ...compute, volumeSizeGiB: 20_000 }, inlineLimit: 1 }),
      /pipeline of dataset 'features'[^]*at most 16384/,
    );
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

  it("use the key through S3 alone, and grant it to their encrypted volumes", () => {
    const uses = Object.values(policy).filter(({ Action }) => list(Action).some((action) => action.startsWith("kms:")));
    deepEqual(
      uses.map(({ Action, Condition }) => [Action, Condition?.StringEquals?.["kms:ViaService"]]),
      [
        [["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"], "s3.ap-northeast-1.amazonaws.com"],
        [["kms:CreateGrant"], "sagemaker.ap-northeast-1.amazonaws.com"],
      ],
    );
    deepEqual(policy.VolumeKey?.Condition?.Bool, { "kms:GrantIsForAWSResource": "true" });
  });

  it("fit into an inline policy by far", () => {
    ok(JSON.stringify(jobPolicy(names, features)).length < 10_240 / 2);
  });
});
