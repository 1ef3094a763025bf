import { AthenaClient, CreateWorkGroupCommand } from "@aws-sdk/client-athena";
import { deepEqual, equal, rejects } from "node:assert/strict";
import { LAPTOP_CREDENTIALS } from "../../local/environment";
import { startMoto, type Moto } from "../../local/moto";
import { csvText } from "../../operations/commands/tables";
import { athenaQuery } from "../../operations/query";

const REGION = "ap-northeast-1";

describe("a query by Athena", function () {
  this.timeout(60_000);
  let moto: Moto;
  let athena: AthenaClient;
  before(async () => {
    moto = await startMoto({ region: REGION }, () => undefined);
    athena = new AthenaClient({ endpoint: moto.endpoint, region: REGION, credentials: LAPTOP_CREDENTIALS });
    await athena.send(new CreateWorkGroupCommand({ Name: "readers" }));
    // moto answers with what it is told to.
    const results = [
      {
        rows: [
          { Data: [{ VarCharValue: "day" }, { VarCharValue: "n" }] },
          { Data: [{ VarCharValue: "2021-12-01" }, {}] },
          { Data: [{ VarCharValue: "2021-12-02" }, { VarCharValue: "7" }] },
        ],
        column_info: ["day", "n"].map((Name) => ({ Name, Type: "varchar" })),
      },
    ];
    await fetch(`${moto.endpoint}/moto-api/static/athena/query-results`, {
      method: "POST",
      body: JSON.stringify({ results, account_id: "123456789012", region: REGION }),
      headers: { "Content-Type": "application/json" },
    });
  });
  after(() => moto?.stop());

  it("has the columns, the rows without the header, and nulls as nulls", async () => {
    const states: string[] = [];
    const { columns, rows } = await athenaQuery(
      athena,
      { database: "db", workgroup: "readers", sql: "select 1", onProgress: (state) => states.push(state) },
      1,
    );
    deepEqual(
      [columns, rows],
      [
        ["day", "n"],
        [
          ["2021-12-01", null],
          ["2021-12-02", "7"],
        ],
      ],
    );
    equal(states.at(-1), "SUCCEEDED");
  });

  it("needs a workgroup that there is", async () => {
    await rejects(athenaQuery(athena, { database: "db", workgroup: "nobody", sql: "select 1" }, 1), /WorkGroup/i);
  });
});

describe("CSV of an answer", () => {
  it("quotes what spreadsheets would take apart", () => {
    const rows = [
      ["a,b", null, 'say "x"', true, 1.5],
      ["line\nbreak", "", "plain", false, 0],
    ] as const;
    equal(
      csvText({ columns: ["k", "l", "m", "n", "o"], rows }),
      'k,l,m,n,o\n"a,b",,"say ""x""",true,1.5\n"line\nbreak",,plain,false,0',
    );
  });
});
