import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { dateKey, enumKey, integerKey } from "../../contract/keys";
import { denied, itemErrors, throttled } from "../support/faults";
import { DATABASE, ONE_ROW } from "../support/laptop";
import { execution, useRegistrar } from "../support/registrar";

describe("the registration step", () => {
  const { lake, lines, register } = useRegistrar();

  it("answers with counts, keeps the execution in the partition and logs each outcome", async () => {
    const table = await lake.table();
    await lake.put(table, "process_date_jst=2021-12-01/partition.csv");
    const counts = await register(table, { process_date_jst: "2021-12-01" });
    deepEqual(counts, { requested: 1, created: 1, updated: 0, same: 0, failed: 0, rejected: 0, elsewhere: 0 });
    const partition = (await lake.partitions(table))["2021-12-01"];
    const { Parameters: facts = {} } = partition ?? {};
    deepEqual(
      ["execution", "definition", "image", "files", "rows"].map((fact) => facts[`partitions.${fact}`]),
      [execution, "0123456789abcdef", "image@sha256:1", "1", "1"],
    );
    deepEqual(
      lines.slice(0, -1).map((line) => JSON.parse(line) as unknown),
      [{ table: table.name, path: "process_date_jst=2021-12-01/", ending: "created", ...ONE_ROW }],
    );
  });

  it("tells of another day that was written meanwhile, and leaves it to the run whose day it is", async () => {
    const table = await lake.table();
    const startedAt = new Date();
    for (const day of ["2021-12-01", "2021-12-02"]) await lake.put(table, `process_date_jst=${day}/partition.csv`);
    const { created, elsewhere } = await register(table, { process_date_jst: "2021-12-01" }, startedAt);
    deepEqual([created, elsewhere], [1, 1]);
    ok(lines.some((line) => /"ending":"elsewhere".*if no other run does that/.test(line)));
    deepEqual(Object.keys(await lake.partitions(table)), ["2021-12-01"]);
  });

  it("registers the folders that it finds below the keys that the run knows", async () => {
    const table = await lake.table({
      keys: [dateKey("d", { timeZone: "Asia/Tokyo" }), enumKey("site", { values: ["tokyo", "osaka"] })],
    });
    for (const path of ["d=2021-12-01/site=tokyo", "d=2021-12-01/site=osaka", "d=2021-12-02/site=tokyo"])
      await lake.put(table, `${path}/partition.csv`);
    equal((await register(table, { d: "2021-12-01" })).created, 2);
    deepEqual(Object.keys(await lake.partitions(table)).sort(), ["2021-12-01/osaka", "2021-12-01/tokyo"]);
  });

  it("goes on after Glue throttled it twice", async () => {
    const table = await lake.table();
    await lake.put(table, "process_date_jst=2021-12-01/partition.csv");
    lake.faults.on("BatchCreatePartition", throttled(2));
    equal((await register(table, { process_date_jst: "2021-12-01" })).created, 1);
    equal(lake.faults.sizes("BatchCreatePartition").length, 3);
  }).timeout(30_000);

  it("rejects a run with a failed partition, by one error that counts all and names the bad ones", async () => {
    const table = await lake.table({ keys: [integerKey("shard", { digits: 1 })] });
    for (const shard of ["1", "2", "3", "4"]) await lake.put(table, `shard=${shard}/partition.csv`);
    await lake.put(table, "shard=5/partition.csv", "broken\n");
    await lake.register(table, ["1"], "shard=1/");
    await lake.register(table, ["2"], "elsewhere/");
    lake.faults.on(
      "BatchCreatePartition",
      itemErrors(([shard]) => (shard === "3" ? "InternalServiceException" : undefined)),
    );
    await rejects(register(table), (error: Error) => {
      equal(
        error.message,
        [
          `${DATABASE}.${table.name}: 2 of 5 partitions not registered (1 created, 2 updated, 0 unchanged; nothing was deleted)`,
          `  shard=5/: the first line of 'partition.csv' has 1 columns, the table 3 (feature1, feature2, y): "broken"`,
          `  shard=3/: InternalServiceException: by script`,
        ].join("\n"),
      );
      return true;
    });
    equal(lines.filter((line) => line.includes('"ending"')).length, 5);
    deepEqual(Object.keys(await lake.partitions(table)).sort(), ["1", "2", "4"]);
  });

  it("registers the run's day, and fails for what the run left beside the partition folders", async () => {
    const table = await lake.table();
    for (const path of ["process_date_jst=2021-12-01", "process_date_jst=2021-13-45", "PROCESS_DATE_JST=2021-12-01"])
      await lake.put(table, `${path}/partition.csv`);
    await lake.put(table, "stray.csv");
    await lake.put(table, "_SUCCESS", "");
    const values = { process_date_jst: "2021-12-01" };
    await rejects(register(table, values, new Date(Date.now() - 60_000)), (error: Error) => {
      match(error.message, /3 of 4 partitions not registered \(1 created/);
      match(error.message, /stray\.csv: lies beside the partition folders/);
      match(error.message, /PROCESS_DATE_JST=2021-12-01\/: level 1 is 'PROCESS_DATE_JST=2021-12-01', expected/);
      match(error.message, /process_date_jst=2021-13-45\/: .*'2021-13-45' is not a date/);
      return true;
    });
    deepEqual(Object.keys(await lake.partitions(table)), ["2021-12-01"]);
  });

  it("rejects a run that wrote nothing into its day, whatever an earlier one left there, and that alone", async () => {
    const table = await lake.table();
    await lake.put(table, "process_date_jst=2021-12-01/partition.csv");
    // What lay beside the folders before a run is not its doing.
    await lake.put(table, "stray.csv");
    await rejects(
      register(table, { process_date_jst: "2021-12-01" }, new Date(Date.now() + 60_000)),
      /1 of 1 partitions.*\n {2}process_date_jst=2021-12-01\/: the run wrote no file here: .* did the script write this day\?$/s,
    );
  });

  it("stops before its time is over, says what is left and how to go on, and has lost nothing", async () => {
    const table = await lake.table({ keys: [integerKey("shard", { digits: 3 })] });
    for (let shard = 100; shard < 130; shard += 1) await lake.put(table, `shard=${shard}/partition.csv`);
    lake.faults.on("BatchCreatePartition", throttled(Infinity));
    await rejects(register(table, {}, undefined, 21_500), (error: Error) => {
      match(error.message, /30 of 30 partitions not registered/);
      match(error.message, /… and 10 more, see the log\n {2}the time of the function was over; what is done stays/);
      match(error.message, /go on with: npm run operate -- --stack test partitions t\d+ --apply$/);
      return true;
    });
    lake.faults.reset();
    equal((await register(table)).created, 30);
  }).timeout(30_000);

  it("does not give files that are older than the run to the run", async () => {
    const table = await lake.table();
    await lake.put(table, "process_date_jst=2021-12-01/partition.csv");
    equal((await register(table, {}, new Date(Date.now() + 60_000))).created, 1);
    const { Parameters: facts = {} } = (await lake.partitions(table))["2021-12-01"] ?? {};
    deepEqual([facts["partitions.execution"], facts["partitions.files"]], [undefined, "1"]);
  });

  it("rejects many bad partitions with the first 20 of them, as a failure reason is short", async () => {
    const table = await lake.table({ keys: [integerKey("shard", { digits: 2 })] });
    for (let shard = 10; shard < 35; shard += 1) await lake.put(table, `shard=${shard}/partition.csv`);
    lake.faults.on("BatchCreatePartition", denied(0, "not authorized to perform: glue:BatchCreatePartition"));
    await rejects(register(table), (error: Error) => {
      match(error.message, /25 of 25 partitions not registered/);
      match(error.message, /shard=29\/: AccessDeniedException: not authorized[^\n]*\n {2}… and 5 more, see the log$/);
      return true;
    });
    equal(lines.filter((line) => line.includes('"ending"')).length, 25);
  });

  it("rejects a run that wrote no partition, or none of its day", async () => {
    const table = await lake.table({ keys: [integerKey("shard", { digits: 1 })] });
    await rejects(register(table), /0 of 0 partitions.*\n {2}the run wrote no partition folder/);
    const daily = await lake.table();
    await rejects(
      register(daily, { process_date_jst: "2021-12-01" }),
      /process_date_jst=2021-12-01\/: no data file: did the script write this day\?/,
    );
  });
});
