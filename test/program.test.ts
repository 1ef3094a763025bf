import { deepEqual, equal, match, ok } from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import program from "../index";
import { datasets } from "../datasets";
import { rules } from "../policy/rules";
import { judge } from "./support/policy";
import { found, mockEngine, type Registered } from "./support/mocks";

/** Runs the whole program under mocks, until its last registration has come. */
async function runProgram(config: Record<string, string> = {}) {
  const registered = await mockEngine(config);
  const outputs: Record<string, unknown> = await program();
  await runtime.disconnect();
  return { registered, outputs };
}

describe("the program", () => {
  let registered: Registered[];
  let outputs: Record<string, unknown>;
  before(async function () {
    this.timeout(60_000);
    ({ registered, outputs } = await runProgram());
  });

  it("declares the table of the example, to the letter", () => {
    deepEqual(found(registered, "aws:glue/catalogTable:CatalogTable", "features-table").inputs, {
      name: "features",
      databaseName: "partitions_test",
      description: "partitioned_table_sample",
      tableType: "EXTERNAL_TABLE",
      parameters: {
        classification: "csv",
        EXTERNAL: "TRUE",
        columnsOrdered: "true",
        areColumnsQuoted: "false",
        delimiter: ",",
      },
      partitionKeys: [{ name: "process_date_jst", type: "string" }],
      storageDescriptor: {
        location: "s3://test-partitions-test-data/features/output/",
        columns: [
          { name: "feature1", type: "string", comment: "feature1の説明。" },
          { name: "feature2", type: "string", comment: "feature2の説明。" },
          { name: "y", type: "string", comment: "目的変数。" },
        ],
        inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
        outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
        serDeInfo: {
          serializationLibrary: "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
          parameters: { "field.delim": ",", "serialization.format": "," },
        },
      },
    });
  });

  it("makes no partition a resource", () => {
    equal(registered.filter(({ type }) => type.startsWith("aws:glue/partition")).length, 0);
  });

  it("spends at most 8 resources on a dataset", () => {
    for (const dataset of datasets) {
      const own = registered.filter(({ name, type }) => name.startsWith(`${dataset.name}-`) && type.startsWith("aws:"));
      ok(own.length > 4 && own.length <= 8, own.map(({ type, name }) => `${type} ${name}`).join("\n"));
    }
  });

  it("names every bucket-bound resource by a string that is known at preview", () => {
    for (const { type, inputs } of registered)
      if (type.startsWith("aws:s3/")) equal(inputs.bucket, "test-partitions-test-data", type);
  });

  it("gives the pipeline the steps of the declaration between day and registration", () => {
    const { inputs } = found(registered, "aws:sagemaker/pipeline:Pipeline", "features-pipeline");
    const definition = JSON.parse(String(inputs.pipelineDefinition)) as { Steps: { Name: string; Type: string }[] };
    deepEqual(
      definition.Steps.map(({ Name, Type }) => [Name, Type]),
      [
        ["day_step", "Lambda"],
        ["extract_step", "Processing"],
        ["transform_step", "Processing"],
        ["register_step", "Lambda"],
      ],
    );
  });

  it("feeds transform from extract by reference, never by a repeated address", () => {
    const { inputs } = found(registered, "aws:sagemaker/pipeline:Pipeline", "features-pipeline");
    const definition = JSON.parse(String(inputs.pipelineDefinition)) as {
      Steps: { Name: string; Arguments: { ProcessingInputs: { InputName: string; S3Input: { S3Uri: unknown } }[] } }[];
    };
    const transform = definition.Steps.find(({ Name }) => Name === "transform_step");
    const input = transform?.Arguments.ProcessingInputs.find(({ InputName }) => InputName === "extract");
    deepEqual(input?.S3Input.S3Uri, {
      Get: "Steps.extract_step.ProcessingOutputConfig.Outputs['extract'].S3Output.S3Uri",
    });
  });

  it("passes every rule of the policy pack, with nothing left unknown", () => {
    const resources = registered.map(({ type, name, inputs }) => ({ type, name, props: inputs }));
    for (const rule of rules) {
      const { violations, unknown } = judge(rule, resources);
      deepEqual({ violations, unknown }, { violations: [], unknown: undefined }, rule.name);
    }
  });

  it("makes neither bucket nor database where it is told of them, and passes every rule all the same", async function () {
    this.timeout(60_000);
    const existing = { existingBucket: "team-data", existingDatabase: "team-lake" };
    const { registered: there, outputs: told } = await runProgram(existing);
    const types = new Set(there.map(({ type }) => type));
    ok(!types.has("aws:glue/catalogDatabase:CatalogDatabase"));
    deepEqual(
      [...types].filter((type) => type.startsWith("aws:s3/")),
      ["aws:s3/bucketObjectv2:BucketObjectv2"],
    );
    const { inputs } = found(there, "aws:glue/catalogTable:CatalogTable", "features-table");
    equal(inputs.databaseName, "team-lake");
    deepEqual([told.bucket, told.database], ["team-data", "team-lake"]);
    deepEqual(
      told.tables,
      Object.fromEntries(datasets.map(({ name, prefix }) => [name, `s3://team-data/${prefix}/output/`])),
    );
    const resources = there.map(({ type, name, inputs }) => ({ type, name, props: inputs }));
    for (const rule of rules) deepEqual(judge(rule, resources).violations, [], rule.name);
  });

  it("exports what a user needs to find the table", () => {
    const { tables, pipelines } = outputs as Readonly<Record<string, Readonly<Record<string, string>>>>;
    equal(tables?.["features"], "s3://test-partitions-test-data/features/output/");
    equal(pipelines?.["features"], "partitions-test-features");
    equal(outputs["dashboard"], "partitions-test");
    match(String(outputs["createExternalSchema"]), /CREATE EXTERNAL SCHEMA/);
    // The engine warns of an output that is undefined.
    deepEqual(
      Object.keys(outputs).filter((name) => outputs[name] === undefined),
      [],
    );
  });
});
