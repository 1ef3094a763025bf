/** Where the statement for Redshift's external schema is run at deployment. */
export interface Warehouse {
  /** Name of a serverless workgroup; or {@link cluster}. */
  readonly workgroup?: string | undefined;
  /** Identifier of a provisioned cluster. */
  readonly cluster?: string | undefined;
  /** Redshift's own database, in which the external schema is made. */
  readonly database: string;
  /** ARN of a secret with user and password; else the deployer's IAM identity is the database user. */
  readonly secretArn?: string | undefined;
}

/** Configuration keys of a stack that speak of Redshift. */
export const REDSHIFT_KEYS = ["redshiftWorkgroup", "redshiftCluster", "redshiftDatabase", "redshiftSecretArn"] as const;
type RedshiftKey = (typeof REDSHIFT_KEYS)[number];

/** Values as they are configured; absent or empty: none. */
type Given = Readonly<Partial<Record<RedshiftKey, string | undefined>>>;

/** Which of the values do not go together: the key to change, and how. */
export function redshiftProblems(given: Given): { readonly key: RedshiftKey; readonly message: string }[] {
  const { redshiftWorkgroup: workgroup, redshiftCluster: cluster, redshiftDatabase: database } = given;
  const spare = (["redshiftDatabase", "redshiftSecretArn"] as const).filter((key) => given[key]);
  if (!workgroup && !cluster)
    return spare.map((key) => ({ key, message: "of no use without redshiftWorkgroup or redshiftCluster; set one" }));
  return [
    ...(workgroup && cluster
      ? [{ key: "redshiftCluster" as const, message: "not beside redshiftWorkgroup; empty one of the two" }]
      : []),
    ...(database
      ? []
      : [{ key: "redshiftDatabase" as const, message: "name Redshift's database in which the schema is made" }]),
  ];
}

/** Absent where neither a workgroup nor a cluster is configured. */
export function warehouseOf(given: Given): Warehouse | undefined {
  const { redshiftWorkgroup: workgroup, redshiftCluster: cluster, redshiftDatabase: database = "" } = given;
  if (!workgroup && !cluster) return undefined;
  return { workgroup, cluster, database, secretArn: given.redshiftSecretArn };
}
