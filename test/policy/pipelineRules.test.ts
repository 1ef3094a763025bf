import assert from "node:assert/strict";
import { localPaths, outputFolders, readableDefinition, tableOutputs, uploadMode } from "../../policy/rules/pipeline";
import { validDefinition } from "../../policy/rules/validation";
import { PIPELINE } from "../../policy/kinds";
import { judge, UNKNOWN } from "../support/policy";
import { LOCATION, pipeline, processingStep, table, type TableProps } from "./resources";

const OUTPUT = "pipeline 'features', step 'extract', output 'table'";
const INPUT = "pipeline 'features', step 'extract', input 'raw'";
const defined = (pipelineDefinition: unknown, more: object = {}) => ({
  type: PIPELINE.token,
  name: "features",
  props: { pipelineDefinition, ...more },
});
const locate = (location: unknown, name = "features") =>
  table((props: TableProps) => Object.assign(props.storageDescriptor, { location }), name);
const condition = (branch: "IfSteps" | "ElseSteps", ...steps: object[]) => ({
  Name: "whether",
  Type: "Condition",
  Arguments: { Conditions: [], IfSteps: [], ElseSteps: [], [branch]: steps },
});

describe("aws-sagemaker-pipeline-define-in-stack", () => {
  for (const [what, text, problem] of [
    ["an absent definition", undefined, "is absent"],
    ["broken JSON", "{", "is not a JSON object"],
    ["a list", "[]", "is not a JSON object"],
    ["a definition without steps", "{}", "has no list of Steps"],
  ] as const)
    it(`rejects ${what}`, () => {
      assert.deepEqual(judge(readableDefinition, [defined(text)]).violations, [
        `pipeline 'features': pipelineDefinition ${problem}, expected a JSON object with Steps`,
      ]);
    });

  it("leaves a definition in S3 to its own rule", () => {
    const elsewhere = defined(undefined, { pipelineDefinitionS3Location: { bucket: "b", objectKey: "k" } });
    assert.deepEqual(judge(readableDefinition, [elsewhere]).violations, []);
  });
});

for (const rule of [readableDefinition, localPaths, outputFolders, tableOutputs, uploadMode])
  describe(rule.name, () => {
    it("does not judge an unknown definition", () => {
      const { violations, unknown } = judge(rule, [table(), defined(UNKNOWN)]);
      assert.deepEqual({ violations, unknown }, { violations: [], unknown: "pipelineDefinition" });
    });
  });

for (const rule of [localPaths, outputFolders, tableOutputs, uploadMode])
  describe(rule.name, () => {
    it("leaves an absent or broken definition to its own rule", () => {
      for (const text of [undefined, "{", '{"Steps":[null,1,{"Type":"Processing"},{"Type":"Condition"}]}'])
        assert.deepEqual(judge(rule, [table(), defined(text)]).violations, []);
    });

    it("does not look at steps of other types", () => {
      const training = { ...processingStep({ LocalPath: "/tmp/a=b", S3Uri: `${LOCATION}x` }), Type: "Training" };
      assert.deepEqual(judge(rule, [table(), pipeline(training)]).violations, []);
    });
  });

describe("aws-sagemaker-pipeline-mount-under-processing", () => {
  for (const LocalPath of [
    "/opt/ml/output",
    "/opt/ml/processing",
    "/opt/ml/processing/",
    "/opt/ml/processing-2/x",
    "/opt/ml/processing/../model",
    "/opt/ml/processing//x",
    "output",
    "",
  ]) {
    it(`rejects an output at '${LocalPath}'`, () => {
      assert.deepEqual(judge(localPaths, [pipeline(processingStep({ LocalPath }))]).violations, [
        `${OUTPUT}: LocalPath is '${LocalPath}', expected a folder below '/opt/ml/processing/'`,
      ]);
    });

    it(`rejects an input at '${LocalPath}'`, () => {
      assert.deepEqual(judge(localPaths, [pipeline(processingStep({}, { LocalPath }))]).violations, [
        `${INPUT}: LocalPath is '${LocalPath}', expected a folder below '/opt/ml/processing/'`,
      ]);
    });
  }

  it("rejects an absent path, unless SageMaker finds the data itself", () => {
    const step = processingStep({ LocalPath: undefined });
    assert.deepEqual(judge(localPaths, [pipeline(step)]).violations, [
      `${OUTPUT}: LocalPath is absent, expected a folder below '/opt/ml/processing/'`,
    ]);
    const [output] = step.Arguments.ProcessingOutputConfig.Outputs;
    Object.assign(output ?? {}, { AppManaged: true, S3Output: undefined, FeatureStoreOutput: {} });
    assert.deepEqual(judge(localPaths, [pipeline(step)]).violations, []);
  });

  it("accepts a final slash, and a path that only a run knows", () => {
    for (const LocalPath of ["/opt/ml/processing/output/", { Get: "Parameters.Folder" }])
      assert.deepEqual(judge(localPaths, [pipeline(processingStep({ LocalPath }))]).violations, []);
  });

  for (const branch of ["IfSteps", "ElseSteps"] as const)
    it(`rejects in ${branch} of a condition inside a condition`, () => {
      const nested = condition(branch, condition(branch, processingStep({ LocalPath: "/tmp" })));
      assert.equal(judge(localPaths, [pipeline(nested)]).violations.length, 1);
    });
});

describe("aws-sagemaker-pipeline-mirror-whole-output-folder", () => {
  it("rejects the folder of one partition", () => {
    const LocalPath = "/opt/ml/processing/output/process_date_jst=2021-12-01/country=de";
    assert.deepEqual(judge(outputFolders, [pipeline(processingStep({ LocalPath }))]).violations, [
      `${OUTPUT}: LocalPath is '${LocalPath}', expected '/opt/ml/processing/output', without key=val`,
    ]);
  });

  it("rejects a partition whose value only a run knows", () => {
    const LocalPath = { "Std:Join": { On: "", Values: ["/opt/ml/processing/output/dt=", { Get: "Parameters.Day" }] } };
    assert.deepEqual(judge(outputFolders, [pipeline(processingStep({ LocalPath }))]).violations, [
      `${OUTPUT}: LocalPath is '/opt/ml/processing/output/dt=…', expected '/opt/ml/processing/output', without key=val`,
    ]);
  });
});

describe("aws-sagemaker-pipeline-write-tables-at-their-location", () => {
  const judged = (S3Uri: unknown, ...tables: ReturnType<typeof table>[]) =>
    judge(tableOutputs, [...(tables.length > 0 ? tables : [table()]), pipeline(processingStep({ S3Uri }))]);
  for (const [what, uri, relation] of [
    ["without a final slash", "s3://acme-data/features/output", "a near miss of"],
    ["in another case", "s3://acme-data/Features/output/", "a near miss of"],
    ["with an empty folder", "s3://acme-data/features//output/", "a near miss of"],
    ["of Hadoop's scheme", "s3a://acme-data/features/output/", "a near miss of"],
    ["of one partition", "s3://acme-data/features/output/process_date_jst=2021-12-01/", "inside"],
    ["of a folder of the table", "s3://acme-data/features/output/output", "inside"],
    ["of the dataset", "s3://acme-data/features/", "above"],
    ["of the bucket", "s3://acme-data", "above"],
  ] as const)
    it(`rejects an address ${what}`, () => {
      assert.deepEqual(judged(uri), {
        violations: [
          `${OUTPUT}: S3Uri is '${uri}', ${relation} the location of table 'features', ` + `expected '${LOCATION}'`,
        ],
        blamed: ["features"],
      });
    });

  it("rejects a partition whose value only a run knows", () => {
    const uri = { "Std:Join": { On: "/", Values: ["s3://acme-data/features/output", { Get: "Parameters.Day" }] } };
    assert.deepEqual(judged(uri).violations, [
      `${OUTPUT}: S3Uri is 's3://acme-data/features/output/…', inside the location of table 'features', ` +
        `expected '${LOCATION}'`,
    ]);
  });

  it("accepts the execution's own folder, other prefixes, and what only a run knows", () => {
    const run = { Get: "Execution.PipelineExecutionId" };
    for (const uri of [
      "s3://acme-data/features/execution/x/",
      { "Std:Join": { On: "/", Values: ["s3://acme-data/features/execution", run, "extract"] } },
      { "Std:Join": { On: "/", Values: ["s3://acme-data", run] } },
      { "Std:Join": { On: "", Values: [{ Get: "Parameters.Bucket" }, "/features/output"] } },
      { "Std:Join": { On: "", Values: ["s3://acme-data/features/", "output/"] } },
      { Get: "Parameters.OutputUri" },
      "s3://acme-data/features2/output/",
      "s3://acme-data/features/raw/",
      "s3://other/features/output",
      undefined,
    ])
      assert.deepEqual(judged(uri).violations, [], JSON.stringify(uri));
  });

  it("takes a dataset's folder in that of another for its own", () => {
    const tables = [table(), locate("s3://acme-data/features/daily/output/", "daily")];
    for (const uri of ["s3://acme-data/features/daily/output/", "s3://acme-data/features/daily/reports/"])
      assert.deepEqual(judged(uri, ...tables).violations, []);
    assert.match(judged("s3://acme-data/features/daily/", ...tables).violations.join(), /table 'daily'/);
  });

  it("rejects by the known tables beside an unknown one", () => {
    const verdict = judged("s3://acme-data/features/output", locate(UNKNOWN, "new"), table());
    assert.equal(verdict.violations.length, 1);
    assert.equal(verdict.unknown, "storageDescriptor.location");
  });

  it("does not take over the misspelling of a table", () => {
    const misspelled = locate(LOCATION.slice(0, -1));
    assert.deepEqual(judged(LOCATION, misspelled).violations, []);
    assert.deepEqual(judged(LOCATION.slice(0, -1), misspelled).violations, [
      `${OUTPUT}: S3Uri is '${LOCATION.slice(0, -1)}', a near miss of the location of table 'features', expected '${LOCATION}'`,
    ]);
  });

  it("accepts any output of a stack without tables", () => {
    assert.deepEqual(judge(tableOutputs, [pipeline(processingStep({ S3Uri: "s3://x/y" }))]).violations, []);
  });
});

describe("aws-sagemaker-pipeline-upload-tables-at-end-of-job", () => {
  for (const [mode, got] of [
    ["Continuous", "'Continuous'"],
    [{ Get: "Parameters.Mode" }, '{"Get":"Parameters.Mode"}'],
  ] as const)
    it(`rejects the mode ${got}, also where the address is a near miss`, () => {
      for (const S3Uri of [LOCATION, "s3://acme-data/features/output"])
        assert.deepEqual(judge(uploadMode, [table(), pipeline(processingStep({ S3UploadMode: mode, S3Uri }))]), {
          violations: [`${OUTPUT}: S3UploadMode is ${got}, expected 'EndOfJob'`],
          blamed: ["features"],
        });
    });

  it("leaves a mode that SageMaker does not know, and that there is none, to the rule of validity", () => {
    for (const mode of ["EndOfjob", undefined]) {
      const pipelines = [table(), pipeline(processingStep({ S3UploadMode: mode }))];
      assert.deepEqual(judge(uploadMode, pipelines).violations, []);
      assert.match(judge(validDefinition, pipelines).violations.join(), /S3UploadMode/);
    }
  });

  it("accepts any mode where the output is no table", () => {
    const step = processingStep({ S3Uri: "s3://acme-data/features/execution/1/", S3UploadMode: "Continuous" });
    assert.deepEqual(judge(uploadMode, [table(), pipeline(step)]).violations, []);
  });
});
