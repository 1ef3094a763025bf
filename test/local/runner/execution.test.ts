import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import * as sagemaker from "@aws-sdk/client-sagemaker";
import { startFront } from "../../../local/front";
import { region, useLaptop, type Fields } from "./laptop";

describe("local/runner", function () {
  this.timeout(120_000);
  const laptop = useLaptop();

  describe("an execution", () => {
    const fail = (name: string, message: unknown, more: Fields = {}) => ({
      Name: name,
      Type: "Fail",
      Arguments: { ErrorMessage: message },
      ...more,
    });

    it("chooses steps by conditions", async () => {
      const choice = {
        Name: "choice",
        Type: "Condition",
        Arguments: {
          Conditions: [{ Type: "GreaterThan", LeftValue: { Get: "Parameters.Rows" }, RightValue: 0 }],
          IfSteps: [await laptop.processing("chosen", "pass")],
          ElseSteps: [fail("none", { "Std:Join": { On: " ", Values: ["no rows:", { Get: "Parameters.Rows" }] } })],
        },
      };
      const rows = [{ Name: "Rows", Type: "Integer", DefaultValue: 5 }];
      assert.deepEqual((await laptop.run([choice], rows)).order, ["choice", "chosen"]);
      const { execution, steps } = await laptop.run([choice], rows, { Rows: "0" });
      assert.equal(execution.PipelineExecutionStatus, "Failed");
      assert.equal(steps["none"]?.FailureReason, "no rows: 0");
      assert.equal(steps["choice"]?.Metadata?.Condition?.Outcome, "False");
    });

    const wrong: [string, unknown[], RegExp][] = [
      [
        "a cycle",
        [fail("a", "", { DependsOn: ["b"] }), fail("b", { Get: "Steps.a.X" })],
        /steps wait for each other: a → b → a/,
      ],
      ["an unknown step", [fail("a", "", { DependsOn: ["b"] })], /step 'a' needs step 'b', which is not there/],
      ["an unknown parameter", [fail("a", { Get: "Parameters.P" })], /parameter 'P'/],
      ["an unknown type of step", [{ Name: "a", Type: "Training", Arguments: {} }], /type 'Training'/],
      ["an unknown property", [fail("a", "", { Colour: "red" })], /Colour/],
      ["a repeated name", [fail("a", ""), fail("a", "")], /more than once/],
    ];
    for (const [what, steps, reason] of wrong)
      it(`fails before its first step at ${what}`, async () => {
        const { execution, order } = await laptop.run(steps);
        assert.equal(execution.PipelineExecutionStatus, "Failed");
        assert.match(execution.FailureReason ?? "", reason);
        assert.deepEqual(order, []);
      });

    it("is refused for parameters that are unknown, missing, empty or of another type", async () => {
      const name = await laptop.deploy(
        [fail("a", "x")],
        [
          { Name: "Day", Type: "String" },
          { Name: "Count", Type: "Integer", DefaultValue: 1 },
        ],
      );
      const refused = (given: Record<string, string>, message: RegExp) =>
        assert.rejects(laptop.start(name, given), { name: "ValidationException", message });
      await refused({ Day: "x", Dya: "x" }, /Unknown parameters \[Dya\]/);
      await refused({}, /\[Day\] has no default value/);
      await refused({ Day: "" }, /non-empty String/);
      await refused({ Day: "x", Count: "many" }, /\[Count\] must be a non-empty Integer, got "many"/);
    });

    it("of an unknown pipeline, or an unknown execution, is not found", async () => {
      await assert.rejects(laptop.start("nothing"), { name: "ResourceNotFound" });
      const arn = `arn:aws:sagemaker:${region}:123456789012:pipeline/x/execution/abcdefghijkl`;
      await assert.rejects(laptop.ended(arn), { name: "ResourceNotFound" });
    });

    it("can be stopped, and its program ends", async () => {
      const name = await laptop.deploy([await laptop.processing("long", "import time; time.sleep(300)")]);
      const arn = await laptop.start(name);
      await sleep(1500);
      await laptop.sm.send(
        new sagemaker.StopPipelineExecutionCommand({ PipelineExecutionArn: arn, ClientRequestToken: "t".repeat(32) }),
      );
      const { execution, steps } = await laptop.ended(arn);
      assert.equal(execution.PipelineExecutionStatus, "Stopped");
      assert.equal(steps["long"]?.StepStatus, "Stopped");
      const { PipelineExecutionSummaries: list } = await laptop.sm.send(
        new sagemaker.ListPipelineExecutionsCommand({ PipelineName: name }),
      );
      assert.deepEqual(
        list?.map((e) => [e.PipelineExecutionArn, e.PipelineExecutionStatus]),
        [[arn, "Stopped"]],
      );
    });

    it("keeps the definition it was started with", async () => {
      const name = await laptop.deploy([fail("a", "first")]);
      const arn = await laptop.start(name);
      await laptop.sm.send(new sagemaker.UpdatePipelineCommand({ PipelineName: name, PipelineDefinition: "{}" }));
      const { PipelineDefinition: definition } = await laptop.sm.send(
        new sagemaker.DescribePipelineDefinitionForExecutionCommand({ PipelineExecutionArn: arn }),
      );
      assert.match(definition ?? "", /first/);
    });
  });

  it("the front refuses any endpoint that is not this machine", async () => {
    const options = { motoEndpoint: "https://sagemaker.ap-northeast-1.amazonaws.com", region, python: "python3" };
    await assert.rejects(startFront(options), /loopback/);
  });
});
