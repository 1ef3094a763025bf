import { BUCKET_ENCRYPTION } from "../../../policy/kinds";
import { goodBucket } from "./goodBucket";
import { goodDataset, stepped, STEP } from "./goodDataset";
import { ACCOUNT, casesOf, type Case } from "./case";

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
  ...casesOf("aws-sagemaker-job-encrypt-volume", [
    "no key",
    stepped((step) => delete step.Arguments.ProcessingResources.ClusterConfig["VolumeKmsKeyId"]),
    `${STEP}: VolumeKmsKeyId is absent on "ml.t3.medium", expected a key of this account`,
  ]),
  ...casesOf("aws-sagemaker-job-encrypt-output", [
    "no key",
    stepped((step) => Object.assign(step.Arguments.ProcessingOutputConfig, { KmsKeyId: undefined })),
    `${STEP}: KmsKeyId of its outputs is absent, expected the key of the bucket`,
  ]),
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
      "none",
      stepped((step) => Object.assign(step.Arguments, { RoleArn: undefined })),
      `${STEP}: RoleArn is absent, expected a role of its own`,
    ],
  ),
  ...casesOf("aws-sagemaker-job-keep-to-ten-outputs", [
    "eleven",
    stepped((step) => {
      const [first] = step.Arguments.ProcessingOutputConfig.Outputs;
      for (let index = 0; first && index < 10; index++)
        step.Arguments.ProcessingOutputConfig.Outputs.push({ ...first, OutputName: `more${index}` });
    }),
    `${STEP}: 11 outputs, expected at most 10`,
  ]),
  ...casesOf("aws-sagemaker-job-hold-no-secret", [
    "a password",
    stepped((step) => (step.Arguments.Environment = { DB_PASSWORD: "hunter2hunter2" })),
    `${STEP}: Environment holds DB_PASSWORD, 14 characters, expected the ARN of a secret`,
  ]),
  ...casesOf("aws-sagemaker-job-name-image-by-digest", [
    "a tag",
    stepped((step) => (step.Arguments.AppSpecification.ImageUri = `${ACCOUNT}.dkr.ecr.r.amazonaws.com/acme:latest`)),
    `${STEP}: ImageUri is '${ACCOUNT}.dkr.ecr.r.amazonaws.com/acme:latest', expected '${ACCOUNT}.dkr.ecr.r.amazonaws.com/acme@sha256:<digest>'`,
  ]),
];
