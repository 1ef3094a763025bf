import type { Dataset } from "../../contract/dataset";
import { addresses } from "../../contract/layout";
import { ACCOUNT, REGION } from "../support/mocks";
import type { Part } from "../components/component";
import { KEY, type DeployedStack } from "./deployed";
import type { Needed } from "./permissionsOf";
import { text } from "./services";

/*
 * What Lambda, Athena, EventBridge Scheduler and people do in the name of a stack's roles, by the documentation: it
 * cannot be recorded without AWS. What SageMaker does is in services.ts.
 */

export function schedulesOf(stack: DeployedStack): readonly Part[] {
  return stack.parts.filter(({ type }) => type === "aws:scheduler/schedule:Schedule");
}

/** Every schedule starts its target, reads its encrypted input, and leaves what it cannot deliver. */
export function ofSchedules(stack: DeployedStack): Needed[] {
  return schedulesOf(stack).flatMap(({ inputs }) => {
    const { arn, input } = inputs["target"] as { arn: string; input: string };
    const { PipelineName: pipeline } = JSON.parse(input) as { PipelineName?: string };
    const start =
      pipeline === undefined
        ? { action: "lambda:InvokeFunction", resource: arn }
        : { action: "sagemaker:StartPipelineExecution", resource: stack.names.pipelineArn(pipeline) };
    const told = { "kms:ResourceAliases": [stack.names.keyAlias] };
    const itself = stack.names.scheduleArn(String(inputs["name"]));
    const context = { ...told, "kms:EncryptionContext:aws:scheduler:schedule:arn": itself };
    return [start, { action: "kms:Decrypt", resource: KEY, context }, ...leave(stack)];
  });
}

/** Who removes partitions finds the table and its folders. */
export function ofRemoval(stack: DeployedStack, dataset: Dataset): Needed[] {
  const { names } = stack;
  const { outputPrefix } = addresses(dataset, names.bucket);
  const at = [names.catalogArn, names.databaseArn, names.tableArn(dataset.name)];
  return [
    { action: "s3:ListBucket", resource: names.bucketArn, context: { "s3:prefix": outputPrefix } },
    { action: "sagemaker:DescribePipeline", resource: names.pipelineArn(names.dataset(dataset.name).pipeline) },
    ...["GetTable", "GetPartitions", "BatchGetPartition", "BatchDeletePartition"].flatMap((action) =>
      at.map((resource) => ({ action: `glue:${action}`, resource })),
    ),
  ];
}

/** Redshift reads a table in a query's name. (Redshift developer guide, c-spectrum-iam-policies) */
export function ofSpectrum(stack: DeployedStack, dataset: Dataset): Needed[] {
  const { names } = stack;
  const { outputPrefix } = addresses(dataset, names.bucket);
  const database = [names.catalogArn, names.databaseArn];
  const on = (resources: readonly string[], ...actions: readonly string[]) =>
    actions.flatMap((action) => resources.map((resource) => ({ action: `glue:${action}`, resource })));
  const table = [...database, names.tableArn(dataset.name)];
  return [
    ...on(database, "GetDatabase"),
    ...on(table, "GetTable", "GetTables", "GetPartition", "GetPartitions", "BatchGetPartition"),
    { action: "s3:GetBucketLocation", resource: names.bucketArn },
    { action: "s3:ListBucket", resource: names.bucketArn, context: { "s3:prefix": outputPrefix } },
    { action: "s3:GetObject", resource: names.objectArn(`${outputPrefix}d=2021-12-01/partition.csv`) },
    stack.useOfDataKey("kms:Decrypt"),
  ];
}

/** A pipeline calls the functions of its steps. */
export function ofFunctions(stack: DeployedStack, dataset: Dataset): Needed[] {
  const functions = stack.steps(dataset).flatMap(({ FunctionArn }) => FunctionArn ?? []);
  return functions.map((arn) => ({ action: "lambda:InvokeFunction", resource: text(arn) }));
}

/** What cannot be delivered is left in the queue. */
export function leave(stack: DeployedStack): Needed[] {
  return [
    { action: "sqs:SendMessage", resource: stack.names.undelivered.arn },
    ...["kms:GenerateDataKey", "kms:Decrypt"].map((action) => stack.useOfStackKey(action, "sqs")),
  ];
}

/** By Athena's user guide: fine-grained-access-to-glue-resources, and access to the place of its answers. */
export function ofRepair(stack: DeployedStack, dataset: Dataset): Needed[] {
  const { names } = stack;
  const { outputPrefix, executionPrefix } = addresses(dataset, names.bucket);
  const answer = names.objectArn(`${executionPrefix}athena/11111111.txt`);
  const database = [names.catalogArn, names.databaseArn];
  const glue = (action: string, arns: readonly string[]) =>
    arns.map((resource) => ({ action: `glue:${action}`, resource }));
  return [
    ...glue("GetDatabase", [...database, `arn:aws:glue:${REGION}:${ACCOUNT}:database/default`]),
    ...["GetTable", "GetPartitions", "BatchCreatePartition"].flatMap((action) =>
      glue(action, [...database, names.tableArn(dataset.name)]),
    ),
    { action: "s3:ListBucket", resource: names.bucketArn, context: { "s3:prefix": outputPrefix } },
    { action: "s3:GetBucketLocation", resource: names.bucketArn },
    { action: "s3:ListBucketMultipartUploads", resource: names.bucketArn },
    ...["PutObject", "GetObject", "AbortMultipartUpload", "ListMultipartUploadParts"].map((action) => ({
      ...{ action: `s3:${action}`, resource: answer },
    })),
    stack.useOfDataKey("kms:Decrypt"),
  ];
}

/** What Lambda does in a VPC with a function's role (its developer guide, configuration-vpc). */
export function ofInterfaces({ names }: DeployedStack): Needed[] {
  const { network } = names;
  if (network.mode !== "vpc") return [];
  const on = (action: string, ...resources: string[]) =>
    resources.map((resource) => ({ action: `ec2:${action}`, resource }));
  const own = names.ec2Arn("network-interface/eni-0a1b2c3d");
  const subnets = network.subnetIds.map((id) => names.ec2Arn(`subnet/${id}`));
  const groups = network.securityGroupIds.map((id) => names.ec2Arn(`security-group/${id}`));
  return [
    ...on("CreateNetworkInterface", ...subnets, ...groups, own),
    ...["DeleteNetworkInterface", "AssignPrivateIpAddresses", "UnassignPrivateIpAddresses"].flatMap((each) =>
      on(each, own),
    ),
    ...["DescribeNetworkInterfaces", "DescribeSubnets"].flatMap((each) => on(each, "*")),
  ];
}
