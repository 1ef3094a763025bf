import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { report, validateFile } from "../../operations/checks/pipeline";
import { changed, validDefinition } from "../contract/pipeline/valid";

const ROOT = path.resolve(__dirname, "../..");
const valid = JSON.stringify(validDefinition(), null, 2);
const broken = JSON.stringify(changed({ "/Steps/1/DependsOn": ["dya_step"] }));

/** A file with some content. */
function file(content: string | Buffer): string {
  const name = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "definition-")), "definition.json");
  fs.writeFileSync(name, content);
  return name;
}

describe("a pipeline definition in a file", () => {
  it("is read, with a byte order mark or without", async () => {
    for (const content of [valid, `\ufeff${valid}`]) deepEqual((await validateFile(file(content))).problems, []);
  });

  it("is reported so that a stranger can repair it", async () => {
    const text = report("definition.json", await validateFile(file(broken)));
    match(text, /^definition\.json: 1 problem\n/);
    match(text, /\n\/Steps\/1\/DependsOn\/0\n {2}rule {4}a step of this pipeline\n {2}got {5}"dya_step"\n/);
    match(text, /\n {2}fix {5}use one of: day_step, .*\n {2}source {2}SageMaker developer guide/);
    equal(report("definition.json", await validateFile(file(valid))), "definition.json: no problem found");
  });

  const unreadable: [title: string, content: string | Buffer, message: RegExp][] = [
    ["empty", "", /is empty; give the JSON/],
    ["not JSON", "Steps: []", /is not JSON/],
    ["binary", Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1]), /is binary/],
    [
      "in UTF-16",
      Buffer.from(`\ufeff${valid}`, "utf16le"),
      /is UTF-16 \(a redirection in Windows PowerShell\?\); save it as UTF-8/,
    ],
    ["in Shift_JIS", Buffer.from([0x7b, 0x22, 0x90, 0xb0, 0x22]), /is not UTF-8 text/],
    [
      "too big",
      Buffer.alloc(16 * 1024 * 1024 + 1, " "),
      /has more than 16 MiB; a pipeline definition has at most 1 MiB/,
    ],
  ];
  for (const [title, content, message] of unreadable)
    it(`is refused when it is ${title}`, async () => {
      await rejects(
        validateFile(file(content)),
        (error: Error) => error.name === "UserError" && message.test(error.message),
      );
    });

  it("is refused when it is not there, or a folder", async () => {
    await rejects(validateFile("/nowhere/definition.json"), /cannot be read: ENOENT/);
    await rejects(validateFile(os.tmpdir()), /is a folder; name a file/);
  });
});

describe("npm run validate-pipeline", () => {
  function run(args: readonly string[], input: string): Promise<{ code: number | null; output: string }> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, ["--import", "tsx", "operations/checks.ts", "validate-pipeline", ...args], {
        ...{ cwd: ROOT, stdio: ["pipe", "pipe", "inherit"] },
      });
      const chunks: Buffer[] = [];
      child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, output: Buffer.concat(chunks).toString() }));
      child.stdin.end(input);
    });
  }

  it("takes the standard input, prints JSON on request, and ends with 1 when there is a problem", async function () {
    this.timeout(60_000);
    const wrapped = JSON.stringify({ PipelineArn: "arn:x", PipelineDefinition: broken });
    const { code, output } = await run(["-", "--json"], wrapped);
    equal(code, 1);
    const answer = JSON.parse(output) as { valid: boolean; problems: { pointer: string }[] };
    deepEqual(
      [answer.valid, answer.problems.map(({ pointer }) => pointer)],
      [false, ["/PipelineDefinition/Steps/1/DependsOn/0"]],
    );
  });

  it("ends with 0 when there is none", async function () {
    this.timeout(60_000);
    deepEqual(await run(["-"], valid), { code: 0, output: "standard input: no problem found\n" });
  });
});
