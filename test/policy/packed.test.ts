import { deepEqual, ok } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { LAPTOP, ROOT } from "../../local/settings";
import { cases } from "./cases";
import { EngineRun, isNotRun, programOf } from "./engineRun";

describe("the packed policy pack", function () {
  this.timeout(300_000);
  const engine = new EngineRun();
  let pack: string;
  before(async () => {
    await engine.open();
    // A place of its own, with the SDK and nothing else of this repository.
    const packed = execFileSync("npm", ["pack", "--silent", "--pack-destination", engine.folder], {
      cwd: LAPTOP.policyPack,
      encoding: "utf8",
    });
    execFileSync("tar", [
      "-xzf",
      path.join(engine.folder, packed.trim().split("\n").at(-1) ?? ""),
      "-C",
      engine.folder,
    ]);
    pack = path.join(engine.folder, "package");
    fs.mkdirSync(path.join(pack, "node_modules"));
    fs.symlinkSync(path.join(ROOT, "node_modules/@pulumi"), path.join(pack, "node_modules/@pulumi"));
  });
  after(() => engine.close());

  it("holds a bundle and what the engine needs to start it", () => {
    const files = fs.readdirSync(pack, { recursive: true, encoding: "utf8" });
    deepEqual(files.filter((file) => !file.startsWith("node_modules")).sort(), [
      ...["PulumiPolicy.yaml", "dist", "dist/index.js", "package.json", "start.js"],
    ]);
    const bundle = fs.readFileSync(path.join(pack, "dist/index.js"), "utf8");
    const required = new Set([...bundle.matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name));
    deepEqual([...required].sort(), ["@pulumi/policy", "node:module"]);
    ok(!fs.existsSync(path.join(LAPTOP.policyPack, "dist")));
  });

  it("stops a broken program on the engine, far from this repository", async () => {
    const chosen = cases.filter(({ rule }) => rule === "aws-sagemaker-pipeline-write-tables-at-their-location");
    const { failed, events, output } = await engine.run(
      "preview",
      programOf(chosen.map(({ resources }) => resources)),
      {},
      pack,
    );
    ok(failed, output);
    const refused = events.filter((event) => event.enforcementLevel === "mandatory" && !isNotRun(event));
    deepEqual(
      [...new Set(refused.map(({ policyName }) => policyName))],
      ["aws-sagemaker-pipeline-write-tables-at-their-location"],
    );
    ok(refused.length >= chosen.length);
    ok(refused.some(({ message = "" }) => /inside the location of table/.test(message)));
  });
});
