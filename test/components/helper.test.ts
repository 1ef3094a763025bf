import { deepEqual, equal, ok, throws } from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { unzipSync } from "fflate";
import { pipelinePlan, type CodeFile } from "../../components/pipelinePlan";
import { defineDataset, type Dataset } from "../../contract/dataset";
import { helper, outputOf, type Helper } from "../../contract/inputs";
import { features } from "../../datasets/features/dataset";
import { helperZip } from "../../helpers/zip";
import { ROOT } from "../support/files";
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
const own = (files: readonly CodeFile[]) => files.filter(({ file }) => file.startsWith("write_partitions"));

describe("a helper among the inputs of a step", () => {
  it("is one file more, for the datasets that declare it", () => {
    deepEqual(own(planOf(features).files), []);
    const [zip, ...others] = own(planOf(using("write_partitions")).files);
    deepEqual([zip?.file, others], ["write_partitions.zip", []]);
    const folder = path.join(ROOT, "helpers/write_partitions");
    const files = fs.readdirSync(folder).filter((file) => file.endsWith(".py"));
    ok(files.includes("__init__.py"));
    deepEqual(
      unzipSync(zip?.content as Uint8Array),
      Object.fromEntries(
        files.map((file) => [`write_partitions/${file}`, new Uint8Array(fs.readFileSync(path.join(folder, file)))]),
      ),
    );
  });

  it("has the same bytes on every clock, so that nothing changes when nothing was changed", () => {
    const { TZ } = process.env;
    try {
      const zips = ["Asia/Tokyo", "America/New_York"].map((zone) => {
        process.env["TZ"] = zone;
        return Buffer.from(helperZip("write_partitions")).toString("hex");
      });
      equal(zips[0], zips[1]);
    } finally {
      if (TZ === undefined) delete process.env["TZ"];
      else process.env["TZ"] = TZ;
    }
  });

  it("lies in the input's folder, and in no step that does not read it", () => {
    const plan = planOf(using("write_partitions"));
    const { Steps: steps } = JSON.parse(plan.definition({ imageUri: "image", kmsKeyArn: "key" })) as {
      Steps: { Name: string; Arguments: { ProcessingInputs?: { InputName: string; S3Input: object }[] } }[];
    };
    const inputs = (step: string) => steps.find(({ Name }) => Name === step)?.Arguments.ProcessingInputs ?? [];
    const [{ hash } = { hash: "" }] = own(plan.files);
    deepEqual(inputs("transform_step").find(({ InputName }) => InputName === "tools")?.S3Input, {
      S3Uri: `s3://${names.bucket}/features/code/${hash}/write_partitions.zip`,
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
