import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import {
  CreateDatabaseCommand,
  CreatePartitionCommand,
  CreateTableCommand,
  GlueClient,
  type Column,
  type StorageDescriptor,
} from "@aws-sdk/client-glue";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { startMoto, type Moto } from "../../local/moto";
import { query } from "../../local/query";

const region = "ap-northeast-1";
const database = "weather_dev";

describe("local/query", function () {
  this.timeout(120_000);
  let moto: Moto;
  let s3: S3Client;
  let glue: GlueClient;

  before(async () => {
    moto = await startMoto({ region }, () => undefined);
    const config = { endpoint: moto.endpoint, region, credentials: { accessKeyId: "test", secretAccessKey: "test" } };
    s3 = new S3Client({ ...config, forcePathStyle: true });
    glue = new GlueClient(config);
    const CreateBucketConfiguration = { LocationConstraint: region } as const;
    await s3.send(new CreateBucketCommand({ Bucket: "data", CreateBucketConfiguration }));
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: database } }));
  });

  after(async () => {
    await moto?.stop();
  });

  const ask = (sql: string) => query({ endpoint: moto.endpoint, region, database, sql });
  const put = (key: string, body: string | Buffer) =>
    s3.send(new PutObjectCommand({ Bucket: "data", Key: key, Body: body }));

  const lazySimple = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe";

  function descriptor(
    columns: Column[],
    location: string,
    parameters: Record<string, string>,
    library = lazySimple,
  ): StorageDescriptor {
    return {
      Columns: columns,
      Location: location,
      InputFormat: "org.apache.hadoop.mapred.TextInputFormat",
      SerdeInfo: {
        SerializationLibrary: library,
        Parameters: parameters,
      },
    };
  }

  interface Given {
    readonly columns: readonly [string, string][];
    readonly keys?: readonly [string, string][];
    readonly serde?: Record<string, string>;
    readonly library?: string;
    readonly parameters?: Record<string, string>;
  }
  const fields = (pairs: readonly [string, string][]): Column[] => pairs.map(([Name, Type]) => ({ Name, Type }));

  async function table(
    name: string,
    { columns, keys = [], serde = { "field.delim": "," }, library = lazySimple, parameters = {} }: Given,
  ) {
    await glue.send(
      new CreateTableCommand({
        DatabaseName: database,
        TableInput: {
          Name: name,
          TableType: "EXTERNAL_TABLE",
          Parameters: parameters,
          PartitionKeys: fields(keys),
          StorageDescriptor: descriptor(fields(columns), `s3://data/${name}/`, serde, library),
        },
      }),
    );
  }
  async function register(name: string, values: string[], storage: StorageDescriptor) {
    await glue.send(
      new CreatePartitionCommand({
        DatabaseName: database,
        TableName: name,
        PartitionInput: { Values: values, StorageDescriptor: storage },
      }),
    );
  }

  it("reads registered partitions only, where and how each was registered", async () => {
    const columns: [string, string][] = [
      ["place", "string"],
      ["n", "int"],
    ];
    await table("daily", { columns, keys: [["day", "string"]] });
    await put("daily/day=1/a.csv", "tokyo,1\n");
    await put("daily/day=2/a.csv", "kyoto,2\n");
    await put("elsewhere/a.csv", "osaka|3\n");
    await register("daily", ["1"], descriptor(fields(columns), "s3://data/daily/day=1", { "field.delim": "," }));
    await register("daily", ["3"], descriptor(fields(columns), "s3://data/elsewhere/", { "field.delim": "|" }));
    assert.deepEqual(await ask("SELECT place, n, day FROM daily ORDER BY day"), {
      columns: ["place", "n", "day"],
      rows: [
        ["tokyo", 1, "1"],
        ["osaka", 3, "3"],
      ],
    });
    assert.deepEqual((await ask(`select count(*) from "${database}"."daily"`)).rows, [[2]]);
  });

  it("takes statements that were written for another stack of the project, Athena's list of partitions as well", async () => {
    const project = { endpoint: moto.endpoint, region, database, project: "weather" };
    const athena = 'SELECT * FROM "weather_prod"."daily$partitions" ORDER BY "day" DESC LIMIT 1;';
    assert.deepEqual(await query({ ...project, sql: athena }), { columns: ["day"], rows: [["3"]] });
    const both = 'SELECT count(*) FROM "weather_prod"."daily" JOIN weather_dev.daily USING (day)';
    assert.deepEqual((await query({ ...project, sql: both })).rows, [[2]]);
    await assert.rejects(
      query({ ...project, sql: 'SELECT * FROM "climate_dev"."daily"' }),
      /database 'weather_dev' has daily; write a table's name alone, or "weather_dev"\."<table>"/,
    );
  });

  it("shows a table without registered partitions as empty", async () => {
    await table("unseen", { columns: [["a", "string"]], keys: [["day", "date"]] });
    await put("unseen/day=2021-12-01/a.csv", "x\n");
    assert.deepEqual(await ask("SELECT * FROM unseen"), { columns: ["a", "day"], rows: [] });
  });

  it("gives keys the values of the catalogue in their declared type", async () => {
    await table("typed", {
      columns: [["a", "string"]],
      keys: [
        ["day", "date"],
        ["hour", "int"],
      ],
    });
    await put("typed/x/a.csv", "v\n");
    const storage = descriptor([{ Name: "a", Type: "string" }], "s3://data/typed/x/", { "field.delim": "," });
    await register("typed", ["2021-12-01", "09"], storage);
    assert.deepEqual((await ask("SELECT day, hour + 1, a FROM typed WHERE day < DATE '2022-01-01'")).rows, [
      ["2021-12-01", 10, "v"],
    ]);
  });

  it("gives cells the values of their type, null where there is none", async () => {
    const types = ["string", "int", "double", "boolean", "date", "timestamp"];
    await table("cells", { columns: types.map((type) => [`${type}_`, type]) });
    await put(
      "cells/a.csv",
      ` "a" ,12.9, 1e3 ,TRUE,2021-02-30,2021-12-01 09:00:00.5\n,2147483648,n/a,1,,2021-12-01T09:00:00Z\n`,
    );
    assert.deepEqual((await ask("SELECT * FROM cells ORDER BY string_ DESC")).rows, [
      [` "a" `, 12, 1000, true, "2021-03-02", "2021-12-01 09:00:00.5"],
      ["", null, null, null, null, null],
    ]);
  });

  it("skips header lines only when the table says so, in every file", async () => {
    const columns: [string, string][] = [["a", "int"]];
    await table("headed", { columns, parameters: { "skip.header.line.count": "1" } });
    await table("unheaded", { columns });
    for (const name of ["headed", "unheaded"])
      for (const file of ["1", "2"]) await put(`${name}/${file}.csv`, `a\n${file}\n`);
    assert.deepEqual((await ask("SELECT a FROM headed ORDER BY a")).rows, [[1], [2]]);
    assert.deepEqual((await ask("SELECT a FROM unheaded ORDER BY a NULLS FIRST")).rows, [[null], [null], [1], [2]]);
  });

  it("passes over hidden files, reads folders below and gzip", async () => {
    await table("files", { columns: [["a", "string"]] });
    await put("files/_SUCCESS", "hidden\n");
    await put("files/.part", "hidden\n");
    await put("files/_tmp/a.csv", "hidden\n");
    await put("files/deep/a.csv", "deep\r\n");
    await put("files/b.csv.gz", gzipSync("zipped\n"));
    assert.deepEqual((await ask("SELECT a FROM files ORDER BY a")).rows, [["deep"], ["zipped"]]);
  });

  it("follows escape character and null text, which the table may name as well", async () => {
    await table("escaped", {
      columns: [
        ["a", "string"],
        ["b", "string"],
        ["n", "int"],
      ],
      serde: { "field.delim": "|", "escape.delim": "\\", "serialization.null.format": "-" },
      parameters: { "serialization.null.format": "" },
    });
    await put("escaped/a.csv", "x\\|y|-|1\n||\n\\\\||2\n");
    assert.deepEqual((await ask("SELECT a, b, n FROM escaped ORDER BY n NULLS FIRST")).rows, [
      [null, null, null],
      ["x|y", "-", 1],
      ["\\", null, 2],
    ]);
  });

  const openCsv = "org.apache.hadoop.hive.serde2.OpenCSVSerde";

  it("reads a table of OpenCSVSerde: quotes off, empty cells empty, short rows null", async () => {
    await table("quoted", {
      columns: [
        ["a", "string"],
        ["b", "string"],
      ],
      library: openCsv,
      serde: { separatorChar: ",", quoteChar: '"', escapeChar: "\\" },
      parameters: { "skip.header.line.count": "1" },
    });
    await put("quoted/a.csv", '"a","b"\r\n"x,y","say ""hi"""\r\n"",\\N\r\nalone\r\n');
    assert.deepEqual((await ask("SELECT a, b FROM quoted ORDER BY a")).rows, [
      ["", "N"],
      ["alone", null],
      ["x,y", 'say "hi"'],
    ]);
  });

  it("reports partitions that engines cannot read", async () => {
    await table("broken", { columns: [["a", "int"]], keys: [["day", "string"]] });
    await register("broken", ["1"], { Location: "s3://data/broken/day=1/" });
    await assert.rejects(ask("SELECT * FROM broken"), /partition \[1\] of table 'broken' has SerDe ''/);
    await table("changed", { columns: [["a", "int"]], keys: [["day", "string"]] });
    const old = descriptor([{ Name: "a", Type: "string" }], "s3://data/changed/day=1/", { "field.delim": "," });
    await register("changed", ["1"], old);
    await assert.rejects(ask("SELECT * FROM changed"), /HIVE_PARTITION_SCHEMA_MISMATCH/);
  });

  it("names the tables that exist when one is unknown", async () => {
    await assert.rejects(ask("SELECT * FROM nowhere"), /nowhere[\s\S]*has .*daily/);
  });

  for (const sql of [
    "DROP TABLE daily",
    "SELECT 1; SELECT 2",
    "PRAGMA database_list",
    "COPY (SELECT 1) TO '/dev/null'",
    "WITH x AS (SELECT 1) INSERT INTO daily SELECT * FROM x",
    "SELECT * FROM read_csv('/etc/passwd')",
    "",
  ])
    it(`refuses ${sql === "" ? "an empty statement" : sql}`, async () => {
      await assert.rejects(ask(sql));
    });
});
