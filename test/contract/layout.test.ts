import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import * as fc from "fast-check";
import { features } from "../../datasets/features/dataset";
import { dateKey, enumKey, integerKey } from "../../contract/keys";
import { addresses, partitionPath, readPath, renderPath } from "../../contract/layout";
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
    const keys = [integerKey("shard", { digits: 4 }), enumKey("e", { values: ["a.b", "c-d", "e_f"] })];
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9999 }), fc.constantFrom("a.b", "c-d", "e_f"), (shard, e) => {
        const values = { shard: String(shard).padStart(4, "0"), e };
        deepEqual(readPath(keys, renderPath(keys, values)), { values });
      }),
    );
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

  it("rejects characters that readers disagree on", () => {
    for (const value of ["a/b", "k=v", "100%", "a:b", "a b", "日本"])
      throws(() => renderPath([enumKey("e", { values: [value] })], { e: value }), /characters other than/);
  });

  it("addresses a dataset's folders, each with a slash at its end", () => {
    const at = addresses(features, "bucket");
    equal(at.output, "s3://bucket/features/output/");
    equal(at.codeUri("abc", "transform.py"), "s3://bucket/features/code/abc/transform.py");
    for (const folder of [at.raw, at.output, at.execution, at.rawPrefix, at.codePrefix])
      ok(folder.endsWith("/"), folder);
  });
});
