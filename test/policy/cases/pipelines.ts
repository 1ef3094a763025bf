import { PIPELINE } from "../../../policy/kinds";
import { type Registered } from "../../support/policy";
import { LOCATION, object, processingStep, storedPipeline, table } from "../resources";
import {
  BUCKET,
  READ,
  jobMay,
  WRITE,
  another,
  defined,
  registerStep,
  definition,
  pipeline,
  tabled,
  stepped,
  PARAMETERS,
  STEP,
  output,
} from "./goodDataset";
import { casesOf, type Case } from "./case";

/** A step that writes another folder, which its role may write. */
function writing(folder: string): Registered[] {
  const step = processingStep({ S3Uri: `s3://acme-data/${folder}` });
  const statements = [READ, { ...WRITE, Resource: `${BUCKET}/${folder}*` }];
  return jobMay(...statements).map((each) => (each.type === PIPELINE.token ? pipeline([step, registerStep()]) : each));
}

export const pipelinesCases: Case[] = [
  ...casesOf("aws-sagemaker-pipeline-define-in-stack", [
    "no definition",
    [pipeline([], { pipelineDefinition: undefined })],
    "pipeline 'pipeline': pipelineDefinition is absent, expected a JSON object with Steps",
  ]),
  ...casesOf("aws-sagemaker-pipeline-define-in-object-of-stack", [
    "another object",
    [object(definition([processingStep()]), { key: "elsewhere" }), storedPipeline()],
    "pipeline 'features', definition at 's3://acme-data/features/code/1/pipeline.json': is no content of an object in the stack, expected a JSON object with Steps",
  ]),
  ...casesOf(
    "aws-sagemaker-pipeline-define-validly",
    ["a reference to nothing", stepped((step) => Object.assign(step, { DependsOn: ["nothing"] }))],
    ["an unknown mode of upload", stepped((step) => output(step, { S3UploadMode: "EndOfjob" }))],
    ["a long path", stepped((step) => output(step, { LocalPath: `/opt/ml/processing/${"x".repeat(300)}` }))],
  ),
  ...casesOf(
    "aws-sagemaker-pipeline-mount-under-processing",
    [
      "another folder",
      stepped((step) => output(step, { LocalPath: "/tmp/output" })),
      `${STEP}, output 'table': LocalPath is '/tmp/output', expected a folder below '/opt/ml/processing/'`,
    ],
    [
      "another folder by default",
      defined({ Parameters: [...PARAMETERS, { Name: "Folder", Type: "String", DefaultValue: "/tmp/out" }] }, (step) =>
        output(step, { LocalPath: { Get: "Parameters.Folder" } }),
      ),
      `${STEP}, output 'table': LocalPath is '/tmp/out' by default, expected a folder below '/opt/ml/processing/'`,
    ],
  ),
  ...casesOf("aws-sagemaker-pipeline-mirror-whole-output-folder", [
    "one partition",
    stepped((step) => output(step, { LocalPath: "/opt/ml/processing/output/dt=1" })),
    `${STEP}, output 'table': LocalPath is '/opt/ml/processing/output/dt=1', expected '/opt/ml/processing/output', without key=val`,
  ]),
  ...casesOf(
    "aws-sagemaker-pipeline-write-tables-at-their-location",
    [
      "one day",
      stepped((step) => output(step, { S3Uri: `${LOCATION}2021-12-01/` })),
      `${STEP}, output 'table': S3Uri is '${LOCATION}2021-12-01/', inside the location of table 'table', expected '${LOCATION}'`,
    ],
    [
      "one day, by the defaults of parameters",
      defined(
        { Parameters: [...PARAMETERS, { Name: "Out", Type: "String", DefaultValue: LOCATION.slice(0, -1) }] },
        (step) =>
          output(step, {
            S3Uri: {
              "Std:Join": { On: "/", Values: [{ Get: "Parameters.Out" }, { Get: "Parameters.ScheduledTime" }] },
            },
          }),
      ),
      `${STEP}, output 'table': S3Uri is '${LOCATION}auto' by default, inside the location of table 'table', expected '${LOCATION}'`,
    ],
    [
      "two outputs",
      stepped((step) => another(step, { S3Uri: LOCATION, LocalPath: "/opt/ml/processing/more" })),
      `${STEP}, output 'more': S3Uri is '${LOCATION}', the location of table 'table', which output 'table' goes to as well, expected one output of the step there`,
    ],
  ),
  ...casesOf("aws-sagemaker-pipeline-upload-tables-at-end-of-job", [
    "continuously",
    stepped((step) => output(step, { S3UploadMode: "Continuous" })),
    `${STEP}, output 'table': S3UploadMode is 'Continuous', expected 'EndOfJob'`,
  ]),
  ...casesOf("aws-sagemaker-pipeline-spell-table-locations", [
    "one letter less",
    stepped((step) => output(step, { S3Uri: "s3://acme-data/featurs/output/" })),
    `${STEP}, output 'table': S3Uri is 's3://acme-data/featurs/output/', 1 letter off the location of table 'table', which nothing writes, expected '${LOCATION}'`,
  ]),
  ...casesOf("aws-sagemaker-pipeline-name-outputs-unlike-tables", [
    "a shorter name",
    writing("features/out/"),
    `${STEP}, output 'table': S3Uri is 's3://acme-data/features/out/', a few letters off the location of table 'table', which nothing writes, expected '${LOCATION}'`,
  ]),
  ...casesOf("aws-glue-table-be-written-by-a-step", [
    "a table that nothing writes",
    tabled(
      () => undefined,
      table((props) => {
        props.name = "other";
        props.storageDescriptor.location = "s3://acme-data/elsewhere/output/";
      }, "other"),
    ),
    "table 'other': no output goes to 's3://acme-data/elsewhere/output/', expected one of a processing step",
  ]),
  ...casesOf(
    "aws-sagemaker-pipeline-pass-partitions-as-declared",
    [
      "the wrong order",
      stepped(
        (step) => (step.Arguments.AppSpecification.ContainerArguments = ["--path", "country=de/process_date_jst=1"]),
      ),
      ...[
        ["1", "country=de", "process_date_jst=…"],
        ["2", "process_date_jst=1", "country=…"],
      ].map(
        ([at, got, expected]) =>
          `${STEP}: argument 'country=de/process_date_jst=1': level ${at} is '${got}', expected '${expected}', expected '${LOCATION}process_date_jst=…/country=…/' or a part of it`,
      ),
    ],
    [
      "days without keys in the output's folder",
      stepped(
        (step) => (step.Arguments.AppSpecification.ContainerArguments = ["--out=/opt/ml/processing/output/2021/12/"]),
      ),
      ...[
        ["1", "2021", "process_date_jst=…"],
        ["2", "12", "country=…"],
      ].map(
        ([at, got, expected]) =>
          `${STEP}: argument '--out=/opt/ml/processing/output/2021/12/': level ${at} is '${got}', expected '${expected}', expected '${LOCATION}process_date_jst=…/country=…/' or a part of it`,
      ),
    ],
    [
      "a day without its key",
      stepped((step) => (step.Arguments.Environment = { TARGET: `${LOCATION}2021-12-01/` })),
      `${STEP}: variable 'TARGET' '${LOCATION}2021-12-01/': level 1 is '2021-12-01', expected 'process_date_jst=…', expected '${LOCATION}process_date_jst=…/country=…/' or a part of it`,
    ],
  ),
];
