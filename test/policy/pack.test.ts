import assert from "node:assert/strict";
import * as csvRules from "../../policy/csvRules";
import * as partitionRules from "../../policy/partitionRules";
import * as pipelineRules from "../../policy/pipelineRules";
import * as projectionRules from "../../policy/projectionRules";
import { DATABASE, OBJECT, PARTITION, PIPELINE, TABLE } from "../../policy/resources";
import { rules } from "../../policy/rules";
import * as tableRules from "../../policy/tableRules";
import { judge, UNKNOWN } from "../support/policy";
import { partition, pipeline, processingStep, table } from "./resources";

const subjects = { csvRules, partitionRules, pipelineRules, projectionRules, tableRules };

describe("policy pack", () => {
  it("lists every exported rule, once", () => {
    const exported = Object.values(subjects).flatMap((subject) => Object.values(subject).map((rule) => rule.name));
    assert.deepEqual(rules.map((rule) => rule.name).sort(), exported.sort());
    assert.equal(new Set(exported).size, exported.length);
  });

  for (const rule of rules)
    it(`${rule.name} says its law, its fix and where to read on`, () => {
      assert.match(rule.name, /^aws-(glue-(database|table|partition)|sagemaker-pipeline)(-[a-z]+){2,}$/);
      assert.match(rule.description, /\.$/);
      assert.match(rule.remediationSteps ?? "", /\.$/);
      assert.match(rule.url ?? "", /^https:\/\/docs\.aws\.amazon\.com\//);
      assert.ok(rule.severity);
      assert.equal(
        rule.enforcementLevel,
        rule.name === "aws-glue-table-declare-partition-keys" ? "advisory" : "mandatory",
      );
    });

  for (const rule of rules)
    it(`${rule.name} accepts a table and the pipeline that writes it`, () => {
      assert.deepEqual(judge(rule, [table(), pipeline(processingStep())]).violations, []);
    });

  for (const rule of rules)
    it(`${rule.name} says nothing of other resources, nor of an empty stack`, () => {
      const other = { type: "aws:s3/bucket:Bucket", name: "data", props: { bucket: UNKNOWN } };
      assert.deepEqual(judge(rule, [other]).violations, []);
      assert.equal(judge(rule, [other]).unknown, undefined);
      assert.deepEqual(judge(rule, []).violations, []);
    });

  for (const rule of rules.filter((candidate) => candidate.name.startsWith("aws-glue-table")))
    it(`${rule.name} leaves views, links and open table formats alone`, () => {
      const bare = { name: "Elsewhere", databaseName: "acme_dev" };
      for (const kind of [{ tableType: "VIRTUAL_VIEW" }, { targetTable: { name: "x" } }, { openTableFormatInput: {} }])
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
