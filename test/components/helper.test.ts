import { deepEqual, equal, notEqual, ok, throws } from "node:assert/strict";
import { hashOf, pipelinePlan, type CodeFile } from "../../components/pipelinePlan";
import { defineDataset, type Dataset } from "../../contract/dataset";
import { helper, outputOf, type Helper } from "../../contract/inputs";
import { features } from "../../datasets/features/dataset";
import { names } from "./component";

const compute = { instanceType: "ml.t3.medium", instanceCount: 1, volumeSizeGiB: 30, maxRuntimeSeconds: 3600 };
const [extract, transform] = features.steps;
if (!extract || !transform) throw new Error("the bundled dataset has two steps");

const using = (name: string): Dataset =>
  defineDataset<Dataset["partitionKeys"], Dataset["columns"]>({
    ...features,
    steps: [
      extract,
      { ...transform, inputs: { extract: outputOf("extract_step", "extract"), tools: helper(name as Helper) } },
    ],
  });
const planOf = (dataset: Dataset) => pipelinePlan({ names, dataset, compute });
const own = (files: readonly CodeFile[]) => files.filter(({ file }) => file.startsWith("write_partitions/"));

describe("a helper among the inputs of a step", () => {
  it("is uploaded for the datasets that declare it, all files of it in one folder", () => {
    deepEqual(own(planOf(features).files), []);
    const files = own(planOf(using("write_partitions")).files);
    ok(files.some(({ file }) => file === "write_partitions/__init__.py"));
    ok(files.every(({ file }) => file.endsWith(".py")));
    const [{ hash } = { hash: "" }, ...others] = files;
    for (const other of others) equal(other.hash, hash);
    // The hash is that of all of them: one file that changes moves the folder.
    for (const { text } of files) notEqual(hash, hashOf(text));
  });

  it("lies in the input's folder, and in no step that does not read it", () => {
    const plan = planOf(using("write_partitions"));
    const { Steps: steps } = JSON.parse(plan.definition({ imageUri: "image", kmsKeyArn: "key" })) as {
      Steps: { Name: string; Arguments: { ProcessingInputs?: { InputName: string; S3Input: object }[] } }[];
    };
    const inputs = (step: string) => steps.find(({ Name }) => Name === step)?.Arguments.ProcessingInputs ?? [];
    const [{ hash } = { hash: "" }] = own(plan.files);
    deepEqual(inputs("transform_step").find(({ InputName }) => InputName === "tools")?.S3Input, {
      S3Uri: `s3://${names.bucket}/features/code/${hash}/`,
      LocalPath: "/opt/ml/processing/input/tools",
      S3DataType: "S3Prefix",
      S3InputMode: "File",
      S3DataDistributionType: "FullyReplicated",
      S3CompressionType: "None",
    });
    ok(!inputs("extract_step").some(({ S3Input }) => JSON.stringify(S3Input).includes(hash)));
  });

  it("is one that there is", () => {
    throws(() => using("boto3"), /dataset 'features':\n.*steps\[1\]\.inputs\.tools\.name/);
  });
});
