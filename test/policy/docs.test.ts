import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { page } from "../../policy/docs";
import { allRules } from "../../policy/pack";

const FILE = path.resolve(__dirname, "../../docs/policies.md");

describe("docs/policies.md", () => {
  it("is what the rules say: `node --import tsx policy/docs.ts` writes it", async () => {
    assert.equal(fs.readFileSync(FILE, "utf8"), await page());
  });

  it("has every rule under one service, once", () => {
    const headings = fs.readFileSync(FILE, "utf8").match(/^### .+$/gm) ?? [];
    const names = headings.map((heading) => heading.slice("### ".length));
    assert.deepEqual(names.sort(), [...allRules.map(({ name }) => name), "policy-settings-be-sound"].sort());
  });
});
