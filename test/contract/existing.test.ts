import { deepEqual, equal, match } from "node:assert/strict";
import type { Dataset } from "../../contract/dataset";
import { csv, serdeOf } from "../../contract/csv";
import { addresses } from "../../contract/layout";
import { existingTableProblems, type FoundTable } from "../../contract/rules/existing";
import { features } from "../../datasets/features/dataset";

const location = addresses(features, "team").output;
/** As Athena's own DDL leaves it: `ROW FORMAT DELIMITED FIELDS TERMINATED BY ','`. */
const byAthena: FoundTable = {
  location: "s3://team/features/output",
  partitionKeys: [{ name: "process_date_jst", type: "string" }],
  columns: ["feature1", "feature2", "y"].map((name) => ({ name, type: "string" })),
  serializationLibrary: "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
  serdeParameters: { "field.delim": ",", "serialization.format": "," },
  parameters: { EXTERNAL: "TRUE", transient_lastDdlTime: "1638316800" },
};
const problems = (change: Partial<FoundTable>, dataset: Dataset = features) =>
  existingTableProblems(dataset, location, { ...byAthena, ...change });

describe("a table that is there already", () => {
  it("fits as Athena makes it, with or without the slash at the location's end", () => {
    deepEqual(problems({}), []);
    deepEqual(problems({ location }), []);
  });

  it("fits by what it means: a count of no header lines, no comments, parameters of others", () => {
    deepEqual(problems({ parameters: { "skip.header.line.count": "0", classification: "csv" } }), []);
  });

  it("fits a dataset with quotes by OpenCSVSerde's own defaults", () => {
    const serializationLibrary = "org.apache.hadoop.hive.serde2.OpenCSVSerde";
    const quoting = { ...features, format: csv({ quote: '"' }) };
    deepEqual(problems({ serializationLibrary, serdeParameters: {} }, quoting), []);
    match(problems({ serializationLibrary, serdeParameters: { quoteChar: "'" } }, quoting).join(), /quoteChar is "'"/);
  });

  it("fits with an escape that is the quote, which OpenCSVSerde takes for none given", () => {
    const serializationLibrary = "org.apache.hadoop.hive.serde2.OpenCSVSerde";
    const quoting = { ...features, format: csv({ quote: '"' }) };
    deepEqual(problems({ serializationLibrary, serdeParameters: { escapeChar: '"' } }, quoting), []);
  });

  it("is read by its own parameters before those of its SerDe", () => {
    const parameters = { "serialization.null.format": "NULL" };
    match(problems({ parameters }).join(), /serialization\.null\.format is "NULL"/);
    const serdeParameters = { ...byAthena.serdeParameters, "serialization.null.format": "NULL" };
    deepEqual(problems({ serdeParameters, parameters: { "serialization.null.format": "\\N" } }), []);
  });

  it("fits a dataset with a header when it counts one", () => {
    const withHeader = { ...features, format: csv({ header: true }) };
    deepEqual(problems({ parameters: { "skip.header.line.count": "1" } }, withHeader), []);
    match(problems({}, withHeader).join(), /skip\.header\.line\.count is "0", the dataset's "1"/);
  });

  const { columns } = byAthena;
  const broken: [title: string, change: Partial<FoundTable>, problem: RegExp][] = [
    [
      "another location",
      { location: "s3://team/other/" },
      /location is "s3:\/\/team\/other\/", the dataset's .*choose/,
    ],
    ["no location", { location: "" }, /location is "\/"/],
    ["no partition key", { partitionKeys: [] }, /partition keys is "", the dataset's "process_date_jst string"/],
    ["a key of another type", { partitionKeys: [{ name: "process_date_jst", type: "date" }] }, /process_date_jst date/],
    ["a column more", { columns: [...columns, { name: "z", type: "int" }] }, /columns is ".*, z int"/],
    ["columns in another order", { columns: [...columns].reverse() }, /columns is "y string, /],
    ["another SerDe", { serializationLibrary: "org.apache.hadoop.hive.serde2.OpenCSVSerde" }, /SerDe is /],
    ["another delimiter", { serdeParameters: { "field.delim": "\t" } }, /field\.delim is "\\t", the dataset's ","/],
    [
      "an escape character",
      { serdeParameters: { "field.delim": ",", "escape.delim": "\\" } },
      /escape\.delim is "\\\\"/,
    ],
    ["Hive's default delimiter", { serdeParameters: {} }, /field\.delim is "\\u0001"/],
    ["projected partitions", { parameters: { "projection.enabled": "TRUE" } }, /projection\.enabled is "true"/],
    ["a header to skip", { parameters: { "skip.header.line.count": "1" } }, /line\.count is "1", the dataset's "0"/],
  ];
  for (const [title, change, problem] of broken)
    it(`does not fit with ${title}, and the message shows both sides`, () => {
      const got = problems(change);
      equal(got.length, 1, got.join("\n"));
      match(got[0] ?? "", problem);
    });

  it("fits the SerDe of every dialect that a dataset may have", () => {
    for (const format of [
      ...[csv(), csv({ delimiter: "\t" }), csv({ header: true }), csv({ escape: "\\", nullText: "" })],
      ...[csv({ quote: '"' }), csv({ quote: "'", delimiter: ";", escape: "^" })],
    ]) {
      const { serializationLibrary, parameters: serdeParameters } = serdeOf(format);
      const parameters: Record<string, string> = format.header ? { "skip.header.line.count": "1" } : {};
      deepEqual(problems({ serializationLibrary, serdeParameters, parameters }, { ...features, format }), []);
    }
  });
});
