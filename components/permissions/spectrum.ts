import { tableNameOf, type Dataset } from "../../contract/dataset";
import { addresses } from "../../contract/layout";
import type { Names } from "../../contract/names";
import { listOutput, wholeScope, type Scope } from "./functions";
import { bucketKeyUse, keyUse } from "./key";
import { fits, policyDocument, type PolicyDocument } from "./statement";

/**
 * What Redshift may do for its users: read the tables that name it as a reader, and their files. A hundred tables or so
 * are listed one by one; beyond what a policy holds it is the stack's whole database and output.
 * (Redshift developer guide, c-spectrum-iam-policies)
 */
export function spectrumPolicy(names: Names, datasets: readonly Dataset[]): PolicyDocument {
  const outputs = datasets.map((dataset) => `${addresses(dataset, names.bucket).outputPrefix}*`);
  const exact = reading(names, { tables: datasets.map(tableNameOf), outputs });
  return fits("role", exact) ? exact : reading(names, wholeScope(names, datasets));
}

function reading(names: Names, { tables, outputs }: Scope): PolicyDocument {
  return policyDocument([
    {
      Sid: "ReadCatalogue",
      Effect: "Allow",
      Action: [
        ...["glue:GetDatabase", "glue:GetTable", "glue:GetTables"],
        ...["glue:GetPartition", "glue:GetPartitions", "glue:BatchGetPartition"],
      ],
      Resource: [names.catalogArn, names.databaseArn, ...tables.map(names.tableArn)],
    },
    { Sid: "FindBucket", Effect: "Allow", Action: "s3:GetBucketLocation", Resource: names.bucketArn },
    listOutput(names, outputs),
    { Sid: "ReadOutput", Effect: "Allow", Action: "s3:GetObject", Resource: outputs.map(names.objectArn) },
    keyUse(names, "DataKeyViaS3", "s3", ["kms:Decrypt"]),
    ...bucketKeyUse(names, ["kms:Decrypt"]),
  ]);
}

/**
 * Who may assume the role: Redshift, for database users of this account, or of one cluster or workgroup. Redshift names
 * the user as the external id, and neither account nor resource.
 * (Redshift management guide, authorizing-redshift-service-database-users)
 */
export function spectrumTrust(names: Names, warehouse: string | undefined): PolicyDocument {
  return policyDocument([
    {
      Sid: "Assume",
      Effect: "Allow",
      Principal: { Service: ["redshift.amazonaws.com", "redshift-serverless.amazonaws.com"] },
      Action: "sts:AssumeRole",
      Condition: { StringLike: { "sts:ExternalId": names.redshiftUserArn(`${warehouse ?? "*"}/*`) } },
    },
  ]);
}
