import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import fc from "fast-check";
import { runChild, type LogLine } from "../../../local/runner/child";

/** Runs a text as Node's program. */
function run(program: string, timeoutMs = 60_000) {
  const seen: LogLine[] = [];
  const options = {
    cwd: tmpdir(),
    env: { PATH: process.env["PATH"] ?? "" },
    timeoutMs,
    signal: new AbortController().signal,
    onLine: (line: LogLine) => seen.push(line),
  };
  return runChild(process.execPath, ["-e", program], options).then((result) => ({ ...result, seen }));
}

describe("a program that the laptop runs", function () {
  this.timeout(30_000);

  for (const detached of [false, true])
    it(`is over when it ends, whatever ${detached ? "in a group of its own" : "of its group"} still holds its output`, async () => {
      const left = "process.stderr.write(String(process.pid)); setTimeout(() => undefined, 600000)";
      const { exitCode, ended, lines } = await run(`
        const child = require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(left)}], {
          stdio: ["ignore", "inherit", "pipe"], detached: ${detached} });
        child.stderr.once("data", (pid) => { console.log(pid + ""); process.exit(3); });`);
      assert.equal(exitCode, 3);
      assert.equal(ended, undefined);
      const pid = Number(lines[0]?.message);
      assert.ok(pid > 0, JSON.stringify(lines));
      // Only what left the group on purpose survives: here, to be ended by hand.
      if (detached) process.kill(pid, "SIGKILL");
    });

  it("gives all that it printed, line by line, before it is over", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.stringMatching(/^[a-zé晴 ]*$/), { minLength: 1, maxLength: 50 }), async (texts) => {
        const { lines } = await run(`process.stdout.write(${JSON.stringify(texts.join("\r\n"))})`);
        const expected = texts.at(-1) === "" ? texts.slice(0, -1) : texts;
        assert.deepEqual(
          lines.map(({ message }) => message),
          expected,
        );
      }),
      { numRuns: 5 },
    );
  });

  it("keeps the last lines of one that prints without end: they say why it failed", async () => {
    const { lines } = await run(`
      for (let i = 0; i < 100000; i++) console.error(i);
      console.error("reason");`);
    assert.equal(lines.at(-1)?.message, "reason");
    assert.ok(lines.length < 100_000);
  });

  it("cuts a line that does not end into pieces", async () => {
    const { lines } = await run(`process.stdout.write("x".repeat(3000000))`);
    assert.equal(lines.map(({ message }) => message).join(""), "x".repeat(3_000_000));
    assert.ok(lines.length > 2);
  });
});
