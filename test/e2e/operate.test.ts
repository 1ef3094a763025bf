import { DeletePartitionCommand, UpdatePartitionCommand } from "@aws-sdk/client-glue";
import { DeleteObjectCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { Command } from "commander";
import { deepEqual, equal, match, rejects } from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { databaseName } from "../../contract/names";
import { query } from "../../local/query";
import { LAPTOP } from "../../local/settings";
import { operateCommands } from "../../operations/commands";
import { useStartedLaptop } from "../support/startedLaptop";

const TABLE = { DatabaseName: databaseName(LAPTOP), TableName: "features" };

describe("the operate commands, on a deployed laptop", function () {
  this.timeout(300_000);
  const laptop = useStartedLaptop();
  let bucket: string;
  before(async () => {
    bucket = await laptop.deploy();
  });

  /** Runs a command line in this process, and gives what it prints on standard output. */
  async function operate(...args: string[]): Promise<{ readonly text: string; readonly code: number }> {
    const program = new Command("operate").exitOverride();
    for (const command of operateCommands({
      ...{ command: () => "operate", stack: () => LAPTOP, pollMs: 50 },
      withClients: (work) => work(laptop.clients),
      whereIsLog: (_, { group }) => `the log of ${group}`,
      query: async ({ sql, database }) =>
        query({ endpoint: laptop.endpoint, region: LAPTOP.region, database: await database(), sql }),
    }))
      program.addCommand(command.exitOverride().configureOutput({ writeErr: () => undefined }));
    const { log, error } = console;
    const write = process.stdout.write.bind(process.stdout);
    const said: string[] = [];
    console.log = (text: unknown) => said.push(`${String(text)}\n`);
    console.error = process.env.SHOW ? error : () => undefined;
    process.stdout.write = (text: string) => said.push(text) > 0;
    process.exitCode = 0;
    try {
      await program.parseAsync(args, { from: "user" });
      return { text: said.join(""), code: process.exitCode };
    } catch (failure) {
      Object.assign(failure as Error, { said: said.join("") });
      throw failure;
    } finally {
      Object.assign(console, { log, error });
      process.stdout.write = write;
      process.exitCode = 0;
    }
  }
  /** What it said before it failed, and its error. */
  const failureOf = (...args: string[]): Promise<{ readonly said: string; readonly message: string }> =>
    operate(...args).then(
      () => ({ said: "", message: "no error" }),
      (error: unknown) => error as { said: string; message: string },
    );
  const json = async <T>(...args: string[]): Promise<T> => JSON.parse((await operate(...args, "--json")).text) as T;
  const key = (day: string, file = "partition.csv") => `features/output/process_date_jst=${day}/${file}`;
  const put = (Key: string, Body: string) =>
    laptop.clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));

  it("show a month of nothing before anything ran", async () => {
    const { text, code } = await operate(
      "partitions",
      "features",
      "--status",
      "--from",
      "2021-12-01",
      "--to",
      "2021-12-03",
    );
    equal(code, 2);
    match(text, /2021-12-01 +missing/);
    match(text, /0 of 3 days complete/);
  });

  it("backfill days, then skip them; a dry run starts nothing", async () => {
    const range = ["--from", "2021-12-01", "--to", "2021-12-03"];
    match(
      (await operate("backfill", "features", ...range, "--dry-run")).text,
      /2021-12-02 +missing +run[^]*3 days to run, 0 complete/,
    );
    match(
      (await operate("backfill", "features", ...range, "--parallel", "2")).text,
      /3 of 3 days succeeded, 0 skipped/,
    );
    match((await operate("backfill", "features", ...range)).text, /0 of 0 days succeeded, 3 skipped/);
    const { text, code } = await operate("partitions", "features", "--status", ...range);
    equal(code, 0);
    match(text, /2021-12-03 +complete +1 +[0-9.]+ KiB +[a-z0-9]{12} +20/);
  });

  it("plan what differs, apply it, and have nothing left to do", async () => {
    await laptop.clients.glue.send(new DeletePartitionCommand({ ...TABLE, PartitionValues: ["2021-12-01"] }));
    const bare = { Values: ["2021-12-02"], StorageDescriptor: { Location: `s3://${bucket}/elsewhere/` } };
    await laptop.clients.glue.send(
      new UpdatePartitionCommand({ ...TABLE, PartitionValueList: ["2021-12-02"], PartitionInput: bare }),
    );
    await put(key("2021-12-04"), "1,2\n");
    const plan = await operate("partitions", "features", "--plan");
    equal(plan.code, 1);
    match(plan.text, /^ {2}\+ process_date_jst=2021-12-01\/ \(1 file, [0-9.]+ KiB\)$/m);
    match(plan.text, /^ {2}~ process_date_jst=2021-12-02\/ .*\n +.*location/m);
    match(plan.text, /^ {2}! process_date_jst=2021-12-04\/ .*\n +.*2 columns/m);
    match(plan.text, /1 to create, 1 to update, 1 unchanged, 1 that must not be registered/);
    const applied = await operate("partitions", "features", "--apply");
    equal(applied.code, 1);
    match(applied.text, /4 looked at: 1 created, 1 updated, 1 same, 1 rejected/);
    await laptop.clients.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key("2021-12-04") }));
    deepEqual((await operate("partitions", "features")).code, 0);
  });

  it("give machines the same", async () => {
    const { partitions, counts } = await json<{ partitions: { path: string; action: string }[]; counts: object }>(
      "partitions",
      "features",
    );
    deepEqual(
      partitions.map(({ path, action }) => [path, action]),
      ["2021-12-01", "2021-12-02", "2021-12-03"].map((day) => [`process_date_jst=${day}/`, "same"]),
    );
    deepEqual(counts, { create: 0, update: 0, same: 3, remove: 0, reject: 0 });
    const days = await json<{ state: string }[]>("partitions", "features", "--status", "--process-date", "2021-12-03");
    deepEqual(
      days.map(({ state }) => state),
      ["complete"],
    );
  });

  it("answer a query, as a table, as CSV and as JSON", async () => {
    const sql =
      "select process_date_jst, count(*) > 2000 as many, null as nothing from features group by 1 order by 1 limit 1";
    match((await operate("query", sql)).text, /2021-12-01 +│ true +│ NULL[^]*1 row$/m);
    equal((await operate("query", "features", sql, "--csv")).text, "process_date_jst,many,nothing\n2021-12-01,true,\n");
    deepEqual(await json("query", "features", sql), [{ process_date_jst: "2021-12-01", many: true, nothing: null }]);
    await rejects(operate("query", "features", "drop table features"), /only SELECT and WITH/);
  });

  it("draw a calendar", async () => {
    const file = path.join(laptop.folder, "calendar.html");
    equal(
      (await operate("partitions", "features", "--calendar", file, "--from", "2021-12-01", "--to", "2021-12-05")).code,
      2,
    );
    const page = fs.readFileSync(file, "utf8");
    match(page, /<b>3<\/b> complete/);
    match(page, /<b>2<\/b> missing/);
  });

  it("run one step alone, with what an earlier one wrote for that day", async () => {
    const { text } = await operate("job", "features", "extract", "--process-date", "2021-12-01");
    match(text, /Completed after .*processing-job\/partitions-laptop-featuresJ-job[0-9a-f]+/);
    match(text, new RegExp(`extract → s3://${bucket}/features/execution/job`));
    match(
      (await operate("job", "features", "transform_step", "--process-date", "2021-12-01")).text,
      /--apply --process-date 2021-12-01/,
    );
    await rejects(
      operate("job", "features", "transform", "--process-date", "2020-01-01"),
      /run the pipeline for that day first/,
    );
    await rejects(
      operate("job", "features", "load"),
      /no processing step 'load'; it has: extract_step, transform_step/,
    );
  });

  it("do not register two runs' files of one day, whoever wrote the second, and lead out of it", async () => {
    const day = ["--process-date", "2021-12-03"];
    await sleep(1100);
    await put(key("2021-12-03", "part-0.csv"), "1,2,sun\n");
    const refused = await operate("partitions", "features", "--apply", ...day);
    equal(refused.code, 1);
    match(refused.text, /'partition\.csv' is of an earlier run .*operate leftovers features --process-date 2021-12-03/);
    match((await operate("partitions", "features", "--status", ...day)).text, /2021-12-03 +rejected/);
    match((await operate("leftovers", "features", ...day)).text, /2021-12-03\/partition\.csv .*\n1 file older/);
    match(
      (await operate("leftovers", "features", ...day, "--yes")).text,
      /moved s3:.*partition\.csv → features\/aside\//,
    );
    match((await operate("partitions", "features", "--apply", ...day)).text, /1 updated/);
    equal(
      (await operate("query", "select count(*) as n from features where process_date_jst = '2021-12-03'", "--csv"))
        .text,
      "n\n1\n",
    );
    await laptop.clients.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key("2021-12-03", "part-0.csv") }));
    match((await operate("run", "features", ...day)).text, /Succeeded/);
  });

  it("lead out of a wrongly named folder that fails every look at the whole table", async () => {
    const [dataset, day] = ["monthly_weather", ["--process-date", "2012-03-01"]];
    await put("monthly-weather/output/Year=2012/p.csv", "a,1,31,0.5,1.5,2.5,sun\n");
    await sleep(1100);
    match(
      (await failureOf("run", dataset, ...day)).said,
      /Year=2012\/: .* moves aside with .* leftovers monthly_weather$/m,
    );
    const status = await operate("partitions", dataset, "--status", ...day);
    match(status.text, /2012-03-01 +complete[^]*! Year=2012\/ rejected: .*operate leftovers monthly_weather\n$/);
    equal(status.code, 2);
    match(
      (await operate("leftovers", dataset, ...day)).text,
      /nothing to do; .*: operate leftovers monthly_weather\n$/,
    );
    match(
      (await operate("leftovers", dataset, "--yes")).text,
      /moved s3:.* → monthly-weather\/aside\/.*Year=2012\/p\.csv/,
    );
    match((await operate("run", dataset, ...day)).text, /register_step +Succeeded[^]*Succeeded after/);
    equal((await operate("partitions", dataset)).code, 0);
    match((await operate("job", dataset, "monthly", ...day)).text, /operate partitions monthly_weather --apply\n$/);
  });

  it("tell why a run failed, with the end of its log", async () => {
    await put("features/raw/weather.csv", "date,temp_min,weather\n2021-12-03,1,rain\n");
    const failure = await failureOf("run", "features", "--process-date", "2021-12-05");
    match(failure.message, /extract_step/);
    match(failure.said, /extract_step +Failed[^]*log of extract_step, last lines:[^]*KeyError|temp_max/);
    match(failure.said, /log of extract_step: the log of \/aws\/sagemaker\/ProcessingJobs/);
    await rejects(
      operate("backfill", "features", "--process-date", "2021-12-05"),
      /not: 2021-12-05 \(Failed\)\. Executions/,
    );
  });

  it("refuse what is none", async () => {
    await rejects(operate("partitions", "nothing"), /no dataset 'nothing'; there are: features/);
    await rejects(operate("backfill", "features"), /name the days/);
    await rejects(
      operate("backfill", "features", "--from", "2021-12-01", "--parallel", "0"),
      /whole number from 1 to 50/,
    );
    await rejects(operate("run", "features", "--process-date", "2021-02-30"), /'2021-02-30' is not a day/);
  });

  it("leave the data as it was", async () => {
    const { Contents = [] } = await laptop.clients.s3.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: "features/output/" }),
    );
    deepEqual(
      Contents.map(({ Key }) => Key).sort(),
      ["2021-12-01", "2021-12-02", "2021-12-03"].map((day) => key(day)),
    );
  });
});
