import { type Registered } from "../../support/policy";
import { LOCATION, processingStep, table } from "../resources";
import {
  GLUE,
  BUCKET,
  READ,
  WRITE,
  CHANGE,
  LOOK,
  KEYS,
  pipeline,
  schedule,
  startOf,
  swap,
  registering,
  jobMay,
  registrarMay,
  STEP,
  REGISTER,
} from "./goodDataset";
import { ACCOUNT, casesOf, type Case } from "./case";

/** A second table with a pipeline of its own, whose role is another's matter. */
function otherDataset(): Registered[] {
  const step = processingStep({ S3Uri: "s3://acme-data/other/output/" });
  step.Arguments.RoleArn = `arn:aws:iam::${ACCOUNT}:role/elsewhere`;
  return [
    table((props) => {
      props.name = "other";
      props.storageDescriptor.location = "s3://acme-data/other/output/";
    }, "other"),
    { ...pipeline([step]), name: "other", props: { ...pipeline([step]).props, pipelineName: "acme-dev-other" } },
  ];
}

export const agreementsCases: Case[] = [
  ...casesOf(
    "aws-sagemaker-pipeline-register-as-declared",
    [
      "another table",
      registering({ table: "feature" }),
      `${REGISTER}: registers in table 'feature' of 'acme_dev', expected one of the stack: 'features'`,
    ],
    [
      "keys in another order",
      registering({}, { partitionKeys: [...KEYS].reverse() }),
      `${REGISTER}: is told of the keys 'country', 'process_date_jst', expected 'process_date_jst', 'country'`,
    ],
    [
      "other columns",
      registering({}, { columns: [{ name: "amount" }] }),
      `${REGISTER}: is told of the columns 'amount', expected 'customer', 'amount'`,
    ],
    [
      "a value for no key",
      registering({ value_date: "1" }),
      `${REGISTER}: is told of a value for 'date', expected keys of the table: 'process_date_jst', 'country'`,
    ],
    [
      "another place",
      registering({ location: "s3://acme-data/features/" }),
      `${REGISTER}: is told of the location 's3://acme-data/features/', expected '${LOCATION}'`,
    ],
  ),
  ...casesOf(
    "aws-scheduler-schedule-start-pipeline-of-stack",
    [
      "another pipeline",
      swap(schedule(startOf("acme-dev-feature"))),
      "schedule 'daily': starts pipeline 'acme-dev-feature', expected one of the stack: 'acme-dev-features'",
    ],
    [
      "another parameter",
      swap(schedule(startOf("acme-dev-features", "ScheduleTime"))),
      "schedule 'daily': gives parameter 'ScheduleTime' to 'acme-dev-features', expected one that it has: 'ScheduledTime'",
    ],
    [
      "one day for ever",
      swap(schedule(startOf("acme-dev-features", "ScheduledTime", "2021-12-01"))),
      "schedule 'daily': gives the day '2021-12-01' as 'ScheduledTime' to every run, expected '<aws.scheduler.scheduled-time>'",
    ],
    [
      "another pipeline, by the SDK's name",
      swap(
        schedule({
          arn: "arn:aws:scheduler:::aws-sdk:sagemaker:startPipelineExecution",
          input: '{"PipelineName":"acme"}',
        }),
      ),
      "schedule 'daily': starts pipeline 'acme', expected one of the stack: 'acme-dev-features'",
    ],
  ),
  ...casesOf(
    "aws-iam-role-reach-folders-of-its-steps",
    [
      "another folder to write",
      jobMay(READ, { ...WRITE, Resource: `${BUCKET}/feature/output/*` }),
      `${STEP}, output 'table': S3Uri is '${LOCATION}', role 'job' may write '${BUCKET}/feature/output/*', expected '${BUCKET}/features/output/*'`,
    ],
    [
      "nothing to read",
      jobMay(WRITE),
      `${STEP}, input 'raw': S3Uri is 's3://acme-data/features/raw/', role 'job' may read nothing, expected '${BUCKET}/features/raw/*'`,
    ],
  ),
  ...casesOf("aws-iam-role-keep-out-of-other-tables", [
    "a whole bucket",
    [...jobMay(READ, { ...WRITE, Resource: `${BUCKET}/*` }), ...otherDataset()],
    `role 'job': may write '${BUCKET}/*', which holds 's3://acme-data/other/output/' of table 'other', expected the folders of its own steps: '${LOCATION}'`,
  ]),
  ...casesOf(
    "aws-iam-role-reach-registered-table",
    [
      "another database",
      registrarMay(LOOK, {
        ...CHANGE,
        Resource: [`${GLUE}:catalog`, `${GLUE}:database/acme_prod`, `${GLUE}:table/acme_dev/*`],
      }),
      `${REGISTER}: role 'registrar-role' of function 'registrar' may glue:BatchCreatePartition on '${GLUE}:catalog', '${GLUE}:database/acme_prod', '${GLUE}:table/acme_dev/*', expected '${GLUE}:database/acme_dev'`,
    ],
    [
      "another folder",
      registrarMay(CHANGE, { ...LOOK, Resource: `${BUCKET}/other/*` }),
      `${REGISTER}: role 'registrar-role' of function 'registrar' may s3:GetObject on '${BUCKET}/other/*', expected '${BUCKET}/features/output/*'`,
    ],
  ),
];
