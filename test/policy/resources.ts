import { OBJECT, PARTITION, PIPELINE, TABLE } from "../../policy/kinds";
import type { Registered } from "../support/policy";

/** Inputs that every rule accepts: each test changes one of them. */
export const LOCATION = "s3://acme-data/features/output/";

export function tableProps() {
  return {
    name: "features",
    databaseName: "acme_dev",
    tableType: "EXTERNAL_TABLE",
    parameters: {
      EXTERNAL: "TRUE",
      classification: "csv",
      delimiter: ",",
      areColumnsQuoted: "false",
      "skip.header.line.count": "1",
    } as Record<string, string>,
    partitionKeys: [
      { name: "process_date_jst", type: "string" },
      { name: "country", type: "string" },
    ],
    storageDescriptor: {
      location: LOCATION,
      columns: [
        { name: "customer", type: "string" },
        { name: "amount", type: "double" },
      ],
      inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
      outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
      serDeInfo: {
        serializationLibrary: "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
        parameters: { "field.delim": ",", "serialization.format": "," } as Record<string, string>,
      },
    },
  };
}
export type TableProps = ReturnType<typeof tableProps>;

/** A table that differs from the accepted one by one change. */
export function table(change: (props: TableProps) => unknown = () => undefined, name = "features"): Registered {
  const props = tableProps();
  change(props);
  return { type: TABLE.token, name, props };
}

export function partitionProps() {
  return {
    databaseName: "acme_dev",
    tableName: "features",
    partitionValues: ["2021-12-01", "de"],
    storageDescriptor: { location: `${LOCATION}process_date_jst=2021-12-01/country=de/` },
  };
}

export function partition(change: (props: ReturnType<typeof partitionProps>) => unknown = () => undefined): Registered {
  const props = partitionProps();
  change(props);
  return { type: PARTITION.token, name: "first", props };
}

/** One processing output; `undefined` leaves a field out. */
export interface OutputFields {
  readonly S3Uri?: unknown;
  readonly LocalPath?: unknown;
  readonly S3UploadMode?: unknown;
}

/** ARN of the one key of an accepted program. */
export const KEY_ARN = "arn:aws:kms:ap-northeast-1:123456789012:key/acme-key";

export function processingStep(output: OutputFields = {}, input: object = {}) {
  return {
    Name: "extract",
    Type: "Processing",
    Arguments: {
      RoleArn: "arn:aws:iam::123456789012:role/acme-dev-features-job",
      AppSpecification: {
        ImageUri: `123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/acme@sha256:${"0".repeat(64)}`,
        ContainerEntrypoint: ["python3", "/opt/ml/processing/input/raw/extract.py"],
        ContainerArguments: ["--process-date", "2021-12-01"],
      },
      NetworkConfig: { EnableNetworkIsolation: true } as Record<string, unknown>,
      ProcessingResources: {
        ClusterConfig: {
          ...{ InstanceCount: 1, InstanceType: "ml.t3.medium", VolumeSizeInGB: 30, VolumeKmsKeyId: KEY_ARN },
        } as Record<string, unknown>,
      },
      StoppingCondition: { MaxRuntimeInSeconds: 3600 },
      Environment: {} as Record<string, string>,
      ProcessingInputs: [
        {
          InputName: "raw",
          AppManaged: false,
          S3Input: {
            S3Uri: "s3://acme-data/features/raw/",
            LocalPath: "/opt/ml/processing/input/raw",
            ...{ S3DataType: "S3Prefix", S3InputMode: "File", ...input },
          },
        },
      ],
      ProcessingOutputConfig: {
        KmsKeyId: KEY_ARN,
        Outputs: [
          {
            OutputName: "table",
            AppManaged: false,
            S3Output: {
              S3Uri: LOCATION,
              LocalPath: "/opt/ml/processing/output",
              S3UploadMode: "EndOfJob",
              ...output,
            },
          },
        ],
      },
    },
  };
}

export function pipeline(...steps: readonly object[]): Registered {
  const pipelineDefinition = JSON.stringify({ Version: "2020-12-01", Steps: steps });
  const roleArn = "arn:aws:iam::123456789012:role/acme-dev-pipeline";
  const props = { pipelineName: "acme-dev-features", roleArn, pipelineDefinition };
  return { type: PIPELINE.token, name: "features", props };
}

/** An object of S3 as the engine shows it among all resources: with its outputs. */
export function object(content: unknown, more: object = {}, name = "definition"): Registered {
  return {
    type: OBJECT.token,
    name,
    props: { bucket: "acme-data", key: "features/code/1/pipeline.json", content, versionId: "v1", ...more },
  };
}

/** A pipeline whose definition is in {@link object}. */
export function storedPipeline(location: object = {}, more: object = {}): Registered {
  const place = { bucket: "acme-data", objectKey: "features/code/1/pipeline.json", versionId: "v1", ...location };
  const props = { pipelineName: "acme-dev-features", pipelineDefinitionS3Location: place, ...more };
  return { type: PIPELINE.token, name: "features", props };
}
