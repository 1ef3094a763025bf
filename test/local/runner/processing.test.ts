import assert from "node:assert/strict";
import { DescribeLogStreamsCommand, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import * as sagemaker from "@aws-sdk/client-sagemaker";
import { input, output, useLaptop, type Fields } from "./laptop";

const P = "/opt/ml/processing";

describe("local/runner", function () {
  this.timeout(120_000);
  const laptop = useLaptop();

  describe("a processing step", () => {
    it("gives the script its inputs and uploads what it wrote, with relative names", async () => {
      await laptop.put("raw/a.csv", "1");
      await laptop.put("raw/deep/b.csv", "2");
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
      const step = await laptop.processing("tree", script, (a) => ({
        ...a,
        AppSpecification: {
          ...(a["AppSpecification"] as Fields),
          ContainerArguments: ["--day", { Get: "Parameters.Day" }],
        },
        ProcessingInputs: [...(a["ProcessingInputs"] as []), input("raw", "s3://data/raw")],
      }));
      const { execution, steps } = await laptop.run(
        [step],
        [{ Name: "Day", Type: "String", DefaultValue: "2021-12-01" }],
      );
      assert.equal(execution.PipelineExecutionStatus, "Succeeded", execution.FailureReason);
      assert.deepEqual(await laptop.keys("out/tree/"), ["out/tree/day=2021-12-01/partition.csv"]);
      assert.equal(await laptop.text("out/tree/day=2021-12-01/partition.csv"), "input/raw/a.csv\ninput/raw/deep/b.csv");

      const jobArn = steps["tree"]?.Metadata?.ProcessingJob?.Arn ?? "";
      assert.match(
        jobArn,
        /^arn:aws:sagemaker:ap-northeast-1:123456789012:processing-job\/pipelines-[a-z0-9]{12}-tree-/,
      );
      const job = await laptop.sm.send(
        new sagemaker.DescribeProcessingJobCommand({ ProcessingJobName: jobArn.split("/")[1] }),
      );
      assert.equal(job.ProcessingJobStatus, "Completed");
      assert.ok(job.ProcessingEndTime instanceof Date);
    });

    it("begins after the step whose output it reads, wherever it stands in the definition", async () => {
      const second = await laptop.processing(
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
      const first = await laptop.processing(
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
      const { execution, steps, order } = await laptop.run([second, first]);
      assert.equal(execution.PipelineExecutionStatus, "Succeeded", JSON.stringify(steps));
      assert.deepEqual(order, ["first", "second"]);
      assert.equal(await laptop.text("out/second/sum"), "x!");
      const id = execution.PipelineExecutionArn?.split("/").at(-1) ?? "";
      assert.deepEqual(await laptop.keys(`run/${id}`), [`run/${id}/x`]);
      assert.match(
        steps["first"]?.Metadata?.ProcessingJob?.Arn ?? "",
        new RegExp(`/weather-dev-features-${id}-\\w{10}-0$`),
      );
    });

    it("that exits with an error uploads nothing, tells why, and stops the steps after it", async () => {
      const bad = await laptop.processing(
        "bad",
        `import os, sys; open(os.environ["PROCESSING_DIR"] + "/output/half", "w").write("x"); sys.exit("no rows for the day")`,
      );
      const later = await laptop.processing("later", "pass", (a) => a, { DependsOn: ["bad"] });
      const { execution, steps, order } = await laptop.run([bad, later]);
      assert.equal(execution.PipelineExecutionStatus, "Failed");
      assert.match(execution.FailureReason ?? "", /failed: bad/);
      assert.equal(steps["bad"]?.StepStatus, "Failed");
      assert.match(steps["bad"]?.FailureReason ?? "", /^AlgorithmError: .*exit code 1\nno rows for the day$/);
      assert.deepEqual(order, ["bad"]);
      assert.deepEqual(await laptop.keys("out/bad"), []);
    });

    it("runs without credentials, in UTC, with the job's own environment", async () => {
      const script = `import json, os; open(os.environ["PROCESSING_DIR"] + "/output/env", "w").write(json.dumps(dict(os.environ)))`;
      const step = await laptop.processing("env", script, (a) => ({
        ...a,
        Environment: { STAGE: "dev", CODE: `${P}/input/code` },
      }));
      await laptop.run([step]);
      const env = JSON.parse(await laptop.text("out/env/env")) as Record<string, string>;
      assert.equal(env["STAGE"], "dev");
      assert.equal(env["TZ"], "UTC");
      assert.equal(env["CODE"], `${env["PROCESSING_DIR"]}/input/code`);
      assert.deepEqual(
        Object.keys(env).filter((name) => /KEY|TOKEN|SECRET|PROFILE|ENDPOINT/.test(name)),
        [],
      );
    });

    it("writes what the script printed to the log group of processing jobs", async () => {
      const { steps } = await laptop.run([await laptop.processing("talk", `print("hello from the job")`)]);
      assert.deepEqual(await logged(steps["talk"]), ["hello from the job"]);
    });

    /** Messages in the log stream of a step's first instance. */
    async function logged(step: sagemaker.PipelineExecutionStep | undefined) {
      const logGroupName = "/aws/sagemaker/ProcessingJobs";
      const logStreamNamePrefix = `${step?.Metadata?.ProcessingJob?.Arn?.split("/")[1]}/algo-1`;
      const { logStreams = [] } = await laptop.logs.send(
        new DescribeLogStreamsCommand({ logGroupName, logStreamNamePrefix }),
      );
      const { events = [] } = await laptop.logs.send(
        new GetLogEventsCommand({ logGroupName, logStreamName: logStreams[0]?.logStreamName }),
      );
      return events.map(({ message = "" }) => message);
    }

    it("tells in its log what it did not upload", async () => {
      const script = `
import os
os.chdir(os.environ["PROCESSING_DIR"] + "/output")
open("a", "w").write("a")
os.symlink("a", "b")
os.mkfifo("c")
`;
      const { execution, steps } = await laptop.run([await laptop.processing("links", script)]);
      assert.equal(execution.PipelineExecutionStatus, "Succeeded", execution.FailureReason);
      assert.deepEqual(await laptop.keys("out/links/"), ["out/links/a"]);
      assert.match((await logged(steps["links"])).join("\n"), /output 'out': 2 symbolic .* not uploaded.*: b, c$/);
    });

    const unusable: [string, string, RegExp][] = [
      [
        "removes its output folder",
        `os.rmdir(out)`,
        /output 'out' \(\/opt.*\/output\): the folder is gone: the script/,
      ],
      ["puts a file in its place", `os.rmdir(out); open(out, "w")`, /the folder is gone/],
      [
        "writes names that are no keys",
        `open(out + "/a\\nb", "w"); open(out.encode() + b"/\\xff", "w"); open(out + "/fine", "w")`,
        /rename "a\\nb", "\uFFFD"$/,
      ],
    ];
    for (const [index, [what, line, reason]] of unusable.entries())
      it(`that ${what} fails and uploads nothing`, async () => {
        const script = `import os; out = os.environ["PROCESSING_DIR"] + "/output"; ${line}`;
        const { steps } = await laptop.run([await laptop.processing(`unusable${index}`, script)]);
        assert.match(steps[`unusable${index}`]?.FailureReason ?? "", reason);
        assert.deepEqual(await laptop.keys(`out/unusable${index}`), []);
      });

    it("on many instances shards by key, and every instance knows its name", async () => {
      for (const name of ["1", "2", "3"]) await laptop.put(`shards/${name}`, name);
      const script = `
import json, os
base = os.environ["PROCESSING_DIR"]
host = json.load(open(os.path.join(base, "../config/resourceconfig.json")))["current_host"]
open(base + "/output/" + host, "w").write(",".join(sorted(os.listdir(base + "/input/shards"))))
`;
      const { execution } = await laptop.run([
        await laptop.processing("shard", script, (a) => ({
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
      assert.equal(await laptop.text("out/shard/algo-1"), "1,3");
      assert.equal(await laptop.text("out/shard/algo-2"), "2");
    });

    it("ends at MaxRuntimeInSeconds", async () => {
      const step = await laptop.processing("slow", `import time; time.sleep(60)`, (a) => ({
        ...a,
        StoppingCondition: { MaxRuntimeInSeconds: 1 },
      }));
      const { steps } = await laptop.run([step]);
      assert.match(steps["slow"]?.FailureReason ?? "", /MaxRuntimeInSeconds of 1 exceeded/);
    });
  });
});
