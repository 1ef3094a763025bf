import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { foreignImageOf } from "../contract/compute";
import type { Dataset } from "../contract/dataset";
import { datasets } from "../datasets";
import { run } from "../local/command";
import { interpreterOf } from "../local/interpreter";
import { ensureVenv } from "../local/python";
import { LAPTOP } from "../local/settings";

const ROOT = path.join(__dirname, "..");
const file = (...parts: string[]) => path.join(ROOT, ...parts);

/** `name==version` by name. */
function pins(requirements: string): Map<string, string> {
  const lines = fs.readFileSync(requirements, "utf8").split("\n");
  return new Map(lines.flatMap((line) => (/^[^#\s]+==\S+$/.test(line) ? [line.split("==") as [string, string]] : [])));
}

/** The Python of a dataset's image, and what lets it import pytest beside the image's packages. */
async function pythonOf({ steps }: Dataset): Promise<{ python: string; env: Readonly<Record<string, string>> }> {
  const [image] = steps.flatMap((step) => foreignImageOf(step, LAPTOP.region) ?? []);
  const { python } = await ensureVenv({ name: "test", requirements: file("test", "requirements.txt") }, console.log);
  if (image === undefined) return { python, env: {} };
  const pytest = await ensureVenv({ name: "pytest", requirements: file("test", "pytest.txt") }, console.log);
  const { output } = await run(pytest.python, ["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]);
  const interpreter = await interpreterOf(image, python, () => undefined);
  return { ...interpreter, env: { ...interpreter.env, PYTHONPATH: output.trim() } };
}

describe("processing scripts", function () {
  // The first run on a machine installs the SageMaker SDK.
  this.timeout(600_000);

  // One by one: every dataset may call its tests test_scripts.py.
  for (const dataset of datasets)
    it(`of '${dataset.name}' pass their own pytest`, async () => {
      const { name } = dataset;
      const tests = fs.readdirSync(file("datasets", name)).filter((entry) => /^test_.*\.py$/.test(entry));
      assert.notDeepEqual(
        tests,
        [],
        `datasets/${name} has no test_*.py, and every dataset's scripts are tested; write one, as npm run new does`,
      );
      const { python, env } = await pythonOf(dataset);
      const { code, output } = await run(
        python,
        ["-m", "pytest", "-q", "-p", "no:cacheprovider", file("datasets", name)],
        { cwd: ROOT, env: { ...process.env, ...env, PYTHONDONTWRITEBYTECODE: "1" } },
      );
      assert.equal(code, 0, `pytest of '${name}' failed:\n${output}`);
      const passed = Number(/(\d+) passed/.exec(output)?.[1] ?? 0);
      assert.ok(passed > 0, `no test was found:\n${output}`);
      assert.doesNotMatch(output, /\d+ (skipped|xfailed|deselected)/);
    });

  it("are tested with the packages of the image", () => {
    const tested = pins(file("test", "requirements.txt"));
    const image = pins(file("image", "requirements.txt"));
    assert.ok(image.has("pandas"));
    for (const [name, version] of image) assert.equal(tested.get(name), version, name);
  });
});
