import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CloudWatchLogsClient, DescribeLogStreamsCommand, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateFunctionCommand, InvokeCommand, LambdaClient, UpdateFunctionCodeCommand } from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import * as sagemaker from "@aws-sdk/client-sagemaker";
import { zipSync } from "fflate";
import { startFront, type Front } from "../../local/front";
import { startMoto, type Moto } from "../../local/moto";
import { ensureVenv } from "../../local/python";

const region = "ap-northeast-1";
const roleArn = "arn:aws:iam::123456789012:role/laptop";
const P = "/opt/ml/processing";
type Fields = Record<string, unknown>;

describe("local/runner", function () {
  this.timeout(120_000);
  let moto: Moto;
  let front: Front;
  let s3: S3Client;
  let sm: sagemaker.SageMakerClient;
  let lambda: LambdaClient;
  let logs: CloudWatchLogsClient;
  let count = 0;

  before(async () => {
    moto = await startMoto({ region }, () => undefined);
    const requirements = join(__dirname, "../../local/requirements.txt");
    const { python } = await ensureVenv({ name: "moto", requirements }, () => undefined);
    front = await startFront({ motoEndpoint: moto.endpoint, region, python });
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const config = { endpoint: front.endpoint, region, credentials };
    s3 = new S3Client({ ...config, forcePathStyle: true });
    sm = new sagemaker.SageMakerClient(config);
    lambda = new LambdaClient(config);
    logs = new CloudWatchLogsClient(config);
    await s3.send(
      new CreateBucketCommand({ Bucket: "data", CreateBucketConfiguration: { LocationConstraint: region } }),
    );
    const iam = new IAMClient(config);
    await iam.send(
      new CreateRoleCommand({
        RoleName: "laptop",
        AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [] }),
      }),
    );
  });

  after(async () => {
    await front?.stop();
    await moto?.stop();
  });

  const put = (key: string, body: string | Buffer) =>
    s3.send(new PutObjectCommand({ Bucket: "data", Key: key, Body: body }));
  const text = async (key: string) => {
    const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: "data", Key: key }));
    return (await body?.transformToString()) ?? "";
  };
  const keys = async (prefix: string) =>
    ((await s3.send(new ListObjectsV2Command({ Bucket: "data", Prefix: prefix }))).Contents ?? []).map(
      ({ Key }) => Key,
    );

  /** A Processing step that runs the script, changed by `change`. */
  async function processing(name: string, script: string, change: (a: Fields) => Fields = (a) => a, rest: Fields = {}) {
    await put(`code/${name}.py`, script);
    const base = {
      ProcessingResources: { ClusterConfig: { InstanceType: "ml.t3.medium", InstanceCount: 1, VolumeSizeInGB: 30 } },
      AppSpecification: { ImageUri: "image", ContainerEntrypoint: ["python3", `${P}/input/code/${name}.py`] },
      RoleArn: roleArn,
      ProcessingInputs: [input("code", `s3://data/code/${name}.py`)],
      ProcessingOutputConfig: { Outputs: [output("out", `s3://data/out/${name}`)] },
    };
    return { Name: name, Type: "Processing", Arguments: change(base), ...rest };
  }
  const input = (name: string, uri: unknown, more: Fields = {}) => ({
    InputName: name,
    AppManaged: false,
    S3Input: { S3Uri: uri, LocalPath: `${P}/input/${name}`, S3DataType: "S3Prefix", S3InputMode: "File", ...more },
  });
  const output = (name: string, uri: unknown, more: Fields = {}) => ({
    OutputName: name,
    AppManaged: false,
    S3Output: { S3Uri: uri, LocalPath: `${P}/output`, S3UploadMode: "EndOfJob", ...more },
  });

  async function deploy(steps: unknown[], parameters: unknown[] = []): Promise<string> {
    const name = `pipeline-${++count}`;
    const definition = { Version: "2020-12-01", Metadata: {}, Parameters: parameters, Steps: steps };
    await sm.send(
      new sagemaker.CreatePipelineCommand({
        PipelineName: name,
        PipelineDefinition: JSON.stringify(definition),
        RoleArn: roleArn,
        ClientRequestToken: `${name}-token-token-token-token-token`,
      }),
    );
    return name;
  }
  async function start(name: string, parameters: Record<string, string> = {}): Promise<string> {
    const { PipelineExecutionArn: arn = "" } = await sm.send(
      new sagemaker.StartPipelineExecutionCommand({
        PipelineName: name,
        PipelineParameters: Object.entries(parameters).map(([Name, Value]) => ({ Name, Value })),
      }),
    );
    return arn;
  }
  async function ended(arn: string) {
    for (;;) {
      const execution = await sm.send(new sagemaker.DescribePipelineExecutionCommand({ PipelineExecutionArn: arn }));
      if (!["Executing", "Stopping"].includes(execution.PipelineExecutionStatus ?? "")) {
        const { PipelineExecutionSteps: list = [] } = await sm.send(
          new sagemaker.ListPipelineExecutionStepsCommand({ PipelineExecutionArn: arn, SortOrder: "Ascending" }),
        );
        const steps = Object.fromEntries(list.map((step) => [step.StepName ?? "", step]));
        return { execution, steps, order: list.map(({ StepName }) => StepName) };
      }
      await sleep(50);
    }
  }
  const run = async (steps: unknown[], parameters: unknown[] = [], given: Record<string, string> = {}) =>
    ended(await start(await deploy(steps, parameters), given));

  /** Deploys a function; `source` is the body of a CommonJS index.js. */
  async function deployFunction(name: string, source: string, more: { Timeout?: number } = {}): Promise<string> {
    const { FunctionArn: arn = "" } = await lambda.send(
      new CreateFunctionCommand({
        FunctionName: name,
        Role: roleArn,
        Runtime: "nodejs20.x",
        Handler: "index.handler",
        Code: { ZipFile: zip(source) },
        Environment: { Variables: { TEAM: "weather" } },
        ...more,
      }),
    );
    return arn;
  }
  const zip = (source: string) => zipSync({ "index.js": Buffer.from(source) });

  describe("a processing step", () => {
    it("gives the script its inputs and uploads what it wrote, with relative names", async () => {
      await put("raw/a.csv", "1");
      await put("raw/deep/b.csv", "2");
      const script = `
import os, sys
base = os.environ["PROCESSING_DIR"]
day = sys.argv[2]
folder = os.path.join(base, "output", "day=" + day)
os.makedirs(folder)
names = sorted(os.path.relpath(os.path.join(d, f), base) for d, _, fs in os.walk(os.path.join(base, "input/raw")) for f in fs)
open(os.path.join(folder, "partition.csv"), "w").write("\\n".join(names))
os.symlink(os.path.join(folder, "partition.csv"), os.path.join(folder, "link.csv"))
`;
      const step = await processing("tree", script, (a) => ({
        ...a,
        AppSpecification: {
          ...(a["AppSpecification"] as Fields),
          ContainerArguments: ["--day", { Get: "Parameters.Day" }],
        },
        ProcessingInputs: [...(a["ProcessingInputs"] as []), input("raw", "s3://data/raw")],
      }));
      const { execution, steps } = await run([step], [{ Name: "Day", Type: "String", DefaultValue: "2021-12-01" }]);
      assert.equal(execution.PipelineExecutionStatus, "Succeeded", execution.FailureReason);
      assert.deepEqual(await keys("out/tree/"), ["out/tree/day=2021-12-01/partition.csv"]);
      assert.equal(await text("out/tree/day=2021-12-01/partition.csv"), "input/raw/a.csv\ninput/raw/deep/b.csv");

      const jobArn = steps["tree"]?.Metadata?.ProcessingJob?.Arn ?? "";
      assert.match(
        jobArn,
        /^arn:aws:sagemaker:ap-northeast-1:123456789012:processing-job\/pipelines-[a-z0-9]{12}-tree-/,
      );
      const job = await sm.send(
        new sagemaker.DescribeProcessingJobCommand({ ProcessingJobName: jobArn.split("/")[1] }),
      );
      assert.equal(job.ProcessingJobStatus, "Completed");
      assert.ok(job.ProcessingEndTime instanceof Date);
    });

    it("begins after the step whose output it reads, wherever it stands in the definition", async () => {
      const second = await processing(
        "second",
        `import os; b = os.environ["PROCESSING_DIR"]; open(b + "/output/sum", "w").write(open(b + "/input/first/x").read() + "!")`,
        (a) => ({
          ...a,
          ProcessingInputs: [
            ...(a["ProcessingInputs"] as []),
            input("first", { Get: "Steps.first.ProcessingOutputConfig.Outputs['out'].S3Output.S3Uri" }),
          ],
        }),
      );
      const first = await processing(
        "first",
        `import os; open(os.environ["PROCESSING_DIR"] + "/output/x", "w").write("x")`,
        (a) => ({
          ...a,
          ProcessingJobName: "weather-dev-features",
          ProcessingOutputConfig: {
            Outputs: [
              output("out", {
                "Std:Join": { On: "/", Values: ["s3://data/run", { Get: "Execution.PipelineExecutionId" }] },
              }),
            ],
          },
        }),
      );
      const { execution, steps, order } = await run([second, first]);
      assert.equal(execution.PipelineExecutionStatus, "Succeeded", JSON.stringify(steps));
      assert.deepEqual(order, ["first", "second"]);
      assert.equal(await text("out/second/sum"), "x!");
      const id = execution.PipelineExecutionArn?.split("/").at(-1) ?? "";
      assert.deepEqual(await keys(`run/${id}`), [`run/${id}/x`]);
      assert.match(
        steps["first"]?.Metadata?.ProcessingJob?.Arn ?? "",
        new RegExp(`/weather-dev-features-${id}-\\w{10}-0$`),
      );
    });

    it("that exits with an error uploads nothing, tells why, and stops the steps after it", async () => {
      const bad = await processing(
        "bad",
        `import os, sys; open(os.environ["PROCESSING_DIR"] + "/output/half", "w").write("x"); sys.exit("no rows for the day")`,
      );
      const later = await processing("later", "pass", (a) => a, { DependsOn: ["bad"] });
      const { execution, steps, order } = await run([bad, later]);
      assert.equal(execution.PipelineExecutionStatus, "Failed");
      assert.match(execution.FailureReason ?? "", /failed: bad/);
      assert.equal(steps["bad"]?.StepStatus, "Failed");
      assert.match(steps["bad"]?.FailureReason ?? "", /^AlgorithmError: .*exit code 1\nno rows for the day$/);
      assert.deepEqual(order, ["bad"]);
      assert.deepEqual(await keys("out/bad"), []);
    });

    it("runs without credentials, in UTC, with the job's own environment", async () => {
      const script = `import json, os; open(os.environ["PROCESSING_DIR"] + "/output/env", "w").write(json.dumps(dict(os.environ)))`;
      const step = await processing("env", script, (a) => ({
        ...a,
        Environment: { STAGE: "dev", CODE: `${P}/input/code` },
      }));
      await run([step]);
      const env = JSON.parse(await text("out/env/env")) as Record<string, string>;
      assert.equal(env["STAGE"], "dev");
      assert.equal(env["TZ"], "UTC");
      assert.equal(env["CODE"], `${env["PROCESSING_DIR"]}/input/code`);
      assert.deepEqual(
        Object.keys(env).filter((name) => /KEY|TOKEN|SECRET|PROFILE|ENDPOINT/.test(name)),
        [],
      );
    });

    it("writes what the script printed to the log group of processing jobs", async () => {
      const { steps } = await run([await processing("talk", `print("hello from the job")`)]);
      const name = steps["talk"]?.Metadata?.ProcessingJob?.Arn?.split("/")[1];
      const logGroupName = "/aws/sagemaker/ProcessingJobs";
      const { logStreams = [] } = await logs.send(
        new DescribeLogStreamsCommand({ logGroupName, logStreamNamePrefix: `${name}/algo-1` }),
      );
      const { events = [] } = await logs.send(
        new GetLogEventsCommand({ logGroupName, logStreamName: logStreams[0]?.logStreamName }),
      );
      assert.deepEqual(
        events.map(({ message }) => message),
        ["hello from the job"],
      );
    });

    it("on many instances shards by key, and every instance knows its name", async () => {
      for (const name of ["1", "2", "3"]) await put(`shards/${name}`, name);
      const script = `
import json, os
base = os.environ["PROCESSING_DIR"]
host = json.load(open(os.path.join(base, "../config/resourceconfig.json")))["current_host"]
open(base + "/output/" + host, "w").write(",".join(sorted(os.listdir(base + "/input/shards"))))
`;
      const { execution } = await run([
        await processing("shard", script, (a) => ({
          ...a,
          ProcessingResources: {
            ClusterConfig: { InstanceType: "ml.t3.medium", InstanceCount: 2, VolumeSizeInGB: 30 },
          },
          ProcessingInputs: [
            ...(a["ProcessingInputs"] as []),
            input("shards", "s3://data/shards/", { S3DataDistributionType: "ShardedByS3Key" }),
          ],
        })),
      ]);
      assert.equal(execution.PipelineExecutionStatus, "Succeeded", execution.FailureReason);
      assert.equal(await text("out/shard/algo-1"), "1,3");
      assert.equal(await text("out/shard/algo-2"), "2");
    });

    it("ends at MaxRuntimeInSeconds", async () => {
      const step = await processing("slow", `import time; time.sleep(60)`, (a) => ({
        ...a,
        StoppingCondition: { MaxRuntimeInSeconds: 1 },
      }));
      const { steps } = await run([step]);
      assert.match(steps["slow"]?.FailureReason ?? "", /MaxRuntimeInSeconds of 1 exceeded/);
    });

    const refusals: [string, (a: Fields) => Fields, RegExp][] = [
      [
        "an input without objects",
        (a) => ({ ...a, ProcessingInputs: [input("x", "s3://data/nothing/")] }),
        /No S3 objects found/,
      ],
      ["an argument of 257 characters", withArguments(["x".repeat(257)]), /ContainerArguments\[0\]: has more than 256/],
      ["an argument with a line break", withArguments(["a\nb"]), /line break/],
      ["101 arguments", withArguments(Array.from({ length: 101 }, () => "x")), /ContainerArguments/],
      ["an argument that is a number", withArguments([1]), /must be a string/],
      [
        "a path outside /opt/ml/processing",
        (a) => ({ ...a, ProcessingInputs: [input("x", "s3://data/raw", { LocalPath: "/tmp" })] }),
        /must be \/opt\/ml\/processing or below/,
      ],
      [
        "Continuous upload",
        (a) => ({
          ...a,
          ProcessingOutputConfig: { Outputs: [output("o", "s3://data/o", { S3UploadMode: "Continuous" })] },
        }),
        /half-written/,
      ],
      ["a property it does not know", (a) => ({ ...a, Gpu: true }), /Gpu/],
      [
        "11 outputs",
        (a) => ({
          ...a,
          ProcessingOutputConfig: { Outputs: Array.from({ length: 11 }, (_, i) => output(`o${i}`, "s3://data/o")) },
        }),
        /at most 10 outputs/,
      ],
      [
        "a program of the image",
        (a) => ({ ...a, AppSpecification: { ImageUri: "i", ContainerEntrypoint: ["smspark-submit"] } }),
        /program of the image/,
      ],
    ];
    for (const [what, change, reason] of refusals)
      it(`refuses ${what}`, async () => {
        const { execution, steps } = await run([await processing("refused", "pass", change)]);
        assert.equal(execution.PipelineExecutionStatus, "Failed");
        assert.match(steps["refused"]?.FailureReason ?? "", reason);
      });
    function withArguments(args: unknown[]) {
      return (a: Fields): Fields => ({
        ...a,
        AppSpecification: { ...(a["AppSpecification"] as Fields), ContainerArguments: args },
      });
    }
  });

  describe("a Lambda step", () => {
    it("runs the deployed bundle, which finds AWS through the front, and hands on what it returns", async () => {
      const arn = await deployFunction(
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
      const tell = await processing(
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
      const { execution, steps } = await run([day, tell], [{ Name: "Count", Type: "Integer", DefaultValue: 1 }], {
        Count: "7",
      });
      assert.equal(execution.PipelineExecutionStatus, "Succeeded", JSON.stringify(steps));
      assert.equal(await text("out/told/args"), "2021-12-01 3");
      assert.deepEqual(steps["day"]?.Metadata?.Lambda?.OutputParameters, [
        { Name: "day", Value: "2021-12-01" },
        { Name: "rows", Value: "3" },
      ]);
      const seen = JSON.parse(await text("seen")) as { event: Fields } & Fields;
      assert.equal(seen.event["count"], 7);
      assert.match(String(seen.event["start"]), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
      assert.deepEqual(
        { team: seen["team"], name: seen["name"], left: seen["left"] },
        { team: "weather", name: "day", left: true },
      );
    });

    it("fails with the function's error, and when an output is missing", async () => {
      const arn = await deployFunction(
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
      const { steps } = await run([step("angry", { angry: true }), step("empty", {})]);
      assert.match(steps["angry"]?.FailureReason ?? "", /TypeError: no/);
      assert.match(steps["empty"]?.FailureReason ?? "", /must return an object with 'x' of type String, got \{\}/);
    });
  });

  describe("Invoke", () => {
    const invoke = async (name: string, event: unknown) => {
      const answer = await lambda.send(
        new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event), LogType: "Tail" }),
      );
      const payload = JSON.parse(answer.Payload?.transformToString() ?? "null") as Fields;
      return { error: answer.FunctionError, payload, log: Buffer.from(answer.LogResult ?? "", "base64").toString() };
    };

    it("runs the newest code, also from S3", async () => {
      await deployFunction("versions", `exports.handler = async () => ({ v: 1 });`, { Timeout: 20 });
      assert.deepEqual((await invoke("versions", {})).payload, { v: 1 });
      await put("code.zip", Buffer.from(zip(`console.log("second"); exports.handler = async () => ({ v: 2 });`)));
      await lambda.send(
        new UpdateFunctionCodeCommand({ FunctionName: "versions", S3Bucket: "data", S3Key: "code.zip" }),
      );
      const { payload, log } = await invoke("versions", {});
      assert.deepEqual(payload, { v: 2 });
      assert.match(log, /second/);
    });

    it("tells a thrown error as Lambda does", async () => {
      await deployFunction("thrower", `exports.handler = async () => { throw new RangeError("too far"); };`);
      const { error, payload } = await invoke("thrower", {});
      assert.equal(error, "Unhandled");
      assert.deepEqual([payload["errorType"], payload["errorMessage"]], ["RangeError", "too far"]);
      assert.ok(Array.isArray(payload["trace"]));
    });

    it("ends a function at its timeout, and tells one that exits", async () => {
      await deployFunction("sleeper", `exports.handler = () => new Promise(() => setInterval(() => {}, 1000));`, {
        Timeout: 1,
      });
      const late = await invoke("sleeper", {});
      assert.match(String(late.payload["errorMessage"]), /Task timed out after 1\.00 seconds/);
      await deployFunction("leaver", `exports.handler = async () => process.exit(3);`);
      assert.match(String((await invoke("leaver", {})).payload["errorMessage"]), /exit status 3/);
    });

    it("has only the packages of the real runtime beside the bundle", async () => {
      await deployFunction("needy", `exports.handler = async () => require("luxon");`);
      assert.match(String((await invoke("needy", {})).payload["errorMessage"]), /Cannot find module 'luxon'/);
    });

    it("refuses a function that does not exist", async () => {
      await assert.rejects(invoke("nobody", {}), { name: "ResourceNotFoundException" });
    });
  });

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
          IfSteps: [await processing("chosen", "pass")],
          ElseSteps: [fail("none", { "Std:Join": { On: " ", Values: ["no rows:", { Get: "Parameters.Rows" }] } })],
        },
      };
      const rows = [{ Name: "Rows", Type: "Integer", DefaultValue: 5 }];
      assert.deepEqual((await run([choice], rows)).order, ["choice", "chosen"]);
      const { execution, steps } = await run([choice], rows, { Rows: "0" });
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
        const { execution, order } = await run(steps);
        assert.equal(execution.PipelineExecutionStatus, "Failed");
        assert.match(execution.FailureReason ?? "", reason);
        assert.deepEqual(order, []);
      });

    it("is refused for parameters that are unknown, missing, empty or of another type", async () => {
      const name = await deploy(
        [fail("a", "x")],
        [
          { Name: "Day", Type: "String" },
          { Name: "Count", Type: "Integer", DefaultValue: 1 },
        ],
      );
      const refused = (given: Record<string, string>, message: RegExp) =>
        assert.rejects(start(name, given), { name: "ValidationException", message });
      await refused({ Day: "x", Dya: "x" }, /Unknown parameters \[Dya\]/);
      await refused({}, /\[Day\] has no default value/);
      await refused({ Day: "" }, /non-empty String/);
      await refused({ Day: "x", Count: "many" }, /\[Count\] must be a non-empty Integer, got "many"/);
    });

    it("of an unknown pipeline, or an unknown execution, is not found", async () => {
      await assert.rejects(start("nothing"), { name: "ResourceNotFound" });
      const arn = `arn:aws:sagemaker:${region}:123456789012:pipeline/x/execution/abcdefghijkl`;
      await assert.rejects(ended(arn), { name: "ResourceNotFound" });
    });

    it("can be stopped, and its program ends", async () => {
      const name = await deploy([await processing("long", "import time; time.sleep(300)")]);
      const arn = await start(name);
      await sleep(1500);
      await sm.send(
        new sagemaker.StopPipelineExecutionCommand({ PipelineExecutionArn: arn, ClientRequestToken: "t".repeat(32) }),
      );
      const { execution, steps } = await ended(arn);
      assert.equal(execution.PipelineExecutionStatus, "Stopped");
      assert.equal(steps["long"]?.StepStatus, "Stopped");
      const { PipelineExecutionSummaries: list } = await sm.send(
        new sagemaker.ListPipelineExecutionsCommand({ PipelineName: name }),
      );
      assert.deepEqual(
        list?.map((e) => [e.PipelineExecutionArn, e.PipelineExecutionStatus]),
        [[arn, "Stopped"]],
      );
    });

    it("keeps the definition it was started with", async () => {
      const name = await deploy([fail("a", "first")]);
      const arn = await start(name);
      await sm.send(new sagemaker.UpdatePipelineCommand({ PipelineName: name, PipelineDefinition: "{}" }));
      const { PipelineDefinition: definition } = await sm.send(
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
