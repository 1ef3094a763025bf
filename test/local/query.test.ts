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

  function descriptor(columns: Column[], location: string, parameters: Record<string, string>): StorageDescriptor {
    return {
      Columns: columns,
      Location: location,
      InputFormat: "org.apache.hadoop.mapred.TextInputFormat",
      SerdeInfo: {
        SerializationLibrary: "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
        Parameters: parameters,
      },
    };
  }

  interface Given {
    readonly columns: readonly [string, string][];
    readonly keys?: readonly [string, string][];
    readonly serde?: Record<string, string>;
    readonly parameters?: Record<string, string>;
  }
  const fields = (pairs: readonly [string, string][]): Column[] => pairs.map(([Name, Type]) => ({ Name, Type }));

  async function table(name: string, { columns, keys = [], serde = { "field.delim": "," }, parameters = {} }: Given) {
    await glue.send(
      new CreateTableCommand({
        DatabaseName: database,
        TableInput: {
          Name: name,
          TableType: "EXTERNAL_TABLE",
          Parameters: parameters,
          PartitionKeys: fields(keys),
          StorageDescriptor: descriptor(fields(columns), `s3://data/${name}/`, serde),
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

  const cells: [string, string, string, string | number | boolean | null][] = [
    ["a quote is part of the value", "string", `"a"`, `"a"`],
    ["an empty cell is an empty string", "string", "", ""],
    ["backslash N is null", "string", "\\N", null],
    ["blanks stay", "string", " a ", " a "],
    ["an empty cell is no number", "int", "", null],
    ["a blank spoils a number", "int", " 1", null],
    ["a number that is too big is null", "int", "2147483648", null],
    ["decimals of a whole number are cut", "bigint", "12.9", 12],
    ["text is no number", "double", "n/a", null],
    ["an exponent is a number", "double", "1e3", 1000],
    ["true is written in any case", "boolean", "TRUE", true],
    ["1 is no boolean", "boolean", "1", null],
    ["a date is read", "date", "2021-12-01", "2021-12-01"],
    ["the 30th of February is null", "date", "2021-02-30", null],
    ["a time has a blank before it", "timestamp", "2021-12-01 09:00:00.5", "2021-12-01 09:00:00.5"],
    ["a time of ISO 8601 is null", "timestamp", "2021-12-01T09:00:00Z", null],
  ];
  cells.forEach(([rule, type, text, value], index) =>
    it(`reads as LazySimpleSerDe does: ${rule}`, async () => {
      const name = `cell_${index}`;
      await table(name, {
        columns: [
          ["c", type],
          ["last", "string"],
        ],
      });
      await put(`${name}/a.csv`, `${text},end\n`);
      assert.deepEqual((await ask(`SELECT c, last FROM ${name}`)).rows, [[value, "end"]]);
    }),
  );

  it("fills short rows with null, ignores extra cells, and splits inside quotes", async () => {
    await table("ragged", {
      columns: [
        ["a", "string"],
        ["b", "string"],
      ],
    });
    await put("ragged/a.csv", `one\n1,2,3\n"x,y"`);
    assert.deepEqual((await ask("SELECT a, b FROM ragged")).rows, [
      ["one", null],
      ["1", "2"],
      [`"x`, `y"`],
    ]);
  });

  it("without field.delim makes the whole line one column", async () => {
    await table("undelimited", {
      columns: [
        ["a", "string"],
        ["b", "string"],
      ],
      serde: {},
    });
    await put("undelimited/a.csv", "1,2\n");
    assert.deepEqual((await ask("SELECT a, b FROM undelimited")).rows, [["1,2", null]]);
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

  it("leaves a byte order mark in the first value", async () => {
    await table("bom", { columns: [["a", "string"]] });
    await put("bom/a.csv", "\uFEFFx\n");
    assert.deepEqual((await ask("SELECT length(a), a = 'x' FROM bom")).rows, [[2, false]]);
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
