import { tableNameOf, type Dataset } from "../../contract/dataset";
import { addresses } from "../../contract/layout";
import type { Names } from "../../contract/names";
import { bucketKeyUse, keyUse } from "./key";
import { fits, policyDocument, type PolicyDocument, type Statement } from "./statement";

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
 *
 * The stack's own bucket and database are the scope as they are. In those that were there before, the tables and output
 * prefixes of the datasets are listed, as long as a policy holds them; some fifty do.
 */
export function registrarPolicy(names: Names, datasets: readonly Dataset[]): PolicyDocument {
  const whole = { tables: ["*"], outputs: ["*/output/*"] };
  const listed = {
    tables: names.existing.database ? datasets.map(tableNameOf) : whole.tables,
    outputs: names.existing.bucket
      ? datasets.map((dataset) => `${addresses(dataset, names.bucket).outputPrefix}*`)
      : whole.outputs,
  };
  const exact = registration(names, listed);
  return fits("role", exact) ? exact : registration(names, whole);
}

function registration(
  names: Names,
  { tables, outputs }: { readonly tables: readonly string[]; readonly outputs: readonly string[] },
): PolicyDocument {
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
      Resource: [names.catalogArn, names.databaseArn, ...tables.map(names.tableArn)],
    },
    ...readOutputs(names, outputs),
    keyUse(names, "DataKeyViaS3", "s3", ["kms:Decrypt"]),
    ...bucketKeyUse(names, ["kms:Decrypt"]),
    writeLogs(names, names.registrar.logGroup),
  ]);
}

/** IAM takes no empty list: without datasets there is nothing to read. */
function readOutputs(names: Names, outputs: readonly string[]): Statement[] {
  if (outputs.length === 0) return [];
  return [
    {
      Sid: "ListOutput",
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: names.bucketArn,
      Condition: { StringLike: { "s3:prefix": outputs } },
    },
    { Sid: "ReadOutput", Effect: "Allow", Action: "s3:GetObject", Resource: outputs.map(names.objectArn) },
  ];
}
