import type { Structure } from "./shape";

/** An input made by a query of Athena or Redshift: the part of the request that this project itself never writes. */
export const DATASET_DEFINITION: Structure = {
  type: "structure",
  members: {
    AthenaDatasetDefinition: {
      type: "structure",
      required: ["Catalog", "Database", "QueryString", "OutputS3Uri", "OutputFormat"],
      members: {
        Catalog: {
          type: "string",
          min: 1,
          max: 256,
          pattern: "[\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF\\t]*",
        },
        Database: { type: "string", min: 1, max: 255, pattern: ".*" },
        QueryString: { type: "string", min: 1, max: 4096, pattern: "[\\s\\S]+" },
        WorkGroup: { type: "string", min: 1, max: 128, pattern: "[a-zA-Z0-9._-]+" },
        OutputS3Uri: { type: "string", max: 1024, pattern: "(https|s3)://([^/]+)/?(.*)" },
        KmsKeyId: { type: "string", max: 2048, pattern: "[a-zA-Z0-9:/_-]*" },
        OutputFormat: { type: "string", enum: ["PARQUET", "ORC", "AVRO", "JSON", "TEXTFILE"] },
        OutputCompression: { type: "string", enum: ["GZIP", "SNAPPY", "ZLIB"] },
      },
    },
    RedshiftDatasetDefinition: {
      type: "structure",
      required: ["ClusterId", "Database", "DbUser", "QueryString", "ClusterRoleArn", "OutputS3Uri", "OutputFormat"],
      members: {
        ClusterId: { type: "string", min: 1, max: 63, pattern: ".*" },
        Database: { type: "string", min: 1, max: 64, pattern: ".*" },
        DbUser: { type: "string", min: 1, max: 128, pattern: ".*" },
        QueryString: { type: "string", min: 1, max: 4096, pattern: "[\\s\\S]+" },
        ClusterRoleArn: {
          type: "string",
          min: 20,
          max: 2048,
          pattern: "arn:aws[a-z\\-]*:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+",
        },
        OutputS3Uri: { type: "string", max: 1024, pattern: "(https|s3)://([^/]+)/?(.*)" },
        KmsKeyId: { type: "string", max: 2048, pattern: "[a-zA-Z0-9:/_-]*" },
        OutputFormat: { type: "string", enum: ["PARQUET", "CSV"] },
        OutputCompression: { type: "string", enum: ["None", "GZIP", "BZIP2", "ZSTD", "SNAPPY"] },
      },
    },
    LocalPath: { type: "string", max: 256, pattern: ".*" },
    DataDistributionType: { type: "string", enum: ["FullyReplicated", "ShardedByS3Key"] },
    InputMode: { type: "string", enum: ["Pipe", "File"] },
  },
};
