import assert from "node:assert/strict";
import { exceptionsOf, withExceptions } from "../../policy/exceptions";
import { allRules, packOf } from "../../policy/pack";
import { isForProduction, type Rule } from "../../policy/rule";
import { isProduction, settingsOf } from "../../policy/settings";
import { judge } from "../support/policy";
import { change } from "./cases/case";
import { goodBucket } from "./cases/goodBucket";

const TODAY = "2026-11-21";
const FORCED = "aws-s3-bucket-keep-data-on-destroy";
const VERSIONS = "aws-s3-bucket-keep-versions";

/** As the engine tells a pack: structured values are JSON in JSON. */
const configuration = (values: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(
    Object.fromEntries(
      Object.entries(values).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
    ),
  );
const pack = (values: Readonly<Record<string, unknown>>, stack = "dev") =>
  packOf({ PULUMI_CONFIG: configuration(values), PULUMI_STACK: stack }, TODAY);
const levelOf = (made: ReturnType<typeof pack>, name: string): unknown => {
  const config = made.config[name];
  return typeof config === "string" ? config : config?.enforcementLevel;
};
const ruleOf = (rules: readonly Rule[], name: string): Rule => {
  const rule = rules.find((each) => each.name === name);
  assert.ok(rule);
  return rule;
};
const problemsOf = (values: Readonly<Record<string, unknown>>): readonly string[] =>
  judge(ruleOf(pack(values).policies, "policy-settings-be-sound"), []).violations;

describe("the settings of a stack", () => {
  it("are none where the configuration is none, or another's", () => {
    for (const text of [undefined, "{}", configuration({ "aws:region": "x", "partitions:policy": "y" })])
      assert.deepEqual(settingsOf(text), { problems: [], settings: { levels: {}, parameters: {}, exceptions: [] } });
  });

  it("leave every rule at its own level", () => {
    for (const rule of allRules) assert.equal(levelOf(pack({}), rule.name), rule.enforcementLevel, rule.name);
  });

  it("make the rules for production mandatory, and no other", () => {
    for (const made of [pack({ "policy:environment": "production" }), pack({}, "prod"), pack({}, "shop-prod")])
      for (const rule of allRules)
        assert.equal(levelOf(made, rule.name), isForProduction(rule) ? "mandatory" : rule.enforcementLevel, rule.name);
  });

  it("take a stack for what it says, before what it is called", () => {
    const named = (environment?: string) =>
      settingsOf(configuration({ "policy:environment": environment ?? "" })).settings;
    assert.equal(isProduction(named("staging"), "prod"), false);
    assert.equal(isProduction(named("production"), "dev"), true);
    assert.equal(isProduction(settingsOf(undefined).settings, "products"), false);
  });

  it("set levels, also over those of production", () => {
    const made = pack({ "policy:levels": { [VERSIONS]: "disabled" } }, "prod");
    assert.equal(levelOf(made, VERSIONS), "disabled");
    assert.deepEqual(problemsOf({ "policy:levels": { [VERSIONS]: "disabled" } }), []);
  });

  it("give parameters to the rules that have them, and to no other", () => {
    const { config } = pack({ "policy:parameters": { restoreDays: 14 } });
    assert.deepEqual(config["aws-s3-bucket-keep-versions-long-enough"], {
      enforcementLevel: "mandatory",
      restoreDays: 14,
    });
    assert.deepEqual(config[VERSIONS], { enforcementLevel: "advisory" });
  });

  it("go by the program's own settings where it has them, and refuse another word for the same", () => {
    const boundary = "arn:aws:iam::123456789012:policy/boundary";
    const own = { "shop:network": "vpc", "shop:permissionsBoundaryArn": boundary, "other:network": "open" };
    const given = (more: object, project = "shop") =>
      packOf(
        { PULUMI_CONFIG: configuration({ ...own, ...more }), PULUMI_STACK: "dev", PULUMI_PROJECT: project },
        TODAY,
      );
    const parameters = ({ config }: ReturnType<typeof given>) =>
      ["aws-sagemaker-job-stay-in-vpc", "aws-iam-role-keep-boundary"].map((name) => {
        const given = Object.entries(Object(config[name]) as Record<string, unknown>);
        return Object.fromEntries(given.filter(([key]) => key !== "enforcementLevel"));
      });
    const problems = ({ policies }: ReturnType<typeof given>) =>
      judge(ruleOf(policies, "policy-settings-be-sound"), []).violations;
    assert.deepEqual(parameters(given({})), [{ network: "vpc" }, { permissionsBoundary: boundary }]);
    assert.deepEqual(parameters(given({}, "other")), [{ network: "open" }, {}]);
    // A network of somebody else's making means nothing here.
    assert.deepEqual(parameters(given({ "shop:network": "10.0.0.0/16" }))[0], {});
    const twice = given({ "policy:parameters": { network: "isolated", permissionsBoundary: boundary } });
    assert.deepEqual(problems(twice), [
      "policy:parameters sets 'network' to \"isolated\", the program's own setting is 'vpc'; take 'network' out of policy:parameters",
    ]);
    assert.deepEqual(parameters(twice)[0], { network: "vpc" });
    assert.deepEqual(problems(given({ "policy:parameters": { network: "vpc" } })), []);
  });

  for (const [what, values, problem] of [
    [
      "a word that means nothing",
      { "policy:exception": [] },
      "policy:exception is not known, expected one of environment, levels, parameters, exceptions",
    ],
    ["no list", { "policy:exceptions": "all" }, 'policy:exceptions is "all", expected a list'],
    [
      "a rule that is none",
      { "policy:levels": { nothing: "advisory" } },
      "policy:levels names 'nothing', expected a rule of the pack",
    ],
    [
      "a level that is none",
      { "policy:levels": { [VERSIONS]: "warn" } },
      `policy:levels sets '${VERSIONS}' to 'warn', expected mandatory, advisory, disabled`,
    ],
    [
      "a parameter that is none",
      { "policy:parameters": { days: 1 } },
      "policy:parameters sets 'days', expected one of keepDays, network, permissionsBoundary, restoreDays, runtimes",
    ],
  ] as const)
    it(`are refused with ${what}`, () => assert.deepEqual(problemsOf(values), [problem]));
});

describe("an exception", () => {
  const exception = { rule: FORCED, resource: "data", reason: "emptied by the nightly test", until: TODAY };
  const forced = change(goodBucket, "data", { forceDestroy: true });

  it("makes a violation advice until its last day, with reason and day", () => {
    const rule = ruleOf(pack({ "policy:exceptions": [exception] }).policies, FORCED);
    const { violations, excepted } = judge(rule, forced);
    assert.deepEqual(violations, []);
    assert.equal(excepted?.length, 1);
    assert.match(
      excepted?.[0] ?? "",
      /forceDestroy is true[^]*Excepted until 2026-11-21: emptied by the nightly test$/,
    );
  });

  it("holds for its resource and rule alone", () => {
    for (const other of [
      { ...exception, resource: "dat" },
      { ...exception, rule: VERSIONS },
    ])
      assert.equal(judge(ruleOf(pack({ "policy:exceptions": [other] }).policies, FORCED), forced).violations.length, 1);
  });

  it("holds for a rule about the whole stack", () => {
    const { policies } = pack({ "policy:exceptions": [{ ...exception, rule: VERSIONS, resource: "versioning" }] });
    const suspended = change(goodBucket, "versioning", { versioningConfiguration: { status: "Suspended" } });
    const { violations, excepted } = judge(ruleOf(policies, VERSIONS), suspended);
    assert.deepEqual([violations.length, excepted?.length], [0, 1]);
  });

  it("keeps a rule to the resources of its type", () => {
    const rule = ruleOf(allRules, "aws-kms-key-rotate-yearly");
    const kept = withExceptions(rule, [{ ...exception, rule: rule.name }]);
    assert.match(judge(kept, goodBucket()).notApplicable ?? "", /aws:kms\/key:Key/);
  });

  it("ends: then the violation stops the deployment, and the exception too", () => {
    const given = { "policy:exceptions": [{ ...exception, until: "2026-11-20" }] };
    assert.equal(judge(ruleOf(pack(given).policies, FORCED), forced).violations.length, 1);
    assert.deepEqual(problemsOf(given), [
      `policy:exceptions[0] of '${FORCED}' for 'data' ended on 2026-11-20, expected a day from ${TODAY} on`,
    ]);
  });

  for (const [what, given, problem] of [
    ["rule", { ...exception, rule: "s3" }, "names the rule 's3', expected one of the pack"],
    ["resource", { ...exception, resource: undefined }, "names no resource, expected its name in the program"],
    ["reason", { ...exception, reason: "because" }, "has the reason 'because', expected one of at least 10 letters"],
    ["day", { ...exception, until: "2027" }, "ends '2027', expected a day such as 2027-03-31"],
    ["anything", "all", "is no object, expected rule, resource, reason and until"],
  ] as const)
    it(`does not hold without a ${what}`, () => {
      const { valid, problems } = exceptionsOf([given], allRules, TODAY);
      assert.deepEqual([valid, problems], [[], [`policy:exceptions[0] ${problem}`]]);
    });
});
