import { takesVolumeKey, type JobLimits } from "../../contract/compute";
import { isIsolated } from "../../contract/network";
import type { Names } from "../../contract/names";
import { keyUse, volumeGrants } from "./key";
import { policyDocument, type PolicyDocument } from "./statement";

/**
 * What the stack's pipelines may do: start jobs of the stack's namespace that keep to its limits, hand them their
 * roles, call the stack's Lambda functions. IAM itself refuses a job that is too large, outside the stack's VPC, or
 * with a network where there must be none, even when a pipeline was made by hand. Scoped by namespace, not by a list of
 * datasets: thirty would fill an inline policy.
 */
export function pipelinePolicy(names: Names, limits: JobLimits): PolicyDocument {
  const jobs = names.jobArn(`${names.base}-*`);
  const { network } = names;
  const inVpc: Readonly<Record<string, readonly string[]>> =
    network.mode === "vpc"
      ? { "sagemaker:VpcSubnets": network.subnetIds, "sagemaker:VpcSecurityGroupIds": network.securityGroupIds }
      : {};
  // A condition holds for the whole statement, and there are instances whose disks take no key.
  const groups = [
    { Sid: "CreateJob", types: limits.instanceTypes.filter(takesVolumeKey), key: "sagemaker:VolumeKmsKeyArn" },
    { Sid: "CreateJobOnOwnDisks", types: limits.instanceTypes.filter((type) => !takesVolumeKey(type)), key: undefined },
  ].filter(({ types }) => types.length > 0);
  return policyDocument([
    ...groups.map(({ Sid, types, key }) => ({
      Sid,
      Effect: "Allow" as const,
      Action: "sagemaker:CreateProcessingJob",
      Resource: jobs,
      Condition: {
        // ForAllValues alone is true of a missing key; Null asks for its presence. The keys' names without `Arn`, which
        // the documentation calls deprecated, belong to no action any more: they would always be missing.
        "ForAllValues:StringEquals": { "sagemaker:InstanceTypes": types, ...inVpc },
        Null: {
          "sagemaker:InstanceTypes": "false",
          "sagemaker:OutputKmsKeyArn": "false",
          ...Object.fromEntries(Object.keys(inVpc).map((key) => [key, "false"])),
          ...(key === undefined ? {} : { [key]: "false" }),
        },
        ...(isIsolated(network) ? { Bool: { "sagemaker:NetworkIsolation": "true" } } : {}),
        NumericLessThanEquals: { "sagemaker:MaxRuntimeInSeconds": String(limits.maxRuntimeSeconds) },
      },
    })),
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
