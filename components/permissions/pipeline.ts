import { takesVolumeKey } from "../../contract/job";
import type { Names } from "../../contract/names";
import { keyUse, volumeGrants } from "./key";
import { policyDocument, type PolicyDocument } from "./statement";

export interface JobLimits {
  readonly instanceType: string;
  readonly maxRuntimeSeconds: number;
}

/**
 * What the stack's pipelines may do: start jobs of the stack's namespace that keep to its limits, hand them their
 * roles, call the stack's Lambda functions. IAM itself refuses a job that is not isolated or too large, even when a
 * pipeline was made by hand. Scoped by namespace, not by a list of datasets: thirty would fill an inline policy.
 */
export function pipelinePolicy(names: Names, limits: JobLimits): PolicyDocument {
  const jobs = names.jobArn(`${names.base}-*`);
  return policyDocument([
    {
      Sid: "CreateJob",
      Effect: "Allow",
      Action: "sagemaker:CreateProcessingJob",
      Resource: jobs,
      Condition: {
        // ForAllValues alone is true of a missing key; Null asks for its presence. The keys' names without `Arn`, which
        // the documentation calls deprecated, belong to no action any more: they would always be missing.
        "ForAllValues:StringEquals": { "sagemaker:InstanceTypes": [limits.instanceType] },
        Null: {
          "sagemaker:InstanceTypes": "false",
          "sagemaker:OutputKmsKeyArn": "false",
          ...(takesVolumeKey(limits.instanceType) ? { "sagemaker:VolumeKmsKeyArn": "false" } : {}),
        },
        Bool: { "sagemaker:NetworkIsolation": "true" },
        NumericLessThanEquals: { "sagemaker:MaxRuntimeInSeconds": String(limits.maxRuntimeSeconds) },
      },
    },
    {
      Sid: "WatchJob",
      Effect: "Allow",
      Action: ["sagemaker:DescribeProcessingJob", "sagemaker:StopProcessingJob", "sagemaker:AddTags"],
      Resource: jobs,
    },
    {
      Sid: "PassJobRole",
      Effect: "Allow",
      Action: "iam:PassRole",
      Resource: names.jobRolePattern,
      Condition: { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } },
    },
    {
      Sid: "CallFunctions",
      Effect: "Allow",
      Action: "lambda:InvokeFunction",
      Resource: [names.day.arn, names.registrar.arn],
    },
    volumeGrants(names),
    keyUse(names, "DescribeKey", "sagemaker", ["kms:DescribeKey"]),
  ]);
}
