import { deepEqual, equal, match } from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { injectedKey } from "../../contract/keys";
import { renderPath } from "../../contract/layout";
import { parsePartitionPath, parseS3Uri } from "../../contract/parse";

describe("the parser of partition paths", () => {
  it("reads values in the order of the keys, with or without the final slash", () => {
    const expected = { values: ["2021", "12"], problems: [] };
    deepEqual(parsePartitionPath(["year", "month"], "year=2021/month=12/"), expected);
    deepEqual(parsePartitionPath(["year", "month"], "year=2021/month=12"), expected);
  });

  const wrong: readonly (readonly [path: string, problems: readonly string[]])[] = [
    ["", ["'' has 0 levels, the table declares 2: year=…/month=…/"]],
    ["year=2021/", ["'year=2021/' has 1 levels, the table declares 2: year=…/month=…/"]],
    ["month=12/year=2021/", ["level 1 is 'month=12', expected 'year=…'", "level 2 is 'year=2021', expected 'month=…'"]],
    ["year=2021/12/", ["level 2 is '12', expected 'month=…'"]],
    ["year=/month=12/", ["level 1 is 'year=': the value is empty"]],
    ["year=2021//", ["level 2 is '', expected 'month=…'"]],
  ];
  for (const [given, problems] of wrong)
    it(`rejects '${given}', level by level`, () => {
      deepEqual(parsePartitionPath(["year", "month"], given), { values: [], problems });
    });

  // Cases of Hive's and Trino's own tests (TestHiveUtil, testUnescapePathName), as far as Hive could have written them.
  const unescaped: readonly (readonly [string, string])[] = [
    ["x", "x"],
    ["%41", "A"],
    ["abc%41%42%43", "abcABC"],
    ["%41%25%25Z", "A%%Z"],
    ["abc%3Axyz", "abc:xyz"],
    ["abc%3axyz", "abc:xyz"],
  ];
  for (const [text, value] of unescaped)
    it(`reads ${text} as Hive does`, () => {
      deepEqual(parsePartitionPath(["pk"], `pk=${text}/`, "hive"), { values: [value], problems: [] });
    });

  for (const text of ["abc%", "%", "%41%x", "%41%%Z", "abc%BBxyz"])
    it(`rejects ${text}, which Hive never writes`, () => {
      const { values, problems } = parsePartitionPath(["pk"], `pk=${text}/`, "hive");
      deepEqual(values, []);
      match(problems.join(), /^level 1 is 'pk=.*': '%.*' is (not % and two|no ASCII)/);
    });

  it("leaves escapes alone without the option", () => {
    deepEqual(parsePartitionPath(["pk"], "pk=a%3Ab/").values, ["a%3Ab"]);
  });

  it("takes bucket and key of an S3 address, and nothing else", () => {
    deepEqual(parseS3Uri("s3://b/a/b=c%3A/"), { bucket: "b", key: "a/b=c%3A/" });
    equal(parseS3Uri("https://b/a"), undefined);
  });
});

describe("folders with Hive's escaping", () => {
  it("have for DuckDB, which reads them on its own, the values that they were rendered from", async () => {
    const values = ["12:30", "a/b=c", "100%", "東京 都", "!@#$%^&*()=", `"'*?\\[]{^}`, "tab\tend", "plain-1.0_x", "😀"];
    const root = fs.mkdtempSync(path.join(os.tmpdir(), "partitions-"));
    try {
      values.forEach((value, index) => {
        const folder = path.join(root, renderPath([injectedKey("k")], { k: value }, "hive"));
        fs.mkdirSync(folder);
        fs.writeFileSync(path.join(folder, "partition.csv"), `${index}\n`);
      });
      const instance = await DuckDBInstance.create(":memory:");
      const connection = await instance.connect();
      const files = `read_csv('${root}/*/*.csv', header = false, names = ['i'], hive_partitioning = true, hive_types_autocast = false)`;
      const reader = await connection.runAndReadAll(`SELECT k FROM ${files} ORDER BY i`);
      deepEqual(
        reader.getRows().map(([value]) => value),
        values,
      );
      connection.closeSync();
      instance.closeSync();
    } finally {
      fs.rmSync(root, { recursive: true, force: true });
    }
  }).timeout(30_000);
});
