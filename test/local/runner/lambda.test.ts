import assert from "node:assert/strict";
import { InvokeCommand, UpdateFunctionCodeCommand } from "@aws-sdk/client-lambda";
import { useLaptop, zip, type Fields } from "./laptop";

describe("local/runner", function () {
  this.timeout(120_000);
  const laptop = useLaptop();

  describe("a Lambda step", () => {
    it("runs the deployed bundle, which finds AWS through the front, and hands on what it returns", async () => {
      const arn = await laptop.deployFunction(
        "day",
        `const { S3Client, PutObjectCommand } = require("@aws-sdk/client-s3");
         exports.handler = async (event, context) => {
           await new S3Client({}).send(new PutObjectCommand({ Bucket: "data", Key: "seen", Body: JSON.stringify(
             { event, team: process.env.TEAM, name: context.functionName, left: context.getRemainingTimeInMillis() > 0 }) }));
           return { day: "2021-12-01", rows: 3 };
         };`,
        { Timeout: 20 },
      );
      const outputs = [
        { OutputName: "day", OutputType: "String" },
        { OutputName: "rows", OutputType: "Integer" },
      ];
      const day = {
        Name: "day",
        Type: "Lambda",
        FunctionArn: arn,
        Arguments: { start: { Get: "Execution.StartDateTime" }, count: { Get: "Parameters.Count" } },
        OutputParameters: outputs,
      };
      const tell = await laptop.processing(
        "told",
        `import os, sys; open(os.environ["PROCESSING_DIR"] + "/output/args", "w").write(" ".join(sys.argv[1:]))`,
        (a) => ({
          ...a,
          AppSpecification: {
            ...(a["AppSpecification"] as Fields),
            ContainerArguments: [
              { Get: "Steps.day.OutputParameters['day']" },
              { "Std:Join": { On: "", Values: [{ Get: "Steps.day.OutputParameters['rows']" }] } },
            ],
          },
        }),
      );
      const { execution, steps } = await laptop.run(
        [day, tell],
        [{ Name: "Count", Type: "Integer", DefaultValue: 1 }],
        {
          Count: "7",
        },
      );
      assert.equal(execution.PipelineExecutionStatus, "Succeeded", JSON.stringify(steps));
      assert.equal(await laptop.text("out/told/args"), "2021-12-01 3");
      assert.deepEqual(steps["day"]?.Metadata?.Lambda?.OutputParameters, [
        { Name: "day", Value: "2021-12-01" },
        { Name: "rows", Value: "3" },
      ]);
      const seen = JSON.parse(await laptop.text("seen")) as { event: Fields } & Fields;
      assert.equal(seen.event["count"], 7);
      assert.match(String(seen.event["start"]), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
      assert.deepEqual(
        { team: seen["team"], name: seen["name"], left: seen["left"] },
        { team: "weather", name: "day", left: true },
      );
    });

    it("fails with the function's error, and when an output is missing", async () => {
      const arn = await laptop.deployFunction(
        "moody",
        `exports.handler = async (e) => { if (e.angry) throw new TypeError("no"); return {}; };`,
      );
      const step = (name: string, args: Fields) => ({
        Name: name,
        Type: "Lambda",
        FunctionArn: arn,
        Arguments: args,
        OutputParameters: [{ OutputName: "x", OutputType: "String" }],
      });
      const { steps } = await laptop.run([step("angry", { angry: true }), step("empty", {})]);
      assert.match(steps["angry"]?.FailureReason ?? "", /TypeError: no/);
      assert.match(steps["empty"]?.FailureReason ?? "", /must return an object with 'x' of type String, got \{\}/);
    });
  });

  describe("Invoke", () => {
    const invoke = async (name: string, event: unknown) => {
      const answer = await laptop.lambda.send(
        new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event), LogType: "Tail" }),
      );
      const payload = JSON.parse(answer.Payload?.transformToString() ?? "null") as Fields;
      return { error: answer.FunctionError, payload, log: Buffer.from(answer.LogResult ?? "", "base64").toString() };
    };

    it("runs the newest code, also from S3", async () => {
      await laptop.deployFunction("versions", `exports.handler = async () => ({ v: 1 });`, { Timeout: 20 });
      assert.deepEqual((await invoke("versions", {})).payload, { v: 1 });
      await laptop.put(
        "code.zip",
        Buffer.from(zip(`console.log("second"); exports.handler = async () => ({ v: 2 });`)),
      );
      await laptop.lambda.send(
        new UpdateFunctionCodeCommand({ FunctionName: "versions", S3Bucket: "data", S3Key: "code.zip" }),
      );
      const { payload, log } = await invoke("versions", {});
      assert.deepEqual(payload, { v: 2 });
      assert.match(log, /second/);
    });

    it("tells a thrown error as Lambda does", async () => {
      await laptop.deployFunction("thrower", `exports.handler = async () => { throw new RangeError("too far"); };`);
      const { error, payload } = await invoke("thrower", {});
      assert.equal(error, "Unhandled");
      assert.deepEqual([payload["errorType"], payload["errorMessage"]], ["RangeError", "too far"]);
      assert.ok(Array.isArray(payload["trace"]));
    });

    it("ends a function at its timeout, and tells one that exits", async () => {
      await laptop.deployFunction(
        "sleeper",
        `exports.handler = () => new Promise(() => setInterval(() => {}, 1000));`,
        {
          Timeout: 1,
        },
      );
      const late = await invoke("sleeper", {});
      assert.match(String(late.payload["errorMessage"]), /Task timed out after 1\.00 seconds/);
      await laptop.deployFunction("leaver", `exports.handler = async () => process.exit(3);`);
      assert.match(String((await invoke("leaver", {})).payload["errorMessage"]), /exit status 3/);
    });

    it("has only the packages of the real runtime beside the bundle", async () => {
      await laptop.deployFunction("needy", `exports.handler = async () => require("luxon");`);
      assert.match(String((await invoke("needy", {})).payload["errorMessage"]), /Cannot find module 'luxon'/);
    });

    it("refuses a function that does not exist", async () => {
      await assert.rejects(invoke("nobody", {}), { name: "ResourceNotFoundException" });
    });
  });
});
