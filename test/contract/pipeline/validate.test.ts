import fc from "fast-check";
import assert from "node:assert/strict";
import { renderDefinition } from "../../../contract/pipeline/definition";
import { validateDefinition } from "../../../contract/pipeline/validate";
import { JOB_MEMBERS } from "../../../contract/pipeline/validation/results";
import { CREATE_PIPELINE } from "../../../contract/pipeline/validation/createPipeline";
import { PROCESSING_JOB } from "../../../contract/pipeline/validation/processingJob";
import { STEP_TYPES } from "../../../contract/pipeline/validation/steps";
import { walk } from "../../../contract/pipeline/validation/values";
import { BROKEN } from "./broken";
import { ODD } from "./odd";
import { PIPELINES } from "./pipelines";
import { sdkAnswer, type SdkAnswer } from "./sdk";
import { changed, validDefinition } from "./valid";

/** Making the Python environment for the first time takes a minute or two. */
const INSTALL_MS = 600_000;

describe("the pipeline validator", () => {
  describe("accepts", () => {
    for (const [name, pipeline] of Object.entries(PIPELINES))
      it(`our own pipeline '${name}'`, () => {
        assert.deepEqual(validateDefinition(JSON.parse(renderDefinition(pipeline()))), []);
      });

    it("the definition that the broken ones are made of", () => {
      assert.deepEqual(validateDefinition(validDefinition()), []);
    });

    it("a definition with steps alone", () => {
      assert.deepEqual(validateDefinition({ Steps: [{ Name: "stop", Type: "Fail", Arguments: {} }] }), []);
    });

    for (const duration of ["PT30M", "P30D", "P4DT12H", "p30d", "30d", "5y", "T16m", "30dT5h", "P1W", "P1M"])
      it(`the cache duration ${duration}`, () => {
        assert.deepEqual(validateDefinition(changed({ "/Steps/1/CacheConfig/ExpireAfter": duration })), []);
      });

    for (const [title, changes] of ODD)
      it(title, () => {
        assert.deepEqual(validateDefinition(changed(changes)), []);
      });

    for (const [what, argument] of Object.entries({
      "the ARN of a secret": "--secret=arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:db-abc123",
      "a number called token": "--max-token=4096",
      "a place for a secret": "--password=${PASSWORD}",
      "256 characters, each of two UTF-16 units": "😀".repeat(256),
      "the address of a file": "token=/opt/ml/processing/input/token",
    }))
      it(`${what} among the arguments`, () => {
        const list = "/Steps/1/Arguments/AppSpecification/ContainerArguments/2";
        assert.deepEqual(validateDefinition(changed({ [list]: argument })), []);
      });

    it("a step of a kind that it does not know in full, and references to its values", () => {
      const train = { Name: "train", Type: "Training", Arguments: { Anything: { Get: "Parameters.ProcessDate" } } };
      const model = { Get: "Steps.train.ModelArtifacts.S3ModelArtifacts" };
      const definition = changed({ "/Steps/3": train, "/Steps/0/Arguments/model": model });
      assert.deepEqual(validateDefinition(definition), []);
    });
  });

  describe("refuses, with the place and the rule,", () => {
    for (const { title, changes, problems } of BROKEN)
      it(title, () => {
        const found = validateDefinition(changed(changes));
        assert.deepEqual(
          found.map(({ pointer, rule }) => [pointer, rule]),
          problems,
        );
        for (const problem of found)
          for (const text of [problem.value, problem.fix, problem.source]) assert.notEqual(text, "", problem.pointer);
      });

    it("what is no definition at all", () => {
      for (const value of [null, [], "{}", 1])
        assert.deepEqual(
          validateDefinition(value).map(({ rule }) => rule),
          ["a definition is a JSON object"],
        );
    });

    it("levels that no check could follow", () => {
      const deep: unknown = JSON.parse(`${"[".repeat(20_000)}${"]".repeat(20_000)}`);
      assert.deepEqual(
        validateDefinition(deep).map(({ rule }) => rule),
        ["at most 200 levels"],
      );
    });

    it("a definition of more than 1,048,576 characters", () => {
      const definition = changed({ "/Metadata": { note: "x".repeat(1_048_576) } });
      const [problem] = validateDefinition(definition);
      assert.equal(problem?.rule, "at most 1048576 characters");
    });
  });

  it("names what can be chosen instead", () => {
    const [problem] = validateDefinition(changed({ "/Steps/1/DependsOn": ["dya_step"] }));
    assert.deepEqual(problem, {
      pointer: "/Steps/1/DependsOn/0",
      rule: "a step of this pipeline",
      value: '"dya_step"',
      fix: "use one of: day_step, extract_step, check_step, stop_step",
      source: "SageMaker developer guide, Pipelines steps",
    });
  });

  it("answers with problems, never with an exception, whatever stands anywhere in a definition", () => {
    const pointers: string[] = [];
    walk(validDefinition(), "", (_value, pointer) => pointers.push(pointer));
    const anywhere = fc.constantFrom(...pointers.filter((pointer) => pointer !== ""));
    const check = (pointer: string, value: unknown) => void validateDefinition(changed({ [pointer]: value }));
    fc.assert(fc.property(anywhere, fc.jsonValue({ maxDepth: 2 }), check), { numRuns: 300 });
  });

  it("goes through a chain of steps as long as a definition can be, and finds its circle", () => {
    const count = 9_000;
    const Steps = Array.from({ length: count }, (_, index) => ({
      ...{ Name: `s${index}`, Type: "Fail" },
      DependsOn: [index === count - 1 ? "s8998" : `s${index + 1}`],
    }));
    assert.deepEqual(
      validateDefinition({ Steps }).map(({ rule, value }) => [rule, value]),
      [["no step waits for itself", '"s8998 waits for s8999 waits for s8998"']],
    );
  });

  it("reports all problems at once", () => {
    const problems = validateDefinition(
      changed({ "/Version": "2021-01-01", "/Parameters/0/Name": "Process Date", "/Steps/2/Name": "check step" }),
    );
    assert.ok(problems.length >= 3, JSON.stringify(problems));
  });

  describe("and the SageMaker Python SDK", () => {
    let sdk: SdkAnswer;
    before(async function () {
      this.timeout(INSTALL_MS);
      sdk = await sdkAnswer();
    });

    it("agree that every pipeline of the SDK is valid", () => {
      const problems = Object.entries(sdk.pipelines).map(([name, pipeline]) => [name, validateDefinition(pipeline)]);
      assert.deepEqual(
        problems,
        Object.keys(sdk.pipelines).map((name) => [name, []]),
      );
    });

    it("agree that whatever the SDK emits for these steps is valid", () => {
      const problems = Object.entries(sdk.definitions).map(([name, each]) => [name, validateDefinition(each)]);
      assert.ok(problems.length > 10);
      assert.deepEqual(
        problems,
        Object.keys(sdk.definitions).map((name) => [name, []]),
      );
    });

    it("know the same types of steps", () => {
      assert.deepEqual([...STEP_TYPES].sort(), sdk.stepTypes);
    });

    it("have the same limits and patterns of a CreatePipeline request", () => {
      // What is required depends on the request, and the definition is judged by itself.
      const { PipelineDefinition, ...members } = sdk.createPipeline.members;
      assert.ok(PipelineDefinition);
      assert.deepEqual(CREATE_PIPELINE.members, members);
    });

    it("have the same limits, patterns and members of a processing job, by botocore's model", () => {
      assert.deepEqual(withoutInstanceTypes(PROCESSING_JOB), withoutInstanceTypes(sdk.processingJob));
    });

    it("have the same values of a step that has run, by botocore's model", () => {
      assert.deepEqual(JOB_MEMBERS, sdk.describedJob);
    });
  });
});

/** New instance types come every month: ours is a pattern, botocore's a list that `sdk_pipelines.py` leaves out. */
function withoutInstanceTypes(model: unknown): unknown {
  return JSON.parse(
    JSON.stringify(model, (key, value: unknown) => (key.endsWith("InstanceType") ? { type: "string" } : value)),
  );
}
