import { deepEqual, equal, match, throws } from "node:assert/strict";
import { csv } from "../../contract/csv";
import { column } from "../../contract/columns";
import { defineDataset, type Dataset } from "../../contract/dataset";
import { datasetDocument, datasetJson } from "../../contract/document";
import { stepDocument } from "../../contract/events";
import { dateKey, enumKey, injectedKey, integerKey } from "../../contract/keys";
import { partitionPath } from "../../contract/layout";
import { athena, athenaRepair, projection, redshiftSpectrum } from "../../contract/registration";

const day = dateKey("day", { timeZone: "Asia/Tokyo" });
const shard = integerKey("shard", { digits: 2 });
const base = {
  name: "events",
  description: "events",
  prefix: "events",
  columns: [column("a", "string", "")],
  format: csv(),
  steps: [],
} as const;

describe("a dataset whose values are escaped", () => {
  const sites = enumKey("site", { values: ["東京 都", "12:30"] });

  it("may have values of any text, and tells scripts and functions of it", () => {
    const dataset = defineDataset({ ...base, partitionKeys: [day, sites], escaping: "hive" });
    equal(partitionPath(dataset, { day: "2021-12-01", site: "12:30" }), "day=2021-12-01/site=12%3A30/");
    equal((JSON.parse(datasetJson(dataset)) as Dataset).escaping, "hive");
    equal((JSON.parse(stepDocument(datasetDocument(dataset))) as Dataset).escaping, "hive");
  });

  it("says so, or has plain values", () => {
    throws(() => defineDataset({ ...base, partitionKeys: [day, sites] }), /value '東京 都' has characters other than/);
    throws(
      () => defineDataset({ ...base, partitionKeys: [day], escaping: "url" as "hive" }),
      /escaping 'url' is not one of none, hive/,
    );
    const plain = defineDataset({ ...base, partitionKeys: [day] });
    deepEqual(Object.keys(datasetDocument(plain)), ["name", "partitionKeys", "columns", "format"]);
  });

  it("is not projected: Athena does not escape", () => {
    throws(
      () =>
        defineDataset({
          ...base,
          partitionKeys: [day, injectedKey("customer")],
          escaping: "hive",
          registration: projection({ day: { from: "2021-12-01" } }),
        }),
      /registration by projection: escaping "hive": Athena puts projected values into the address as they are/,
    );
  });
});

describe("a dataset that Athena registers", () => {
  const registration = athenaRepair();

  it("names its workgroup, and may be read by every engine", () => {
    const dataset = defineDataset({
      ...base,
      partitionKeys: [day],
      registration,
      readers: [athena(), redshiftSpectrum()],
    });
    deepEqual(dataset.registration, { strategy: "athena-repair", workgroup: "primary" });
  });

  it("has keys, a workgroup that can be, and no values with a colon", () => {
    const refused = (given: Partial<Dataset>, problem: RegExp) =>
      throws(() => defineDataset({ ...base, partitionKeys: [day], registration, ...given }), problem);
    refused({ partitionKeys: [] }, /registration by athena-repair: the table has no partition key to look for/);
    refused({ escaping: "hive" }, /escaping "hive" lets values hold ':', which MSCK REPAIR TABLE leaves out/);
    refused({ registration: athenaRepair({ workgroup: "my group" }) }, /workgroup 'my group' must be 1 to 128 letters/);
  });
});

describe("a projected dataset", () => {
  const keys = [day, shard] as const;

  it("has a range for each date and each number", () => {
    const ranges = { day: { from: "2021-12-01" }, shard: { from: 0, to: 15 } };
    defineDataset({ ...base, partitionKeys: keys, registration: projection(ranges) });
  });

  it("makes a missing, misspelt or wrong range a compile error, and one of the declaration", () => {
    throws(
      // @ts-expect-error 'shard' has no range
      () => defineDataset({ ...base, partitionKeys: keys, registration: projection({ day: { from: "2021-12-01" } }) }),
      /'shard': it has no range/,
    );
    const misspelt = projection({ dya: { from: "2021-12-01" }, shard: { from: 0, to: 15 } });
    throws(
      // @ts-expect-error 'dya' is no key
      () => defineDataset({ ...base, partitionKeys: keys, registration: misspelt }),
      (error: Error) => {
        match(error.message, /range of 'dya', which is no partition key/);
        match(error.message, /'day': it has no first value/);
        return true;
      },
    );
    throws(
      () =>
        // @ts-expect-error the ends of a day are texts
        defineDataset({ ...base, partitionKeys: [day], registration: projection({ day: { from: 20211201 } }) }),
      /value '20211201' is not a date written as yyyy-MM-dd/,
    );
  });
});
