import { deepEqual, equal, match } from "node:assert/strict";
import { Spectrum } from "../../components/spectrum";
import { warehouseOf, redshiftProblems, type Warehouse } from "../../contract/redshift";
import { features } from "../../datasets/features/dataset";
import { names, part, partsOf } from "./component";

const ROLE = "arn:aws:iam::123456789012:role/partitions-test/partitions-test-spectrum";
const SQL =
  `CREATE EXTERNAL SCHEMA IF NOT EXISTS "partitions_test"\nFROM DATA CATALOG\nDATABASE 'partitions_test'\n` +
  `IAM_ROLE '${ROLE}';`;
const SECRET = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:redshift-AbCdEf";

describe("Redshift Spectrum", () => {
  const make = (warehouse?: Warehouse) =>
    partsOf((opts) => new Spectrum("spectrum", { names, datasets: [features], warehouse }, opts));
  const user = async (warehouse?: Warehouse) => {
    const { assumeRolePolicy } = part(await make(warehouse), "spectrum-role").inputs;
    const { Statement } = JSON.parse(String(assumeRolePolicy)) as { Statement: { Condition: unknown }[] };
    return Statement[0]?.Condition;
  };
  const users = (pattern: string) => ({
    StringLike: { "sts:ExternalId": `arn:aws:redshift:ap-northeast-1:123456789012:dbuser:${pattern}` },
  });

  it("gets a role and, where nothing of Redshift is configured, no statement", async () => {
    const parts = await make();
    deepEqual(
      parts.map(({ name }) => name),
      ["spectrum-permissions", "spectrum-role"],
    );
    deepEqual(await user(), users("*/*"));
  });

  it("sees the database as a schema in the workgroup or cluster that is configured, and no other takes the role", async () => {
    const workgroup = { workgroup: "lake", database: "dev" };
    const { workgroupName, clusterIdentifier, database, sql } = part(await make(workgroup), "spectrum-schema").inputs;
    deepEqual([workgroupName, clusterIdentifier, database, sql], ["lake", undefined, "dev", SQL]);
    deepEqual(await user(workgroup), users("lake/*"));
    const cluster = { cluster: "big", database: "dev", secretArn: SECRET };
    const inputs = part(await make(cluster), "spectrum-schema").inputs;
    deepEqual([inputs["clusterIdentifier"], inputs["secretArn"]], ["big", SECRET]);
    deepEqual(await user(cluster), users("big/*"));
  });

  it("is configured by a workgroup or a cluster, with its database", () => {
    equal(warehouseOf({}), undefined);
    deepEqual(redshiftProblems({}), []);
    deepEqual(redshiftProblems({ redshiftCluster: "c", redshiftDatabase: "dev" }), []);
    const told = (given: Parameters<typeof redshiftProblems>[0]) =>
      redshiftProblems(given).map(({ key, message }) => `${key}: ${message}`);
    match(
      told({ redshiftWorkgroup: "w", redshiftCluster: "c", redshiftDatabase: "d" }).join(),
      /^redshiftCluster: not beside/,
    );
    match(told({ redshiftWorkgroup: "w" }).join(), /^redshiftDatabase: name Redshift's database/);
    deepEqual(told({ redshiftDatabase: "d", redshiftSecretArn: SECRET }).length, 2);
  });
});
