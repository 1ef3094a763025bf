import { deepEqual, equal, match, notEqual, ok, throws } from "node:assert/strict";
import { defineDataset, type Dataset } from "../../contract/dataset";
import { dateKey, enumKey } from "../../contract/keys";
import { datasetPipeline } from "../../contract/job";
import { athenaRepair } from "../../contract/registration";
import { features } from "../../datasets/features/dataset";
import { addressOf, dayValue, deployed, runtime } from "./deployedPipeline";

describe("the pipeline of a dataset", () => {
  it("hands the output of one script to the next by reference", () => {
    deepEqual(addressOf(deployed().job("transform_step"), "extract"), {
      S3Uri: { Get: "Steps.extract_step.ProcessingOutputConfig.Outputs['extract'].S3Output.S3Uri" },
      LocalPath: "/opt/ml/processing/input/extract",
      S3DataType: "S3Prefix",
      S3InputMode: "File",
      S3DataDistributionType: "FullyReplicated",
      S3CompressionType: "None",
    });
  });

  it("mirrors the output folder to the table's location when the job has ended", () => {
    const { ProcessingOutputConfig: config } = deployed().job("transform_step");
    deepEqual(
      config.Outputs.map(({ OutputName, S3Output }) => [OutputName, S3Output]),
      [
        [
          "transform",
          {
            S3Uri: "s3://bucket/features/output/",
            LocalPath: "/opt/ml/processing/output",
            S3UploadMode: "EndOfJob",
          },
        ],
      ],
    );
  });

  it("keeps what steps hand to each other apart by execution", () => {
    const [output] = deployed().job("extract_step").ProcessingOutputConfig.Outputs;
    deepEqual(output?.S3Output, {
      S3Uri: {
        "Std:Join": {
          On: "/",
          Values: [
            "s3://bucket/features/execution",
            { Get: "Execution.PipelineExecutionId" },
            "extract_step",
            "extract",
          ],
        },
      },
      LocalPath: "/opt/ml/processing/output",
      S3UploadMode: "EndOfJob",
    });
  });

  it("gives every job isolation, keys, a time limit, the job role and a name that IAM can scope", () => {
    const { jobs } = deployed();
    equal(jobs.length, 2);
    for (const job of jobs) {
      deepEqual(job.NetworkConfig, { EnableNetworkIsolation: true });
      deepEqual(job.ProcessingResources.ClusterConfig, {
        ...{ InstanceType: "ml.t3.medium", InstanceCount: 1, VolumeSizeInGB: 30, VolumeKmsKeyId: "key" },
      });
      equal(job.ProcessingOutputConfig.KmsKeyId, "key");
      deepEqual(job.StoppingCondition, { MaxRuntimeInSeconds: 3600 });
      equal(job.ProcessingJobName, "partitions-test-features");
      equal(job.RoleArn, "role");
    }
  });

  it("gives every script its day as an argument, its code and the declaration as inputs", () => {
    const job = deployed().job("extract_step");
    deepEqual(job.AppSpecification, {
      ImageUri: "registry/image@sha256:0",
      ContainerEntrypoint: ["python3", "/opt/ml/processing/input/code/extract.py"],
      ContainerArguments: ["--process-date", dayValue("process_date")],
    });
    equal(addressOf(job, "raw")?.S3Uri, "s3://bucket/features/raw/");
    equal(addressOf(job, "code")?.S3Uri, "s3://bucket/features/code/e/extract.py");
    equal(addressOf(job, "dataset")?.S3Uri, "s3://bucket/features/code/d/dataset.json");
  });

  it("asks for the day first, and registers after every script", () => {
    const { steps, step } = deployed();
    deepEqual(
      steps.map(({ Name }) => Name),
      ["day_step", "extract_step", "transform_step", "register_step"],
    );
    equal(step("day_step").FunctionArn, "day-function");
    equal(step("register_step").FunctionArn, "registrar-function");
    deepEqual(step("register_step").DependsOn, ["extract_step", "transform_step"]);
  });

  it("tells the Lambda steps the declaration, the run's day and the table", () => {
    const { step } = deployed();
    const { dataset, ...day } = step("day_step").Arguments as Record<string, unknown>;
    deepEqual(day, {
      processDate: { Get: "Parameters.ProcessDate" },
      scheduledTime: { Get: "Parameters.ScheduledTime" },
      dayOffset: { Get: "Parameters.DayOffset" },
      startedAt: { Get: "Execution.StartDateTime" },
    });
    const { definition, ...register } = step("register_step").Arguments as Record<string, unknown>;
    match(String(definition), /^[0-9a-f]{16}$/);
    deepEqual(register, {
      dataset,
      image: "registry/image@sha256:0",
      processDate: dayValue("process_date"),
      database: "partitions_test",
      table: "features",
      execution: { Get: "Execution.PipelineExecutionArn" },
      startedAt: { Get: "Execution.StartDateTime" },
      value_process_date_jst: dayValue("value_process_date_jst"),
    });
    const { columns, partitionKeys } = JSON.parse(String(dataset)) as Dataset;
    deepEqual(
      columns.map(({ name }) => name),
      ["feature1", "feature2", "y"],
    );
    deepEqual(partitionKeys, features.partitionKeys);
  });

  it("encrypts what the instances of one job say to each other", () => {
    for (const { NetworkConfig: network } of deployed(features, { instanceCount: 2 }).jobs)
      deepEqual(network, { EnableNetworkIsolation: true, EnableInterContainerTrafficEncryption: true });
  });

  for (const instanceType of ["ml.m5d.large", "ml.r5d.xlarge", "ml.g4dn.xlarge", "ml.g5.2xlarge", "ml.p3dn.24xlarge"])
    it(`gives no volume key to ${instanceType}: SageMaker refuses one on local disks`, () => {
      for (const { ProcessingResources: resources } of deployed(features, { instanceType }).jobs)
        equal(resources.ClusterConfig.VolumeKmsKeyId, undefined);
    });

  for (const instanceType of [
    "ml.m5.large",
    "ml.c5.xlarge",
    "ml.r5.large",
    "ml.t3.medium",
    "ml.p3.2xlarge",
    "ml.m7i.large",
  ])
    it(`gives a volume key to ${instanceType}`, () => {
      for (const { ProcessingResources: resources } of deployed(features, { instanceType }).jobs)
        equal(resources.ClusterConfig.VolumeKmsKeyId, "key");
    });

  it("is the same text for the same declaration, and has no date, no clock and no random name in it", () => {
    const { text } = deployed();
    equal(deployed(structuredClone(features)).text, text);
    equal(/[0-9]{4}-[0-9]{2}-[0-9]{2}/.exec(text.replace('"2020-12-01"', "")), null);
    equal(/"Version":"([^"]+)"/.exec(text)?.[1], "2020-12-01");
  });

  it("changes in its code addresses and the hash of its lineage alone when a script changes", () => {
    const changed = deployed(features, { codeHashes: { ...runtime.codeHashes, "transform.py": "other" } }).text;
    const lineage = (text: string) => /"definition":"([0-9a-f]+)"/.exec(text)?.[1] ?? "";
    notEqual(lineage(changed), lineage(deployed().text));
    equal(
      changed.replaceAll("/code/other/", "/code/t/").replace(lineage(changed), lineage(deployed().text)),
      deployed().text,
    );
  });

  it("passes on the values of all date keys, and leaves the others to be found", () => {
    const keys = [
      dateKey("year", { timeZone: "UTC", format: "yyyy" }),
      dateKey("month", { timeZone: "UTC", format: "MM" }),
      enumKey("site", { values: ["tokyo"] }),
    ];
    const register = deployed({ ...features, partitionKeys: keys }).step("register_step");
    const values = Object.entries(register.Arguments as object).filter(([name]) => name.startsWith("value_"));
    deepEqual(Object.fromEntries(values), {
      value_year: dayValue("value_year"),
      value_month: dayValue("value_month"),
    });
  });

  it("tells the registration the workgroup and a folder for its answer, where Athena registers, and no values", () => {
    const { step } = deployed({ ...features, registration: athenaRepair({ workgroup: "lake" }) });
    const register = step("register_step").Arguments as Record<string, unknown>;
    deepEqual([register.workgroup, register.repairResults], ["lake", "s3://bucket/features/execution/athena/"]);
    deepEqual(
      Object.keys(register).filter((name) => name.startsWith("value_")),
      [],
    );
  });

  it("registers nothing for a table without keys", () => {
    const { steps } = deployed({ ...features, partitionKeys: [] });
    ok(steps.every(({ Name }) => Name !== "register_step"));
  });

  it("rejects a script whose content is not known, by its name", () => {
    throws(() => deployed(features, { codeHashes: {} }), /no content hash for 'extract\.py'/);
  });

  it("rejects a step that reads a later one", () => {
    const steps = [...features.steps].reverse();
    throws(
      () => defineDataset({ ...features, steps }),
      (error: Error) => {
        match(error.message, /reads step 'extract_step', which does not come before it/);
        return true;
      },
    );
    throws(() => datasetPipeline({ ...features, steps }, runtime), /'extract_step' does not come earlier/);
  });
});
