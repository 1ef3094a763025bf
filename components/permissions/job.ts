import type { Dataset } from "../../contract/dataset";
import { addresses } from "../../contract/layout";
import type { Names } from "../../contract/names";
import { keyUse } from "./key";
import { policyDocument, type PolicyDocument } from "./statement";

/** SageMaker's own log group for processing jobs, one for the account. */
const JOB_LOGS = "/aws/sagemaker/ProcessingJobs";

/**
 * What a dataset's processing jobs may do: read its raw files and code, write its output, pull the image, log.
 * Nothing is deleted, no catalogue is touched, no other dataset's prefix is seen.
 * (https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html, CreateProcessingJob)
 */
export function jobPolicy(names: Names, dataset: Dataset): PolicyDocument {
  const at = addresses(dataset, names.bucket);
  const readable = [at.rawPrefix, at.codePrefix, at.executionPrefix];
  return policyDocument([
    {
      Sid: "ListInput",
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: names.bucketArn,
      Condition: { StringLike: { "s3:prefix": readable.map((prefix) => `${prefix}*`) } },
    },
    {
      Sid: "ReadInputAndCode",
      Effect: "Allow",
      Action: "s3:GetObject",
      Resource: readable.map((prefix) => names.objectArn(`${prefix}*`)),
    },
    {
      Sid: "WriteOutput",
      Effect: "Allow",
      Action: ["s3:PutObject", "s3:AbortMultipartUpload"],
      Resource: [at.outputPrefix, at.executionPrefix].map((prefix) => names.objectArn(`${prefix}*`)),
    },
    keyUse(names, "DataKeyViaS3", "s3", ["kms:Decrypt", "kms:GenerateDataKey"]),
    // The action has no resource type: `*` is the only resource it takes.
    { Sid: "RegistryToken", Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" },
    {
      Sid: "PullImage",
      Effect: "Allow",
      Action: ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
      Resource: names.repositoryArn,
    },
    {
      Sid: "WriteLogs",
      Effect: "Allow",
      Action: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
      Resource: [names.logGroupArn(JOB_LOGS), names.logGroupArn(`${JOB_LOGS}:log-stream:*`)],
    },
    {
      Sid: "JobMetrics",
      Effect: "Allow",
      Action: "cloudwatch:PutMetricData",
      Resource: "*",
      Condition: { StringEquals: { "cloudwatch:namespace": JOB_LOGS } },
    },
  ]);
}
