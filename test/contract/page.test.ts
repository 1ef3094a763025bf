import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { column } from "../../contract/columns";
import { csv } from "../../contract/csv";
import { defineDataset, type Dataset } from "../../contract/dataset";
import { dateKey, enumKey, injectedKey, integerKey } from "../../contract/keys";
import { readPath } from "../../contract/layout";
import { examplePartition } from "../../contract/examples";
import { html } from "../../contract/page/html";
import { markdown } from "../../contract/page/markdown";
import { datasetPage } from "../../contract/page/page";
import { athena, projection, redshiftSpectrum } from "../../contract/registration";
import { lastDays, dailyAt } from "../../contract/schedule";
import { athenaQueries, externalSchema, sampleText, spectrumQueries } from "../../contract/sql";
import { datasets } from "../../datasets";
import { features } from "../../datasets/features/dataset";
import { checkPages, pages, writePages } from "../../operations/checks/pages";

const PLACE = { database: "lake_dev", bucket: "lake" };
const tokyo = { timeZone: "Asia/Tokyo" };
const busy: Dataset = {
  ...features,
  name: "busy",
  prefix: "busy",
  description: "売上 | <b>日次</b>",
  partitionKeys: [
    dateKey("year", { ...tokyo, format: "yyyy" }),
    dateKey("month", { ...tokyo, format: "MM", type: "int" }),
    dateKey("day", { ...tokyo, type: "date" }),
    enumKey("site", { values: ["tokyo", "osaka"] }),
    integerKey("shard", { digits: 3 }),
  ],
  columns: [column("memo", "string", "a | b"), column("n", "bigint", "")],
};
const sqlOf = (dataset: Dataset, kind: string) =>
  [...athenaQueries(dataset, "lake_dev"), ...spectrumQueries(dataset, "lake_dev", "s3://lake/busy/output/")].find(
    (query) => query.kind === kind,
  )?.sql;

describe("the statements that readers begin with", () => {
  it("name every key, each as its type is compared", () => {
    equal(
      sqlOf(busy, "sample"),
      `SELECT *\nFROM "lake_dev"."busy"\nWHERE "year" = '2021'\n  AND "month" = 12\n  AND "day" = DATE '2021-12-01'\n` +
        `  AND "site" = 'tokyo'\n  AND "shard" = '001'\nLIMIT 10;`,
    );
    match(
      sqlOf(busy, "newest") ?? "",
      /FROM "lake_dev"\."busy\$partitions"\nORDER BY "year" DESC, "day" DESC, "month" DESC/,
    );
  });

  it("find the newest partition by its date, whatever keys lie around it, and none where no key is a date", () => {
    const newest = (...partitionKeys: Dataset["partitionKeys"]) =>
      /ORDER BY (.*)/.exec(sqlOf({ ...busy, partitionKeys }, "newest") ?? "")?.[1];
    const site = enumKey("site", { values: ["tokyo", "osaka"] });
    const part = (name: string, format: "yyyy" | "M" | "d" | "MM", type: "string" | "int" = "string") =>
      dateKey(name, { ...tokyo, format, type });
    equal(newest(site, dateKey("dt", tokyo)), '"dt" DESC, "site" DESC');
    equal(
      newest(part("d", "d", "int"), part("m", "M"), part("y", "yyyy")),
      '"y" DESC, CAST("m" AS integer) DESC, "d" DESC',
    );
    equal(newest(site, integerKey("shard")), undefined);
    equal(newest(part("m", "MM")), undefined);
  });

  it("have examples that are partitions", () => {
    const values = examplePartition(busy);
    const folders = busy.partitionKeys.map(({ name }) => `${name}=${values[name] ?? ""}/`).join("");
    deepEqual(readPath(busy.partitionKeys, folders), { values });
  });

  it("name the day of the declaration, on the calendar of every zone", () => {
    const keys = ["Pacific/Kiritimati", "America/New_York", "Pacific/Pago_Pago"].map((timeZone, index) =>
      dateKey(`day${index}`, { timeZone }),
    );
    const days = (exampleDay?: string) =>
      Object.values(examplePartition({ partitionKeys: keys, ...(exampleDay === undefined ? {} : { exampleDay }) }));
    deepEqual(days("2001-01-31"), ["2001-01-31", "2001-01-31", "2001-01-31"]);
    deepEqual(days(), ["2021-12-01", "2021-12-01", "2021-12-01"]);
    throws(
      () => defineDataset({ ...features, exampleDay: "2001-02-29" }),
      /exampleDay: '2001-02-29' is not a day written as yyyy-MM-dd/,
    );
  });

  it("give Redshift bytes enough, its own types, and the header", () => {
    const sql = sqlOf({ ...busy, format: csv({ header: true, delimiter: "\t" }) }, "spectrumTable") ?? "";
    match(
      sql,
      /"memo" VARCHAR\(65535\),\n {2}"n" BIGINT\n\)\nPARTITIONED BY \(\n {2}"year" VARCHAR\(1024\),\n {2}"month" INTEGER,\n {2}"day" DATE/,
    );
    match(sql, /TABLE PROPERTIES \('skip\.header\.line\.count'='1'\);$/);
  });

  it("tell Redshift the whole dialect, in its own way to write characters", () => {
    const format = csv({ delimiter: "\u0001", escape: "\\", nullText: "n'a" });
    const sql = sqlOf({ ...busy, format }, "spectrumTable") ?? "";
    equal(
      sql.slice(sql.indexOf("ROW FORMAT")),
      `ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe'\n` +
        `WITH SERDEPROPERTIES ('field.delim'='\\001', 'serialization.format'='\\001', 'escape.delim'='\\\\', ` +
        `'serialization.null.format'='n''a')\nSTORED AS TEXTFILE\nLOCATION 's3://lake/busy/output/'\n` +
        `TABLE PROPERTIES ('serialization.null.format'='n''a');`,
    );
  });

  it("view text as what it means, and what cannot be read so as null", () => {
    equal(sqlOf(busy, "view"), undefined);
    const columns = [column("memo", "string", ""), column("n", "string", "", { viewType: "int" })];
    equal(
      sqlOf({ ...busy, columns, partitionKeys: busy.partitionKeys.slice(0, 1) }, "view"),
      `CREATE OR REPLACE VIEW "lake_dev"."busy_typed" AS\nSELECT\n  "memo",\n  TRY_CAST("n" AS integer) AS "n",\n  "year"\n` +
        `FROM "lake_dev"."busy";`,
    );
    for (const [type, viewType] of [
      ["int", "bigint"],
      ["string", "string"],
    ] as const)
      throws(
        () => defineDataset({ ...features, columns: [column("n", type, "", { viewType })] }),
        /column 'n': viewType '\w+' of a column of type '\w+' must be another type of a string column/,
      );
  });

  it("of all datasets fit into one named query, and those that do not are counted", () => {
    const text = (count: number) =>
      sampleText(
        Array.from({ length: count }, (_, index) => ({ ...busy, name: `dataset_${index}` })),
        "lake_dev",
        (kind) => kind,
      );
    match(text(2), /^-- dataset_0: sample\n[^]*^-- dataset_1: newest\n[^]*;\n$/m);
    const most = text(1_000);
    ok(Buffer.byteLength(most) <= 262_144);
    const shown = most.match(/: sample$/gm)?.length ?? 0;
    match(most, new RegExp(`-- ${1_000 - shown} more: docs/datasets of the repository`));
  });

  it("show Redshift the database under the role that may read it", () => {
    equal(
      externalSchema("lake_dev", "arn:aws:iam::1:role/r"),
      `CREATE EXTERNAL SCHEMA IF NOT EXISTS "lake_dev"\nFROM DATA CATALOG\nDATABASE 'lake_dev'\nIAM_ROLE 'arn:aws:iam::1:role/r';`,
    );
  });

  it("of a projected table name the injected keys, and nothing that only registered partitions have", () => {
    const projected = defineDataset({
      ...features,
      name: "projected",
      readers: [athena()],
      partitionKeys: [dateKey("day", tokyo), injectedKey("customer")],
      registration: projection({ day: { from: "2021-01-01" } }),
    });
    deepEqual(
      athenaQueries(projected, "lake_dev").map(({ kind }) => kind),
      ["sample", "count"],
    );
    match(sqlOf(projected, "count") ?? "", /WHERE "customer" = 'customer-1'\nGROUP BY/);
    ok(!/Spectrum|EXTERNAL/.test(markdown(datasetPage(projected, PLACE, "en"), "x")));
  });

  it("of a table without keys filter nothing", () => {
    deepEqual(
      athenaQueries({ ...busy, partitionKeys: [] }, "lake_dev").map(({ sql }) => sql),
      ['SELECT *\nFROM "lake_dev"."busy"\nLIMIT 10;'],
    );
  });
});

describe("the page of a dataset", () => {
  it("says the same in both languages, with as many rows", () => {
    const [en, ja] = (["en", "ja"] as const).map((language) => datasetPage(busy, PLACE, language).sections);
    deepEqual(
      en?.map(({ table, code, flow }) => [table?.rows.length, code?.length, flow?.length]),
      ja?.map(({ table, code, flow }) => [table?.rows.length, code?.length, flow?.length]),
    );
    for (const [index, section] of (en ?? []).entries()) ok(section.heading !== ja?.[index]?.heading, section.heading);
  });

  it("keeps its tables and its HTML whole, whatever the declaration says", () => {
    const page = datasetPage(busy, PLACE, "en");
    match(markdown(page, "x"), /^\| `memo` \| string \| a \\\| b \|$/m);
    const text = html(page, "x");
    ok(text.includes("&lt;b&gt;日次&lt;/b&gt;") && !text.includes("<b>日次"));
    ok(!/<script|https?:|src=/.test(text));
  });

  it("shows Redshift's statements where it is a reader, and else how it becomes one", () => {
    const text = (dataset: Dataset) => markdown(datasetPage(dataset, PLACE, "en"), "x");
    const hint = "declare `readers: [athena(), redshiftSpectrum()]`";
    const read = text({ ...features, readers: [redshiftSpectrum()] });
    ok(read.includes("CREATE EXTERNAL SCHEMA") && !read.includes(hint));
    const unread = text({ ...features, readers: [athena()] });
    ok(!unread.includes("CREATE EXTERNAL") && unread.includes(hint));
  });

  it("tells the schedule, and what it does again", () => {
    const schedule = dailyAt("02:30", "Asia/Tokyo", { dayOffset: -1, dueBy: "04:00", reprocess: lastDays(3) });
    const text = markdown(datasetPage({ ...busy, schedule }, PLACE, "en"), "x");
    match(
      text,
      /Daily at 02:30 \(Asia\/Tokyo\), for the day before; .* by 04:00\. Each firing also runs the 2 days before it/,
    );
  });
});

describe("the pages in docs/datasets, and the dashboard's picture", () => {
  it("are current", () => {
    match(checkPages(path.resolve(__dirname, "../../docs"), datasets), /current/);
  });

  it("are missed when they are old, missing or of a dataset that is gone", () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pages-"));
    writePages(folder, datasets);
    fs.writeFileSync(path.join(folder, "dashboard.md"), "not generated");
    fs.appendFileSync(path.join(folder, "dashboard.svg"), "more");
    fs.appendFileSync(path.join(folder, "datasets/features.md"), "more");
    fs.rmSync(path.join(folder, "datasets/features.html"));
    fs.writeFileSync(path.join(folder, "datasets/gone.md"), "");
    let message = "";
    try {
      checkPages(folder, datasets);
    } catch (error) {
      ({ message } = error as Error);
    }
    match(
      message,
      /not current: dashboard\.svg, datasets\/features\.md, datasets\/features\.html, datasets\/gone\.md; run 'npm run pages'/,
    );
    writePages(folder, datasets);
    const files = fs.readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file !== "datasets");
    deepEqual(files.sort(), [...pages(datasets).keys(), "dashboard.md"].sort());
  });
});
