import { deepEqual, equal, match } from "node:assert/strict";
import { csv, serdeOf } from "../../contract/csv";
import { defineDataset, type Dataset } from "../../contract/dataset";
import { enumKey, integerKey, type PartitionKey } from "../../contract/keys";
import { addresses } from "../../contract/layout";
import { coverProblems } from "../../contract/projection/cover";
import { projectionParameters } from "../../contract/projection/render";
import { athena, projection, type IntegerRange } from "../../contract/registration";
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

  it("fits by the delimiter that Hive reads: a number is a byte, and serialization.format stands in", () => {
    const fitting: Record<string, string>[] = [
      { "serialization.format": "," },
      { "field.delim": "44" },
      { "field.delim": ",x", "serialization.last.column.takes.rest": "FALSE" },
      { "field.delim": ",", "serialization.format": "1" },
      { "field.delim": ",", "serialization.encoding": "UTF8" },
    ];
    for (const serdeParameters of fitting) deepEqual(problems({ serdeParameters }), []);
  });

  it("fits with a text column of some length, which reads so much of a text", () => {
    deepEqual(problems({ columns: byAthena.columns.map(({ name }) => ({ name, type: "varchar(10)" })) }), []);
  });

  it("fits where it lies, when the declaration says so", () => {
    const elsewhere: Dataset = { ...features, table: { existing: true, folder: "Warehouse/features" } };
    const at = addresses(elsewhere, "team");
    deepEqual([at.output, at.raw], ["s3://team/Warehouse/features/", "s3://team/features/raw/"]);
    deepEqual(
      existingTableProblems(elsewhere, at.output, { ...byAthena, location: "s3://team/Warehouse/features" }),
      [],
    );
  });

  it("fits a dataset with a header when it counts one", () => {
    const withHeader = { ...features, format: csv({ header: true }) };
    deepEqual(problems({ parameters: { "skip.header.line.count": "1" } }, withHeader), []);
    match(problems({}, withHeader).join(), /skip\.header\.line\.count is "0", the dataset's "1"/);
  });

  const { columns } = byAthena;
  const broken: [title: string, change: Partial<FoundTable>, problem: RegExp][] = [
    [
      "another folder",
      { location: "s3://team/Warehouse/features" },
      /location is "s3:\/\/team\/Warehouse\/features\/", the dataset's .*; declare table: .* folder: "Warehouse\/features" \}$/,
    ],
    [
      "another bucket",
      { location: "s3://lake/warehouse/" },
      /set existingBucket to 'lake', and declare table: \{ existing: true, folder: "warehouse" \}$/,
    ],
    [
      "the folder of another prefix",
      { location: "s3://team/weather/daily/output" },
      /; declare prefix: "weather\/daily", or table: \{ existing: true, folder: "weather\/daily\/output" \}$/,
    ],
    ["a whole bucket", { location: "s3://team/" }, /ALTER TABLE … SET LOCATION 's3:\/\/team\/features\/output\/'/],
    ["another scheme", { location: "s3a://team/features/output/" }, /ALTER TABLE … SET LOCATION/],
    [
      "another encoding",
      { serdeParameters: { ...byAthena.serdeParameters, "serialization.encoding": "SHIFT_JIS" } },
      /serialization\.encoding is "shift_jis", the dataset's "utf-8"/,
    ],
    ["an escape that is not told", { serdeParameters: { "field.delim": ",", "escape.delim": "" } }, /is "\\\\", the/],
    [
      "a last column that takes the rest of a line",
      { serdeParameters: { "field.delim": ",", "serialization.last.column.takes.rest": "true" } },
      /takes\.rest is "true", the dataset's "false"/,
    ],
    [
      "a delimiter that only its old parameter has",
      { serdeParameters: { "serialization.format": "1" } },
      /field\.delim is "\\u0001", the dataset's ","/,
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

  describe("that is projected", () => {
    const NOW = Date.UTC(2026, 10, 21, 20);
    const byDays = defineDataset({
      ...features,
      readers: [athena()],
      registration: projection({ process_date_jst: { from: "2021-12-01" } }),
    });
    const days = { type: "date", format: "yyyy-MM-dd", range: "2021-12-01,NOW+9HOURS" };
    const found = (properties: Readonly<Record<string, string>>, dataset: Dataset = byDays) => {
      const parameters: Record<string, string> = { "projection.enabled": "true" };
      for (const [name, value] of Object.entries(properties)) parameters[`projection.process_date_jst.${name}`] = value;
      return existingTableProblems(dataset, location, { ...byAthena, parameters }, NOW);
    };

    it("fits when it has every partition of the declaration, by whatever words", () => {
      for (const change of [
        {},
        { interval: "1", "interval.unit": "days" },
        { range: "2020-01-01,NOW+1DAYS" },
        { range: "2021-12-01,2099-12-31" },
        { type: "DATE" },
      ])
        deepEqual(found({ ...days, ...change }), []);
    });

    const broken: [title: string, properties: Record<string, string>, problem: RegExp][] = [
      [
        "another format",
        { ...days, format: "yyyyMMdd", range: "20211201,NOW+9HOURS" },
        /format: yyyy-MM-dd, as the da/,
      ],
      ["a range that ends in UTC", { ...days, range: "2021-12-01,NOW" }, /range: .* ends no earlier than NOW\+9HOURS/],
      ["a later beginning", { ...days, range: "2022-01-01,NOW+9HOURS" }, /range: .* begins no later than 2021-12-01/],
      ["a beginning that moves on", { ...days, range: "NOW-9YEARS,NOW+9HOURS" }, /begins no later than 2021-12-01/],
      ["an end that has passed", { ...days, range: "2021-12-01,2026-11-20" }, /ends no earlier than NOW\+9HOURS/],
      [
        "every other day",
        { ...days, interval: "2", "interval.unit": "DAYS" },
        /interval: 1, as the dataset's, got "2"/,
      ],
      ["values that each query must name", { type: "injected" }, /type: date, as the dataset's, got "injected"/],
    ];
    for (const [title, properties, problem] of broken)
      it(`does not fit with ${title}: rows would be missing without an error`, () => {
        const got = found(properties);
        equal(got.length, 1, got.join("\n"));
        match(got[0] ?? "", problem);
      });

    it("has the numbers and the words of the declaration too", () => {
      const keyed = (key: PartitionKey, range?: IntegerRange): Dataset => ({
        ...features,
        partitionKeys: [key],
        registration: { strategy: "projection", ranges: range ? { [key.name]: range } : {} },
      });
      const of = (dataset: Dataset, properties: Readonly<Record<string, string>>) =>
        coverProblems(
          Object.fromEntries(Object.entries(properties).map(([name, value]) => [`projection.k.${name}`, value])),
          projectionParameters(dataset, location),
          ["k"],
          NOW,
        ).map(({ subject, rule }) => `${subject}: ${rule}`);
      const shards = keyed(integerKey("k", { digits: 2 }), { from: 0, to: 9 });
      deepEqual(of(shards, { type: "integer", range: "0,99", digits: "2" }), []);
      deepEqual(of(shards, { type: "integer", range: "0,8", digits: "2" }), [
        "projection.k.range: a range that ends no earlier than 9, as the dataset's",
      ]);
      deepEqual(of(shards, { type: "integer", range: "0,9" }), ["projection.k.digits: 2, as the dataset's"]);
      const areas = keyed(enumKey("k", { values: ["tokyo", "osaka"] }));
      deepEqual(of(areas, { type: "enum", values: "osaka,kyoto,tokyo" }), []);
      deepEqual(of(areas, { type: "enum", values: "osaka,kyoto" }), [
        "projection.k.values: all values, also tokyo, as the dataset's",
      ]);
    });
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
