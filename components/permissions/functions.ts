import type { Names } from "../../contract/names";
import { keyUse } from "./key";
import { policyDocument, type PolicyDocument, type Statement } from "./statement";

function writeLogs(names: Names, logGroup: string): Statement {
  return {
    Sid: "WriteLogs",
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: names.logGroupArn(`${logGroup}:log-stream:*`),
  };
}

/** The first Lambda step only computes: logs are all it may write. */
export function dayPolicy(names: Names): PolicyDocument {
  return policyDocument([writeLogs(names, names.day.logGroup)]);
}

/**
 * What registration may do: read the stack's tables and output prefixes, create and update partitions. It can neither
 * delete a partition nor change a table, and no other database is in reach. Glue's partition actions take no condition
 * keys: catalogue, database and tables are the whole boundary.
 */
export function registrarPolicy(names: Names): PolicyDocument {
  return policyDocument([
    {
      Sid: "Partitions",
      Effect: "Allow",
      Action: [
        "glue:GetTable",
        "glue:GetPartition",
        "glue:GetPartitions",
        "glue:BatchGetPartition",
        "glue:BatchCreatePartition",
        "glue:BatchUpdatePartition",
      ],
      Resource: [names.catalogArn, names.databaseArn, names.tableArn("*")],
    },
    {
      Sid: "ListOutput",
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: names.bucketArn,
      Condition: { StringLike: { "s3:prefix": ["*/output/*"] } },
    },
    { Sid: "ReadOutput", Effect: "Allow", Action: "s3:GetObject", Resource: names.objectArn("*/output/*") },
    keyUse(names, "DataKeyViaS3", "s3", ["kms:Decrypt"]),
    writeLogs(names, names.registrar.logGroup),
  ]);
}
