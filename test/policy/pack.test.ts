import assert from "node:assert/strict";
import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import { allRules } from "../../policy/pack";
import { anchorsOf, isForProduction, type Rule } from "../../policy/rule";
import { DATABASE, OBJECT, PARTITION, PIPELINE, TABLE } from "../../policy/kinds";
import { rules } from "../../policy/rules";
import * as tableRules from "../../policy/rules/table";
import { judge, UNKNOWN } from "../support/policy";
import { partition, pipeline, processingStep, table } from "./resources";

const FOLDER = path.resolve(__dirname, "../../policy/rules");

/** Every rule that a file of the folder exports. */
function exportedRules(): Rule[] {
  const load = createRequire(__filename);
  const files = fs.readdirSync(FOLDER).filter((file) => file !== "index.ts");
  return files.flatMap((file) =>
    (Object.values(load(path.join(FOLDER, file)) as object) as unknown[]).filter(
      (value): value is Rule => typeof value === "object" && value !== null && "remediationSteps" in value,
    ),
  );
}

describe("policy pack", () => {
  it("lists every exported rule, once", () => {
    const exported = exportedRules().map(({ name }) => name);
    assert.deepEqual(allRules.map(({ name }) => name).sort(), exported.sort());
    assert.equal(new Set(exported).size, exported.length);
  });

  for (const rule of allRules)
    it(`${rule.name} says its law, its fix and where to read on`, () => {
      assert.match(
        rule.name,
        /^aws-(athena|cloudwatch|ecr|glue|iam|kms|lambda|s3|sagemaker|scheduler|secretsmanager|sns|sqs)(-[a-z]+){3,}$/,
      );
      assert.match(rule.description, /\.$/);
      assert.match(rule.remediationSteps ?? "", /\.$/);
      assert.match(rule.url ?? "", /^https:\/\/(docs\.aws\.amazon\.com|repost\.aws)\//);
      assert.ok(rule.severity);
      assert.equal(new Set(anchorsOf(rule)).size, anchorsOf(rule).length);
      // What is only for production is no law elsewhere.
      if (isForProduction(rule)) assert.notEqual(rule.enforcementLevel, "mandatory");
    });

  for (const rule of rules)
    it(`${rule.name} accepts a table and the pipeline that writes it`, () => {
      assert.deepEqual(judge(rule, [table(), pipeline(processingStep())]).violations, []);
    });

  for (const rule of allRules)
    it(`${rule.name} says nothing of other resources, nor of an empty stack`, () => {
      const other = { type: "aws:dynamodb/table:Table", name: "data", props: { name: UNKNOWN } };
      assert.deepEqual(judge(rule, [other]).violations, []);
      assert.equal(judge(rule, [other]).unknown, undefined);
      assert.deepEqual(judge(rule, []).violations, []);
    });

  for (const rule of allRules.filter((candidate) => candidate.name.startsWith("aws-glue-table")))
    it(`${rule.name} leaves views, links and open table formats alone`, () => {
      const others = [
        { parameters: { table_type: "ICEBERG" } },
        { parameters: { "spark.sql.sources.provider": "delta" } },
        { parameters: { connectionName: "warehouse", classification: "postgresql" } },
        { storageDescriptor: { location: "stream", parameters: { typeOfData: "kinesis" } } },
      ];
      const bare = { name: "Elsewhere", databaseName: "acme_dev" };
      for (const kind of [
        { tableType: "VIRTUAL_VIEW" },
        { targetTable: { name: "x" } },
        { openTableFormatInput: {} },
        ...others,
      ])
        assert.deepEqual(
          judge(rule, [{ type: TABLE.token, name: "other", props: { ...bare, ...kind } }]).violations,
          [],
        );
    });

  it("matches the tokens of the provider's classes", async () => {
    // One file of the provider each: the whole of it takes seconds to load.
    const { CatalogTable } = await import("@pulumi/aws/glue/catalogTable.js");
    const { Partition } = await import("@pulumi/aws/glue/partition.js");
    const { Pipeline } = await import("@pulumi/aws/sagemaker/pipeline.js");
    const { CatalogDatabase } = await import("@pulumi/aws/glue/catalogDatabase.js");
    assert.ok(CatalogDatabase.isInstance({ __pulumiType: DATABASE.token }));
    assert.ok(CatalogTable.isInstance({ __pulumiType: TABLE.token }));
    assert.ok(Partition.isInstance({ __pulumiType: PARTITION.token }));
    assert.ok(Pipeline.isInstance({ __pulumiType: PIPELINE.token }));
    const { BucketObjectv2 } = await import("@pulumi/aws/s3/bucketObjectv2.js");
    assert.ok(BucketObjectv2.isInstance({ __pulumiType: OBJECT.token }));
  });

  it("tells resource rules apart by type token", () => {
    const verdict = judge(tableRules.externalType, [partition()]);
    assert.equal(
      verdict.notApplicable,
      "Policy only applies to resources of type 'aws:glue/catalogTable:CatalogTable'",
    );
  });
});
