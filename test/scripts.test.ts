import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { datasets } from "../datasets";
import { run } from "../local/command";
import { ensureVenv } from "../local/python";

const ROOT = path.join(__dirname, "..");
const file = (...parts: string[]) => path.join(ROOT, ...parts);

/** `name==version` by name. */
function pins(requirements: string): Map<string, string> {
  const lines = fs.readFileSync(requirements, "utf8").split("\n");
  return new Map(lines.flatMap((line) => (/^[^#\s]+==\S+$/.test(line) ? [line.split("==") as [string, string]] : [])));
}

describe("processing scripts", function () {
  // The first run on a machine installs the SageMaker SDK.
  this.timeout(600_000);

  it("pass their own pytest", async () => {
    const { python } = await ensureVenv({ name: "test", requirements: file("test", "requirements.txt") }, console.log);
    // One by one: every dataset may call its tests test_scripts.py.
    for (const { name } of datasets) {
      const { code, output } = await run(
        python,
        ["-m", "pytest", "-q", "-p", "no:cacheprovider", file("datasets", name)],
        { cwd: ROOT, env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" } },
      );
      assert.equal(code, 0, `pytest of '${name}' failed:\n${output}`);
      const passed = Number(/(\d+) passed/.exec(output)?.[1] ?? 0);
      assert.ok(passed > 0, `no test was found:\n${output}`);
      assert.doesNotMatch(output, /\d+ (skipped|xfailed|deselected)/);
    }
  });

  it("are tested in every dataset", () => {
    for (const { name } of datasets) {
      const tests = fs.readdirSync(file("datasets", name)).filter((entry) => /^test_.*\.py$/.test(entry));
      assert.notDeepEqual(tests, [], `datasets/${name} has no test_*.py`);
    }
  });

  it("are tested with the packages of the image", () => {
    const tested = pins(file("test", "requirements.txt"));
    const image = pins(file("image", "requirements.txt"));
    assert.ok(image.has("pandas"));
    for (const [name, version] of image) assert.equal(tested.get(name), version, name);
  });
});
