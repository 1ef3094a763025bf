import { deepEqual, equal, match } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Laptop, type Fields } from "./laptop";

/** Runs the script in the place of Spark, and mixes both of its outputs as spark-submit does. */
const SUBMIT = `#!/bin/sh
[ "$1 $2" = "--master local[*]" ] || exit 9
shift 4
exec "$(dirname "$0")/python" "$@" 2>&1
`;

describe("local/runner: smspark-submit", function () {
  this.timeout(60_000);
  const laptop = new Laptop();
  const bin = fs.mkdtempSync(path.join(os.tmpdir(), "spark-"));
  before(async () => {
    const python = execFileSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" }).trim();
    fs.symlinkSync(python, path.join(bin, "python"));
    fs.writeFileSync(path.join(bin, "spark-submit"), SUBMIT, { mode: 0o755 });
    await laptop.open(path.join(bin, "python"));
  });
  after(async () => {
    await laptop.close();
    fs.rmSync(bin, { recursive: true });
  });

  /** A step of two instances that submits the script. */
  const submitting = (name: string, script: string) =>
    laptop.processing(name, script, (base): Fields => ({
      ...base,
      ProcessingResources: { ClusterConfig: { InstanceType: "ml.m5.large", InstanceCount: 2, VolumeSizeInGB: 30 } },
      AppSpecification: {
        ImageUri: "image",
        ContainerEntrypoint: ["smspark-submit", `/opt/ml/processing/input/code/${name}.py`],
        ContainerArguments: ["--process-date", "2021-12-01"],
      },
    }));

  it("runs the script once, on the first of the instances, with its arguments", async () => {
    const script = [
      "import json, os, sys",
      'base = os.environ["PROCESSING_DIR"]',
      'host = json.load(open(base + "/../config/resourceconfig.json"))["current_host"]',
      'open(base + "/output/" + host, "w").write(" ".join(sys.argv[1:]))',
    ].join("\n");
    const { execution } = await laptop.run([await submitting("once", script)]);
    equal(execution.PipelineExecutionStatus, "Succeeded", execution.FailureReason);
    deepEqual(await laptop.keys("out/once"), ["out/once/algo-1"]);
    equal(await laptop.text("out/once/algo-1"), "--process-date 2021-12-01");
  });

  it("tells why the script ended, which Spark prints among the rest", async () => {
    const { steps } = await laptop.run([await submitting("refused", 'print("begun"); raise SystemExit("no rows")')]);
    match(steps["refused"]?.FailureReason ?? "", /exit code 1\n(.*\n)*no rows/);
  });
});
