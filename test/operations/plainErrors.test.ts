import { equal } from "node:assert/strict";
import { execFile } from "node:child_process";
import * as path from "node:path";

const ROOT = path.join(__dirname, "../..");

/** What a command prints whose datasets are refused while they are loaded. */
async function loading(code: string): Promise<{ readonly code: unknown; readonly text: string }> {
  const script = `require("./operations/plainErrors"); ${code}`;
  return new Promise((resolve) => {
    execFile(process.execPath, ["--require", "tsx/cjs", "-e", script], { cwd: ROOT }, (error, _, stderr) =>
      resolve({ code: error?.code, text: stderr }),
    );
  });
}

describe("a declaration that is refused", () => {
  it("is told in its own words, once, and without a stack trace", async () => {
    const { code, text } = await loading(
      `require("./contract/problems").refuse("dataset 'x'", ["name must be lower case"])`,
    );
    equal(text, "dataset 'x':\n  - name must be lower case\n");
    equal(code, 1);
  }).timeout(60_000);

  it("is not confused with a fault of the program, which keeps its trace", async () => {
    const { code, text } = await loading(`throw new TypeError("fault")`);
    equal(/TypeError: fault\n\s+at /.test(text), true, text);
    equal(code, 1);
  }).timeout(60_000);
});
