import type { Dataset } from "../../contract/dataset";
import { takesVolumeKey } from "../../contract/compute";
import { parseS3Uri } from "../../contract/parse";
import { resolve } from "../../contract/pipeline/evaluate";
import { isJsonList, isJsonObject, type Json, type JsonObject } from "../../contract/pipeline/json";
import { ACCOUNT, REGION } from "../support/mocks";
import type { DeployedStack } from "./deployed";
import type { Needed } from "./permissionsOf";

/*
 * What SageMaker does in the name of a stack's roles. It cannot be recorded without SageMaker: it is derived from the
 * deployed definition, by what the documentation says of CreateProcessingJob (SageMaker developer guide, sagemaker-roles;
 * Service Authorization Reference).
 */

/** As SageMaker makes them: twelve letters and digits. */
export const EXECUTION_ID = "abcdefghijkl";

/** A processing job that a step starts. */
export interface Job {
  readonly step: string;
  /** As SageMaker writes them: the name as it is, and in lower case. */
  readonly arns: readonly string[];
  readonly request: JsonObject;
}

/** The jobs of a run, with every reference of the definition resolved. */
export function jobsOf(stack: DeployedStack, dataset: Dataset): Job[] {
  const scope = {
    parameters: new Map<string, Json>([["ProcessDate", "auto"]]),
    execution: { PipelineExecutionId: EXECUTION_ID },
    steps: new Map<string, Json>(),
  };
  return stack.steps(dataset).flatMap((step) => {
    const name = text(step["Name"]);
    if (step["Type"] === "Lambda") {
      const outputs = objects(step["OutputParameters"]).map(({ OutputName }) => [text(OutputName), "2021-12-01"]);
      scope.steps.set(name, { OutputParameters: Object.fromEntries(outputs) as JsonObject });
      return [];
    }
    const request = object(resolve(step["Arguments"] ?? null, scope));
    scope.steps.set(name, request);
    const arn = `arn:aws:sagemaker:${REGION}:${ACCOUNT}:processing-job/${text(request["ProcessingJobName"])}-${EXECUTION_ID}-tmgxry49ug-0`;
    return [{ step: name, arns: [arn, arn.toLowerCase()], request }];
  });
}

/** What CreateProcessingJob tells IAM of a request. */
export function toldOf(request: JsonObject): Record<string, string | string[]> {
  const { ClusterConfig: cluster } = object(request["ProcessingResources"]);
  const { InstanceType: type, VolumeKmsKeyId: volumeKey } = object(cluster);
  const tags = objects(request["Tags"]);
  const network = object(request["NetworkConfig"]);
  const { Subnets, SecurityGroupIds } = object(network["VpcConfig"] ?? {});
  const told: Record<string, Json | undefined> = {
    "sagemaker:NetworkIsolation": network["EnableNetworkIsolation"],
    "sagemaker:MaxRuntimeInSeconds": object(request["StoppingCondition"])["MaxRuntimeInSeconds"],
    "sagemaker:OutputKmsKeyArn": object(request["ProcessingOutputConfig"])["KmsKeyId"],
    ...(takesVolumeKey(text(type)) ? { "sagemaker:VolumeKmsKeyArn": volumeKey } : {}),
  };
  return {
    ...Object.fromEntries(
      Object.entries(told).flatMap(([name, value]) => (value === undefined ? [] : [[name, text(value)] as const])),
    ),
    ...Object.fromEntries(tags.map(({ Key, Value }) => [`aws:RequestTag/${text(Key)}`, text(Value)])),
    ...(isJsonList(Subnets) ? { "sagemaker:VpcSubnets": Subnets.map(text) } : {}),
    ...(isJsonList(SecurityGroupIds) ? { "sagemaker:VpcSecurityGroupIds": SecurityGroupIds.map(text) } : {}),
    "sagemaker:InstanceTypes": [text(type)],
    "aws:TagKeys": tags.map(({ Key }) => text(Key)),
  };
}

/** What the pipeline's role needs for a job. */
export function ofPipeline(stack: DeployedStack, job: Job): Needed[] {
  return [
    ...job.arns.flatMap((resource): Needed[] => [
      { action: "sagemaker:CreateProcessingJob", resource, context: toldOf(job.request) },
      ...["AddTags", "DescribeProcessingJob", "StopProcessingJob"].map((action) => ({
        ...{ action: `sagemaker:${action}`, resource },
      })),
    ]),
    {
      action: "iam:PassRole",
      resource: text(job.request["RoleArn"]),
      context: { "iam:PassedToService": "sagemaker.amazonaws.com" },
    },
    grantForVolume(stack),
    stack.useOfStackKey("kms:DescribeKey", "sagemaker"),
  ];
}

function repositoryOf(imageUri: string): string {
  const [host = "", repository = ""] = imageUri.split(/[/:@]/);
  const [account = "", , , region = ""] = host.split(".");
  return `arn:aws:ecr:${region}:${account}:repository/${repository}`;
}

/** What the job's role needs. */
export function ofJob(stack: DeployedStack, job: Job): Needed[] {
  const { Outputs: outputs, KmsKeyId: outputKey } = object(job.request["ProcessingOutputConfig"]);
  const image = repositoryOf(text(object(job.request["AppSpecification"])["ImageUri"]));
  const logs = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/aws/sagemaker/ProcessingJobs`;
  return [
    ...objects(job.request["ProcessingInputs"]).flatMap((input) => download(stack, s3UriOf(input, "S3Input"))),
    ...objects(outputs).flatMap((output) => upload(stack, s3UriOf(output, "S3Output"), text(outputKey))),
    grantForVolume(stack),
    { action: "ecr:GetAuthorizationToken", resource: "*" },
    ...["BatchCheckLayerAvailability", "GetDownloadUrlForLayer", "BatchGetImage"].map((action) => ({
      ...{ action: `ecr:${action}`, resource: image },
    })),
    ...["CreateLogGroup", "DescribeLogStreams"].map((action) => ({ action: `logs:${action}`, resource: logs })),
    ...["CreateLogStream", "PutLogEvents"].map((action) => ({
      ...{ action: `logs:${action}`, resource: `${logs}:log-stream:job/algo-1-1638316800` },
    })),
    {
      action: "cloudwatch:PutMetricData",
      resource: "*",
      context: { "cloudwatch:namespace": "/aws/sagemaker/ProcessingJobs" },
    },
    ...interfacesOf(job.request),
  ];
}

/** In a VPC an interface for each instance (sagemaker-roles, "CreateProcessingJob API"). */
function interfacesOf(request: JsonObject): Needed[] {
  const { VpcConfig } = object(request["NetworkConfig"]);
  if (VpcConfig === undefined) return [];
  const { Subnets, SecurityGroupIds } = object(VpcConfig);
  const arn = (type: string, ids: Json | undefined) =>
    (isJsonList(ids ?? null) ? (ids as readonly Json[]) : []).map(
      (id) => `arn:aws:ec2:${REGION}:${ACCOUNT}:${type}/${text(id)}`,
    );
  const own = `arn:aws:ec2:${REGION}:${ACCOUNT}:network-interface/eni-0a1b2c3d`;
  const on = (resource: string, ...actions: string[]) =>
    actions.map((action) => ({ action: `ec2:${action}`, resource }));
  return [
    ...[...arn("subnet", Subnets), ...arn("security-group", SecurityGroupIds), own].flatMap((each) =>
      on(each, "CreateNetworkInterface"),
    ),
    ...on(own, "CreateNetworkInterfacePermission", "DeleteNetworkInterfacePermission", "DeleteNetworkInterface"),
    ...on(
      "*",
      "DescribeNetworkInterfaces",
      "DescribeVpcs",
      "DescribeDhcpOptions",
      "DescribeSubnets",
      "DescribeSecurityGroups",
    ),
  ];
}

function download(stack: DeployedStack, uri: string): Needed[] {
  const { bucket, key } = s3(uri);
  const arn = `arn:aws:s3:::${bucket}`;
  const file = /\.[a-z]+$/.test(key) ? key : `${key.replace(/\/?$/, "/")}2021/partition.csv`;
  return [
    { action: "s3:ListBucket", resource: arn, context: { "s3:prefix": key } },
    { action: "s3:GetObject", resource: `${arn}/${file}` },
    ...(bucket === stack.names.bucket ? [stack.useOfDataKey("kms:Decrypt")] : []),
  ];
}

/** With the output's key in the request, and in parts where a file is large. */
function upload(stack: DeployedStack, uri: string, key: string): Needed[] {
  const at = s3(uri);
  const resource = `arn:aws:s3:::${at.bucket}/${at.key.replace(/\/?$/, "/")}process_date_jst=2021-12-01/partition.csv`;
  const encryption = {
    "s3:x-amz-server-side-encryption": "aws:kms",
    "s3:x-amz-server-side-encryption-aws-kms-key-id": key,
  };
  return [
    { action: "s3:PutObject", resource, context: encryption },
    { action: "s3:AbortMultipartUpload", resource },
    ...["kms:GenerateDataKey", "kms:Decrypt", "kms:Encrypt"].map((action) => stack.useOfDataKey(action)),
  ];
}

function grantForVolume(stack: DeployedStack): Needed {
  const { action, resource, context } = stack.useOfStackKey("kms:CreateGrant", "sagemaker");
  return { action, resource, context: { ...context, "kms:GrantIsForAWSResource": "true" } };
}

function s3UriOf(item: JsonObject, member: string): string {
  return text(object(item[member])["S3Uri"]);
}

function s3(uri: string): { readonly bucket: string; readonly key: string } {
  const parsed = parseS3Uri(uri);
  if (!parsed) throw new Error(`'${uri}' is no S3 URI`);
  return parsed;
}

function object(value: Json | undefined): JsonObject {
  if (!isJsonObject(value)) throw new Error(`an object was expected, got ${JSON.stringify(value)}`);
  return value;
}

export function text(value: Json | undefined): string {
  if (value === undefined || value === null || typeof value === "object")
    throw new Error(`a text was expected, got ${JSON.stringify(value)}`);
  return String(value);
}

function objects(value: Json | undefined): JsonObject[] {
  return value === undefined || !isJsonList(value) ? [] : value.map(object);
}
