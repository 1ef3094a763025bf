import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive } from "../../local/cache";
import { scratchFolder, sweepScratch } from "../../local/scratch";

const ROOT = join(__dirname, "../..");

describe("the laptop that stays up", function () {
  this.timeout(300_000);
  let folder: string;
  const others: ChildProcess[] = [];

  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "staying-"))));
  afterEach(async () => {
    await command("leave");
    for (const other of others.splice(0)) other.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs a function of the module as the command lines do; what it gives, or its error. */
  async function command(name: "leave" | "running" | "stay" | "withRunning"): Promise<string> {
    const args = { leave: "say", running: "", stay: "async (x) => x, say", withRunning: "async (x) => x" }[name];
    const program = `const say = () => undefined;
      require("./local/staying").${name}(${args}).then(
        (value) => console.log(JSON.stringify(value) ?? "undefined"), (error) => console.log(error.message));`;
    const env = { ...process.env, PARTITIONS_LAPTOP_DIR: folder };
    const child = spawn(process.execPath, ["--require", "tsx/cjs", "-e", program], { cwd: ROOT, env });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
    child.stderr.pipe(process.stderr);
    await new Promise((done) => child.once("close", done));
    return output.trim();
  }

  const services = () => join(folder, "services.json");
  interface Running {
    readonly pid: number;
    readonly endpoint: string;
  }

  it("is not the process that happens to have its number", async () => {
    const other = spawn("sleep", ["600"]);
    others.push(other);
    writeFileSync(services(), JSON.stringify({ pid: other.pid, endpoint: "http://127.0.0.1:1", id: "one" }));
    for (const left of ["state", "script"]) mkdirSync(join(folder, left));
    assert.match(await command("withRunning"), /not running; start it with/);
    assert.equal(await command("leave"), "false");
    assert.equal(other.exitCode ?? other.signalCode, null);
    assert.deepEqual(readdirSync(folder), []);
  });

  for (const text of [
    "",
    "{",
    "[]",
    '{"pid":-1,"endpoint":"http://127.0.0.1:1","id":"x"}',
    '{"pid":1,"endpoint":"x","id":"x"}',
  ])
    it(`is not there when its file says ${text || "nothing"}`, async () => {
      writeFileSync(services(), text);
      assert.equal(await command("running"), "undefined");
      assert.equal(await command("leave"), "false");
      assert.equal(existsSync(services()), false);
    });

  it("is one, however many start it at once, and ends when a part of it ends", async () => {
    writeFileSync(services(), "{");
    for (const left of ["state", "script"]) mkdirSync(join(folder, left));
    const started = await Promise.all([command("stay"), command("stay"), command("stay")]);
    assert.equal(new Set(started).size, 1, started.join("\n"));
    const { pid } = JSON.parse(started[0] ?? "") as Running;
    assert.deepEqual(
      ["state", "script"].map((left) => existsSync(join(folder, left))),
      [false, true],
    );
    assert.equal(await command("withRunning"), started[0]);

    const moto = childrenOf(pid).filter((child) => /moto_main/.test(readFileSync(`/proc/${child}/cmdline`, "utf8")));
    assert.equal(moto.length, 1);
    for (const child of moto) process.kill(child, "SIGKILL");
    while (isAlive(pid)) await sleep(50);
    assert.match(await command("withRunning"), /not running; start it with/);

    const again = JSON.parse(await command("stay")) as Running;
    assert.notEqual(again.pid, pid);
    assert.equal(await command("leave"), "true");
    assert.equal(isAlive(again.pid), false);
    assert.deepEqual(readdirSync(folder), []);
  });

  it("ends by itself when no command can find it any more", async () => {
    const { pid } = JSON.parse(await command("stay")) as Running;
    rmSync(services());
    while (isAlive(pid)) await sleep(50);
  });

  it("removes the work folders of processes that are gone, and no others", async () => {
    const own = scratchFolder("test");
    const gone = spawn("true");
    await new Promise((done) => gone.once("exit", done));
    const left = own.replace(`-${process.pid}-`, `-${gone.pid}-`);
    const elsewhere = left.replace(/^(.*partitions-test-)[0-9a-z]+/, "$1zz");
    mkdirSync(left);
    mkdirSync(elsewhere);
    sweepScratch();
    assert.deepEqual([own, left, elsewhere].map(existsSync), [true, false, true]);
    for (const each of [own, elsewhere]) rmSync(each, { recursive: true });
  });
});

/** Processes that another one has started, by Linux's own list. */
function childrenOf(pid: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return new RegExp(`^PPid:\\s*${pid}$`, "m").test(readFileSync(`/proc/${name}/status`, "utf8"));
      } catch {
        return false;
      }
    })
    .map(Number);
}
