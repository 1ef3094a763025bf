import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import * as fc from "fast-check";
import { features } from "../../datasets/features/dataset";
import { dateKey, enumKey, injectedKey, integerKey } from "../../contract/keys";
import { addresses, locationTemplate, partitionPath, readPath, renderLevel, renderPath } from "../../contract/layout";
import { parsePartitionPath } from "../../contract/parse";

const zone = { timeZone: "Asia/Tokyo" };
const levels = [
  dateKey("year", { ...zone, format: "yyyy" }),
  dateKey("month", { ...zone, format: "MM" }),
  enumKey("site", { values: ["tokyo", "osaka"] }),
];

describe("layout", () => {
  it("renders the folder that the script writes", () => {
    equal(partitionPath(features, { process_date_jst: "2021-12-01" }), "process_date_jst=2021-12-01/");
  });

  it("keeps the order of the keys, whatever the order of the values", () => {
    equal(renderPath(levels, { site: "osaka", month: "01", year: "2022" }), "year=2022/month=01/site=osaka/");
  });

  it("reads back what it rendered", () => {
    const keys = [integerKey("shard", { digits: 4 }), integerKey("n"), enumKey("e", { values: ["a.b", "c-d", "e_f"] })];
    const numbers = fc.tuple(fc.integer({ min: 0, max: 9999 }), fc.integer());
    fc.assert(
      fc.property(numbers, fc.constantFrom("a.b", "c-d", "e_f"), ([shard, n], e) => {
        const values = { shard: String(shard).padStart(4, "0"), n: String(n), e };
        deepEqual(readPath(keys, renderPath(keys, values)), { values });
      }),
    );
  });

  it("renders no folders that are longer than a key of S3, in bytes", () => {
    const key = injectedKey("c");
    equal(renderPath([key], { c: "説".repeat(340) }, "hive").length, 343);
    throws(() => renderPath([key], { c: "説".repeat(341) }, "hive"), /the folders have 1026 bytes, and keys in S3 end/);
    throws(() => renderPath([key], { c: "/".repeat(400) }, "hive"), /1203 bytes/);
  });

  it("takes no member for a value that every object has", () => {
    throws(() => renderPath([injectedKey("constructor")], {}), /partition key 'constructor' has no value/);
  });

  it("never reads as a partition what it would not have rendered", () => {
    const names = levels.map(({ name }) => name);
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("year=2022", "month=01", "site=osaka", "year=", "Month=01", "x", ""), {
          maxLength: 4,
        }),
        (parts) => {
          const path = parts.map((part) => `${part}/`).join("");
          const right = path === "year=2022/month=01/site=osaka/";
          equal(parsePartitionPath(names, path).problems.length === 0, right);
        },
      ),
    );
  });

  it("rejects missing, extra and impossible values together, and names each", () => {
    throws(
      () => renderPath(levels, { year: "2022", month: "13", day: "01" }),
      (error: Error) => {
        match(error.message, /'day' is not a partition key; the keys are year, month, site/);
        match(error.message, /value '13' is not a date written as MM/);
        match(error.message, /'site' has no value/);
        return true;
      },
    );
  });

  it("rejects a day that no calendar has, written over three levels", () => {
    const keys = [...levels.slice(0, 2), dateKey("day", { ...zone, format: "dd" })];
    equal(renderPath(keys, { year: "2024", month: "02", day: "29" }), "year=2024/month=02/day=29/");
    throws(() => renderPath(keys, { year: "2023", month: "02", day: "29" }), /no day 29 in month 02 of 2023/);
    const read = readPath(keys, "year=2023/month=02/day=29/");
    match(
      "problems" in read ? read.problems.join() : "",
      /'year=2023\/month=02\/day=29\/': the calendar has no day 29/,
    );
  });

  it("rejects characters that readers disagree on", () => {
    for (const value of ["a/b", "k=v", "100%", "a:b", "a b", "日本"])
      throws(() => renderPath([enumKey("e", { values: [value] })], { e: value }), /characters other than/);
  });

  it("leaves the values to Athena in a location template", () => {
    const template = "s3://b/t/output/year=${year}/month=${month}/site=${site}/";
    equal(locationTemplate(levels, "s3://b/t/output/"), template);
  });

  it("addresses a dataset's folders, each with a slash at its end", () => {
    const at = addresses(features, "bucket");
    equal(at.output, "s3://bucket/features/output/");
    equal(at.codeUri("abc", "transform.py"), "s3://bucket/features/code/abc/transform.py");
    for (const folder of [at.raw, at.output, at.execution, at.rawPrefix, at.codePrefix])
      ok(folder.endsWith("/"), folder);
  });
});

describe("layout with Hive's escaping", () => {
  const key = injectedKey("k");

  // The last is a test of Hive and Trino (TestHiveUtil, toPartitionValues), the others follow Hive's FileUtils.
  const cases: readonly (readonly [value: string, folder: string])[] = [
    ["12:30", "k=12%3A30/"],
    ["a/b=c", "k=a%2Fb%3Dc/"],
    ["100%", "k=100%25/"],
    ["東京 都", "k=東京 都/"],
    ["tab\tend\u007f", "k=tab%09end%7F/"],
    ["~`$&()-_+|;<>,.}", "k=~`$&()-_+|;<>,.}/"],
    [`"'*?\\[]{^#`, "k=%22%27%2A%3F%5C%5B%5D%7B%5E%23/"],
    ["!@#$%^&*()/=", "k=!@%23$%25%5E&%2A()%2F%3D/"],
  ];
  for (const [value, folder] of cases)
    it(`writes ${JSON.stringify(value)} as ${folder}, and reads it back`, () => {
      equal(renderPath([key], { k: value }, "hive"), folder);
      equal(renderLevel(key, value, "hive"), folder);
      equal(partitionPath({ partitionKeys: [key], escaping: "hive" }, { k: value }), folder);
      deepEqual(readPath([key], folder, "hive"), { values: { k: value } });
    });

  it("reads back every text whose folders fit into a key of S3", () => {
    const keys = [injectedKey("one"), dateKey("day", zone), injectedKey("other")];
    const ascii = fc.integer({ min: 1, max: 127 }).map((code) => String.fromCharCode(code));
    const text = fc
      .oneof(
        fc.string({ unit: "binary", minLength: 1, maxLength: 40 }),
        fc.string({ unit: ascii, minLength: 1, maxLength: 40 }),
        fc.tuple(ascii, fc.integer({ min: 3, max: 150 })).map(([char, length]) => char.repeat(length)),
      )
      .filter((value) => !value.includes("\0") && !/^\.\.?$/.test(value));
    fc.assert(
      fc.property(text, text, (one, other) => {
        const values = { one, day: "2021-12-01", other };
        const path = renderPath(keys, values, "hive");
        equal(path.split("/").length, 4);
        deepEqual(readPath(keys, path, "hive"), { values });
      }),
    );
  }).timeout(30_000);

  const wrong: readonly (readonly [title: string, folder: string, problem: RegExp])[] = [
    ["a colon that is not escaped", "k=12:30/", /'k=12:30\/' is written 'k=12%3A30\/' by Hive; rename the folder/],
    ["a second spelling of one value", "k=12%3a30/", /is written 'k=12%3A30\/' by Hive/],
    ["a letter that needs no escape", "k=%41/", /is written 'k=A\/' by Hive/],
    ["a blank as in an address of the web", "k=a%20b/", /is written 'k=a b\/' by Hive/],
    ["a % alone", "k=100%/", /'%' is not % and two hexadecimal digits; write the % itself as %25/],
    ["half an escape", "k=100%2/", /'%2' is not % and two/],
    ["bytes of UTF-8", "k=%E6%9D%B1/", /'%E6' is no ASCII character; Hive escapes no others/],
    ["Hive's null", "k=__HIVE_DEFAULT_PARTITION__/", /is Hive's name for null/],
    ["an escaped parent", "k=../", /means a folder itself or its parent/],
    ["an empty value", "k=/", /the value is empty/],
    ["a further level by a bare slash", "k=a/b/", /has 2 levels, the table declares 1/],
  ];
  for (const [title, folder, problem] of wrong)
    it(`rejects ${title}`, () => {
      const read = readPath([key], folder, "hive");
      match("problems" in read ? read.problems.join() : "", problem);
    });

  it("means nothing without the option: a % is refused as it stands", () => {
    const read = readPath([key], "k=12%3A30/");
    match("problems" in read ? read.problems.join() : "", /'12%3A30' has characters other than/);
  });
});
