import assert from "node:assert/strict";
import { jobFolders, jobIsolation, jobOutputKey, jobRole, jobVolume } from "../../policy/rules/job";
import { tableOutputs, uploadMode } from "../../policy/rules/pipeline";
import { judge } from "../support/policy";
import { another, defined, output, PARAMETERS, STEP, stepped } from "./cases/goodDataset";
import { LOCATION, pipeline, processingStep, table } from "./resources";

describe("what is a processing job", () => {
  for (const Type of ["QualityCheck", "ClarifyCheck"])
    it(`is a step of type ${Type} too`, () => {
      const step = { ...processingStep({ S3UploadMode: "Continuous" }), Type };
      Object.assign(step.Arguments.ProcessingResources.ClusterConfig, { VolumeKmsKeyId: undefined });
      Object.assign(step.Arguments.ProcessingOutputConfig, { KmsKeyId: undefined });
      step.Arguments.NetworkConfig = {};
      for (const rule of [jobIsolation, jobVolume, jobOutputKey, uploadMode])
        assert.equal(judge(rule, [table(), pipeline(step)]).violations.length, 1, rule.name);
    });

  it("is told without a name and a type of instance where it has none", () => {
    const step = processingStep();
    Object.assign(step, { Name: undefined });
    step.Arguments.ProcessingResources.ClusterConfig = { InstanceCount: 1 };
    assert.deepEqual(judge(jobVolume, [pipeline(step)]).violations, [
      "pipeline 'features', a step without name: VolumeKmsKeyId is absent, expected a key of this account",
    ]);
  });
});

describe("the default of a parameter", () => {
  const byDefault = (DefaultValue: unknown, fields: object) =>
    defined({ Parameters: [...PARAMETERS, { Name: "Out", Type: "String", DefaultValue }] }, (step) =>
      output(step, fields),
    );
  const out = { Get: "Parameters.Out" };

  it("is where an output goes, unless it is empty", () => {
    for (const [value, count] of [
      [LOCATION, 0],
      ["", 0],
      [undefined, 0],
      [LOCATION.slice(0, -1), 1],
      [`${LOCATION}process_date_jst=2021-12-01/`, 1],
    ] as const)
      assert.equal(judge(tableOutputs, byDefault(value, { S3Uri: out })).violations.length, count, value);
  });

  it("makes an output concern a table, inside of a text that is joined as well", () => {
    for (const S3Uri of [out, { "Std:Join": { On: "/", Values: [out, "output", ""] } }]) {
      const value = S3Uri === out ? LOCATION : "s3://acme-data/features";
      const resources = byDefault(value, { S3Uri, S3UploadMode: "Continuous" });
      assert.equal(judge(uploadMode, resources).violations.length, 1);
    }
  });

  it("decides nothing where a role is that of the job", () => {
    const role = "arn:aws:iam::123456789012:role/acme-dev-features-job";
    const parameters = [...PARAMETERS, { Name: "Role", Type: "String", DefaultValue: role }];
    const resources = defined({ Parameters: parameters }, (step) =>
      Object.assign(step.Arguments, { RoleArn: { Get: "Parameters.Role" } }),
    );
    assert.deepEqual(judge(jobRole, resources).violations, []);
  });
});

describe("keys and folders of a processing job", () => {
  it("may be absent where the hardware encrypts, and any key of the account", () => {
    for (const [type, key] of [
      ["ml.g5.xlarge", undefined],
      ["ml.m5d.large", undefined],
      ["ml.m5.large", "alias/acme-data"],
      ["ml.m5.large", { Get: "Parameters.Key" }],
    ] as const) {
      const cluster = { InstanceType: type, VolumeKmsKeyId: key };
      const resources = stepped((step) => Object.assign(step.Arguments.ProcessingResources.ClusterConfig, cluster));
      assert.deepEqual(judge(jobVolume, resources).violations, [], type);
    }
  });

  it("may lie beside each other, and be known to a run alone", () => {
    for (const LocalPath of ["/opt/ml/processing/output2", { Get: "Parameters.Folder" }, undefined])
      assert.deepEqual(
        judge(
          jobFolders,
          stepped((step) => {
            another(step, { LocalPath }, "one");
            another(step, { LocalPath: "/opt/ml/processing/output3" }, "two");
          }),
        ).violations,
        [],
      );
    const twice = stepped((step) => another(step, { LocalPath: "/opt/ml/processing/output" }));
    assert.match(judge(jobFolders, twice).violations.join(), new RegExp(`^${STEP}: LocalPath of output 'more'`));
  });
});
