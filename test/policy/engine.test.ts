import { deepEqual, equal, match, ok } from "node:assert/strict";
import { OBJECT, PIPELINE } from "../../policy/kinds";
import { isForProduction } from "../../policy/rule";
import { allRules } from "../../policy/pack";
import { optionalRules } from "../../policy/rules";
import { processingStep, table } from "./resources";
import { cases } from "./cases";
import { AnyResource, EngineRun, isNotRun, programOf, setOf, type Judged } from "./engineRun";

/** Asked of the whole stack: where many sets stand side by side, some pipeline is always there. */
const OF_ALL = ["aws-glue-table-be-written-by-a-step", "aws-glue-partition-leave-to-registration"];
const OPTIONAL = optionalRules.map(({ name }) => name);

describe("the policy pack, on the real engine", function () {
  this.timeout(300_000);
  const engine = new EngineRun();
  before(() => engine.open());
  after(() => engine.close());

  /** Rules that were violated in each set. */
  function violated(judged: Judged): Map<number | undefined, Set<string>> {
    const found = new Map<number | undefined, Set<string>>();
    for (const event of judged.events.filter((each) => !isNotRun(each)))
      found.set(setOf(event), (found.get(setOf(event)) ?? new Set()).add(event.policyName));
    return found;
  }

  it("stops each broken set by its own rule, alone", async () => {
    const judgedCases = cases.filter(({ config }) => config === undefined);
    const levels = Object.fromEntries(OPTIONAL.map((name) => [name, "advisory"]));
    const judged = await engine.run("preview", programOf(judgedCases.map(({ resources }) => resources)), {
      "policy:levels": levels,
    });
    ok(judged.failed, judged.output);
    const found = violated(judged);
    judgedCases.forEach(({ rule, what }, set) => {
      const expected = [...(found.get(set) ?? [])].filter(
        (name) => name === rule || ![...OF_ALL, ...OPTIONAL].includes(name),
      );
      deepEqual(expected, [rule], `${rule}, ${what}: ${judged.output.slice(0, 2000)}`);
    });
    deepEqual([...(found.get(undefined) ?? [])], []);
    const mandatory = new Map(allRules.map((each) => [each.name, each.enforcementLevel]));
    for (const event of judged.events.filter((each) => !isNotRun(each)))
      equal(event.enforcementLevel, OPTIONAL.includes(event.policyName) ? "advisory" : mandatory.get(event.policyName));
  });

  it("takes environment, parameters and exceptions from the stack's configuration", async () => {
    const chosen = cases.filter(({ rule, config }) => {
      const found = allRules.find((each) => each.name === rule);
      return config !== undefined || (found && isForProduction(found));
    });
    const [excepted] = chosen.filter(({ rule }) => rule === "aws-s3-bucket-keep-versions");
    ok(excepted);
    const at = chosen.indexOf(excepted);
    const parameters = Object.fromEntries(chosen.flatMap(({ config }) => Object.entries(config ?? {})));
    const judged = await engine.run("preview", programOf(chosen.map(({ resources }) => resources)), {
      "policy:environment": "production",
      "policy:parameters": parameters,
      "policy:exceptions": [
        { rule: excepted.rule, resource: `${at}-data`, reason: "holds what can be made again", until: "2999-12-31" },
        { rule: excepted.rule, resource: "gone", reason: "was needed for the migration", until: "2020-01-31" },
      ],
    });
    ok(judged.failed);
    chosen.forEach(({ rule, what }, set) => {
      const own = judged.events.filter((each) => setOf(each) === set && each.policyName === rule);
      ok(own.length > 0, `${rule}, ${what}`);
      for (const event of own)
        equal(event.enforcementLevel, set === at ? "advisory" : levelOf(rule), `${rule}, ${what}: ${event.message}`);
    });
    const [exception] = judged.events.filter((each) => setOf(each) === at && each.policyName === excepted.rule);
    match(exception?.message ?? "", /Excepted until 2999-12-31: holds what can be made again/);
    const ended = judged.events.filter(({ policyName }) => policyName === "policy-settings-be-sound");
    deepEqual(
      ended.map(({ enforcementLevel }) => enforcementLevel),
      ["mandatory"],
    );
    match(ended[0]?.message ?? "", /ended on 2020-01-31/);
  });

  it("takes network and boundary from the program's own settings, and judges by them", async () => {
    const chosen = cases.filter(({ config = {} }) => "network" in config || "permissionsBoundary" in config);
    const [boundary] = chosen.flatMap(({ config = {} }) =>
      "permissionsBoundary" in config ? [config.permissionsBoundary] : [],
    );
    const judged = await engine.run("preview", programOf(chosen.map(({ resources }) => resources)), {
      "acme:network": "vpc",
      "acme:permissionsBoundaryArn": boundary,
    });
    const found = violated(judged);
    chosen.forEach(({ rule, what }, set) => ok(found.get(set)?.has(rule), `${rule}, ${what}: ${judged.output}`));
  });

  /** In production. */
  const levelOf = (name: string): string | undefined => {
    const rule = allRules.find((each) => each.name === name);
    return rule && isForProduction(rule) ? "mandatory" : rule?.enforcementLevel;
  };

  describe("where a definition is known only at the up", () => {
    const broken = async () => {
      const first = new AnyResource("aws:kms/key:Key", "first", { enableKeyRotation: true, policy: "{}" });
      const step = processingStep({ LocalPath: "/tmp" });
      new AnyResource(PIPELINE.token, "late", {
        ...{ pipelineName: "late", roleArn: "arn:aws:iam::123456789012:role/late" },
        pipelineDefinition: first.id.apply((id) => JSON.stringify({ Metadata: { id }, Steps: [step] })),
      });
      new AnyResource(table().type, "features", table().props);
    };

    /** A table, and a pipeline that writes beside it; known at the up alone. */
    const misplaced = async () => {
      const features = new AnyResource(table().type, "features", table().props);
      const step = processingStep({ S3Uri: "s3://acme-data/features/output" });
      const props = { pipelineName: "late", roleArn: "arn:aws:iam::123456789012:role/late" };
      new AnyResource(PIPELINE.token, "misplaced", {
        ...props,
        pipelineDefinition: features.id.apply((id) => JSON.stringify({ Metadata: { id }, Steps: [step] })),
      });
    };

    it("refuses it at the up before it is made, also by a rule that compares it with a table", async () => {
      equal((await engine.run("preview", misplaced)).failed, false);
      const { failed, events, output } = await engine.run("up", misplaced);
      ok(failed, output);
      const mandatory = events.filter(({ enforcementLevel }) => enforcementLevel === "mandatory");
      deepEqual(
        mandatory.map(({ policyName }) => policyName),
        ["aws-sagemaker-pipeline-write-tables-at-their-location"],
      );
      deepEqual(
        engine.provider.created.filter((urn) => urn.endsWith("::misplaced")),
        [],
      );
    });

    it("refuses a table at the up before it is made, where the pipeline came first", async () => {
      const { failed, events, output } = await engine.run("up", async () => {
        const first = new AnyResource("aws:kms/key:Key", "first", { enableKeyRotation: true, policy: "{}" });
        const step = processingStep({ S3Uri: "s3://acme-data/features/output" });
        const early = new AnyResource(PIPELINE.token, "early", {
          ...{ pipelineName: "early", roleArn: "arn:aws:iam::123456789012:role/early" },
          pipelineDefinition: first.id.apply((id) => JSON.stringify({ Metadata: { id }, Steps: [step] })),
        });
        new AnyResource(table().type, "afterwards", table().props, { dependsOn: [early] });
      });
      ok(failed, output);
      const mandatory = events.filter(({ enforcementLevel }) => enforcementLevel === "mandatory");
      ok(mandatory.some(({ policyName }) => policyName === "aws-sagemaker-pipeline-write-tables-at-their-location"));
      deepEqual(
        engine.provider.created.filter((urn) => /::(early|afterwards)$/.test(urn)).map((urn) => urn.split("::").at(-1)),
        ["early"],
      );
    });

    it("refuses a pipeline at the up before it is made, where its definition is in S3", async () => {
      const { failed, events, output } = await engine.run("up", async () => {
        const first = new AnyResource("aws:kms/key:Key", "first", { enableKeyRotation: true, policy: "{}" });
        const place = { bucket: "acme-data", key: "features/code/pipeline.json" };
        const step = processingStep({ LocalPath: "/tmp" });
        const content = first.id.apply((id) => JSON.stringify({ Metadata: { id }, Steps: [step] }));
        const text = new AnyResource(OBJECT.token, "text", { ...place, content });
        const pipelineDefinitionS3Location = { bucket: place.bucket, objectKey: place.key };
        const props = { pipelineName: "stored", roleArn: "arn:aws:iam::123456789012:role/stored" };
        new AnyResource(PIPELINE.token, "stored", { ...props, pipelineDefinitionS3Location }, { dependsOn: [text] });
      });
      ok(failed, output);
      const mandatory = events.filter(({ enforcementLevel }) => enforcementLevel === "mandatory");
      ok(
        mandatory.some(({ policyName }) => policyName === "aws-sagemaker-pipeline-mount-under-processing"),
        output,
      );
      deepEqual(
        engine.provider.created.filter((urn) => /::(text|stored)$/.test(urn)).map((urn) => urn.split("::").at(-1)),
        ["text"],
      );
    });

    it("says at the preview which rules could not run, and why", async () => {
      const { failed, events, output } = await engine.run("preview", broken);
      equal(failed, false, output);
      const notRun = events.filter(isNotRun);
      ok(notRun.some(({ policyName }) => policyName === "aws-sagemaker-pipeline-mount-under-processing"));
      for (const { message } of notRun)
        match(message, /can't run policy '.*' from policy pack .* during preview: .*pipelineDefinition can't be known/);
      // The same is printed, for the comment on a pull request.
      match(output, /can't run policy 'aws-sagemaker-pipeline-mount-under-processing'/);
    });

    it("refuses the pipeline at the up before it is made", async () => {
      const { failed, events, output } = await engine.run("up", broken);
      ok(failed, output);
      const mandatory = events.filter(({ enforcementLevel }) => enforcementLevel === "mandatory");
      ok(mandatory.some(({ policyName }) => policyName === "aws-sagemaker-pipeline-mount-under-processing"));
      ok(engine.provider.created.some((urn) => urn.endsWith("::first")));
      deepEqual(
        engine.provider.created.filter((urn) => urn.endsWith("::late")),
        [],
      );
    });
  });
});
