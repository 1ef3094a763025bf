import { DeleteObjectCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { GetPartitionsCommand } from "@aws-sdk/client-glue";
import * as aws from "@pulumi/aws";
import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { databaseName, pipelineName } from "../../contract/names";
import { Watch } from "../../local/deploy";
import { query } from "../../local/query";
import { seed } from "../../local/seed";
import { LAPTOP, ROOT } from "../../local/settings";
import { openStack } from "../../local/stack";
import { runPipeline, type ExecutionResult } from "../../operations/executions";
import { useStartedLaptop } from "../support/startedLaptop";
import { testsOfEveryKind } from "./kinds";

const DAY = "2021-12-01";
const SAMPLE = path.join(ROOT, "datasets/features/sample/weather.csv");

describe("the laptop AWS, on the real engine", function () {
  this.timeout(300_000);
  const laptop = useStartedLaptop();
  let bucket: string;
  before(async () => {
    bucket = await laptop.deploy();
  });

  function run(processDate: string): Promise<Omit<ExecutionResult, "steps"> & { readonly steps: readonly string[] }> {
    const steps: string[] = [];
    return runPipeline(laptop.clients.sagemaker, {
      pipeline: pipelineName(LAPTOP, "features"),
      processDate,
      pollMs: 100,
      onStep: ({ name, status, outputs, failure = "" }) => {
        const facts = Object.entries(outputs ?? {}).map((pair) => pair.join("="));
        steps.push([name, status, ...facts, failure].join(" ").trim());
      },
    }).then((result) => ({ ...result, steps }));
  }

  async function rows(sql: string) {
    const { endpoint } = laptop;
    return (await query({ endpoint, region: LAPTOP.region, database: databaseName(LAPTOP), sql })).rows;
  }

  async function partitions(): Promise<string[]> {
    const { Partitions = [] } = await laptop.clients.glue.send(
      new GetPartitionsCommand({ DatabaseName: databaseName(LAPTOP), TableName: "features" }),
    );
    return Partitions.map(
      ({ Values = [], StorageDescriptor }) => `${Values.join()} ${StorageDescriptor?.Location ?? ""}`,
    ).sort();
  }

  async function outputKeys(): Promise<string[]> {
    const { Contents = [] } = await laptop.clients.s3.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: "features/output/" }),
    );
    return Contents.map(({ Key = "" }) => Key).sort();
  }

  /** What the input says, read without any code of the project. */
  function expected(): string[][] {
    const [header = "", ...lines] = fs.readFileSync(SAMPLE, "utf8").trim().split("\n");
    const names = header.trim().split(",");
    const at = ["temp_max", "temp_min", "weather"].map((name) => names.indexOf(name));
    return lines.map((line) => at.map((index) => line.trim().split(",")[index] ?? "")).sort();
  }

  it("makes a queryable partition from a local folder: the rows are the input's", async () => {
    const result = await run(DAY);
    equal(result.status, "Succeeded", result.failure);
    const location = `s3://${bucket}/features/output/process_date_jst=${DAY}/`;
    deepEqual(await outputKeys(), [`features/output/process_date_jst=${DAY}/partition.csv`]);
    deepEqual(await partitions(), [`${DAY} ${location}`]);
    const found = await rows(`select feature1, feature2, y from features where process_date_jst = '${DAY}'`);
    ok(found.length > 2000);
    deepEqual(found.map((row) => row.map(String)).sort(), expected());
  });

  it("gives the same rows once when a day is run again", async () => {
    const before = await rows("select * from features order by all");
    const again = await run(DAY);
    equal(again.status, "Succeeded", again.failure);
    ok(
      again.steps.some((step) => /^register_step Succeeded .*created=0.*same=1/.test(step)),
      again.steps.join("\n"),
    );
    deepEqual(await rows("select * from features order by all"), before);
  });

  it("keeps days apart", async () => {
    equal((await run("2021-12-02")).status, "Succeeded");
    deepEqual(await rows("select process_date_jst, count(*) from features group by 1 order by 1"), [
      [DAY, expected().length],
      ["2021-12-02", expected().length],
    ]);
  });

  testsOfEveryKind(laptop);

  it("changes nothing on a second up, and previews none", async () => {
    await laptop.withStack(async (stack) => {
      const watch = new Watch();
      await watch.over(stack.up(watch));
      deepEqual([...watch.done.keys()], ["same"]);
      await stack.preview({ expectNoChanges: true });
    });
  });

  it("fails the run with the script's own message and registers nothing", async () => {
    const before = await partitions();
    const at = { Bucket: bucket, Key: "features/raw/weather.csv" };
    await laptop.clients.s3.send(new PutObjectCommand({ ...at, Body: "date,temp_min,weather\n2021-12-03,1,rain\n" }));
    const result = await run("2021-12-03");
    await laptop.clients.s3.send(new DeleteObjectCommand(at));
    await seed(laptop.endpoint, bucket);
    equal(result.status, "Failed");
    ok(
      result.steps.some((step) => step.startsWith("extract_step Failed")),
      result.steps.join("\n"),
    );
    ok(!result.steps.some((step) => step.startsWith("register_step")), result.steps.join("\n"));
    deepEqual(await partitions(), before);
    deepEqual(
      await outputKeys(),
      [DAY, "2021-12-02"].map((day) => `features/output/process_date_jst=${day}/partition.csv`),
    );
  });

  it("stops a program whose table breaks the contract, by the policy's name, before the table is made", async () => {
    const stack = await openStack({
      endpoint: laptop.endpoint,
      engine: laptop.engine,
      stateDir: path.join(laptop.folder, "broken"),
      stackName: "broken",
      region: LAPTOP.region,
      projectFile: LAPTOP.projectFile,
      config: LAPTOP.config,
      policyPacks: [LAPTOP.policyPack],
      program: () => {
        new aws.glue.CatalogTable("almost", {
          name: "almost",
          databaseName: databaseName(LAPTOP),
          tableType: "EXTERNAL_TABLE",
          parameters: { classification: "csv" },
          partitionKeys: [{ name: "Process_Date", type: "string" }],
          storageDescriptor: {
            location: "s3://bucket/almost/output/",
            columns: [{ name: "a", type: "string" }],
            inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
            outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
            serDeInfo: {
              serializationLibrary: "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
              parameters: { "field.delim": "," },
            },
          },
        });
        return Promise.resolve();
      },
    });
    try {
      const watch = new Watch();
      await rejects(watch.over(stack.up(watch)), /aws-glue-table-use-lower-case-names/);
    } finally {
      stack.close();
    }
    await rejects(rows("select * from almost"), /almost/);
  });

  it("leaves nothing but protected data and its parents when it is destroyed", async () => {
    await laptop.withStack(async (stack) => {
      const watch = new Watch();
      await watch.over(stack.destroy({ ...watch, excludeProtected: true }));
      ok((watch.done.get("delete") ?? 0) > 20, watch.summary());
    });
    equal((await outputKeys()).length, 2);
    equal((await partitions()).length, 2);
    const left = fs
      .readdirSync(path.join(laptop.stateDir, ".pulumi/stacks/partitions"))
      .filter((name) => name === `${LAPTOP.stack}.json`)
      .map((name) => fs.readFileSync(path.join(laptop.stateDir, ".pulumi/stacks/partitions", name), "utf8"))
      .map(
        (text) => JSON.parse(text) as { checkpoint: { latest: { resources: { type: string; protect?: boolean }[] } } },
      )
      .flatMap((state) => state.checkpoint.latest.resources);
    for (const { type, protect } of left)
      if (type.startsWith("aws:")) match(`${type} protect=${protect}`, /aws:(s3|kms|glue|ecr)\/.* protect=true/);
  });
});
