import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { UpdateTableCommand } from "@aws-sdk/client-glue";
import { stepDocument } from "../../../contract/events";
import { enumKey } from "../../../contract/keys";
import { repairTraps } from "../../../operations/reconcile/repair";
import { handler } from "../../../operations/registrar";
import type { Fault } from "../../support/faults";
import { DATABASE, ONE_ROW, useLake, type LakeTable } from "../../support/laptop";

describe("registration by Athena's MSCK REPAIR TABLE", () => {
  const lake = useLake();
  const statements: string[] = [];
  const lines: string[] = [];
  const { log } = console;
  beforeEach(() => {
    lines.length = statements.length = 0;
    console.log = (line: string) => lines.push(line);
  });
  afterEach(() => {
    console.log = log;
  });

  /** Athena, of which moto has no more than the answers: does what the statement would do, then answers in states. */
  const athena = (work: () => Promise<unknown>, states: readonly string[] = ["SUCCEEDED"]) => {
    const left = [...states];
    const answer = (body: object): ReturnType<Fault> => Promise.resolve({ status: 200, body: { ...body } });
    lake.faults.on("StartQueryExecution", async ({ body }) => {
      statements.push(String(body["QueryString"]));
      await work();
      return answer({ QueryExecutionId: "q1" });
    });
    lake.faults.on("GetQueryExecution", () => {
      const state = left.length > 1 ? left.shift() : left[0];
      return answer({ QueryExecution: { Status: { State: state, StateChangeReason: "by script" } } });
    });
    lake.faults.on("StopQueryExecution", () => answer({}));
  };
  const prepare = async (): Promise<LakeTable> => {
    const table = await lake.table({ keys: [enumKey("site", { values: ["nara", "osaka", "tokyo"] })] });
    for (const site of ["nara", "osaka", "tokyo"]) await lake.put(table, `site=${site}/p.csv`);
    return table;
  };
  const register = (table: LakeTable, remainingMs = 600_000) =>
    lake.withEnvironment(() =>
      handler(
        {
          ...{ dataset: stepDocument(table.document), database: DATABASE, table: table.name, execution: "e" },
          ...{ workgroup: "primary", repairResults: `s3://data/${table.name}/execution/athena/` },
        },
        { getRemainingTimeInMillis: () => remainingMs },
      ),
    );
  /** As Athena registers: without the slash at the end. */
  const found = (table: LakeTable, sites: readonly string[]) => async () => {
    for (const site of sites) await lake.register(table, [site], "", { Location: `${table.location}site=${site}` });
  };

  it("counts what Glue has afterwards, and runs no statement when nothing is new", async () => {
    const table = await prepare();
    await lake.register(table, ["nara"], "site=nara/");
    athena(found(table, ["osaka", "tokyo"]), ["QUEUED", "RUNNING", "SUCCEEDED"]);
    const counts = { requested: 3, created: 2, updated: 0, same: 1, failed: 0, rejected: 0, elsewhere: 0 };
    deepEqual(await register(table), counts);
    deepEqual(statements, [`MSCK REPAIR TABLE \`${DATABASE}\`.\`${table.name}\``]);
    deepEqual(await register(table), { ...counts, created: 0, same: 3 });
    equal(statements.length, 1);
  });

  it("logs bytes and rows of what is registered", async () => {
    const table = await prepare();
    athena(found(table, ["nara", "osaka", "tokyo"]));
    await register(table);
    const told = lines.map((line) => JSON.parse(line) as { readonly bytes?: number; readonly rows?: number });
    deepEqual(
      told.map(({ bytes, rows }) => ({ bytes, rows })),
      [ONE_ROW, ONE_ROW, ONE_ROW],
    );
  });

  it("names what Athena has left out, though it says that it is done", async () => {
    const table = await prepare();
    athena(found(table, ["nara", "osaka"]));
    await rejects(
      register(table),
      /site=tokyo\/: Athena says that it is done, and has left it out; register it with npm run/,
    );
  });

  it("names what Athena has registered otherwise than the table says", async () => {
    const table = await prepare();
    athena(async () => {
      await found(table, ["nara", "osaka"])();
      await lake.register(table, ["tokyo"], "site=tokyo/", { InputFormat: "other" });
    });
    await rejects(register(table), /1 of 3.*\n {2}site=tokyo\/: Athena registered another input format/);
  });

  it("is not run where it would register a folder that no reader can read", async () => {
    const table = await prepare();
    await lake.put(table, "site=osaka/p.csv", "broken\n");
    athena(found(table, ["nara", "osaka", "tokyo"]));
    await rejects(
      register(table),
      /site=osaka\/: .*has 1 columns.*site=nara\/: MSCK REPAIR TABLE was not run: it would register/s,
    );
    deepEqual([statements, await lake.partitions(table)], [[], {}]);
  });

  it("says that it does not update", async () => {
    const table = await prepare();
    await lake.register(table, ["nara"], "elsewhere/");
    athena(found(table, ["osaka", "tokyo"]));
    await rejects(
      register(table),
      /1 of 3.*site=nara\/: location .*; MSCK REPAIR TABLE only adds, update it with npm run/s,
    );
  });

  it("tells why a statement failed, and stops one in time", async () => {
    const table = await prepare();
    athena(() => Promise.resolve(), ["FAILED"]);
    await rejects(register(table), /3 of 3.*site=nara\/: MSCK REPAIR TABLE: FAILED in workgroup primary: by script/s);
    athena(() => Promise.resolve(), ["RUNNING"]);
    await rejects(register(table, 22_000), /was not done in the time there was \(query q1\).*go on with/s);
    equal(lake.faults.calls.filter(({ operation }) => operation === "StopQueryExecution").length, 1);
  }).timeout(20_000);

  it("is refused for tables on which it fails, or finds nothing", async () => {
    const table = await prepare();
    const { Name, PartitionKeys, StorageDescriptor } = await lake.readTable(table);
    const input = { Name, PartitionKeys, StorageDescriptor, Parameters: { "projection.enabled": "true" } };
    await lake.glue.send(new UpdateTableCommand({ DatabaseName: DATABASE, TableInput: input }));
    athena(found(table, []));
    await rejects(
      register(table),
      /MSCK REPAIR TABLE would not work:\n {2}- it has no table type.*\n {2}- its partitions are projected/,
    );
    equal(statements.length, 0);
    match(
      repairTraps({ Name: "t", PartitionKeys: [{ Name: "Site" }] }).join("\n"),
      /no table type.*NullPointerException.*'Site' has capitals/s,
    );
  });
});
