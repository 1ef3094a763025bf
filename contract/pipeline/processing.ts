import { given, type JsonObject } from "./json";
import type { Processor, ProcessorOptions } from "./processors";
import type { Value } from "./references";

/** Files copied into the container before the script runs. */
export interface ProcessingInput {
  readonly name: string;
  /** An S3 prefix: everything below it is copied. */
  readonly source: Value;
  /** Below `/opt/ml/processing`, at most 256 characters. */
  readonly localPath: string;
}

/** A folder copied to S3 with the names below it. */
export interface ProcessingOutput<Name extends string = string> {
  readonly name: Name;
  /** The folder on S3. Nothing that is there already is deleted. */
  readonly destination: Value;
  /** Below `/opt/ml/processing`, at most 256 characters. */
  readonly localPath: string;
  /** Default `EndOfJob`. `Continuous` shows half-written files to readers. */
  readonly uploadMode?: "EndOfJob" | "Continuous";
}

/** What `spark-submit` gets beside the script. All of it lies on S3. */
export interface SparkSubmit {
  readonly pyFiles?: readonly Value[];
  readonly jars?: readonly Value[];
  readonly files?: readonly Value[];
  /** S3 URI of a `configuration.json` with EMR-style classifications. */
  readonly configuration?: Value;
  /** S3 folder for Spark's event logs. */
  readonly eventLogs?: Value;
}

export interface ProcessingRequest {
  readonly processor: Processor;
  readonly code?: string;
  readonly submit?: SparkSubmit;
  readonly arguments?: readonly Value[];
  readonly inputs?: readonly ProcessingInput[];
  readonly outputs?: readonly ProcessingOutput[];
  readonly jobNamePrefix?: string;
}

const CODE = "/opt/ml/processing/input/code";
const SPARK_CONFIGURATION = "/opt/ml/processing/input/conf";
const SPARK_EVENTS = "/opt/ml/processing/spark-events/";

/** The arguments of a Processing step: a CreateProcessingJob request, as the SageMaker SDK writes it. */
export function processingArguments(request: ProcessingRequest): JsonObject {
  const { processor, jobNamePrefix } = request;
  const inputs = inputsOf(request);
  const outputs = outputsOf(request);
  return given({
    ProcessingJobName: jobNamePrefix,
    ProcessingResources: resourcesOf(processor),
    AppSpecification: given({
      ImageUri: processor.imageUri,
      // An empty list is refused by the API.
      ContainerArguments: request.arguments?.length ? request.arguments : undefined,
      ContainerEntrypoint: entrypointOf(request),
    }),
    RoleArn: processor.roleArn,
    ProcessingInputs: inputs.length > 0 ? inputs.map(inputRequest) : undefined,
    ProcessingOutputConfig:
      outputs.length > 0 ? given({ Outputs: outputs.map(outputRequest), KmsKeyId: processor.outputKmsKey }) : undefined,
    // The SDK's Spark processors always send an environment, even an empty one.
    Environment: processor.environment ?? (processor.kind === "pyspark" ? {} : undefined),
    NetworkConfig: networkOf(processor),
    StoppingCondition:
      processor.maxRuntimeSeconds === undefined ? undefined : { MaxRuntimeInSeconds: processor.maxRuntimeSeconds },
    Tags: processor.tags && Object.entries(processor.tags).map(([Key, Value]) => ({ Key, Value })),
  });
}

function resourcesOf(processor: ProcessorOptions): JsonObject {
  return {
    ClusterConfig: given({
      InstanceType: processor.instanceType,
      InstanceCount: processor.instanceCount,
      VolumeSizeInGB: processor.volumeSizeGiB ?? 30,
      VolumeKmsKeyId: processor.volumeKmsKey,
    }),
  };
}

function networkOf({ network }: ProcessorOptions): JsonObject | undefined {
  if (!network) return undefined;
  const { isolation = false, encryptTraffic, subnets, securityGroupIds } = network;
  return given({
    EnableNetworkIsolation: isolation,
    EnableInterContainerTrafficEncryption: encryptTraffic,
    VpcConfig: subnets && { SecurityGroupIds: securityGroupIds, Subnets: subnets },
  });
}

function entrypointOf({ processor, code, submit = {} }: ProcessingRequest): readonly Value[] | undefined {
  if (processor.kind === "image") return processor.entrypoint;
  const script = `${CODE}/${(code ?? "").split("/").at(-1)}`;
  if (processor.kind === "script") return [...processor.command, script];
  return [
    "smspark-submit",
    ...option("--py-files", submit.pyFiles),
    ...option("--jars", submit.jars),
    ...option("--files", submit.files),
    ...(submit.eventLogs === undefined ? [] : ["--local-spark-event-logs-dir", SPARK_EVENTS]),
    script,
  ];
}

/** spark-submit takes a list as one argument, with commas. */
function option(name: string, values: readonly Value[] = []): Value[] {
  if (values.length === 0) return [];
  const texts = values.filter((value) => typeof value === "string");
  return [name, texts.length === values.length ? texts.join(",") : { "Std:Join": { On: ",", Values: values } }];
}

function inputsOf({ code, submit, inputs = [] }: ProcessingRequest): ProcessingInput[] {
  return [
    ...inputs,
    ...(submit?.configuration === undefined
      ? []
      : [{ name: "conf", source: submit.configuration, localPath: SPARK_CONFIGURATION }]),
    ...(code === undefined ? [] : [{ name: "code", source: code, localPath: CODE }]),
  ];
}

function outputsOf({ submit, outputs = [] }: ProcessingRequest): ProcessingOutput[] {
  if (submit?.eventLogs === undefined) return [...outputs];
  // The SDK gives this output no name of its own but counts it.
  const name = `output-${outputs.length + 1}`;
  return [...outputs, { name, destination: submit.eventLogs, localPath: SPARK_EVENTS, uploadMode: "Continuous" }];
}

function inputRequest({ name, source, localPath }: ProcessingInput): JsonObject {
  return {
    InputName: name,
    AppManaged: false,
    S3Input: {
      S3Uri: source,
      LocalPath: localPath,
      S3DataType: "S3Prefix",
      S3InputMode: "File",
      S3DataDistributionType: "FullyReplicated",
      S3CompressionType: "None",
    },
  };
}

function outputRequest({ name, destination, localPath, uploadMode = "EndOfJob" }: ProcessingOutput): JsonObject {
  return {
    OutputName: name,
    AppManaged: false,
    S3Output: { S3Uri: destination, LocalPath: localPath, S3UploadMode: uploadMode },
  };
}
