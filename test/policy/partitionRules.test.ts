import assert from "node:assert/strict";
import { noManagedPartitions, partitionLocations } from "../../policy/rules/partition";
import { judge, UNKNOWN } from "../support/policy";
import { wrongPaths } from "./paths";
import { LOCATION, partition, table } from "./resources";

const RIGHT = `; write '${LOCATION}process_date_jst=2021-12-01/country=de/'`;
const move = (location: unknown) => partition((props) => Object.assign(props.storageDescriptor, { location }));

describe("aws-glue-partition-leave-to-registration", () => {
  it("rejects every partition that is a resource", () => {
    assert.deepEqual(judge(noManagedPartitions, [partition()]).violations, [
      "partition 'first' is a resource of the stack; data would come and go with deployments",
    ]);
  });

  it("rejects it whatever is unknown of it", () => {
    const unknown = partition((props) => Object.assign(props, { partitionValues: UNKNOWN, tableName: UNKNOWN }));
    assert.equal(judge(noManagedPartitions, [unknown]).violations.length, 1);
  });
});

describe("aws-glue-partition-locate-by-key-value", () => {
  it("accepts key=val for every key in order below the table's location", () => {
    assert.deepEqual(judge(partitionLocations, [table(), partition()]), { violations: [], blamed: [] });
  });

  for (const [what, path, problems] of wrongPaths)
    it(`rejects ${what}`, () => {
      const location = LOCATION + path("2021-12-01", "de");
      const verdict = judge(partitionLocations, [table(), move(location)]);
      assert.deepEqual(
        verdict.violations,
        problems.map(
          (problem) =>
            `partition 'first': location '${location}': ` +
            problem.replace(/=A\b|'A'/g, (hit) => hit.replace("A", "2021-12-01")).replace(/=B\b/g, "=de") +
            RIGHT,
        ),
      );
      assert.deepEqual(new Set(verdict.blamed), new Set(["first"]));
    });

  it("rejects a missing and a doubled final slash", () => {
    const bare = `${LOCATION}process_date_jst=2021-12-01/country=de`;
    for (const location of [bare, `${bare}//`])
      assert.deepEqual(judge(partitionLocations, [table(), move(location)]).violations.slice(0, 1), [
        `partition 'first': location '${location}': expected '${bare}/', with one slash at its end`,
      ]);
  });

  it("rejects a place below another folder, and a sibling whose name begins alike", () => {
    for (const base of ["s3://acme-data/other/output/", "s3://acme-data/features/output2/"])
      assert.deepEqual(
        judge(partitionLocations, [table(), move(`${base}process_date_jst=2021-12-01/country=de/`)]).violations,
        [
          `partition 'first': location '${base}process_date_jst=2021-12-01/country=de/': ` +
            `expected it below the table's location '${LOCATION}'${RIGHT}`,
        ],
      );
  });

  it("rejects an absent location", () => {
    assert.deepEqual(judge(partitionLocations, [table(), move(undefined)]).violations, [
      "partition 'first': location '': is absent, expected key=val folders below the table's location" + RIGHT,
    ]);
  });

  it("rejects more values than keys", () => {
    const many = partition((props) => props.partitionValues.push("extra"));
    assert.deepEqual(judge(partitionLocations, [table(), many]).violations, [
      `partition 'first': location '${LOCATION}process_date_jst=2021-12-01/country=de/': ` +
        "3 partition values, expected 2 for the keys process_date_jst, country",
    ]);
  });

  it("rejects folders that are not key=val when the table is of another stack", () => {
    const location = "s3://acme-data/features/output/2021-12-01/country=fr/";
    assert.deepEqual(judge(partitionLocations, [partition()]).violations, []);
    assert.deepEqual(judge(partitionLocations, [move(location)]).violations, [
      `partition 'first': location '${location}': level 1 is '2021-12-01', expected '<key>=…'`,
    ]);
  });

  it("rejects a wrong order while the table's location is unknown", () => {
    const unknown = table((props) => Object.assign(props.storageDescriptor, { location: UNKNOWN }));
    const verdict = judge(partitionLocations, [unknown, move("s3://b/country=de/process_date_jst=2021-12-01/")]);
    assert.equal(verdict.violations.length, 2);
    assert.equal(verdict.unknown, "storageDescriptor.location");
  });

  it("rejects one partition behind another whose location is unknown", () => {
    const verdict = judge(partitionLocations, [table(), move(UNKNOWN), move(`${LOCATION}x/`)]);
    assert.ok(verdict.violations.length > 0);
    assert.equal(verdict.unknown, "storageDescriptor.location");
  });
});
