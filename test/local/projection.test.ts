import { deepEqual, match, rejects } from "node:assert/strict";
import { CreateDatabaseCommand, CreatePartitionCommand, CreateTableCommand, GlueClient } from "@aws-sdk/client-glue";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { dateKey, enumKey, integerKey, valuesAt } from "../../contract/keys";
import { projectionParameters } from "../../contract/projection/render";
import { projection } from "../../contract/registration";
import { LAPTOP_CREDENTIALS } from "../../local/environment";
import { startMoto, type Moto } from "../../local/moto";
import { query } from "../../local/query";

const region = "ap-northeast-1";
const database = "lake_dev";

describe("queries of projected tables", function () {
  this.timeout(120_000);
  let moto: Moto;
  let s3: S3Client;
  let glue: GlueClient;

  before(async () => {
    moto = await startMoto({ region }, () => undefined);
    const config = { endpoint: moto.endpoint, region, credentials: LAPTOP_CREDENTIALS };
    s3 = new S3Client({ ...config, forcePathStyle: true });
    glue = new GlueClient(config);
    const CreateBucketConfiguration = { LocationConstraint: region } as const;
    await s3.send(new CreateBucketCommand({ Bucket: "data", CreateBucketConfiguration }));
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: database } }));
  });
  after(() => moto?.stop());

  const put = (key: string, body: string) => s3.send(new PutObjectCommand({ Bucket: "data", Key: key, Body: body }));
  const ask = async (sql: string) => (await query({ endpoint: moto.endpoint, region, database, sql })).rows;
  const descriptor = (location: string) => ({
    Columns: [{ Name: "a", Type: "string" }],
    Location: location,
    InputFormat: "org.apache.hadoop.mapred.TextInputFormat",
    SerdeInfo: {
      SerializationLibrary: "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
      Parameters: { "field.delim": "," },
    },
  });

  async function table(
    name: string,
    keys: readonly (readonly [name: string, type: string])[],
    parameters: Record<string, string>,
  ): Promise<void> {
    await glue.send(
      new CreateTableCommand({
        DatabaseName: database,
        TableInput: {
          Name: name,
          TableType: "EXTERNAL_TABLE",
          Parameters: parameters,
          PartitionKeys: keys.map(([Name, Type]) => ({ Name, Type })),
          StorageDescriptor: descriptor(`s3://data/${name}/`),
        },
      }),
    );
  }

  it("see what lies in the ranges, today in Tokyo included, and nothing else", async () => {
    const partitionKeys = [
      dateKey("day", { timeZone: "Asia/Tokyo" }),
      enumKey("site", { values: ["tokyo", "osaka"] }),
      integerKey("shard", { digits: 2, type: "int" }),
    ];
    const registration = projection({ day: { from: "2021-12-01" }, shard: { from: 0, to: 11 } });
    const [key] = partitionKeys;
    const today = key ? (valuesAt([key], new Date())["day"] ?? "") : "";
    await table(
      "ours",
      partitionKeys.map(({ name, type }) => [name, type]),
      projectionParameters({ partitionKeys, registration }, "s3://data/ours/"),
    );
    for (const folder of [
      "day=2021-12-01/site=tokyo/shard=00",
      `day=${today}/site=osaka/shard=11`,
      ...[
        "day=2021-11-30/site=tokyo/shard=00",
        "day=2021-12-01/site=kyoto/shard=00",
        "day=2999-01-01/site=tokyo/shard=00",
      ],
      ...["day=2021-12-01/site=tokyo/shard=0", "day=2021-12-01/site=tokyo/shard=12", "day=2021-12-01"],
    ])
      await put(`ours/${folder}/partition.csv`, `${folder}\n`);
    await put("ours/day=2021-12-01/site=tokyo/shard=00/_SUCCESS", "hidden\n");
    deepEqual(await ask("select day, site, shard, a from ours order by day"), [
      ["2021-12-01", "tokyo", 0, "day=2021-12-01/site=tokyo/shard=00"],
      [today, "osaka", 11, `day=${today}/site=osaka/shard=11`],
    ]);
  });

  it("do not see what is registered", async () => {
    await table("two", [["n", "string"]], {
      "projection.enabled": "true",
      "projection.n.type": "integer",
      "projection.n.range": "1,2",
    });
    await put("two/n=1/partition.csv", "projected\n");
    await put("elsewhere/partition.csv", "registered\n");
    const partition = { Values: ["9"], StorageDescriptor: descriptor("s3://data/elsewhere/") };
    await glue.send(
      new CreatePartitionCommand({ DatabaseName: database, TableName: "two", PartitionInput: partition }),
    );
    deepEqual(await ask("select n, a from two"), [["1", "projected"]]);
  });

  it("read tables that others made: dates over several folders, values that the query would name", async () => {
    await table(
      "theirs",
      [
        ["hour", "timestamp"],
        ["device", "string"],
      ],
      {
        "projection.enabled": "true",
        "projection.hour.type": "date",
        "projection.hour.format": "yyyy/MM/dd/HH",
        "projection.hour.range": "2021/12/01/00,NOW",
        "projection.hour.interval": "1",
        "projection.hour.interval.unit": "HOURS",
        "projection.device.type": "injected",
        "storage.location.template": "s3://data/theirs/${device}/in/${hour}/",
      },
    );
    await put("theirs/d-1/in/2021/12/01/05/x.csv", "one\n");
    await put("theirs/d-2/in/2021/11/30/05/x.csv", "early\n");
    await put("theirs/d-2/out/2021/12/01/05/x.csv", "beside\n");
    deepEqual(await ask("select device, hour::varchar, a from theirs"), [["d-1", "2021-12-01 05:00:00", "one"]]);
  });

  it("have no rows where nothing lies, and an error where Athena would have one", async () => {
    const day = { "projection.enabled": "true", "projection.day.type": "date", "projection.day.format": "yyyy-MM-dd" };
    await table("empty", [["day", "string"]], { ...day, "projection.day.range": "2021-12-01,NOW" });
    deepEqual(await ask("select count(*) from empty"), [[0]]);
    await table("wrong", [["day", "string"]], { ...day, "projection.day.range": "20211201,NOW" });
    await rejects(ask("select * from wrong"), (error: Error) => {
      match(
        error.message,
        /table 'wrong' cannot be projected:\n {2}- projection\.day\.range: a date written as yyyy-MM-dd/,
      );
      return true;
    });
  });
});
