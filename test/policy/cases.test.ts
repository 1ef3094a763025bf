import assert from "node:assert/strict";
import { PIPELINE } from "../../policy/kinds";
import { allRules } from "../../policy/pack";
import { rules } from "../../policy/rules";
import type { Rule } from "../../policy/rule";
import { judge, UNKNOWN, type Registered } from "../support/policy";
import { cases, goods } from "./cases";

const ruleOf = (name: string): Rule => {
  const rule = allRules.find((each) => each.name === name);
  assert.ok(rule, `no rule '${name}'`);
  return rule;
};

/** A partition that is a resource breaks this one by being there. */
const ALWAYS = ["aws-glue-partition-leave-to-registration"];

describe("the cases of the rules", () => {
  it("break every rule", () => {
    const broken = new Set(cases.map(({ rule }) => rule));
    assert.deepEqual(
      allRules.map(({ name }) => name).filter((name) => !broken.has(name)),
      [],
    );
  });

  for (const [name, good] of Object.entries(goods))
    it(`begin with resources that every rule accepts: ${name}`, () => {
      for (const rule of allRules) {
        if (rule.name === "aws-iam-role-write-no-inline-policy" && name === "goodDataset") continue;
        if (/reserve-concurrency|trace-calls/.test(rule.name) && name === "goodDataset") continue;
        const { violations, unknown } = judge(rule, good());
        assert.deepEqual([violations, unknown], [[], undefined], rule.name);
      }
    });

  for (const { rule, what, resources, says, config } of cases)
    it(`${rule} refuses ${what}`, () => {
      const verdict = judge(ruleOf(rule), resources, config);
      if (says.length > 0) assert.deepEqual(verdict.violations, says);
      else assert.equal(verdict.violations.length, 1);
      // A violation of a stack rule points at the resource that is to be changed.
      if ("validateStack" in ruleOf(rule))
        for (const blamed of verdict.blamed)
          assert.ok(
            resources.some(({ name }) => name === blamed),
            `blames ${blamed}`,
          );
    });

  it("break no second rule", () => {
    const second = cases.flatMap(({ rule, what, resources }) =>
      rules
        .filter((each) => each.name !== rule && !ALWAYS.includes(each.name))
        .flatMap((each) => judge(each, resources).violations.map((text) => `${rule}, ${what}: ${each.name}: ${text}`)),
    );
    assert.deepEqual(second, []);
  }).timeout(60_000);
});

describe("an unknown value", () => {
  /** A resource with one input unknown, or an input of an input. */
  function* unknownOnes(resource: Registered): Generator<readonly [path: string, Registered]> {
    for (const [input, value] of Object.entries(resource.props as Readonly<Record<string, unknown>>)) {
      yield [input, { ...resource, props: { ...resource.props, [input]: UNKNOWN } }];
      if (typeof value !== "object" || value === null || Array.isArray(value)) continue;
      for (const inner of Object.keys(value))
        yield [
          `${input}.${inner}`,
          { ...resource, props: { ...resource.props, [input]: { ...value, [inner]: UNKNOWN } } },
        ];
    }
  }

  for (const [name, good] of Object.entries(goods))
    it(`is never a violation, whatever it is: ${name}`, () => {
      const all = good();
      all.forEach((resource, index) => {
        for (const [path, unknown] of unknownOnes(resource)) {
          const resources = all.map((each, at) => (at === index ? unknown : each));
          for (const rule of rules)
            assert.deepEqual(judge(rule, resources).violations, [], `${rule.name}, ${resource.name}.${path}`);
        }
      });
    });

  it("hides nothing of its own resource that is known: a schedule's pipeline, while the definition is not", () => {
    const [mistaken] = cases.filter(
      ({ rule, what }) => /start-pipeline-of-stack/.test(rule) && what === "another pipeline",
    );
    assert.ok(mistaken);
    const resources = mistaken.resources.map((each) =>
      each.name === "pipeline" ? { ...each, props: { ...each.props, pipelineDefinition: UNKNOWN } } : each,
    );
    const { violations, unknown } = judge(ruleOf(mistaken.rule), resources);
    assert.deepEqual([violations, unknown], [mistaken.says, "pipelineDefinition"]);
    // The pipeline that is meant may be one whose name is still unknown.
    const other = { type: PIPELINE.token, name: "other", props: { pipelineName: UNKNOWN } };
    assert.deepEqual(judge(ruleOf(mistaken.rule), [...mistaken.resources, other]).violations, []);
  });

  it("hides nothing of other resources: what is broken beside it is told all the same", () => {
    const unknown: Registered = {
      ...{ type: "aws:glue/catalogTable:CatalogTable", name: "unknown" },
      props: { name: "x", databaseName: "y", tableType: "EXTERNAL_TABLE", storageDescriptor: { location: UNKNOWN } },
    };
    for (const { rule, what, resources, config } of cases) {
      if (!("validateStack" in ruleOf(rule))) continue;
      const before = judge(ruleOf(rule), resources, config).violations;
      const beside = judge(ruleOf(rule), [unknown, ...resources], config).violations;
      assert.deepEqual(beside, before, `${rule}, ${what}`);
    }
  });
});
