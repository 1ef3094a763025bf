import { BUCKET_ENCRYPTION } from "../../../policy/kinds";
import { goodBucket } from "./goodBucket";
import {
  another,
  defined,
  goodDataset,
  output,
  PARAMETERS,
  pipeline,
  registering,
  registerStep,
  STEP,
  stepped,
  swap,
} from "./goodDataset";
import { processingStep } from "../resources";
import { ACCOUNT, casesOf, type Case } from "./case";

const PIPELINE_ROLE = `arn:aws:iam::${ACCOUNT}:role/acme-dev-pipeline`;

export const jobsCases: Case[] = [
  ...casesOf("aws-sagemaker-job-isolate-network", [
    "a network",
    stepped((step) => (step.Arguments.NetworkConfig = {})),
    `${STEP}: EnableNetworkIsolation is absent, expected true`,
  ]),
  ...casesOf("aws-sagemaker-job-encrypt-traffic", [
    "two instances",
    stepped((step) => (step.Arguments.ProcessingResources.ClusterConfig["InstanceCount"] = 2)),
    `${STEP}: EnableInterContainerTrafficEncryption is absent with 2 instances, expected true`,
  ]),
  ...casesOf(
    "aws-sagemaker-job-encrypt-volume",
    [
      "no key",
      stepped((step) => delete step.Arguments.ProcessingResources.ClusterConfig["VolumeKmsKeyId"]),
      `${STEP}: VolumeKmsKeyId is absent on "ml.t3.medium", expected a key of this account`,
    ],
    [
      "the key of AWS",
      stepped((step) => (step.Arguments.ProcessingResources.ClusterConfig["VolumeKmsKeyId"] = "alias/aws/ebs")),
      `${STEP}: VolumeKmsKeyId is 'alias/aws/ebs', which is AWS's own, expected a key of this account`,
    ],
    [
      "a key where the disks encrypt themselves",
      stepped((step) => (step.Arguments.ProcessingResources.ClusterConfig["InstanceType"] = "ml.g5.xlarge")),
      `${STEP}: VolumeKmsKeyId is given on "ml.g5.xlarge", expected none: its hardware encrypts its own disks`,
    ],
  ),
  ...casesOf(
    "aws-sagemaker-job-encrypt-output",
    [
      "no key",
      stepped((step) => Object.assign(step.Arguments.ProcessingOutputConfig, { KmsKeyId: undefined })),
      `${STEP}: KmsKeyId of its outputs is absent, expected the key of the bucket`,
    ],
    [
      "the key of AWS",
      stepped((step) => Object.assign(step.Arguments.ProcessingOutputConfig, { KmsKeyId: "alias/aws/s3" })),
      `${STEP}: KmsKeyId of its outputs is 'alias/aws/s3', which is AWS's own, expected a key of this account`,
    ],
  ),
  ...casesOf("aws-sagemaker-job-encrypt-output-as-bucket", [
    "another key",
    [
      ...stepped((step) => Object.assign(step.Arguments.ProcessingOutputConfig, { KmsKeyId: "acme-other" })),
      ...goodBucket().filter(({ type }) => type !== BUCKET_ENCRYPTION.token),
      ...goodBucket().filter(({ type }) => type === BUCKET_ENCRYPTION.token),
    ],
    `${STEP}: KmsKeyId of its outputs is 'acme-other', expected 'acme-key' of bucket 'acme-data'`,
  ]),
  {
    ...{ rule: "aws-sagemaker-job-stay-in-vpc", what: "no subnets", config: { network: "vpc" } },
    resources: goodDataset(),
    says: [
      `${STEP}: VpcConfig.Subnets is absent, expected at least 1`,
      `${STEP}: VpcConfig.SecurityGroupIds is absent, expected at least 1`,
    ],
  },
  ...casesOf("aws-sagemaker-job-limit-runtime", [
    "no limit",
    stepped((step) => Object.assign(step.Arguments, { StoppingCondition: undefined })),
    `${STEP}: MaxRuntimeInSeconds is absent, expected a number of seconds`,
  ]),
  ...casesOf(
    "aws-sagemaker-job-have-own-role",
    [
      "the pipeline's",
      stepped((step) => (step.Arguments.RoleArn = `arn:aws:iam::${ACCOUNT}:role/acme-dev-pipeline`)),
      `${STEP}: RoleArn is 'arn:aws:iam::${ACCOUNT}:role/acme-dev-pipeline', which is the pipeline's, expected a role of its own`,
    ],
    [
      "the pipeline's, by default",
      defined({ Parameters: [...PARAMETERS, { Name: "Role", Type: "String", DefaultValue: PIPELINE_ROLE }] }, (step) =>
        Object.assign(step.Arguments, { RoleArn: { Get: "Parameters.Role" } }),
      ),
      `${STEP}: RoleArn is '${PIPELINE_ROLE}' by default, which is the pipeline's, expected a role of its own`,
    ],
    [
      "none",
      stepped((step) => Object.assign(step.Arguments, { RoleArn: undefined })),
      `${STEP}: RoleArn is absent, expected a role of its own`,
    ],
  ),
  ...casesOf("aws-sagemaker-job-keep-to-ten-outputs", [
    "eleven",
    stepped((step) => {
      for (let index = 0; index < 10; index++)
        another(step, { LocalPath: `/opt/ml/processing/more${index}` }, `more${index}`);
    }),
    `${STEP}: 11 outputs, expected at most 10`,
  ]),
  ...casesOf(
    "aws-sagemaker-pipeline-hold-no-secret",
    [
      "a password",
      stepped((step) => (step.Arguments.Environment = { DB_PASSWORD: "hunter2hunter2" })),
      `pipeline 'pipeline', /Steps/0/Arguments/Environment/DB_PASSWORD holds DB_PASSWORD, 14 characters, expected the ARN of a secret`,
    ],
    [
      "a password as a parameter's default",
      defined({
        Parameters: [...PARAMETERS, { Name: "DbPassword", Type: "String", DefaultValue: "hunter2hunter2X9" }],
      }),
      `pipeline 'pipeline', /Parameters/1/DefaultValue holds DbPassword, 16 characters, expected the ARN of a secret`,
    ],
    [
      "a password among the pipeline's own words",
      swap(
        pipeline([processingStep(), registerStep()], {
          pipelineDescription: "reads postgres://u:hunter2hunter2X9@db/x",
          tags: { DB_PASSWORD: "hunter2hunter2X9" },
        }),
      ),
      "pipeline 'pipeline', /Pipeline/Description holds a user and password in an address, 22 characters, expected the ARN of a secret",
      "pipeline 'pipeline', /Tags/DB_PASSWORD holds DB_PASSWORD, 16 characters, expected the ARN of a secret",
    ],
    [
      "a password for a function",
      registering({ password: "hunter2hunter2X9" }),
      `pipeline 'pipeline', /Steps/1/Arguments/password holds password, 16 characters, expected the ARN of a secret`,
    ],
  ),
  ...casesOf(
    "aws-sagemaker-job-keep-outputs-apart",
    [
      "two outputs in one folder",
      stepped((step) => another(step, { LocalPath: "/opt/ml/processing/output/" })),
      `${STEP}: LocalPath of output 'more' is '/opt/ml/processing/output/', which is that of output 'table', expected a folder of its own`,
    ],
    [
      "an output where an input is",
      stepped((step) => output(step, { LocalPath: "/opt/ml/processing/input/raw" })),
      `${STEP}: LocalPath of output 'table' is '/opt/ml/processing/input/raw', which is that of input 'raw', expected a folder of its own`,
    ],
  ),
  ...casesOf("aws-sagemaker-job-name-image-by-digest", [
    "a tag",
    stepped((step) => (step.Arguments.AppSpecification.ImageUri = `${ACCOUNT}.dkr.ecr.r.amazonaws.com/acme:latest`)),
    `${STEP}: ImageUri is '${ACCOUNT}.dkr.ecr.r.amazonaws.com/acme:latest', expected '${ACCOUNT}.dkr.ecr.r.amazonaws.com/acme@sha256:<digest>'`,
  ]),
];
