import { PIPELINE, ROLE_POLICY } from "../../../policy/kinds";
import { type Registered } from "../../support/policy";
import { LOCATION, object, processingStep, storedPipeline, table } from "../resources";
import { BUCKET, WRITE, registerStep, definition, pipeline, tabled, stepped, STEP, output } from "./goodDataset";
import { casesOf, policy, resource, type Case } from "./case";

function mistyped(): Registered {
  const step = processingStep({ S3Uri: "s3://acme-data/featurs/output/" });
  return pipeline([step, registerStep()]);
}

/** What the mistyped step needs so that nothing else is wrong with it. */
function writesThere(): Registered[] {
  return [
    resource(ROLE_POLICY, "there", {
      role: "acme-dev-features-job",
      policy: policy({ ...WRITE, Resource: `${BUCKET}/featurs/output/*` }),
    }),
  ];
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
  ...casesOf("aws-sagemaker-pipeline-define-validly", [
    "a reference to nothing",
    stepped((step) => Object.assign(step, { DependsOn: ["nothing"] })),
  ]),
  ...casesOf("aws-sagemaker-pipeline-mount-under-processing", [
    "another folder",
    stepped((step) => output(step, { LocalPath: "/tmp/output" })),
    `${STEP}, output 'table': LocalPath is '/tmp/output', expected a folder below '/opt/ml/processing/'`,
  ]),
  ...casesOf("aws-sagemaker-pipeline-mirror-whole-output-folder", [
    "one partition",
    stepped((step) => output(step, { LocalPath: "/opt/ml/processing/output/dt=1" })),
    `${STEP}, output 'table': LocalPath is '/opt/ml/processing/output/dt=1', expected '/opt/ml/processing/output', without key=val`,
  ]),
  ...casesOf("aws-sagemaker-pipeline-write-tables-at-their-location", [
    "one day",
    stepped((step) => output(step, { S3Uri: `${LOCATION}2021-12-01/` })),
    `${STEP}, output 'table': S3Uri is '${LOCATION}2021-12-01/', inside the location of table 'table', expected '${LOCATION}'`,
  ]),
  ...casesOf("aws-sagemaker-pipeline-upload-tables-at-end-of-job", [
    "continuously",
    stepped((step) => output(step, { S3UploadMode: "Continuous" })),
    `${STEP}, output 'table': S3UploadMode is 'Continuous', expected 'EndOfJob'`,
  ]),
  ...casesOf("aws-sagemaker-pipeline-spell-table-locations", [
    "one letter more",
    [...tabled(() => undefined), ...[]]
      .map((each) => (each.type === PIPELINE.token ? mistyped() : each))
      .concat(writesThere()),
    `${STEP}, output 'table': S3Uri is 's3://acme-data/featurs/output/', 1 letter off the location of table 'table', which nothing writes, expected '${LOCATION}'`,
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
      "a day without its key",
      stepped((step) => (step.Arguments.Environment = { TARGET: `${LOCATION}2021-12-01/` })),
      `${STEP}: variable 'TARGET' '${LOCATION}2021-12-01/': level 1 is '2021-12-01', expected 'process_date_jst=…', expected '${LOCATION}process_date_jst=…/country=…/' or a part of it`,
    ],
  ),
];
