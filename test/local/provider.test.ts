import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { GetTableCommand } from "@aws-sdk/client-glue";
import { DeleteBucketTaggingCommand, GetBucketTaggingCommand } from "@aws-sdk/client-s3";
import { CatalogDatabase } from "@pulumi/aws/glue/catalogDatabase";
import { CatalogTable } from "@pulumi/aws/glue/catalogTable";
import { Role } from "@pulumi/aws/iam/role";
import { Bucket } from "@pulumi/aws/s3/bucket";
import { BucketObjectv2 } from "@pulumi/aws/s3/bucketObjectv2";
import * as pulumi from "@pulumi/pulumi";
import { resolveEngine, type Engine } from "../../local/engine";
import { LAPTOP_ACCOUNT } from "../../local/environment";
import { startMoto, type Moto } from "../../local/moto";
import { startProviders } from "../../local/provider";
import { awsAt, type Aws } from "../../local/provider/clients";
import { openStack, type LaptopStack } from "../../local/stack";

const REGION = "us-east-1";
// A first run builds the engine and installs moto.
const FIRST_RUN_MS = 900_000;
const STEP_MS = 120_000;

interface Declared {
  readonly bucket: string;
  readonly tags: Record<string, string>;
  readonly columns: readonly string[];
  readonly content: string;
}

const FIRST: Declared = { bucket: "laptop-data", tags: { team: "a", old: "1" }, columns: ["a"], content: "1" };

const programOf = (declared: Declared) => async () => {
  const bucket = new Bucket("data", { bucket: declared.bucket, forceDestroy: true, tags: declared.tags });
  const script = new BucketObjectv2("script", {
    bucket: bucket.bucket,
    key: "code/job.py",
    source: new pulumi.asset.StringAsset(declared.content),
  });
  const role = new Role("Job", { assumeRolePolicy: { Version: "2012-10-17", Statement: [] } });
  const database = new CatalogDatabase("database", { name: "laptop" });
  const table = new CatalogTable("table", {
    name: "features",
    databaseName: database.name,
    partitionKeys: [{ name: "day", type: "string" }],
    storageDescriptor: {
      location: pulumi.interpolate`s3://${bucket.bucket}/output/`,
      columns: declared.columns.map((name) => ({ name, type: "int" })),
    },
  });
  return { bucket: bucket.arn, table: table.arn, etag: script.etag, role: role.name };
};

/** A resource of any type, with any inputs. */
class Declaration extends pulumi.CustomResource {}

describe("the laptop's provider", function () {
  this.timeout(STEP_MS);
  let engine: Engine;
  let moto: Moto;
  let aws: Aws;
  let folder: string;
  let stack: LaptopStack | undefined;

  before(async function () {
    this.timeout(FIRST_RUN_MS);
    engine = await resolveEngine(console.log);
    moto = await startMoto({ region: REGION }, console.log);
    aws = awsAt({ endpoint: moto.endpoint, region: REGION, accountId: LAPTOP_ACCOUNT });
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "provider-test-"));
    fs.writeFileSync(path.join(folder, "Pulumi.yaml"), "name: partitions\nruntime: nodejs\n");
  });
  afterEach(() => stack?.close());
  after(async () => {
    await moto?.stop();
    if (folder) fs.rmSync(folder, { recursive: true, force: true });
  });

  const open = async (program: () => Promise<Record<string, unknown>>, stackName = "laptop") =>
    (stack = await openStack({
      program,
      stackName,
      stateDir: path.join(folder, "state"),
      endpoint: moto.endpoint,
      region: REGION,
      projectFile: path.join(folder, "Pulumi.yaml"),
      engine,
    }));
  const columnsOfTable = async () => {
    const { Table } = await aws.glue.send(new GetTableCommand({ DatabaseName: "laptop", Name: "features" }));
    return Table?.StorageDescriptor?.Columns?.map(({ Name }) => Name);
  };
  const tagsOfBucket = async (name: string) =>
    (await aws.s3.send(new GetBucketTaggingCommand({ Bucket: name }))).TagSet?.map(({ Key }) => Key).sort();

  it("creates what a preview announced, with every output", async () => {
    const opened = await open(programOf(FIRST));
    assert.deepEqual(await opened.preview(), { create: 6 });
    const outputs = await opened.up();
    assert.equal(outputs["bucket"]?.value, "arn:aws:s3:::laptop-data");
    assert.equal(outputs["table"]?.value, `arn:aws:glue:${REGION}:${LAPTOP_ACCOUNT}:table/laptop/features`);
    assert.match(String(outputs["role"]?.value), /^Job-[0-9a-f]{7}$/);
    assert.deepEqual(await columnsOfTable(), ["a"]);
  });

  it("finds no change in what has not changed", async () => {
    const opened = await open(programOf(FIRST));
    assert.deepEqual(await opened.preview({ expectNoChanges: true }), { same: 6 });
    assert.deepEqual(await opened.refresh(), { same: 6 });
  });

  it("updates in place what AWS can update", async () => {
    const opened = await open(programOf({ ...FIRST, tags: { team: "b" }, columns: ["a", "b"], content: "2" }));
    assert.deepEqual(await opened.preview(), { same: 3, update: 3 });
    await opened.up();
    assert.deepEqual(await columnsOfTable(), ["a", "b"]);
    assert.deepEqual(await tagsOfBucket("laptop-data"), ["team"]);
    assert.deepEqual(await opened.preview({ expectNoChanges: true }), { same: 6 });
  });

  it("sees what was changed behind its back", async () => {
    const opened = await open(programOf({ ...FIRST, tags: { team: "b" }, columns: ["a", "b"], content: "2" }));
    await aws.s3.send(new DeleteBucketTaggingCommand({ Bucket: "laptop-data" }));
    assert.deepEqual(await opened.refresh(), { same: 5, update: 1 });
    await opened.up();
    assert.deepEqual(await tagsOfBucket("laptop-data"), ["team"]);
  });

  it("replaces what AWS cannot rename, and with it what is inside", async () => {
    const opened = await open(programOf({ ...FIRST, bucket: "laptop-other" }));
    const changes = await opened.preview();
    assert.equal(changes["replace"], 2);
    await opened.up();
    assert.deepEqual(await tagsOfBucket("laptop-other"), ["old", "team"]);
    await assert.rejects(tagsOfBucket("laptop-data"), /bucket/i);
  });

  it("deletes everything", async () => {
    const opened = await open(programOf(FIRST));
    await opened.destroy();
    await assert.rejects(columnsOfTable(), /not found/i);
    assert.deepEqual(await opened.outputs(), {});
  });

  const refused = async (type: string, inputs: pulumi.Inputs, reason: RegExp) => {
    const opened = await open(async () => {
      new Declaration(type, "refused", inputs);
      return {};
    }, "refused");
    await assert.rejects(opened.preview(), reason);
    opened.close();
  };

  it("refuses an unknown property, at every level", async () => {
    const type = "aws:glue/catalogTable:CatalogTable";
    await refused(type, { databaseName: "d", openTableFormatInput: {} }, /'openTableFormatInput' of aws:glue/);
    await refused(type, { databaseName: "d", storageDescriptor: { x: 1 } }, /'storageDescriptor.x' of aws:glue/);
  });

  it("refuses a missing property and one of the wrong type", async () => {
    await refused("aws:glue/catalogTable:CatalogTable", { retention: "long" }, /databaseName[\s\S]*retention/);
  });

  it("refuses a text that has too many bytes for the real provider, which takes three for a Japanese character", async () => {
    const type = "aws:glue/catalogTable:CatalogTable";
    const partitionKeys = [{ name: "day", comment: "日".repeat(86) }];
    await refused(type, { databaseName: "d", partitionKeys }, /partitionKeys\.0\.comment: must have 0 to 255 bytes/);
  });

  it("refuses an unknown resource type", async () => {
    await refused("aws:dynamodb/table:Table", {}, /aws:dynamodb\/table:Table is not a type the laptop AWS supports/);
  });

  it("refuses an endpoint that is not on this machine", async () => {
    const place = { endpoint: "https://s3.us-east-1.amazonaws.com", region: REGION, accountId: LAPTOP_ACCOUNT };
    await assert.rejects(startProviders(place), /must be on this machine, got endpoint 'https:/);
  });
});
