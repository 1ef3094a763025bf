import { deepEqual, equal, match, ok } from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { itemErrors, meanwhile, refusal, type Fault } from "../support/faults";
import { all, features, nested, projected, repaired, whole } from "./datasets";
import { DeployedStack, PLACES, type RoleName } from "./deployed";
import type { Ended } from "./functions";
import { ofInterfaces } from "./needs";
import { permissionsOf } from "./permissionsOf";
import { ROW, RunningStack } from "./running";

const DAY = "2021-12-01";
const day = `process_date_jst=${DAY}`;

/** What a role is granted for what others do in its name: nothing of it can be recorded here. */
const NOT_RECORDED: Readonly<Record<"registrar" | "checker", readonly string[]>> = {
  registrar: [
    ...["logs:CreateLogStream", "logs:PutLogEvents"],
    // Athena's, when it repairs a table.
    ...["glue:GetDatabase", "glue:GetPartitions", "kms:GenerateDataKey"],
    ...["s3:GetBucketLocation", "s3:ListBucketMultipartUploads"],
    ...["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject"],
  ],
  // Lambda leaves the calls that failed in the queue.
  checker: ["logs:CreateLogStream", "logs:PutLogEvents", "sqs:SendMessage"],
};

const count = (ended: Ended, what: string): unknown =>
  "answer" in ended ? (ended.answer as Record<string, unknown>)[what] : ended.error;

for (const [title, place] of Object.entries(PLACES))
  describe(`what the functions call, recorded and judged, in ${title}`, function () {
    this.timeout(60_000);
    let stack: DeployedStack;
    let running: RunningStack;
    /** Actions that were recorded, by role. */
    const called = new Map<RoleName, Set<string>>();

    before(async function () {
      this.timeout(120_000);
      stack = await DeployedStack.of(place, all);
      running = await RunningStack.open(stack, all);
    });
    after(() => running?.close());
    beforeEach(() => {
      running.faults.reset();
      running.recorder.requests.length = 0;
    });

    /** Every call since the last look is one that the role allows. */
    async function judge(role: "day" | "registrar" | "checker"): Promise<string[]> {
      const requests = running.recorder.requests.splice(0);
      const actions = called.get(role) ?? new Set<string>();
      called.set(role, actions);
      const denied: string[] = [];
      for (const [index, request] of requests.entries())
        for (const needed of permissionsOf(stack, request, requests.slice(0, index))) {
          actions.add(needed.action);
          if (!(await stack.may(role, needed))) denied.push(JSON.stringify(needed));
        }
      deepEqual(denied, []);
      return requests.map(({ headers, method }) => String(headers["x-amz-target"] ?? method).replace(/^.*\./, ""));
    }

    it("day: computes, and calls nothing", async () => {
      const ended = await running.invoke("day", {
        dataset: JSON.stringify({ name: "t", partitionKeys: nested.partitionKeys, columns: [], format: {} }),
        ...{ processDate: "auto", scheduledTime: "auto", dayOffset: "-1", startedAt: "2021-12-01T17:30:00Z" },
      });
      equal(count(ended, "process_date"), DAY);
      deepEqual(await judge("day"), []);
    });

    it("registrar: a day for the first time, again, and one that is registered elsewhere", async () => {
      await running.put(features, `${day}/partition.csv`);
      equal(count(await running.run(features, DAY), "created"), 1);
      equal(count(await running.run(features, DAY), "same"), 1);
      await running.put(features, "process_date_jst=2021-12-02/partition.csv", `${"x".repeat(70_000)},b,1\n`);
      await running.register(features, ["2021-12-02"], "s3://elsewhere/");
      equal(count(await running.run(features, "2021-12-02"), "updated"), 1);
      const operations = await judge("registrar");
      for (const each of ["GetTable", "BatchGetPartition", "BatchCreatePartition", "BatchUpdatePartition", "GET"])
        ok(operations.includes(each), each);
    });

    it("registrar: what lies beside the run's own day, and what an earlier run left in it", async () => {
      for (const file of ["stray.csv", "process_date_jst=2021-12-31/p.csv", "process_date_jst=2021-13-45/p.csv"])
        await running.put(features, file);
      match(String(count(await running.run(features, DAY), "error")), /stray\.csv: lies beside/);
      const later = { startedAt: new Date(Date.now() + 3_600_000) };
      match(String(count(await running.run(features, DAY, later), "error")), /the run wrote no file here/);
      ok((await judge("registrar")).length > 0);
    });

    it("registrar: folders below keys that the run does not know", async () => {
      await running.put(nested, `site=nara/d=${DAY}/shard=1/p.csv.gz`, gzipSync(ROW));
      await running.put(nested, `site=osaka/d=${DAY}/shard=2/p.csv`);
      equal(count(await running.run(nested, DAY), "created"), 2);
      ok((await judge("registrar")).length > 0);
    });

    it("registrar: the whole table, with a partition that has no data, a race and a refusal", async () => {
      for (const site of ["nara", "osaka"]) await running.put(whole, `site=${site}/p.csv`);
      running.faults.on(
        "BatchCreatePartition",
        meanwhile(() => running.register(whole, ["osaka"])),
      );
      equal(count(await running.run(whole, DAY), "requested"), 2);
      await running.register(whole, ["gone"]);
      await running.put(whole, "site=nara/q.csv", "broken\n");
      running.faults.on(
        "BatchUpdatePartition",
        itemErrors(() => "InternalServiceException"),
      );
      match(String(count(await running.run(whole, DAY), "error")), /site=nara/);
      ok((await judge("registrar")).length > 0);
    });

    it("registrar: a table that Glue does not show at once", async () => {
      let asked = 0;
      running.faults.on("GetTable", ({ body }, next) =>
        asked++ === 0 ? Promise.resolve(refusal("EntityNotFoundException", "not yet")) : next(body),
      );
      equal(count(await running.run(nested, DAY), "same"), 2);
      ok(asked > 1);
      await judge("registrar");
    });

    it("registrar: Athena's repair, to its end and stopped", async () => {
      const answer = (body: object): ReturnType<Fault> => Promise.resolve({ status: 200, body: { ...body } });
      let state = "SUCCEEDED";
      running.faults.on("StartQueryExecution", async () => {
        if (state === "SUCCEEDED") await running.register(repaired, ["nara"]);
        return answer({ QueryExecutionId: "11111111-1111-1111-1111-111111111111" });
      });
      running.faults.on("GetQueryExecution", () => answer({ QueryExecution: { Status: { State: state } } }));
      running.faults.on("StopQueryExecution", () => answer({}));
      await running.put(repaired, "site=nara/p.csv");
      equal(count(await running.run(repaired, DAY), "created"), 1);
      await running.put(repaired, "site=osaka/p.csv");
      state = "RUNNING";
      const stopped = await running.run(repaired, DAY, { timeoutMs: 22_500 });
      match(String(count(stopped, "error")), /was not done in the time there was/);
      ok((await judge("registrar")).includes("StopQueryExecution"));
    });

    it("checker: days that are there, late and not to be seen, of every kind of dataset", async () => {
      const time = "2040-02-29T19:00:00Z";
      for (const file of ["site=nara/d=2040-02-28/p.csv", "site=osaka/d=2040-02-28/p.csv"])
        await running.put(projected, file);
      const watched = [features, nested, projected].map(({ name }) => `${name} 2040-02-29`);
      deepEqual(count(await running.invoke("checker", { time }), "late"), watched);
      await running.register(features, ["2040-02-29"]);
      await running.register(nested, ["nara", "2040-02-29", "1"]);
      await running.put(projected, "site=osaka/d=2040-02-29/p.csv");
      deepEqual(count(await running.invoke("checker", { time }), "late"), []);
      ok((await judge("checker")).length > 0);
    });

    it("is granted nothing that is not called, but for what others do in its name", () => {
      for (const role of ["registrar", "checker"] as const) {
        const allowed = stack.permissions(role).Statement.filter(({ Effect }) => Effect === "Allow");
        const granted = allowed.flatMap(({ Action }) => Action);
        const spare = [...new Set(granted)].filter((action) => called.get(role)?.has(action) !== true);
        const byLambda = ofInterfaces(stack).map(({ action }) => action);
        deepEqual(spare.sort(), [...NOT_RECORDED[role], ...new Set(byLambda)].sort(), role);
      }
    });
  });
