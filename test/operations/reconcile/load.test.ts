import { deepEqual, equal, ok } from "node:assert/strict";
import { GlueClient } from "@aws-sdk/client-glue";
import { S3Client } from "@aws-sdk/client-s3";
import * as fc from "fast-check";
import { column } from "../../../contract/columns";
import { csv, serdeOf } from "../../../contract/csv";
import type { DatasetDocument } from "../../../contract/document";
import { dateKey, enumKey, injectedKey, integerKey, type PartitionKey } from "../../../contract/keys";
import { LAPTOP_CREDENTIALS } from "../../../local/environment";
import type { Clients } from "../../../operations/clients";
import { cutBetween } from "../../../operations/reconcile/cut";
import { listFolders } from "../../../operations/reconcile/listing";
import { count } from "../../../operations/reconcile/outcome";
import { plan } from "../../../operations/reconcile/plan";
import { reconcile } from "../../../operations/reconcile/reconcile";
import type { ReconcileRequest, Scope } from "../../../operations/reconcile/request";
import { FakeAws } from "../../support/fakeAws";
import { all } from "../../support/laptop";

const PREFIX = "t/output/";

describe("a table of many partitions", () => {
  let aws: FakeAws;
  let clients: Clients;
  before(async () => {
    aws = await new FakeAws().start();
    const place = { region: "ap-northeast-1", credentials: LAPTOP_CREDENTIALS, endpoint: aws.endpoint };
    clients = { glue: new GlueClient(place), s3: new S3Client({ ...place, forcePathStyle: true }) };
  });
  after(() => aws.stop());
  afterEach(() => {
    aws.s3.page = 1000;
  });

  const prepare = (keys: readonly PartitionKey[], files: readonly string[]): DatasetDocument => {
    const document = {
      ...{ name: "t", partitionKeys: keys, format: csv() },
      columns: ["x", "y", "z"].map((name) => column(name, "string", "")),
    };
    const serde = serdeOf(document.format);
    aws.s3.keys = files.map((file) => PREFIX + file).sort();
    aws.glue.partitions.clear();
    aws.glue.table = {
      PartitionKeys: keys.map(({ name, type }) => ({ Name: name, Type: type })),
      StorageDescriptor: {
        Location: `s3://data/${PREFIX}`,
        Columns: document.columns.map(({ name, type }) => ({ Name: name, Type: type })),
        InputFormat: serde.inputFormat,
        OutputFormat: serde.outputFormat,
        SerdeInfo: { SerializationLibrary: serde.serializationLibrary, Parameters: { ...serde.parameters } },
      },
    };
    aws.calls.clear();
    return document;
  };
  const request = (document: DatasetDocument, given: Partial<ReconcileRequest> = {}): ReconcileRequest => ({
    ...{ database: "d", table: "t", document, scope: { kind: "table" }, facts: {}, removals: false, ...given },
  });
  const shards = (count: number) =>
    Array.from({ length: count }, (_, at) => `shard=${String(at).padStart(6, "0")}/p.csv`);

  it("costs a call for each 1,000 objects to list, one for each 1,000 to compare, one for each 100 to create", async () => {
    const document = prepare([integerKey("shard", { digits: 6 })], shards(2500));
    equal(count(await all(reconcile(clients, request(document)))).created, 2500);
    deepEqual(Object.fromEntries(aws.calls), {
      ...{ GetTable: 1, ListObjectsV2: 3, BatchGetPartition: 3, GetObject: 2500, BatchCreatePartition: 25 },
    });
    aws.calls.clear();
    equal(count(await all(reconcile(clients, request(document)))).same, 2500);
    deepEqual(Object.fromEntries(aws.calls), { GetTable: 1, ListObjectsV2: 3, BatchGetPartition: 3 });
  }).timeout(60_000);

  it("is listed in parts side by side, with few calls more", async () => {
    const files = shards(40_000);
    const document = prepare([integerKey("shard", { digits: 6 })], files);
    const found = (await all(listFolders(clients.s3, { bucket: "data", key: PREFIX }, 1, { prefix: "" }))).flat();
    deepEqual(found.map(({ path }) => `${path}p.csv`).sort(), files);
    equal(document.partitionKeys.length, 1);
    const calls = aws.calls.get("ListObjectsV2") ?? 0;
    ok(calls >= 40 && calls < 70, String(calls));
  }).timeout(60_000);

  it("never has the files of one partition cut apart, wherever a listing is cut", () => {
    const value = fc.stringMatching(/^[A-Za-z0-9._-]{1,6}$/);
    const name = fc.tuple(value, value, value).map(([a, b, file]) => `a=${a}/b=${b}/${file}`);
    fc.assert(
      fc.property(
        fc.array(name, { minLength: 2, maxLength: 30 }),
        fc.option(value, { nil: undefined }),
        (names, end) => {
          const sorted = [...new Set(names)].sort();
          for (const last of sorted) {
            const before = end === undefined ? undefined : `a=${end}~`;
            const cut = cutBetween(last, before, "", 2);
            if (cut === undefined) continue;
            ok(cut > last && (before === undefined || cut < before), cut);
            const folder = (each: string) => each.split("/").slice(0, 2).join("/");
            const below = new Set(sorted.filter((each) => each <= cut).map(folder));
            ok(
              sorted.filter((each) => each > cut).every((each) => !below.has(folder(each))),
              cut,
            );
          }
        },
      ),
    );
  });

  it("is found whole, whatever the names, when it is listed in parts", async () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[A-Za-z0-9._-]{1,4}$/), { minLength: 5, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(names, fc.integer({ min: 1, max: 3 }), async (values, files) => {
        const every = values
          .flatMap((value) => Array.from({ length: files }, (_, file) => `k=${value}/f${file}`))
          .sort();
        prepare([injectedKey("k")], every);
        aws.s3.page = 2;
        const folders = (await all(listFolders(clients.s3, { bucket: "data", key: PREFIX }, 1, { prefix: "" }))).flat();
        deepEqual(folders.map(({ path }) => path).sort(), values.map((value) => `k=${value}/`).sort());
        equal(
          folders.every((each) => each.files.length === files),
          true,
        );
      }),
      { numRuns: 30 },
    );
  }).timeout(60_000);

  const zone = { timeZone: "Asia/Tokyo" };
  const days = Array.from({ length: 400 }, (_, at) =>
    new Date(Date.UTC(2021, 0, 1) + at * 86_400_000).toISOString().slice(0, 10),
  );
  const scopes: [title: string, keys: PartitionKey[], path: (day: string) => string[]][] = [
    ["one key", [dateKey("d", zone)], (day) => [`d=${day}/p.csv`]],
    ["digits alone", [dateKey("d", { ...zone, format: "yyyyMMdd" })], (day) => [`d=${day.replaceAll("-", "")}/p.csv`]],
    [
      "hours in it",
      [dateKey("d", { ...zone, format: "yyyy-MM-dd-HH" })],
      (day) => ["00", "23"].map((hour) => `d=${day}-${hour}/p.csv`),
    ],
    [
      "a key for each part",
      [
        dateKey("y", { ...zone, format: "yyyy" }),
        dateKey("m", { ...zone, format: "MM" }),
        dateKey("d", { ...zone, format: "dd" }),
        dateKey("h", { ...zone, format: "HH" }),
      ],
      (day) =>
        ["00", "07"].map((hour) => `y=${day.slice(0, 4)}/m=${day.slice(5, 7)}/d=${day.slice(8)}/h=${hour}/p.csv`),
    ],
    [
      "parts without zeros",
      [
        dateKey("y", { ...zone, format: "yyyy" }),
        dateKey("m", { ...zone, format: "M" }),
        dateKey("d", { ...zone, format: "d" }),
      ],
      (day) => [`y=${day.slice(0, 4)}/m=${Number(day.slice(5, 7))}/d=${Number(day.slice(8))}/p.csv`],
    ],
    [
      "another key above it",
      [enumKey("site", { values: ["osaka", "tokyo"] }), dateKey("d", zone)],
      (day) => ["osaka", "tokyo"].map((site) => `site=${site}/d=${day}/p.csv`),
    ],
    [
      "another key below it",
      [dateKey("d", zone), enumKey("site", { values: ["osaka", "tokyo"] })],
      (day) => ["osaka", "tokyo"].map((site) => `d=${day}/site=${site}/p.csv`),
    ],
  ];
  for (const [title, keys, path] of scopes)
    it(`is looked at for the days that are asked for, and no others, where a day has ${title}`, async () => {
      const document = prepare(keys, days.flatMap(path));
      for (const [from, to] of [
        ["2021-01-09", "2021-01-11"],
        ["2021-09-30", "2021-10-01"],
        ["2021-12-31", "2022-01-01"],
        ["2021-02-01", "2021-02-01"],
      ] as const) {
        const scope: Scope = { kind: "days", from, to };
        const found = await all(plan(clients, request(document, { scope, removals: true })));
        const wanted = days.filter((day) => day >= from && day <= to).flatMap(path);
        deepEqual(found.map((each) => `${each.path}p.csv`).sort(), wanted.sort());
      }
    }).timeout(30_000);

  it("is looked at for a year of days with one listing", async () => {
    const document = prepare(
      [dateKey("d", zone)],
      days.map((day) => `d=${day}/p.csv`),
    );
    const scope: Scope = { kind: "days", from: "2021-01-01", to: "2021-12-31" };
    equal((await all(plan(clients, request(document, { scope })))).length, 365);
    equal(aws.calls.get("ListObjectsV2"), 1);
  }).timeout(30_000);

  it("is refused for days where no key is one, and for days that are none", async () => {
    const document = prepare([integerKey("shard", { digits: 6 })], []);
    const ask = (given: DatasetDocument, from: string, to: string) =>
      all(plan(clients, request(given, { scope: { kind: "days", from, to } }))).then(
        String,
        (error: Error) => error.message,
      );
    ok((await ask(document, "2021-01-01", "2021-01-02")).includes("no date key"));
    const daily = prepare([dateKey("d", zone)], []);
    ok((await ask(daily, "2021-02-30", "2021-03-01")).includes("'2021-02-30' is not a day"));
    ok((await ask(daily, "2021-03-02", "2021-03-01")).includes("swap them"));
  });
});
