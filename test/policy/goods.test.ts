import assert from "node:assert/strict";
import { BUCKET_POLICY, MANAGED_POLICY, POLICY_ATTACHMENT, ROLE } from "../../policy/kinds";
import { rules } from "../../policy/rules";
import { judge, type Registered } from "../support/policy";
import { ACCOUNT, change, policy, resource } from "./cases/case";
import {
  alone,
  another,
  BUCKET,
  CHANGE,
  GLUE,
  jobMay,
  LOOK,
  pipeline,
  READ,
  registrarMay,
  serde,
  stepped,
  WRITE,
} from "./cases/goodDataset";
import { encryption, goodBucket } from "./cases/goodBucket";
import { goodWorkgroup } from "./cases/queries";
import { KEY_ARN, processingStep, table, type TableProps } from "./resources";

const LOGS = { Effect: "Allow", Action: "logs:PutLogEvents", Resource: "arn:aws:logs:r:1:log-group:/aws/sagemaker/*" };
const DATA = resource(MANAGED_POLICY, "data", { name: "acme-data-access", policy: policy(READ, WRITE) });
const DATA_ARN = `arn:aws:iam::${ACCOUNT}:policy/acme-data-access`;
const JOB = `arn:aws:iam::${ACCOUNT}:role/acme-dev-features-job`;

/** A table of Parquet, whose files name their columns themselves. */
const parquet = (location: string, more: (props: TableProps) => unknown = () => undefined) =>
  table((props) => {
    props.name = "orders";
    props.databaseName = "lake";
    props.parameters = { EXTERNAL: "TRUE", classification: "parquet" };
    Object.assign(props.storageDescriptor, { location });
    Object.assign(serde(props), {
      serializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
    });
    serde(props).parameters = { "serialization.format": "1" };
    more(props);
  }, "orders");
const rowsOf = (location: string, parameters: Record<string, string>) =>
  parquet(location, (props) => {
    props.parameters = parameters;
    props.partitionKeys = [{ name: "dt", type: "string" }];
  });
/** A step that writes elsewhere, by a role of another stack. */
const writes = (S3Uri: string): Registered => {
  const step = processingStep({ S3Uri });
  step.Arguments.RoleArn = `arn:aws:iam::${ACCOUNT}:role/elsewhere`;
  return pipeline([step]);
};
const workgroup = (configuration: object) => change(goodWorkgroup, "queries", { configuration });
const called = (name: string, resources: readonly Registered[]) =>
  resources.map((each): Registered => ({ ...each, name: `${name}-${each.name}` }));

/** Programs of others, as they are meant to be. */
const goods: Readonly<Record<string, readonly Registered[]>> = {
  "a table of Parquet at a folder of any name": [parquet("s3://lake/curated/orders/")],
  "columns of Parquet with hyphens": [
    parquet(
      "s3://lake/orders/",
      (props) => (props.storageDescriptor.columns = [{ name: "user-agent", type: "string" }]),
    ),
  ],
  "keys of short types": [
    parquet("s3://lake/orders/", (props) => (props.partitionKeys = [{ name: "country", type: "varchar(2)" }])),
  ],
  "a table of DynamoDB": [rowsOf("arn:aws:dynamodb:r:1:table/orders", { classification: "dynamodb" })],
  "a table of a database": [rowsOf("shop.orders", { connectionName: "shop", typeOfData: "table" })],
  "a table of Hudi": [rowsOf("s3://lake/orders", { "spark.sql.sources.provider": "hudi" })],
  "a SerDe with both names of the delimiter": alone(
    (props) => (serde(props).parameters = { "field.delim": ",", "serialization.format": "1" }),
  ),
  "a report beside the table": stepped((step) => {
    another(step, { S3Uri: "s3://acme-data/features/reports/", LocalPath: "/opt/ml/processing/report" });
    step.Arguments.RoleArn = `arn:aws:iam::${ACCOUNT}:role/elsewhere`;
  }),
  "another dataset in the folder above": [table(), writes("s3://acme-data/customers/")],
  "a table that somebody else writes, of a short name": [
    parquet("s3://lake/eu/output/"),
    writes("s3://lake/us/output/"),
  ],
  "rights by a policy that names its roles": [
    ...jobMay(LOGS),
    DATA,
    resource(POLICY_ATTACHMENT, "attached", { policyArn: DATA_ARN, roles: ["acme-dev-features-job"] }),
  ],
  "rights by a policy that the role names": [
    ...jobMay(LOGS).map((each) =>
      each.type === ROLE.token && each.name === "job"
        ? { ...each, props: { ...each.props, managedPolicyArns: [DATA_ARN] } }
        : each,
    ),
    DATA,
  ],
  "rights by a policy of another stack": jobMay(LOGS).map((each) =>
    each.type === ROLE.token && each.name === "job"
      ? { ...each, props: { ...each.props, managedPolicyArns: ["arn:aws:iam::1:policy/data"] } }
      : each,
  ),
  "rights by the bucket": [
    ...jobMay(LOGS),
    resource(BUCKET_POLICY, "of-bucket", {
      bucket: "acme-data",
      policy: policy({
        ...{ Effect: "Allow", Principal: { AWS: JOB }, Action: ["s3:GetObject", "s3:PutObject"] },
        Resource: `${BUCKET}/features/*`,
      }),
    }),
  ],
  "a registrar of single partitions": registrarMay(LOOK, {
    ...CHANGE,
    Action: ["glue:GetTable", "glue:CreatePartition"],
  }),
  "a registrar that reads its settings": registrarMay(CHANGE, { ...LOOK, Resource: "arn:aws:s3:::acme-config/x.json" }),
  "a step that counts rows": registrarMay({ ...CHANGE, Action: "glue:GetTable", Resource: `${GLUE}:catalog` }),
  "settings that are enforced by default": workgroup({
    bytesScannedCutoffPerQuery: 1e10,
    managedQueryResultsConfiguration: { enabled: true, encryptionConfiguration: { kmsKey: KEY_ARN } },
  }),
  "access logs under the key of S3": [
    ...goodBucket(),
    ...called(
      "logs",
      JSON.parse(JSON.stringify(goodBucket()).replaceAll("acme-data", "acme-logs")) as Registered[],
    ).map((each) =>
      each.name === "logs-encryption"
        ? { ...each, props: { ...each.props, rules: [encryption({ sseAlgorithm: "AES256" }, undefined)] } }
        : each,
    ),
  ],
};

describe("what others write well", () => {
  for (const [name, resources] of Object.entries(goods))
    it(`passes: ${name}`, () => {
      const mandatory = rules.filter(({ enforcementLevel }) => enforcementLevel === "mandatory");
      const said = mandatory.flatMap((rule) =>
        judge(rule, resources).violations.map((violation) => `${rule.name}: ${violation}`),
      );
      assert.deepEqual(said, []);
    });
});
