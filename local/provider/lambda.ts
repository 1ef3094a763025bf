import * as lambda from "@aws-sdk/client-lambda";
import { z } from "zod";
import { unlessGone } from "./clients";
import { row } from "./row";
import { archive, lostTags, tags, zipOf } from "./values";

const inputs = z.strictObject({
  name: z.string().optional(),
  role: z.string(),
  handler: z.string(),
  runtime: z.enum(lambda.Runtime),
  code: archive().optional(),
  s3Bucket: z.string().optional(),
  s3Key: z.string().optional(),
  s3ObjectVersion: z.string().optional(),
  sourceCodeHash: z.string().optional(),
  architectures: z.array(z.enum(lambda.Architecture)).optional(),
  deadLetterConfig: z.strictObject({ targetArn: z.string() }).optional(),
  description: z.string().optional(),
  environment: z.strictObject({ variables: z.record(z.string(), z.string()).optional() }).optional(),
  ephemeralStorage: z.strictObject({ size: z.number().optional() }).optional(),
  kmsKeyArn: z.string().optional(),
  layers: z.array(z.string()).optional(),
  loggingConfig: z
    .strictObject({
      logFormat: z.enum(lambda.LogFormat),
      logGroup: z.string().optional(),
      applicationLogLevel: z.enum(lambda.ApplicationLogLevel).optional(),
      systemLogLevel: z.enum(lambda.SystemLogLevel).optional(),
    })
    .optional(),
  memorySize: z.number().optional(),
  packageType: z.literal("Zip").optional(),
  publish: z.boolean().optional(),
  reservedConcurrentExecutions: z.number().optional(),
  timeout: z.number().optional(),
  tracingConfig: z.strictObject({ mode: z.enum(lambda.TracingMode) }).optional(),
  vpcConfig: z.strictObject({ subnetIds: z.array(z.string()), securityGroupIds: z.array(z.string()) }).optional(),
  tags: tags(),
});
type Inputs = z.infer<typeof inputs>;

const CODE = ["code", "s3Bucket", "s3Key", "s3ObjectVersion", "sourceCodeHash", "architectures"] as const;
const NOT_RESERVED = -1;

const lambdaFunction = row({
  type: "aws:lambda/function:Function",
  inputs,
  defaults: {
    memorySize: 128,
    packageType: "Zip",
    publish: false,
    reservedConcurrentExecutions: NOT_RESERVED,
    timeout: 3,
  },
  autoname: "name",
  replaces: ["name", "packageType"],
  computed: [
    ...["arn", "invokeArn", "qualifiedArn", "qualifiedInvokeArn", "responseStreamingInvokeArn"],
    ...["lastModified", "version", "sourceCodeSize", "codeSha256", "sourceCodeHash"],
  ],
  volatile: ["qualifiedArn", "qualifiedInvokeArn", "lastModified", "version", "sourceCodeSize", "codeSha256"],
  problems: ({ code, s3Bucket }) =>
    (code === undefined) === (s3Bucket === undefined) ? ["a function takes either code or s3Bucket and s3Key"] : [],
  create: async (aws, wanted) => {
    const FunctionName = wanted.name ?? "";
    await aws.lambda.send(
      new lambda.CreateFunctionCommand({
        ...configuration(wanted),
        FunctionName,
        Code: codeOf(wanted),
        Architectures: wanted.architectures,
        PackageType: "Zip",
        Publish: wanted.publish,
        Tags: wanted.tags,
      }),
    );
    if (isReserved(wanted)) await aws.lambda.send(new lambda.PutFunctionConcurrencyCommand(reserved(wanted)));
    return FunctionName;
  },
  read: async (aws, id) => {
    const found = await unlessGone(aws.lambda.send(new lambda.GetFunctionCommand({ FunctionName: id })));
    const config = found?.Configuration;
    if (!config) return undefined;
    const arn = config.FunctionArn ?? "";
    const qualifiedArn = `${arn}:${config.Version}`;
    const invoke = (version: string, target: string, action: string) =>
      `arn:${aws.partition}:apigateway:${aws.region}:lambda:path/${version}/functions/${target}/${action}`;
    return {
      name: config.FunctionName,
      role: config.Role,
      handler: config.Handler,
      runtime: config.Runtime,
      architectures: config.Architectures,
      description: config.Description || undefined,
      environment: config.Environment?.Variables && { variables: config.Environment.Variables },
      memorySize: config.MemorySize,
      timeout: config.Timeout,
      vpcConfig: vpcOf(config.VpcConfig),
      tags: found.Tags && Object.keys(found.Tags).length > 0 ? found.Tags : undefined,
      reservedConcurrentExecutions: found.Concurrency?.ReservedConcurrentExecutions ?? NOT_RESERVED,
      arn,
      invokeArn: invoke("2015-03-31", arn, "invocations"),
      qualifiedArn,
      qualifiedInvokeArn: invoke("2015-03-31", qualifiedArn, "invocations"),
      responseStreamingInvokeArn: invoke("2021-11-15", arn, "response-streaming-invocations"),
      lastModified: config.LastModified,
      version: config.Version,
      sourceCodeSize: config.CodeSize,
      codeSha256: config.CodeSha256,
    };
  },
  update: async (aws, { id: FunctionName, inputs: wanted, before, changes }) => {
    if (changes(...CODE))
      await aws.lambda.send(
        new lambda.UpdateFunctionCodeCommand({
          ...codeOf(wanted),
          FunctionName,
          Architectures: wanted.architectures,
          Publish: wanted.publish,
        }),
      );
    await aws.lambda.send(new lambda.UpdateFunctionConfigurationCommand(configuration(wanted)));
    if (changes("reservedConcurrentExecutions"))
      await (isReserved(wanted)
        ? aws.lambda.send(new lambda.PutFunctionConcurrencyCommand(reserved(wanted)))
        : aws.lambda.send(new lambda.DeleteFunctionConcurrencyCommand({ FunctionName })));
    if (!changes("tags")) return;
    const found = await aws.lambda.send(new lambda.GetFunctionCommand({ FunctionName }));
    const Resource = found.Configuration?.FunctionArn;
    const TagKeys = lostTags(before.tags, wanted.tags);
    if (TagKeys.length > 0) await aws.lambda.send(new lambda.UntagResourceCommand({ Resource, TagKeys }));
    if (wanted.tags) await aws.lambda.send(new lambda.TagResourceCommand({ Resource, Tags: wanted.tags }));
  },
  remove: (aws, id) => unlessGone(aws.lambda.send(new lambda.DeleteFunctionCommand({ FunctionName: id }))),
});

function codeOf(wanted: Inputs) {
  if (wanted.code) return { ZipFile: zipOf(wanted.code) };
  return { S3Bucket: wanted.s3Bucket, S3Key: wanted.s3Key, S3ObjectVersion: wanted.s3ObjectVersion };
}

/** What both CreateFunction and UpdateFunctionConfiguration take. Empty values take an earlier setting away. */
function configuration(wanted: Inputs) {
  return {
    FunctionName: wanted.name,
    Role: wanted.role,
    Handler: wanted.handler,
    Runtime: wanted.runtime,
    Description: wanted.description ?? "",
    DeadLetterConfig: { TargetArn: wanted.deadLetterConfig?.targetArn ?? "" },
    Environment: { Variables: wanted.environment?.variables ?? {} },
    EphemeralStorage: wanted.ephemeralStorage && { Size: wanted.ephemeralStorage.size },
    KMSKeyArn: wanted.kmsKeyArn,
    Layers: wanted.layers,
    LoggingConfig: wanted.loggingConfig && {
      LogFormat: wanted.loggingConfig.logFormat,
      LogGroup: wanted.loggingConfig.logGroup,
      ApplicationLogLevel: wanted.loggingConfig.applicationLogLevel,
      SystemLogLevel: wanted.loggingConfig.systemLogLevel,
    },
    MemorySize: wanted.memorySize,
    Timeout: wanted.timeout,
    VpcConfig: {
      SubnetIds: wanted.vpcConfig?.subnetIds ?? [],
      SecurityGroupIds: wanted.vpcConfig?.securityGroupIds ?? [],
    },
    TracingConfig: wanted.tracingConfig && { Mode: wanted.tracingConfig.mode },
  };
}

/** A function outside every VPC shows empty lists. */
function vpcOf({ SubnetIds = [], SecurityGroupIds = [], VpcId }: lambda.VpcConfigResponse = {}) {
  return SubnetIds.length === 0
    ? undefined
    : { subnetIds: SubnetIds, securityGroupIds: SecurityGroupIds, vpcId: VpcId };
}

function isReserved({ reservedConcurrentExecutions: wanted = NOT_RESERVED }: Inputs): boolean {
  return wanted !== NOT_RESERVED;
}

function reserved({ name, reservedConcurrentExecutions }: Inputs) {
  return { FunctionName: name, ReservedConcurrentExecutions: reservedConcurrentExecutions };
}

export const rows = [lambdaFunction];
