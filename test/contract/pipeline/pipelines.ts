import { datasetPipeline } from "../../../contract/job";
import { features } from "../../../datasets/features/dataset";
import { condition } from "../../../contract/pipeline/conditions";
import { pipelineDefinition, type PipelineDefinition } from "../../../contract/pipeline/definition";
import {
  processor,
  pySparkProcessor,
  scriptProcessor,
  sklearnProcessor,
  type Network,
} from "../../../contract/pipeline/processors";
import { execution, join, parameter, type Value } from "../../../contract/pipeline/references";
import { conditionStep, failStep, lambdaStep, processingStep } from "../../../contract/pipeline/steps";

const REGION = "ap-northeast-1";
const ROLE = "arn:aws:iam::123456789012:role/demo-dev/demo-dev-features-job";
const IMAGE = `123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/demo-dev-processing@sha256:${"0".repeat(64)}`;
const KEY = "arn:aws:kms:ap-northeast-1:123456789012:key/11111111-2222-3333-4444-555555555555";
const FUNCTION = "arn:aws:lambda:ap-northeast-1:123456789012:function:demo-dev-day";
const BUCKET = "s3://demo-data/features";
/** The SDK names the folder of a Spark configuration by the hash of its content. */
const CONFIGURATION =
  `${BUCKET}/conf/demo/full_step/input/conf/` +
  "d591ebe8dfa0f950173a06ae4c59d46da315d25a59d5213f74a87ad4b8452ad2/configuration.json";

const machines = { roleArn: ROLE, instanceType: "ml.m5.large", instanceCount: 1 };
const python = { ...machines, imageUri: IMAGE, command: ["python3"] };
const script = scriptProcessor(python);
const code = `${BUCKET}/code/run.py`;

const source = (name = "raw", at: Value = `${BUCKET}/raw`) => ({
  name,
  source: at,
  localPath: `/opt/ml/processing/input/${name}`,
});

const result = <Name extends string>(name: Name, destination: Value) => ({
  name,
  destination,
  localPath: "/opt/ml/processing/output",
});

/** The pipelines of `sdk_pipelines.py`, under the same names. */
export const PIPELINES: Readonly<Record<string, () => PipelineDefinition>> = {
  smallest: () => pipelineDefinition({ steps: [processingStep("only_step", { processor: script, code })] }),

  two_scripts: () => {
    const extract = processingStep("extract_step", {
      processor: script,
      code: `${BUCKET}/code/extract.py`,
      inputs: [source()],
      outputs: [result("extract", join("/", [`${BUCKET}/work`, execution.pipelineExecutionId, "extract"]))],
      arguments: ["--process-date", "2021-12-01"],
    });
    const transform = processingStep("transform_step", {
      processor: script,
      code: `${BUCKET}/code/transform.py`,
      inputs: [source("extract", extract.output("extract")), source("dataset", `${BUCKET}/code/dataset.json`)],
      outputs: [result("transform", `${BUCKET}/output`)],
    });
    return pipelineDefinition({ steps: [extract, transform] });
  },

  every_processor_option: () => {
    const full = scriptProcessor({
      ...python,
      command: ["python3", "-u"],
      instanceCount: 2,
      volumeSizeGiB: 100,
      volumeKmsKey: KEY,
      outputKmsKey: KEY,
      maxRuntimeSeconds: 3600,
      environment: { TZ: "Asia/Tokyo", STAGE: "dev" },
      tags: { owner: "data", cost: "42" },
      network: {
        isolation: true,
        encryptTraffic: true,
        subnets: ["subnet-11111111", "subnet-22222222"],
        securityGroupIds: ["sg-11111111"],
      },
    });
    const step = processingStep("full_step", {
      processor: full,
      code,
      outputs: [result("full", `${BUCKET}/output`)],
      displayName: "Full step",
      description: "Everything a processor takes",
    });
    return pipelineDefinition({ steps: [step] });
  },

  partial_network: () =>
    pipelineDefinition({
      steps: Object.entries<Network>({
        isolated: { isolation: true },
        private: { subnets: ["subnet-11111111"], securityGroupIds: ["sg-11111111"] },
        open: { encryptTraffic: false },
        empty: {},
      }).map(([name, network]) => processingStep(name, { processor: scriptProcessor({ ...python, network }), code })),
    }),

  parameters: () => {
    const date = parameter.string("ProcessDate", { default: "" });
    const bucket = parameter.string("Bucket", { default: "demo-data", enum: ["demo-data", "other-data"] });
    const image = parameter.string("Image");
    const count = parameter.integer("Count", { default: 1 });
    const volume = parameter.integer("Volume", { default: 0 });
    const runtime = parameter.integer("Runtime");
    const rate = parameter.float("Rate", { default: 0.5 });
    const full = parameter.boolean("Full", { default: false });
    const step = processingStep("parameter_step", {
      processor: scriptProcessor({
        ...python,
        imageUri: image.ref,
        instanceCount: count.ref,
        volumeSizeGiB: volume.ref,
        maxRuntimeSeconds: runtime.ref,
        environment: { DAY: date.ref },
      }),
      code,
      inputs: [source("raw", join("/", ["s3:/", bucket.ref, "raw"]))],
      outputs: [result("out", join("/", ["s3:/", bucket.ref, join("-", ["output", date.ref])]))],
      // The SDK's to_string() of a number is a join of it alone.
      arguments: ["--day", date.ref, "--rate", join("", [rate.ref]), "--full", join("", [full.ref])],
    });
    return pipelineDefinition({
      parameters: [date, bucket, image, count, volume, runtime, rate, full],
      steps: [step],
    });
  },

  execution_variables: () =>
    pipelineDefinition({
      steps: [
        lambdaStep("variables_step", {
          functionArn: FUNCTION,
          inputs: {
            START_DATETIME: execution.startDateTime,
            CURRENT_DATETIME: execution.currentDateTime,
            PIPELINE_NAME: execution.pipelineName,
            PIPELINE_ARN: execution.pipelineArn,
            PIPELINE_EXECUTION_ID: execution.pipelineExecutionId,
            PIPELINE_EXECUTION_ARN: execution.pipelineExecutionArn,
          },
          outputs: {},
        }),
      ],
    }),

  lambdas: () => {
    const date = parameter.string("ProcessDate", { default: "" });
    const day = lambdaStep("day_step", {
      functionArn: FUNCTION,
      inputs: { date: date.ref, offset: -1, strict: true, share: 0.5, name: "features" },
      outputs: { day: "String", rows: "Integer", share: "Float", done: "Boolean" },
      cache: { expireAfter: "PT1H" },
      displayName: "Day",
      description: "Turns the start into key values",
    });
    const extract = processingStep("extract_step", {
      processor: script,
      code: `${BUCKET}/code/extract.py`,
      outputs: [result("extract", `${BUCKET}/output`)],
      arguments: ["--process-date", day.output("day")],
    });
    const register = lambdaStep("register_step", {
      functionArn: FUNCTION,
      inputs: { location: extract.output("extract"), day: join("=", ["process_date_jst", day.output("day")]) },
      outputs: {},
      dependsOn: [extract, "day_step"],
    });
    return pipelineDefinition({ parameters: [date], steps: [day, extract, register] });
  },

  retries_and_cache: () =>
    pipelineDefinition({
      steps: [
        processingStep("patient_step", {
          processor: script,
          code,
          cache: { expireAfter: "P1D" },
          retryPolicies: [
            { exceptionTypes: ["Step.SERVICE_FAULT", "Step.THROTTLING"], maxAttempts: 10 },
            {
              exceptionTypes: ["SageMaker.RESOURCE_LIMIT", "SageMaker.JOB_INTERNAL_ERROR", "SageMaker.CAPACITY_ERROR"],
              backoffRate: 1.5,
              intervalSeconds: 60,
              expireAfterMinutes: 120,
            },
            { exceptionTypes: ["Step.THROTTLING"] },
          ],
        }),
      ],
    }),

  job_prefix: () =>
    pipelineDefinition({
      steps: [processingStep("named_step", { processor: script, code, jobNamePrefix: "demo-dev-features" })],
    }),

  features: () =>
    datasetPipeline(features, {
      ...machines,
      bucket: "demo-data",
      database: "demo_dev",
      region: "ap-northeast-1",
      imageUri: IMAGE,
      jobRoleArn: ROLE,
      jobNamePrefix: "partitions-dev-features",
      kmsKeyArn: KEY,
      instanceType: "ml.t3.medium",
      volumeSizeGiB: 30,
      maxRuntimeSeconds: 3600,
      dayFunctionArn: FUNCTION,
      registrarFunctionArn: FUNCTION,
      codeHashes: { "extract.py": "1", "transform.py": "1", "dataset.json": "1" },
    }),

  conditions: () => {
    const rows = parameter.integer("Rows", { default: 0 });
    const stage = parameter.string("Stage", { default: "dev" });
    const run = processingStep("run_step", { processor: script, code });
    const stop = failStep("stop_step", { errorMessage: join(" ", ["no rows in", execution.pipelineName]) });
    const bare = failStep("bare_step", { displayName: "Bare", description: "Without a message" });
    const inner = conditionStep("inner_step", { conditions: [condition.equals(stage.ref, "dev")], ifSteps: [bare] });
    const first = lambdaStep("first_step", { functionArn: FUNCTION, inputs: {}, outputs: {} });
    const check = conditionStep("check_step", {
      conditions: [
        condition.equals(stage.ref, "dev"),
        condition.greaterThan(rows.ref, 0),
        condition.greaterThanOrEqualTo(rows.ref, 1),
        condition.lessThan(rows.ref, 1000),
        condition.lessThanOrEqualTo(0.5, rows.ref),
        condition.in(stage.ref, ["dev", "stg"]),
        condition.not(condition.equals(stage.ref, "prod")),
        condition.or([condition.equals(rows.ref, 1), condition.not(condition.in(rows.ref, [2, 3]))]),
      ],
      ifSteps: [run, inner],
      elseSteps: [stop],
      dependsOn: [first],
      displayName: "Check",
      description: "Runs when there are rows",
    });
    return pipelineDefinition({ parameters: [rows, stage], steps: [first, check] });
  },

  scikit_learn: () => {
    const old = sklearnProcessor({ ...machines, region: REGION, frameworkVersion: "1.0-1" });
    const latest = sklearnProcessor({
      ...machines,
      region: REGION,
      frameworkVersion: "1.4-2",
      command: ["python3", "-v"],
      environment: {},
    });
    return pipelineDefinition({
      steps: [
        processingStep("old_step", { processor: old, code, inputs: [source()] }),
        processingStep("new_step", { processor: latest, code }),
      ],
    });
  },

  spark: () => {
    const cluster = { ...machines, instanceType: "ml.m5.xlarge", instanceCount: 3 };
    const library = parameter.string("Library", { default: `${BUCKET}/code/extra.jar` });
    const job = `${BUCKET}/code/job.py`;
    const full = pySparkProcessor({
      ...cluster,
      region: REGION,
      frameworkVersion: "3.5",
      build: { python: "py312", container: "1.0" },
      environment: { TZ: "UTC" },
    });
    return pipelineDefinition({
      parameters: [library],
      steps: [
        processingStep("plain_step", {
          processor: pySparkProcessor({ ...cluster, region: REGION, frameworkVersion: "3.3" }),
          code: job,
        }),
        processingStep("full_step", {
          processor: full,
          code: job,
          submit: {
            pyFiles: [`${BUCKET}/code/a.py`, `${BUCKET}/code/b.zip`],
            jars: [`${BUCKET}/code/base.jar`, library.ref],
            files: [`${BUCKET}/code/names.csv`],
            configuration: CONFIGURATION,
            eventLogs: `${BUCKET}/events`,
          },
          inputs: [source()],
          outputs: [result("rows", `${BUCKET}/output`)],
          arguments: ["--day", "2021-12-01"],
        }),
        processingStep("own_step", { processor: pySparkProcessor({ ...cluster, imageUri: IMAGE }), code: job }),
      ],
    });
  },

  images: () =>
    pipelineDefinition({
      steps: [
        processingStep("image_step", { processor: processor({ ...machines, imageUri: IMAGE }), inputs: [source()] }),
        processingStep("entry_step", {
          processor: processor({ ...machines, imageUri: IMAGE, entrypoint: ["/bin/sh", "-c"], network: {} }),
          arguments: ["date"],
        }),
      ],
    }),

  experiment: () =>
    pipelineDefinition({
      steps: [failStep("fail_step", { errorMessage: "x" })],
      experimentConfig: { experimentName: "nightly", trialName: execution.pipelineExecutionId },
    }),

  no_experiment: () =>
    pipelineDefinition({ steps: [failStep("fail_step", { errorMessage: "x" })], experimentConfig: null }),
};
