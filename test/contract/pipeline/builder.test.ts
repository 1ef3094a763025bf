import assert from "node:assert/strict";
import { pipelineDefinition, renderDefinition } from "../../../contract/pipeline/definition";
import { imageUriOf } from "../../../contract/pipeline/images";
import { processor, scriptProcessor } from "../../../contract/pipeline/processors";
import { execution, join, parameter } from "../../../contract/pipeline/references";
import { failStep, lambdaStep, processingStep } from "../../../contract/pipeline/steps";
import { PIPELINES } from "./pipelines";

const machines = { imageUri: "image", roleArn: "role", instanceType: "ml.m5.large", instanceCount: 1 };
const script = scriptProcessor({ ...machines, command: ["python3"] });
const code = "s3://bucket/code/run.py";
const extract = processingStep("extract_step", {
  processor: script,
  code,
  outputs: [{ name: "extract", destination: "s3://bucket/out", localPath: "/opt/ml/processing/output" }],
});

describe("the pipeline builder", () => {
  it("refers to the output of a processing step by the address that it really has", () => {
    assert.deepEqual(extract.output("extract"), {
      Get: "Steps.extract_step.ProcessingOutputConfig.Outputs['extract'].S3Output.S3Uri",
    });
  });

  it("names the outputs that exist when another one is asked for", () => {
    assert.throws(
      // @ts-expect-error the compiler knows the names as well
      () => extract.output("transform"),
      /step 'extract_step':\n.*there is no output 'transform'; it has extract$/,
    );
    const silent = lambdaStep("silent_step", { functionArn: "arn", inputs: {}, outputs: {} });
    // @ts-expect-error there are no outputs
    assert.throws(() => silent.output("day"), /it has none$/);
  });

  it("takes a script for the processors that run one, and none for the others", () => {
    // @ts-expect-error a script processor without a script
    processingStep("step", { processor: script });
    // @ts-expect-error a script for an image that runs by itself
    processingStep("step", { processor: processor(machines), code });
  });

  it("takes either a number of attempts or an end of retries", () => {
    const policy = { exceptionTypes: ["Step.THROTTLING"], maxAttempts: 3, expireAfterMinutes: 10 } as const;
    // @ts-expect-error both at once
    processingStep("step", { processor: script, code, retryPolicies: [policy] });
  });

  it("leaves out an empty list of arguments, which the API refuses", () => {
    const { definition } = processingStep("step", { processor: script, code, arguments: [] });
    assert.deepEqual(definition.Arguments["AppSpecification"], {
      ImageUri: "image",
      ContainerEntrypoint: ["python3", "/opt/ml/processing/input/code/run.py"],
    });
  });

  it("takes a file as the script, not a folder of them", () => {
    for (const folder of ["s3://bucket/code/", "s3://bucket/", "s3://bucket", "run.py"])
      assert.throws(
        () => processingStep("step", { processor: script, code: folder }),
        /step 'step':\n.*is not the S3 address of a file; write s3:/,
      );
  });

  it("knows no version and no region that every object seems to have", () => {
    assert.throws(
      () => imageUriOf("sklearn", { region: "constructor", frameworkVersion: "toString" }),
      /frameworkVersion 'toString' must be one of .*\n.*region 'constructor' has no such image/,
    );
  });

  it("says which versions and regions there are when SageMaker has no such image", () => {
    assert.throws(
      () => imageUriOf("sklearn", { region: "mars-1", frameworkVersion: "9.9" }),
      /frameworkVersion '9.9' must be one of 0.20.0, .*\n.*region 'mars-1' has no such image; give imageUri, or use one of af-south-1, /,
    );
    assert.throws(
      () =>
        imageUriOf("spark", {
          region: "ap-northeast-1",
          frameworkVersion: "3.3",
          build: { python: "py312", container: "1.0" },
        }),
      /python 'py312' must be one of py39 for 3.3/,
    );
  });
});

describe("the text of a definition", () => {
  it("is the same for the same pipeline, built twice", () => {
    for (const pipeline of Object.values(PIPELINES))
      assert.equal(renderDefinition(pipeline()), renderDefinition(pipeline()));
  });

  it("does not change with the order in which members are written", () => {
    const step = (environment: Record<string, string>) =>
      processingStep("step", { processor: scriptProcessor({ ...machines, command: [], environment }), code });
    const [one, other] = [step({ A: "1", B: "2" }), step({ B: "2", A: "1" })].map((made) =>
      renderDefinition(pipelineDefinition({ steps: [made] })),
    );
    assert.equal(one, other);
  });

  it("keeps the order of lists", () => {
    const steps = ["b", "a"].map((name) => failStep(name));
    assert.match(renderDefinition(pipelineDefinition({ steps })), /"Name":"b".*"Name":"a"/);
  });

  it("has no blanks between members", () => {
    assert.equal(
      renderDefinition(
        pipelineDefinition({
          parameters: [parameter.string("Day")],
          steps: [failStep("stop", { errorMessage: join("-", ["a", execution.pipelineName]) })],
          experimentConfig: null,
        }),
      ),
      '{"Metadata":{},"Parameters":[{"Name":"Day","Type":"String"}],"PipelineExperimentConfig":null,"Steps":' +
        '[{"Arguments":{"ErrorMessage":{"Std:Join":{"On":"-","Values":["a",{"Get":"Execution.PipelineName"}]}}},' +
        '"Name":"stop","Type":"Fail"}],"Version":"2020-12-01"}',
    );
  });
});
