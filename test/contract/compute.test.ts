import { deepEqual, equal, match, throws } from "node:assert/strict";
import { jobLimitsOf, program, pySpark, script, sklearn, type StepProcessor } from "../../contract/compute";
import { defineDataset, type Dataset } from "../../contract/dataset";
import { helper } from "../../contract/inputs";
import { ContractError } from "../../contract/problems";
import { deployed, runtime } from "./deployedPipeline";
import { flights } from "../../datasets/flights/dataset";
import { monthlyWeather } from "../../datasets/monthly_weather/dataset";

const [step] = monthlyWeather.steps;
const CODE = "/opt/ml/processing/input/code/only.py";

/** A dataset of one step that runs there. */
function dataset(processor?: StepProcessor, file: string | undefined = "only.py", inputs = step?.inputs): Dataset {
  const only = { ...step, script: file, processor, inputs } as Dataset["steps"][number];
  return { ...monthlyWeather, steps: [only] };
}

function problemsOf(processor: unknown, file?: string, inputs?: Dataset["steps"][number]["inputs"]): readonly string[] {
  try {
    defineDataset<Dataset["partitionKeys"], Dataset["columns"]>(dataset(processor as StepProcessor, file, inputs));
  } catch (error) {
    if (error instanceof ContractError) return error.problems;
    throw error;
  }
  return [];
}

function jobOf(processor?: StepProcessor, given = {}) {
  const codeHashes = { "only.py": "o", "dataset.json": "d" };
  const [job] = deployed(dataset(processor), { codeHashes, ...given }).jobs;
  if (!job) throw new Error("no job");
  const { ImageUri: image, ContainerEntrypoint: entrypoint } = job.AppSpecification;
  return { job, image, entrypoint, cluster: job.ProcessingResources.ClusterConfig };
}

describe("where a step runs", () => {
  it("is the stack's own image and machines, unless it says otherwise", () => {
    const { image, entrypoint, cluster } = jobOf();
    deepEqual([image, entrypoint], [runtime.imageUri, ["python3", CODE]]);
    deepEqual(jobOf(script()).job, jobOf().job);
    deepEqual(cluster, { InstanceType: "ml.t3.medium", InstanceCount: 1, VolumeSizeInGB: 30, VolumeKmsKeyId: "key" });
  });

  it("is SageMaker's image of the deployment's region", () => {
    const forest = jobOf(sklearn({ version: "1.4-2" }));
    equal(forest.image, "354813040037.dkr.ecr.ap-northeast-1.amazonaws.com/sagemaker-scikit-learn:1.4-2-cpu-py3");
    deepEqual(forest.entrypoint, ["python3", CODE]);
    const spark = jobOf(pySpark({ version: "3.5" }), { region: "us-east-1" });
    equal(spark.image, "173754725891.dkr.ecr.us-east-1.amazonaws.com/sagemaker-spark-processing:3.5-cpu");
    deepEqual(spark.entrypoint, ["smspark-submit", CODE]);
    throws(
      () => jobOf(pySpark({ version: "3.5" }), { region: "mars-1" }),
      /step 'monthly_step': SageMaker's image:\n.*region 'mars-1' has no such image/,
    );
  });

  it("is what an image runs, with the step's file where the entry point names it", () => {
    const { entrypoint, job } = jobOf(program({ entrypoint: ["/bin/sh", "-c", `python3 ${CODE}`] }));
    deepEqual(entrypoint, ["/bin/sh", "-c", `python3 ${CODE}`]);
    deepEqual(job.ProcessingInputs.map(({ InputName }) => InputName).sort(), ["code", "dataset", "weather"]);
    const image = `123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/tools@sha256:${"0".repeat(64)}`;
    const plain = deployed({
      ...dataset(program({ image })),
      steps: [{ ...step, script: undefined, processor: program({ image }) }] as never,
    }).jobs[0];
    deepEqual(plain?.AppSpecification["ContainerEntrypoint"], undefined);
    equal(plain?.AppSpecification["ImageUri"], image);
  });

  it("has its own machines, a key for disks that take one, and encrypted traffic between several", () => {
    const machines = { instanceType: "ml.m5d.large", volumeSizeGiB: 100, maxRuntimeSeconds: 60 };
    const { cluster, job } = jobOf(pySpark({ version: "3.5", instanceCount: 3, ...machines }));
    deepEqual(cluster, { InstanceType: "ml.m5d.large", InstanceCount: 3, VolumeSizeInGB: 100 });
    deepEqual(job.NetworkConfig, { EnableInterContainerTrafficEncryption: true, EnableNetworkIsolation: true });
    deepEqual(job.StoppingCondition, { MaxRuntimeInSeconds: 60 });
    equal(jobOf(pySpark({ version: "3.5", instanceType: "ml.m5.large" })).cluster["VolumeKmsKeyId"], "key");
  });

  it("bounds what the pipelines' role may start: every type that is used, the longest time", () => {
    const stack = { instanceType: "ml.t3.medium", instanceCount: 1, volumeSizeGiB: 30, maxRuntimeSeconds: 3600 };
    const long = dataset(sklearn({ version: "1.4-2", instanceType: "ml.c5.large", maxRuntimeSeconds: 7200 }));
    deepEqual(jobLimitsOf([flights, long, dataset()], stack), {
      instanceTypes: ["ml.c5.large", "ml.m5.xlarge", "ml.t3.medium"],
      maxRuntimeSeconds: 7200,
    });
    deepEqual(jobLimitsOf([], stack), { instanceTypes: ["ml.t3.medium"], maxRuntimeSeconds: 3600 });
  });

  for (const processor of [sklearn({ version: "1.4-2" }), pySpark({ version: "3.5" })])
    it(`refuses a helper in an image that lacks what it imports (${processor.kind})`, () => {
      const inputs = { ...step?.inputs, helper: helper("write_partitions") };
      const problems = problemsOf(processor, "only.py", inputs);
      equal(problems.length, 1, problems.join("\n"));
      match(
        problems[0] ?? "",
        /input 'helper' reads helper 'write_partitions', which needs pyarrow.*stack's own image/,
      );
      deepEqual(problemsOf(undefined, "only.py", inputs), []);
    });

  for (const [what, processor, file, ...says] of [
    [
      "a version that there is not",
      { kind: "sklearn", version: "9" },
      "only.py",
      /version '9' is none of SageMaker's sklearn/,
    ],
    [
      "numbers out of range",
      { kind: "pyspark", version: "3.5", instanceCount: 101, volumeSizeGiB: 0, maxRuntimeSeconds: 1.5 },
      "only.py",
      /instanceCount 101/,
      /volumeSizeGiB 0/,
      /maxRuntimeSeconds 1.5/,
    ],
    ["a type that is none", { kind: "script", instanceType: "m5.large" }, "only.py", /instanceType 'm5.large'/],
    [
      "several instances of a plain script",
      { kind: "script", instanceCount: 2 },
      "only.py",
      /processor: Unrecognized key: "instanceCount"/,
    ],
    [
      "an image that is not in ECR",
      { kind: "script", image: "python:3.11" },
      "only.py",
      /image 'python:3.11' must be an image in ECR/,
    ],
    ["no script", { kind: "pyspark", version: "3.5" }, "", /script '' must be a Python file/],
    ["no program at all", { kind: "program" }, "only.py", /stack's own image has no program/, /run by nothing/],
    [
      "a file that nothing runs",
      { kind: "program", entrypoint: ["python3"] },
      "only.py",
      /script 'only.py' is run by nothing/,
    ],
    [
      "an entry point that is too long",
      { kind: "program", entrypoint: [CODE, "x".repeat(257)] },
      "only.py",
      /entrypoint item 'x+…'/,
    ],
  ] as const)
    it(`refuses ${what}`, () => {
      const problems = problemsOf(processor, file);
      equal(problems.length, says.length, problems.join("\n"));
      says.forEach((text, index) => match(problems[index] ?? "", text));
    });
});
