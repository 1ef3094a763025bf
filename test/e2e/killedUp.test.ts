import * as iam from "@aws-sdk/client-iam";
import * as kms from "@aws-sdk/client-kms";
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { clientOptions } from "../../local/environment";
import { LAPTOP, ROOT } from "../../local/settings";
import type { LaptopStack } from "../../local/stack";
import type { ExportedState } from "../../operations/interrupted";
import { useStartedLaptop } from "../support/startedLaptop";
import { killedUp, type KillPoint } from "./killedUp/kill";
import { withPlace } from "./killedUp/stack";

type State = ExportedState["deployment"];

/** One after the other on one stack, as on a bad day: killed, recovered, and killed again further on. */
describe("an up that was killed, on the real engine", function () {
  this.timeout(120_000);
  const laptop = useStartedLaptop();
  const config = { "partitions:maxRuntimeSeconds": "1800" };
  const place = (changed = {}) => ({ endpoint: laptop.endpoint, stateDir: laptop.stateDir, config: changed });
  const within = <T>(work: (stack: LaptopStack) => Promise<T>, changed = {}) =>
    withPlace(place(changed), laptop.engine, work);
  const client = () => clientOptions({ endpoint: laptop.endpoint, region: LAPTOP.region });
  const keys = async () => (await new kms.KMSClient(client()).send(new kms.ListKeysCommand({}))).Keys ?? [];

  function state(): State {
    const file = path.join(laptop.stateDir, `.pulumi/stacks/${LAPTOP.project}/${LAPTOP.stack}.json`);
    return (JSON.parse(readFileSync(file, "utf8")) as { checkpoint: { latest?: State } }).checkpoint.latest ?? {};
  }
  const pending = () => state().pending_operations ?? [];

  /** Kills an `up` at a request; what it leaves is an operation of this type that nobody knows the end of. */
  async function kill(operation: string, point: KillPoint, changed = {}): Promise<void> {
    await killedUp(place(changed), point);
    const left = pending().map(({ type, resource }) => `${type} ${resource.type}`);
    ok(left.includes(operation), left.join("\n"));
  }

  /** The steps of the runbook, up to the `up`. */
  async function recover(changed = {}): Promise<void> {
    const [key] = await keys();
    const file = (name: string) => path.join(laptop.folder, name);
    const [before, after] = [file("before.json"), file("after.json")] as const;
    const stack = ["--stack", LAPTOP.stack];
    await within(async (opened) => {
      equal(await opened.runEngine(["cancel", "--yes", ...stack]), 0);
      equal(await opened.runEngine(["stack", "export", "--file", before, ...stack]), 0);
      const script = path.join(ROOT, "operations/recover.ts");
      const args = ["--import", "tsx", script, before, after, "--key", key?.KeyId ?? "none"];
      const { status, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
      equal(status, 0, stderr);
      equal(await opened.runEngine(["stack", "import", "--file", after, ...stack]), 0);
      await opened.refresh();
    }, changed);
    deepEqual(pending(), []);
  }

  it("goes on after it was killed while AWS made the key, which has no name to be found by", async () => {
    await kill("creating aws:kms/key:Key", {
      at: (request) => request.startsWith("TrentService.CreateKey"),
      done: true,
    });
    await rejects(
      within((stack) => stack.up()),
      /the stack is currently locked/,
    );
    await recover();
  });

  it("goes on after it was killed just before AWS got a table", async () => {
    const at = (request: string) => request.startsWith("AWSGlue.CreateTable");
    await kill("creating aws:glue/catalogTable:CatalogTable", { at, done: false });
    await recover();
  });

  it("goes on after it was killed while AWS made a function, to the end", async () => {
    const at = (request: string) => request.startsWith("POST /2015-03-31/functions");
    await kill("creating aws:lambda/function:Function", { at, done: true });
    await recover();
    await within((stack) => stack.up());
    await within((stack) => stack.preview({ expectNoChanges: true }));
  });

  it("goes on after it was killed while AWS changed a pipeline", async () => {
    const at = (request: string) => request.startsWith("SageMaker.UpdatePipeline");
    await kill("updating aws:sagemaker/pipeline:Pipeline", { at, done: true }, config);
    await recover(config);
    await within((stack) => stack.up(), config);
    await within((stack) => stack.preview({ expectNoChanges: true }), config);
  });

  it("has made nothing twice, and lost nothing", async () => {
    const { resources = [] } = state();
    const named = (type: string) => resources.filter((each) => each.type === type).map(({ id = "" }) => id);
    deepEqual(
      (await keys()).map(({ KeyId }) => KeyId),
      named("aws:kms/key:Key"),
    );
    const { Roles = [] } = await new iam.IAMClient(client()).send(new iam.ListRolesCommand({}));
    deepEqual(Roles.map(({ RoleName }) => RoleName).sort(), named("aws:iam/role:Role").sort());
    equal(new Set(resources.map(({ urn }) => urn)).size, resources.length);
    // Everything in the state is there, and as it should be.
    deepEqual(Object.keys(await within((stack) => stack.refresh(), config)), ["same"]);
  });
});
