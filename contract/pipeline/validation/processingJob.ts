import { DATASET_DEFINITION } from "./datasetDefinition";
import type { Structure } from "./shape";

/**
 * A CreateProcessingJob request. As in botocore 1.44.5 (`sagemaker/2017-07-24/service-2.json`), which a test compares;
 * only the instance types are a pattern here, because new ones come every month.
 */
export const PROCESSING_JOB: Structure = {
  type: "structure",
  required: ["ProcessingJobName", "ProcessingResources", "AppSpecification", "RoleArn"],
  members: {
    ProcessingInputs: {
      type: "list",
      max: 10,
      member: {
        type: "structure",
        required: ["InputName"],
        members: {
          InputName: { type: "string" },
          AppManaged: { type: "boolean" },
          S3Input: {
            type: "structure",
            required: ["S3Uri", "S3DataType"],
            members: {
              S3Uri: { type: "string", max: 1024, pattern: "(https|s3)://([^/]+)/?(.*)" },
              LocalPath: { type: "string", max: 256, pattern: ".*" },
              S3DataType: { type: "string", enum: ["ManifestFile", "S3Prefix"] },
              S3InputMode: { type: "string", enum: ["Pipe", "File"] },
              S3DataDistributionType: { type: "string", enum: ["FullyReplicated", "ShardedByS3Key"] },
              S3CompressionType: { type: "string", enum: ["None", "Gzip"] },
            },
          },
          DatasetDefinition: DATASET_DEFINITION,
        },
      },
    },
    ProcessingOutputConfig: {
      type: "structure",
      required: ["Outputs"],
      members: {
        Outputs: {
          type: "list",
          max: 10,
          member: {
            type: "structure",
            required: ["OutputName"],
            members: {
              OutputName: { type: "string" },
              S3Output: {
                type: "structure",
                required: ["S3Uri", "S3UploadMode"],
                members: {
                  S3Uri: { type: "string", max: 1024, pattern: "(https|s3)://([^/]+)/?(.*)" },
                  LocalPath: { type: "string", max: 256, pattern: ".*" },
                  S3UploadMode: { type: "string", enum: ["Continuous", "EndOfJob"] },
                },
              },
              FeatureStoreOutput: {
                type: "structure",
                required: ["FeatureGroupName"],
                members: {
                  FeatureGroupName: { type: "string", min: 1, max: 64, pattern: "[a-zA-Z0-9]([_-]*[a-zA-Z0-9]){0,63}" },
                },
              },
              AppManaged: { type: "boolean" },
            },
          },
        },
        KmsKeyId: { type: "string", max: 2048, pattern: "[a-zA-Z0-9:/_-]*" },
      },
    },
    ProcessingJobName: { type: "string", min: 1, max: 63, pattern: "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}" },
    ProcessingResources: {
      type: "structure",
      required: ["ClusterConfig"],
      members: {
        ClusterConfig: {
          type: "structure",
          required: ["VolumeSizeInGB"],
          members: {
            InstanceCount: { type: "integer", min: 1, max: 100 },
            InstanceType: { type: "string", pattern: "ml\\.[a-z0-9-]+\\.[a-z0-9]+" },
            VolumeSizeInGB: { type: "integer", min: 1, max: 16384 },
            VolumeKmsKeyId: { type: "string", max: 2048, pattern: "[a-zA-Z0-9:/_-]*" },
            InstancePreferences: {
              type: "list",
              min: 1,
              max: 5,
              member: {
                type: "structure",
                required: ["InstanceType"],
                members: {
                  InstanceType: { type: "string", pattern: "ml\\.[a-z0-9-]+\\.[a-z0-9]+" },
                  InstanceCount: { type: "integer", min: 1, max: 100 },
                },
              },
            },
            SelectedInstanceType: { type: "string", pattern: "ml\\.[a-z0-9-]+\\.[a-z0-9]+" },
            SelectedInstanceCount: { type: "integer", min: 1, max: 100 },
          },
        },
      },
    },
    StoppingCondition: {
      type: "structure",
      required: ["MaxRuntimeInSeconds"],
      members: { MaxRuntimeInSeconds: { type: "integer", min: 1, max: 777600 } },
    },
    AppSpecification: {
      type: "structure",
      required: ["ImageUri"],
      members: {
        ImageUri: { type: "string", max: 255, pattern: ".*" },
        ContainerEntrypoint: { type: "list", min: 1, max: 100, member: { type: "string", max: 256, pattern: ".*" } },
        ContainerArguments: { type: "list", min: 1, max: 100, member: { type: "string", max: 256, pattern: ".*" } },
      },
    },
    Environment: {
      type: "map",
      max: 100,
      key: { type: "string", max: 256, pattern: "[a-zA-Z_][a-zA-Z0-9_]*" },
      value: { type: "string", max: 256, pattern: "[\\S\\s]*" },
    },
    NetworkConfig: {
      type: "structure",
      members: {
        EnableInterContainerTrafficEncryption: { type: "boolean" },
        EnableNetworkIsolation: { type: "boolean" },
        VpcConfig: {
          type: "structure",
          required: ["SecurityGroupIds", "Subnets"],
          members: {
            SecurityGroupIds: {
              type: "list",
              min: 1,
              max: 5,
              member: { type: "string", max: 32, pattern: "[-0-9a-zA-Z]+" },
            },
            Subnets: { type: "list", min: 1, max: 16, member: { type: "string", max: 32, pattern: "[-0-9a-zA-Z]+" } },
          },
        },
      },
    },
    RoleArn: {
      type: "string",
      min: 20,
      max: 2048,
      pattern: "arn:aws[a-z\\-]*:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+",
    },
    Tags: {
      type: "list",
      max: 50,
      member: {
        type: "structure",
        required: ["Key", "Value"],
        members: {
          Key: { type: "string", min: 1, max: 128, pattern: "([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)" },
          Value: { type: "string", max: 256, pattern: "([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)" },
        },
      },
    },
    ExperimentConfig: {
      type: "structure",
      members: {
        ExperimentName: { type: "string", min: 1, max: 120, pattern: "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,119}" },
        TrialName: { type: "string", min: 1, max: 120, pattern: "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,119}" },
        TrialComponentDisplayName: { type: "string", min: 1, max: 120, pattern: "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,119}" },
        RunName: { type: "string", min: 1, max: 120, pattern: "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,119}" },
      },
    },
  },
};
