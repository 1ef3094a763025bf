import { deepEqual, equal, ok } from "node:assert/strict";
import { spawn } from "node:child_process";
import * as path from "node:path";
import { integerKey } from "../../../contract/keys";
import type { Outcome } from "../../../operations/reconcile/outcome";
import { fourChecks, objects } from "../../support/fourChecks";
import { useLake, type LakeTable } from "../../support/laptop";

const CHILD = path.resolve(__dirname, "../../support/reconcileChild.ts");

describe("a registration that is killed", () => {
  const lake = useLake();

  /** 120 partitions: one is right already, one points elsewhere, one folder is empty, the others are new. */
  const prepare = async (): Promise<LakeTable> => {
    const table = await lake.table({ keys: [integerKey("shard", { digits: 3 })] });
    const shards = Array.from({ length: 120 }, (_, shard) => `shard=${String(shard).padStart(3, "0")}/partition.csv`);
    for (let start = 0; start < shards.length; start += 20)
      await Promise.all(shards.slice(start, start + 20).map((file) => lake.put(table, file)));
    await lake.reconcileDirectly(table, "shard=000/");
    await lake.register(table, ["001"], "elsewhere/");
    lake.faults.reset();
    return table;
  };

  const run = (table: LakeTable, onStart: (kill: () => void) => void) =>
    lake.withEnvironment(
      () =>
        new Promise<{ outcomes: Outcome[]; code: number | null; signal: string | null }>((resolve) => {
          const child = spawn(process.execPath, ["--import", "tsx", CHILD, JSON.stringify(lake.request(table))], {
            stdio: ["ignore", "pipe", "inherit"],
          });
          let text = "";
          child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
          onStart(() => child.kill("SIGKILL"));
          child.on("close", (code, signal) => {
            const lines = text.split("\n").slice(0, -1);
            resolve({ outcomes: lines.map((line) => JSON.parse(line) as Outcome), code, signal });
          });
        }),
    );

  // Calls of a file's own kind are like each other: the first and the last of them stand for all.
  const moments = ["GetTable", "LIST", "BatchGetPartition", "GET", "BatchCreatePartition", "BatchUpdatePartition"];
  for (const operation of moments)
    for (const when of ["before", "after"] as const)
      it(`comes to the same end when it is run again, killed ${when} ${operation} was done`, async () => {
        const table = await prepare();
        const before = await objects(lake, table);
        const { outcomes, signal } = await run(table, (kill) =>
          lake.faults.onEach((_, call, moment) => {
            if (call.operation === operation && moment === when) kill();
          }),
        );
        equal(signal, "SIGKILL");
        ok(outcomes.length < 120);
        const there = await lake.partitions(table);
        for (const { path: told, ending } of outcomes)
          if (ending !== "failed") ok(there[/=(\d+)\//.exec(told)?.[1] ?? ""], `${told} was told as ${ending}`);
        // It pointed elsewhere before, which is what the second check finds; a killed run may not have come to it.
        await lake.reconcileDirectly(table, "shard=001/");
        await fourChecks(lake, table, before);
        deepEqual(Object.keys(await lake.partitions(table)).length, 120);
      }).timeout(60_000);
});
