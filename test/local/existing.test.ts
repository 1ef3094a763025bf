import { deepEqual, equal, match, rejects } from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as glue from "@aws-sdk/client-glue";
import { CreateBucketCommand, GetBucketPolicyCommand } from "@aws-sdk/client-s3";
import { DataBucket } from "../../components/bucket";
import { Catalog } from "../../components/catalog";
import { partitionedTable } from "../../components/table";
import type { Dataset } from "../../contract/dataset";
import { namesOf, type Deployment } from "../../contract/names";
import { athena } from "../../contract/registration";
import { features } from "../../datasets/features/dataset";
import { resolveEngine, type Engine } from "../../local/engine";
import { LAPTOP_ACCOUNT } from "../../local/environment";
import { startMoto, type Moto } from "../../local/moto";
import { awsAt, type Aws } from "../../local/provider/clients";
import { openStack, type LaptopStack } from "../../local/stack";
import { startLanguageHost } from "../support/languageHost";

const REGION = "ap-northeast-1";
const BUCKET = "team-data";
const DATABASE = "team-lake";
const TABLE = "old_features";

const PARTITION: glue.PartitionInput = {
  Values: ["2021-11-30"],
  StorageDescriptor: { Location: `s3://${BUCKET}/features/output/process_date_jst=2021-11-30/` },
};

/** What a team typed into Athena long ago: no comments, no slash at the end, parameters of Athena's own. */
const BY_HAND: glue.TableInput = {
  Name: TABLE,
  Owner: "hadoop",
  TableType: "EXTERNAL_TABLE",
  Retention: 0,
  Parameters: { EXTERNAL: "TRUE", transient_lastDdlTime: "1638316800" },
  PartitionKeys: [{ Name: "process_date_jst", Type: "string" }],
  StorageDescriptor: {
    Location: `s3://${BUCKET}/features/output`,
    Columns: ["feature1", "feature2", "y"].map((Name) => ({ Name, Type: "string" })),
    InputFormat: "org.apache.hadoop.mapred.TextInputFormat",
    OutputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
    Compressed: false,
    NumberOfBuckets: -1,
    SerdeInfo: {
      SerializationLibrary: "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
      Parameters: { "field.delim": ",", "serialization.format": "," },
    },
    StoredAsSubDirectories: false,
  },
};

const declared = (existing: boolean, change: Partial<Dataset> = {}): Dataset => ({
  ...features,
  readers: [athena({ accountIds: ["999999999999"] })],
  table: { physicalName: TABLE, existing },
  ...change,
});

/** The parts of a stack that bucket, database and tables belong to. */
const programOf =
  (dataset: Dataset, existing: Partial<Deployment> = {}) =>
  () => {
    const names = namesOf({
      ...{ partition: "aws", region: REGION, accountId: LAPTOP_ACCOUNT },
      ...{ project: "partitions", stack: "laptop", bucketPrefix: "x" },
      ...{ existingBucket: BUCKET, existingDatabase: DATABASE, ...existing },
    });
    const stack = { names, datasets: [dataset], mayDestroy: false };
    const bucket = new DataBucket("data", { ...stack, keyArn: "unused" });
    const catalog = new Catalog("catalog", stack);
    const opts = {
      parent: new pulumi.ComponentResource("partitions:test:Table", dataset.name),
      dependsOn: [catalog, bucket],
    };
    const location = partitionedTable(dataset.name, { ...stack, dataset }, opts);
    return Promise.resolve({ table: opts.parent.urn, location });
  };

describe("bucket, database and table that are there already, on the real engine", function () {
  this.timeout(300_000);
  let engine: Engine;
  let moto: Moto;
  let aws: Aws;
  let folder: string;
  let stack: LaptopStack | undefined;
  let endHost: (() => void) | undefined;

  before(async function () {
    this.timeout(900_000);
    engine = await resolveEngine(console.log);
    moto = await startMoto({ region: REGION }, console.log);
    aws = awsAt({ endpoint: moto.endpoint, region: REGION, accountId: LAPTOP_ACCOUNT });
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "existing-test-"));
    fs.writeFileSync(path.join(folder, "Pulumi.yaml"), "name: partitions\nruntime: nodejs\n");
    await aws.s3.send(
      new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: REGION } }),
    );
    await aws.glue.send(new glue.CreateDatabaseCommand({ DatabaseInput: { Name: DATABASE } }));
    await aws.glue.send(new glue.CreateTableCommand({ DatabaseName: DATABASE, TableInput: BY_HAND }));
    const partition = { DatabaseName: DATABASE, TableName: TABLE, PartitionInput: PARTITION };
    await aws.glue.send(new glue.CreatePartitionCommand(partition));
  });
  afterEach(() => {
    stack?.close();
    endHost?.();
  });
  after(async () => {
    await moto?.stop();
    if (folder) fs.rmSync(folder, { recursive: true, force: true });
  });

  const open = async (program: ReturnType<typeof programOf>) =>
    (stack = await openStack({
      ...{ program, stackName: "laptop", endpoint: moto.endpoint, region: REGION, engine },
      ...{ stateDir: path.join(folder, "state"), projectFile: path.join(folder, "Pulumi.yaml") },
    }));
  const openWithLanguageHost = async (program: ReturnType<typeof programOf>) => {
    const { PATH: before = "" } = process.env;
    const bin = fs.mkdtempSync(path.join(folder, "bin-"));
    endHost = await startLanguageHost(bin);
    process.env.PATH = [bin, before].join(path.delimiter);
    try {
      return await open(program);
    } finally {
      process.env.PATH = before;
    }
  };
  const tableNow = async () =>
    (await aws.glue.send(new glue.GetTableCommand({ DatabaseName: DATABASE, Name: TABLE }))).Table;
  const partitionsNow = async () =>
    (await aws.glue.send(new glue.GetPartitionsCommand({ DatabaseName: DATABASE, TableName: TABLE }))).Partitions?.map(
      ({ Values }) => Values,
    );

  it("are used as they are: nothing of them is made, changed or taken into the state", async () => {
    const before = await tableNow();
    const opened = await open(programOf(declared(true)));
    // The stack and the components, which are no things of AWS.
    deepEqual(await opened.preview(), { create: 4 });
    await opened.up();
    deepEqual(await tableNow(), before);
    await rejects(aws.s3.send(new GetBucketPolicyCommand({ Bucket: BUCKET })), /policy/i);
    deepEqual(await opened.preview({ expectNoChanges: true }), { same: 4 });
  });

  it("are missed at preview when they are not there, by name", async () => {
    await rejects((await open(programOf(declared(true), { existingBucket: "nobodys" }))).preview(), /getBucket/);
    stack?.close();
    const other = declared(true, { table: { physicalName: "nobodys", existing: true } });
    await rejects((await open(programOf(other))).preview(), /getCatalogTable.*[\s\S]*nobodys/);
  });

  it("are refused at preview when what a dataset writes would not be read", async () => {
    const other = declared(true, { prefix: "elsewhere", partitionKeys: [] });
    await rejects((await open(programOf(other))).preview(), (error: Error) => {
      match(error.message, /table 'team-lake\.old_features', which dataset 'features' says is there:/);
      match(error.message, /location is "s3:\/\/team-data\/features\/output\/", the dataset's ".*elsewhere/);
      match(error.message, /partition keys is "process_date_jst string", the dataset's ""/);
      return true;
    });
  });

  it("can be imported: then the table is changed in place, and keeps its partitions", async () => {
    const opened = await openWithLanguageHost(programOf(declared(true)));
    const { table: component } = await opened.outputs();
    const id = `${LAPTOP_ACCOUNT}:${DATABASE}:${TABLE}`;
    const imported = await opened.runEngine([
      ...["import", "aws:glue/catalogTable:CatalogTable", "features-table", id],
      ...[
        "--parent",
        `features=${String(component?.value)}`,
        "--generate-code=false",
        "--skip-preview",
        "--yes",
        "--suppress-progress",
        "--stack",
        "laptop",
      ],
    ]);
    equal(imported, 0);
    stack?.close();

    const managed = await open(programOf(declared(false)));
    deepEqual(await managed.preview(), { same: 4, update: 1 });
    await managed.up();
    deepEqual(await partitionsNow(), [PARTITION.Values]);
    const { StorageDescriptor: storage, Parameters: parameters } = (await tableNow()) ?? {};
    equal(storage?.Location, `s3://${BUCKET}/features/output/`);
    equal(storage?.Columns?.[0]?.Comment, features.columns[0].comment);
    equal(parameters?.["classification"], "csv");
    deepEqual(await managed.preview({ expectNoChanges: true }), { same: 5 });
  });
});
