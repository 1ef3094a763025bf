import assert from "node:assert/strict";
import { storedDefinition, tableOutputs, uploadMode } from "../../policy/rules/pipeline";
import { OBJECT_V1, PIPELINE } from "../../policy/kinds";
import { allRules } from "../../policy/pack";
import { rules } from "../../policy/rules";
import { judge, UNKNOWN } from "../support/policy";
import { cases } from "./cases";
import { LOCATION, object, processingStep, storedPipeline, table, type OutputFields } from "./resources";

const PLACE = "s3://acme-data/features/code/1/pipeline.json";
const WHERE = `pipeline 'features', definition at '${PLACE}'`;
const UNSEEN = `${WHERE}: is no content of an object in the stack, expected a JSON object with Steps`;
const text = (output: OutputFields = {}) => JSON.stringify({ Version: "2020-12-01", Steps: [processingStep(output)] });

const ruleOf = (name: string) => allRules.find((each) => each.name === name) ?? assert.fail(`no rule '${name}'`);

describe("a definition in S3", () => {
  for (const rule of rules)
    it(`is accepted by ${rule.name} when it is an object of the stack and right`, () => {
      const { violations, unknown } = judge(rule, [table(), object(text()), storedPipeline()]);
      assert.deepEqual({ violations, unknown }, { violations: [], unknown: undefined });
    });

  for (const [what, ...resources] of [
    ["nowhere in the stack", storedPipeline()],
    ["in another bucket", object(text(), { bucket: "other" }), storedPipeline()],
    ["under another key", object(text(), { key: "features/code/2/pipeline.json" }), storedPipeline()],
    ["in another version", object(text(), { versionId: "v2" }), storedPipeline()],
    ["not given as content", object(undefined, { source: {} }), storedPipeline()],
    ["only as SageMaker shows it", storedPipeline({}, { pipelineDefinition: text() })],
  ] as const)
    it(`is reported, not passed, when its text is ${what}`, () => {
      assert.deepEqual(judge(storedDefinition, resources), { violations: [UNSEEN], blamed: ["features"] });
    });

  for (const [what, content, problem] of [
    ["broken JSON", "{", "is not a JSON object"],
    ["no list of steps", "{}", "has no list of Steps"],
  ] as const)
    it(`is reported when it is ${what}`, () => {
      assert.deepEqual(judge(storedDefinition, [object(content), storedPipeline()]).violations, [
        `${WHERE}: ${problem}, expected a JSON object with Steps`,
      ]);
    });

  it("keeps every rule that definitions have in a pipeline, with its text", () => {
    const own = cases.filter(({ resources }) =>
      resources.some(({ name, type }) => name === "pipeline" && type === PIPELINE.token),
    );
    const chosen = own.filter(
      ({ rule, what }) =>
        "validateResource" in ruleOf(rule) && "validateStack" in ruleOf(rule) && !/own words/.test(what),
    );
    assert.ok(chosen.length > 15);
    for (const { rule, what, resources, says, config } of chosen) {
      const stored = resources.flatMap((each) => {
        if (each.name !== "pipeline") return [each];
        const { pipelineDefinition: content, ...rest } = each.props as { readonly pipelineDefinition?: unknown };
        const place = { bucket: "acme-data", objectKey: "features/code/1/pipeline.json" };
        return [{ ...each, props: { ...rest, pipelineDefinitionS3Location: place } }, object(content)];
      });
      const { violations } = judge(ruleOf(rule), stored, config);
      assert.deepEqual(violations, judge(ruleOf(rule), resources, config).violations, `${rule}, ${what}`);
      if (says.length > 0) assert.deepEqual(violations, says, `${rule}, ${what}`);
    }
  });

  it("may be an object of the provider's first kind", () => {
    const first = { ...object(text()), type: OBJECT_V1.token };
    for (const rule of rules)
      assert.deepEqual(judge(rule, [table(), first, storedPipeline()]).violations, [], rule.name);
  });

  it("keeps the rules of tables", () => {
    const wrong = text({ S3Uri: LOCATION.slice(0, -1), S3UploadMode: "Continuous" });
    for (const rule of [tableOutputs, uploadMode])
      assert.equal(judge(rule, [table(), object(wrong), storedPipeline()]).violations.length, 1, rule.name);
  });

  it("counts, and not the text that SageMaker had before", () => {
    const before = { pipelineDefinition: text({ S3UploadMode: "Continuous" }) };
    assert.deepEqual(judge(uploadMode, [table(), object(text()), storedPipeline({}, before)]).violations, []);
  });

  it("is not judged as long as its text or its key is unknown", () => {
    for (const [objects, location, unknown] of [
      [[object(UNKNOWN)], {}, "content"],
      [[object(text(), { key: UNKNOWN })], {}, "key"],
      [[object(text(), { key: UNKNOWN })], { objectKey: UNKNOWN }, "pipelineDefinitionS3Location.objectKey"],
    ] as const)
      for (const rule of [storedDefinition, tableOutputs, uploadMode]) {
        const verdict = judge(rule, [table(), ...objects, storedPipeline(location)]);
        assert.deepEqual([verdict.violations, verdict.unknown], [[], unknown], rule.name);
      }
  });

  it("is judged beside an object whose key is unknown, and before its own version is known", () => {
    const other = object("x", { key: UNKNOWN }, "other");
    const wrong = object(text({ S3UploadMode: "Continuous" }), { versionId: UNKNOWN });
    for (const objects of [
      [other, wrong],
      [wrong, other],
    ]) {
      const verdict = judge(uploadMode, [table(), ...objects, storedPipeline({ versionId: UNKNOWN })]);
      assert.deepEqual([verdict.violations.length, verdict.unknown], [1, undefined]);
    }
  });
});
