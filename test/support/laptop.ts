import { GlueClient, type Partition, type StorageDescriptor, type Table } from "@aws-sdk/client-glue";
import * as glueApi from "@aws-sdk/client-glue";
import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { csv, serdeOf, type Csv } from "../../contract/csv";
import { column } from "../../contract/columns";
import type { DatasetDocument } from "../../contract/document";
import { dateKey, type PartitionKey } from "../../contract/keys";
import { LAPTOP_CREDENTIALS } from "../../local/environment";
import { startMoto, type Moto } from "../../local/moto";
import type { Clients } from "../../operations/clients";
import { apply, type ApplyOptions } from "../../operations/reconcile/apply";
import type { Outcome } from "../../operations/reconcile/outcome";
import { plan, type PlannedPartition } from "../../operations/reconcile/plan";
import { reconcile } from "../../operations/reconcile/reconcile";
import type { ReconcileRequest } from "../../operations/reconcile/request";
import { Faults } from "./faults";

const region = "ap-northeast-1";
const BUCKET = "data";
const DATABASE = "lake";

/** One line that fits {@link Lake.table}'s default columns. */
export const ROW = "a,b,1\n";
/** What is told of a partition that holds it. */
export const ONE_ROW = { bytes: ROW.length, rows: 1 } as const;

/** A real table in moto, and the folder it stands on. */
export interface LakeTable {
  readonly name: string;
  readonly document: DatasetDocument;
  /** `s3://…/output/` */
  readonly location: string;
}

/** S3 and Glue in moto. Tests prepare and look by the direct way; what is tested goes through the faults. */
export class Lake {
  // Set by open(), which mocha calls before the tests.
  declare s3: S3Client;
  declare glue: GlueClient;
  declare faults: Faults;
  /** What is tested uses these. Few attempts: a storm must not make a test wait. */
  declare clients: Clients;
  private moto: Moto | undefined;
  private count = 0;

  async open(): Promise<void> {
    this.moto = await startMoto({ region }, () => undefined);
    this.faults = await Faults.start(this.moto.endpoint);
    const direct = { region, credentials: LAPTOP_CREDENTIALS, endpoint: this.moto.endpoint };
    this.s3 = new S3Client({ ...direct, forcePathStyle: true });
    this.glue = new GlueClient(direct);
    const through = { ...direct, endpoint: this.faults.endpoint, maxAttempts: 3 };
    this.clients = { s3: new S3Client({ ...through, forcePathStyle: true }), glue: new GlueClient(through) };
    const place = { LocationConstraint: region } as const;
    await this.s3.send(new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: place }));
    await this.glue.send(new glueApi.CreateDatabaseCommand({ DatabaseInput: { Name: DATABASE } }));
  }

  async close(): Promise<void> {
    await this.faults?.stop();
    await this.moto?.stop();
  }

  /** Points the SDK of this process at the faults, as a Lambda's environment points it at AWS. */
  async withEnvironment<T>(work: () => Promise<T>): Promise<T> {
    const before = { ...process.env };
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: this.faults.endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: LAPTOP_CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: LAPTOP_CREDENTIALS.secretAccessKey,
    });
    try {
      return await work();
    } finally {
      process.env = before;
    }
  }

  /** A new, empty table. Default: one day as its key, three columns, no header. */
  async table(given: { keys?: readonly PartitionKey[]; format?: Csv } = {}): Promise<LakeTable> {
    const { keys = [dateKey("process_date_jst", { timeZone: "Asia/Tokyo" })], format = csv() } = given;
    const name = `t${++this.count}`;
    const location = `s3://${BUCKET}/${name}/output/`;
    const columns = ["feature1", "feature2", "y"].map((each) => column(each, "string", `説明 ${each}`));
    const serde = serdeOf(format);
    await this.glue.send(
      new glueApi.CreateTableCommand({
        DatabaseName: DATABASE,
        TableInput: {
          Name: name,
          TableType: "EXTERNAL_TABLE",
          PartitionKeys: keys.map((key) => ({ Name: key.name, Type: key.type })),
          StorageDescriptor: {
            Location: location,
            Columns: columns.map(({ name, type, comment }) => ({ Name: name, Type: type, Comment: comment })),
            InputFormat: serde.inputFormat,
            OutputFormat: serde.outputFormat,
            SerdeInfo: { SerializationLibrary: serde.serializationLibrary, Parameters: { ...serde.parameters } },
          },
        },
      }),
    );
    this.faults.reset();
    return { name, location, document: { name, partitionKeys: keys, columns, format } };
  }

  /** Writes a file below the table's location. */
  async put(table: LakeTable, file: string, body: string | Uint8Array = ROW): Promise<void> {
    const key = `${table.name}/output/${file}`;
    await this.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: Buffer.from(body) }));
  }

  /** Keys below the table's location, sorted. */
  async files(table: LakeTable): Promise<string[]> {
    const prefix = `${table.name}/output/`;
    const { Contents = [] } = await this.s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: prefix }));
    return Contents.map(({ Key = "" }) => Key.slice(prefix.length));
  }

  /** Adds a parameter to the table's SerDe, as a deployment of a changed declaration does. */
  async changeSerde(table: LakeTable, parameter: Record<string, string>): Promise<void> {
    const { Name, TableType, PartitionKeys, StorageDescriptor } = await this.readTable(table);
    const serde = StorageDescriptor?.SerdeInfo;
    const descriptor = {
      ...StorageDescriptor,
      SerdeInfo: { ...serde, Parameters: { ...serde?.Parameters, ...parameter } },
    };
    const input = { Name, TableType, PartitionKeys, StorageDescriptor: descriptor };
    await this.glue.send(new glueApi.UpdateTableCommand({ DatabaseName: DATABASE, TableInput: input }));
  }

  async readTable(table: LakeTable): Promise<Table> {
    const found = await this.glue.send(new glueApi.GetTableCommand({ DatabaseName: DATABASE, Name: table.name }));
    if (!found.Table) throw new Error(`no table ${table.name}`);
    return found.Table;
  }

  /** The registered partitions by their values. */
  async partitions(table: LakeTable): Promise<Record<string, Partition>> {
    const found = await this.glue.send(
      new glueApi.GetPartitionsCommand({ DatabaseName: DATABASE, TableName: table.name }),
    );
    return Object.fromEntries((found.Partitions ?? []).map((each) => [(each.Values ?? []).join("/"), each]));
  }

  /** Registers a partition behind the back of what is tested: the right one, but for `change`. */
  async register(table: LakeTable, values: string[], path: string, change: StorageDescriptor = {}): Promise<void> {
    const { StorageDescriptor: whole } = await this.readTable(table);
    await this.glue.send(
      new glueApi.CreatePartitionCommand({
        DatabaseName: DATABASE,
        TableName: table.name,
        PartitionInput: {
          Values: values,
          StorageDescriptor: { ...whole, Location: `${table.location}${path}`, ...change },
        },
      }),
    );
  }

  /** Changes a partition's parameters alone. */
  async setParameters(table: LakeTable, values: string[], parameters: Record<string, string>): Promise<void> {
    const id = { DatabaseName: DATABASE, TableName: table.name };
    const { Partition: found } = await this.glue.send(
      new glueApi.GetPartitionCommand({ ...id, PartitionValues: values }),
    );
    const input = { Values: values, StorageDescriptor: found?.StorageDescriptor, Parameters: parameters };
    await this.glue.send(
      new glueApi.UpdatePartitionCommand({ ...id, PartitionValueList: values, PartitionInput: input }),
    );
  }

  /** A request for the table: for the partitions with such values, or for all. */
  request(
    table: LakeTable,
    known: Record<string, string> = {},
    given: Partial<ReconcileRequest> = {},
  ): ReconcileRequest {
    const scope = Object.keys(known).length > 0 ? ({ kind: "values", known } as const) : ({ kind: "table" } as const);
    const { document, name } = table;
    return { database: DATABASE, table: name, document, scope, facts: { run: "test" }, removals: false, ...given };
  }

  /** Plans and applies; all outcomes. */
  async reconcile(
    table: LakeTable,
    known: Record<string, string> = {},
    given: Partial<ReconcileRequest> = {},
    options: ApplyOptions = {},
  ): Promise<Outcome[]> {
    return all(reconcile(this.clients, this.request(table, known, given), { attempts: 3, ...options }));
  }

  /** Registers one folder as somebody else would who runs the same program, past the faults. */
  async reconcileDirectly(table: LakeTable, path: string): Promise<void> {
    const direct = { s3: this.s3, glue: this.glue };
    const planned = await all(plan(direct, this.request(table)));
    const these = planned.filter((each) => each.path === path);
    await all(apply(direct, this.request(table), each(these)));
  }

  /** The whole plan. */
  async plan(table: LakeTable, given: Partial<ReconcileRequest> = {}): Promise<PlannedPartition[]> {
    return all(plan(this.clients, this.request(table, {}, given)));
  }
}

/** A stream of a list. */
export async function* each<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  for (const item of items) yield await Promise.resolve(item);
}

/** Everything that a stream brings. */
export async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** The lake of a describe block: there while its tests run; each test begins without faults. */
export function useLake(): Lake {
  const lake = new Lake();
  before(async function () {
    this.timeout(120_000);
    await lake.open();
  });
  after(() => lake.close());
  beforeEach(() => lake.faults.reset());
  return lake;
}

/** Name of the database of every {@link LakeTable}. */
export { DATABASE };
