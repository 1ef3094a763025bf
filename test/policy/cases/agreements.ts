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
  REGISTRAR,
} from "./goodDataset";
import { ACCOUNT, casesOf, type Case } from "./case";

/** A second table with a pipeline of its own, whose role is another's matter. */
function otherDataset(prefix = "other"): Registered[] {
  const location = `s3://acme-data/${prefix}/output/`;
  const step = processingStep({ S3Uri: location });
  step.Arguments.RoleArn = `arn:aws:iam::${ACCOUNT}:role/elsewhere`;
  return [
    table((props) => {
      props.name = "other";
      props.storageDescriptor.location = location;
    }, "other"),
    { ...pipeline([step]), name: "other", props: { ...pipeline([step]).props, pipelineName: "acme-dev-other" } },
  ];
}

/** An account that is none of the stack's. */
const OTHER = "999999999999";

export const agreementsCases: Case[] = [
  ...casesOf(
    "aws-sagemaker-pipeline-register-as-declared",
    [
      "a mistyped database",
      registering({ database: "acme_dew" }),
      `${REGISTER}: registers in database 'acme_dew', expected 'acme_dev'`,
    ],
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
    ...(["2021/12/01", "01-12-2021", "20211201"] as const).map((day): [string, Registered[], string] => [
      `one day for ever, as ${day}`,
      swap(schedule(startOf("acme-dev-features", "ScheduledTime", day))),
      `schedule 'daily': gives the day '${day}' as 'ScheduledTime' to every run, expected '<aws.scheduler.scheduled-time>'`,
    ]),
    ...(["today", "<aws.scheduler.execution-id>"] as const).map((value): [string, Registered[], string] => [
      `no time: ${value}`,
      swap(schedule(startOf("acme-dev-features", "ScheduledTime", value))),
      `schedule 'daily': gives '${value}' as 'ScheduledTime', which is no time, expected '<aws.scheduler.scheduled-time>'`,
    ]),
    [
      "a mistyped word",
      swap(schedule(startOf("acme-dev-features", "ScheduledTime", "<aws.scheduler.schedule-time>"))),
      "schedule 'daily': gives '<aws.scheduler.schedule-time>' as 'ScheduledTime', which is no word of the scheduler, expected '<aws.scheduler.scheduled-time>'",
    ],
    [
      "no time at all",
      swap(schedule({ arn: startOf("acme-dev-features").arn })),
      "schedule 'daily': gives no 'ScheduledTime' to 'acme-dev-features', expected '<aws.scheduler.scheduled-time>'",
    ],
    [
      "the pipeline of another account",
      swap(
        schedule({ ...startOf("acme-dev-features"), arn: startOf("acme-dev-features").arn.replace(ACCOUNT, OTHER) }),
      ),
      `schedule 'daily': starts pipeline 'acme-dev-features' in ap-northeast-1 of ${OTHER}, expected that of the stack: 'acme-dev-features' in any region of ${ACCOUNT}`,
    ],
    [
      "another pipeline, by the SDK's name",
      swap(
        schedule({
          arn: "arn:aws:scheduler:::aws-sdk:sagemaker:startPipelineExecution",
          input: '{"PipelineName":"acme-dev-Features"}',
        }),
      ),
      "schedule 'daily': starts pipeline 'acme-dev-Features', expected one of the stack: 'acme-dev-features'",
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
      "a folder that is denied",
      jobMay(READ, WRITE, { Effect: "Deny", Action: "s3:PutObject", Resource: `${BUCKET}/*` }),
      `${STEP}, output 'table': S3Uri is '${LOCATION}', role 'job' may write '${BUCKET}/features/output/*', but not '${BUCKET}/*', expected '${BUCKET}/features/output/*'`,
    ],
    [
      "a right of another account",
      jobMay(READ, { ...WRITE, Condition: { StringEquals: { "aws:PrincipalAccount": OTHER } } }),
      `${STEP}, output 'table': S3Uri is '${LOCATION}', role 'job' may write nothing, expected '${BUCKET}/features/output/*'`,
    ],
    [
      "nothing to read",
      jobMay(WRITE),
      `${STEP}, input 'raw': S3Uri is 's3://acme-data/features/raw/', role 'job' may read nothing, expected '${BUCKET}/features/raw/*'`,
    ],
  ),
  ...casesOf("aws-iam-role-keep-out-of-other-tables", [
    "deletion in a whole bucket",
    [...jobMay(READ, WRITE, { ...WRITE, Action: "s3:DeleteObject", Resource: `${BUCKET}/*` }), ...otherDataset()],
    `role 'job': may delete in '${BUCKET}/*', which holds 's3://acme-data/other/output/' of table 'other', expected the folders of its own steps: '${LOCATION}'`,
  ]),
  ...casesOf("aws-iam-role-keep-out-of-other-tables", [
    "a table that is called nearly like its own",
    [
      ...jobMay(READ, { ...WRITE, Resource: ["features", "features2"].map((each) => `${BUCKET}/${each}/output/*`) }),
      ...otherDataset("features2"),
    ],
    `role 'job': may write '${BUCKET}/features/output/*', '${BUCKET}/features2/output/*', which holds 's3://acme-data/features2/output/' of table 'other', expected the folders of its own steps: '${LOCATION}'`,
  ]),
  ...casesOf("aws-iam-role-keep-out-of-other-tables", [
    "a whole bucket",
    [...jobMay(READ, { ...WRITE, Resource: `${BUCKET}/*` }), ...otherDataset()],
    `role 'job': may write '${BUCKET}/*', which holds 's3://acme-data/other/output/' of table 'other', expected the folders of its own steps: '${LOCATION}'`,
  ]),
  ...casesOf(
    "aws-iam-role-reach-registered-table",
    [
      "no right on the database",
      registrarMay(LOOK, { ...CHANGE, Resource: [`${GLUE}:catalog`, `${GLUE}:table/acme_dev/*`] }),
      `${REGISTER}: role 'registrar-role' of function 'registrar' may glue:BatchCreatePartition on '${GLUE}:catalog', '${GLUE}:table/acme_dev/*', expected '${GLUE}:database/acme_dev'`,
    ],
    [
      "another folder",
      registrarMay(CHANGE, { ...LOOK, Resource: `${BUCKET}/other/*` }),
      `${REGISTER}: role 'registrar-role' of function 'registrar' may s3:GetObject on '${BUCKET}/other/*', expected '${BUCKET}/features/output/*'`,
    ],
  ),
  ...casesOf(
    "aws-iam-role-keep-registrar-in-its-databases",
    [
      "every database",
      registrarMay(LOOK, CHANGE, { ...CHANGE, Resource: `${GLUE}:table/*` }),
      `role 'registrar-role' of function 'registrar': may change '${GLUE}:table/*', expected database 'acme_dev' alone`,
    ],
    [
      "another database, by an alias of the function",
      registrarMay(LOOK, CHANGE, { ...CHANGE, Resource: `${GLUE}:database/acme_prod` }).map((each) => ({
        ...each,
        props: JSON.parse(JSON.stringify(each.props).replaceAll(REGISTRAR, `${REGISTRAR}:live`)) as object,
      })),
      `role 'registrar-role' of function 'registrar': may change '${GLUE}:database/acme_prod', expected database 'acme_dev' alone`,
    ],
  ),
];
