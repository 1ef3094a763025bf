import { deepEqual, equal, match, rejects } from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { program } from "../../contract/compute";
import type { Dataset } from "../../contract/dataset";
import { anomalies } from "../../datasets/anomalies/dataset";
import { features } from "../../datasets/features/dataset";
import { interpreterOf, programOf } from "../../local/interpreter";
import { main } from "../../local/script";
import { ROOT } from "../../local/settings";

const OWN = "/venv/bin/python";
const ECR = "354813040037.dkr.ecr.ap-northeast-1.amazonaws.com";

describe("the programs that stand for an image's", () => {
  let bin: string;
  before(() => {
    bin = fs.mkdtempSync(path.join(os.tmpdir(), "bin-"));
    fs.writeFileSync(path.join(bin, "spark-submit"), "");
  });
  after(() => fs.rmSync(bin, { recursive: true, force: true }));

  it("are the stack's own for every image that is not SageMaker's", async () => {
    for (const image of [`${ECR}/tools:1`, `${ECR}/partitions-laptop-processing@sha256:${"0".repeat(64)}`])
      deepEqual(await interpreterOf(image, OWN, () => undefined), { python: OWN, env: {} });
  });

  it("are none for a version that nothing approximates: the error names the file to write", async () => {
    const none = interpreterOf(`${ECR}/sagemaker-scikit-learn:0.23-1-cpu-py3`, OWN, () => undefined);
    await rejects(
      none,
      /no packages for SageMaker's image 'sagemaker-scikit-learn:0.23-1-cpu-py3'; write local\/images\/sagemaker-scikit-learn-0.23-1.txt/,
    );
  });

  it("submit to a Spark of this machine, without the options that only the container has", () => {
    const python = path.join(bin, "python");
    const options = ["--py-files", "/a.py,/b.py", "--local-spark-event-logs-dir", "/opt/ml/processing/spark-events/"];
    deepEqual(programOf(["smspark-submit", ...options, "/code/x.py"], { python, env: {} }), {
      program: path.join(bin, "spark-submit"),
      args: ["--master", "local[*]", "--driver-memory", "2g", "--py-files", "/a.py,/b.py", "/code/x.py"],
    });
    equal(programOf(["smspark-submit", "/code/x.py"], { python: OWN, env: {} }), undefined);
    deepEqual(programOf(["/usr/bin/python3.11", "-X", "utf8"], { python, env: {} }), {
      program: python,
      args: ["-X", "utf8"],
    });
    equal(programOf(["/bin/sh", "-c", "true"], { python, env: {} }), undefined);
  });
});

describe("npm run script, of a step that reads what another dataset has as raw files", function () {
  this.timeout(300_000);
  let folder: string;
  before(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "script-"))));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  async function run(...datasets: readonly Dataset[]) {
    const lines: string[] = [];
    const around = { datasets, datasetsFolder: path.join(ROOT, "datasets"), workFolder: path.join(folder, "work") };
    const args = ["anomalies", "detect", "--process-date", "2021-12-01"];
    const code = await main(args, { ...around, print: (line) => void lines.push(line) });
    return { code, text: lines.join("\n") };
  }

  it("takes that dataset's sample, and says what stands for the image", async () => {
    const { code, text } = await run(features, anomalies);
    equal(code, 0, text);
    match(
      text,
      /'sagemaker-scikit-learn:1.4-2-cpu-py3' is approximated by local\/images\/sagemaker-scikit-learn-1.4-2.txt/,
    );
    match(text, /of 2922 days are rare/);
    match(text, /partition process_date_jst = '2021-12-01'/);
  });

  it("says what nothing here fills", async () => {
    match((await run(anomalies)).text, /reads folder 'features\/raw', which nothing on this machine fills/);
  });

  it("says which program is in the image alone", async () => {
    const [step] = anomalies.steps;
    const steps = [{ ...step, script: undefined, processor: program({ entrypoint: ["/bin/tool"] }) }] as never;
    const { code, text } = await run(features, { ...anomalies, steps });
    equal(code, 1);
    match(text, /step 'detect_step' runs '\/bin\/tool', which is in the image alone/);
  });
});
