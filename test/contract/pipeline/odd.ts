import type { Changes } from "./valid";

/** What looks odd, and is right. */
export const ODD: readonly (readonly [title: string, changes: Changes])[] = [
  ["no retries at all", { "/Steps/1/RetryPolicies/0/MaxAttempts": 0 }],
  [
    "a cache that is switched off, whatever its duration",
    { "/Steps/1/CacheConfig": { Enabled: false, ExpireAfter: "<time>" } },
  ],
  ["one instance, by default", { "/Steps/1/Arguments/ProcessingResources/ClusterConfig/InstanceCount": undefined }],
  [
    "preferences instead of an instance type",
    {
      "/Steps/1/Arguments/ProcessingResources/ClusterConfig": {
        VolumeSizeInGB: 30,
        InstancePreferences: [{ InstanceType: "ml.m5.large", InstanceCount: 1 }],
      },
    },
  ],
  [
    "a cached step whose output names another value of the day step",
    {
      "/Steps/0/OutputParameters/2": { OutputName: "value_process_date_jst", OutputType: "String" },
      "/Steps/1/Arguments/ProcessingOutputConfig/Outputs/0/S3Output/S3Uri": {
        "Std:Join": {
          On: "/",
          Values: ["s3://demo-data", { Get: "Steps.day_step.OutputParameters['value_process_date_jst']" }],
        },
      },
    },
  ],
  ...["UpdateMode", "Candidate", "Runtime", "TimeZone", "Validated", "Mandate", "HolidayCalendar", "GroupD"].map(
    (name): readonly [string, Changes] => [
      `a cached step whose output names the parameter ${name}, which is no day`,
      {
        "/Parameters/2": { Name: name, Type: "String" },
        "/Steps/1/Arguments/ProcessingOutputConfig/Outputs/0/S3Output/S3Uri": {
          "Std:Join": { On: "/", Values: ["s3://demo-data", { Get: `Parameters.${name}` }] },
        },
      },
    ],
  ),
  ...[
    ["a bucket with a date in its name", "s3://demo-20211201/output", []],
    ["a version in its folder", "s3://demo-data/v20230101/output", []],
    ["a month in folders", "s3://demo-data/year=2021/month=12/", ["--year", "2021", "--month", "12"]],
    ["a day in other words", "s3://demo-data/20211201/", ["--day=2021-12-01"]],
  ].map(([what, S3Uri, more]): readonly [string, Changes] => [
    `a cached step that has ${String(what)} in its output`,
    {
      "/Steps/1/Arguments/ProcessingOutputConfig/Outputs/0/S3Output/S3Uri": S3Uri,
      ...(more?.length ? { "/Steps/1/Arguments/AppSpecification/ContainerArguments": more } : {}),
    },
  ]),
  ["a parameter with a long name", { "/Parameters/2": { Name: "x".repeat(256), Type: "String" } }],
  ...Object.entries({
    SECRET_ARN: "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:prod/db-AbCdEf",
    DB_SECRET: "prod/db",
    PAD_TOKEN: "[PAD]",
    eos_token: "</s>",
    MAX_TOKEN: "4096",
    HF_TOKEN: "${HF_TOKEN}",
    PASSWORD: "/prod/db/password",
    COMMAND: "--password --verbose",
  }).map(([name, value]): readonly [string, Changes] => [
    `${name}=${value}, which is no secret`,
    { "/Steps/1/Arguments/Environment": { [name]: value } },
  ]),
  [
    "a function, an image and a folder with the words of secrets",
    {
      "/Steps/0/FunctionArn": "arn:aws:lambda:ap-northeast-1:123456789012:function:rotate-secret:prod",
      "/Steps/1/Arguments/AppSpecification/ImageUri": "demo.dkr.ecr.ap-northeast-1.amazonaws.com/rotate-token:latest",
      "/Steps/1/Arguments/ProcessingInputs/0/S3Input/S3Uri": "s3://demo-data/customer_token=abcd/",
    },
  ],
  [
    "the name of a secret as an option",
    {
      "/Steps/1/Arguments/AppSpecification/ContainerArguments/2": "--secret",
      "/Steps/1/Arguments/AppSpecification/ContainerArguments/3": "prod/db",
    },
  ],
  [
    "a local path of which only the beginning is known",
    {
      "/Steps/1/Arguments/ProcessingInputs/0/S3Input/LocalPath": {
        "Std:Join": { On: "/", Values: ["/opt/ml/processing", { Get: "Parameters.ProcessDate" }] },
      },
    },
  ],
  [
    "a number as text",
    { "/Steps/1/Arguments/Environment/ROWS": { "Std:Join": { On: "", Values: [{ Get: "Parameters.Count" }] } } },
  ],
];
