import assert from "node:assert/strict";
import fc from "fast-check";
import { noManagedPartitions, partitionLocations, projectionTemplate } from "../../policy/partitionRules";
import { judge, UNKNOWN } from "../support/policy";
import { LOCATION, partition, table, type TableProps } from "./resources";

const TEMPLATE = `${LOCATION}process_date_jst=\${process_date_jst}/country=\${country}/`;
const project = (template: string) => (props: TableProps) => (props.parameters["storage.location.template"] = template);
const move = (location: unknown) => partition((props) => Object.assign(props.storageDescriptor, { location }));

/** Where a path is wrong, as it can be in a partition and in a template alike; `a` and `b` are the two values. */
const wrongPaths: [what: string, path: (a: string, b: string) => string, problems: readonly string[]][] = [
  [
    "keys in another order",
    (a, b) => `country=${b}/process_date_jst=${a}/`,
    ["level 1 is 'country=B', expected 'process_date_jst=…'", "level 2 is 'process_date_jst=A', expected 'country=…'"],
  ],
  ["values without keys", (a, b) => `${a}/country=${b}/`, ["level 1 is 'A', expected 'process_date_jst=…'"]],
  [
    "a missing key",
    (a) => `process_date_jst=${a}/`,
    ["level 1 is 'output', expected 'process_date_jst=…'", "level 2 is 'process_date_jst=A', expected 'country=…'"],
  ],
  [
    "a folder before the keys",
    (a, b) => `v=1/process_date_jst=${a}/country=${b}/`,
    [`has 3 folders below '${LOCATION}', expected 2`],
  ],
  [
    "the value of another key",
    (a, b) => `process_date_jst=${b}/country=${a}/`,
    ["level 1 is 'process_date_jst=B', expected 'process_date_jst=A'", "level 2 is 'country=A', expected 'country=B'"],
  ],
  [
    "an upper-case key",
    (a, b) => `process_date_jst=${a}/Country=${b}/`,
    ["level 2 is 'Country=B', expected 'country=…'"],
  ],
];

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
            problem.replace(/=A\b|'A'/g, (hit) => hit.replace("A", "2021-12-01")).replace(/=B\b/g, "=de"),
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
            `expected it below the table's location '${LOCATION}'`,
        ],
      );
  });

  it("rejects an absent location", () => {
    assert.deepEqual(judge(partitionLocations, [table(), move(undefined)]).violations, [
      "partition 'first': location '': is absent, expected key=val folders below the table's location",
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

describe("aws-glue-table-project-key-value-folders", () => {
  it("accepts no template, and key=${key} for every key in order", () => {
    assert.deepEqual(judge(projectionTemplate, [table()]).violations, []);
    assert.deepEqual(judge(projectionTemplate, [table(project(TEMPLATE))]).violations, []);
  });

  for (const [what, path, problems] of wrongPaths)
    it(`rejects ${what}`, () => {
      const template = LOCATION + path("${process_date_jst}", "${country}");
      assert.deepEqual(
        judge(projectionTemplate, [table(project(template))]).violations,
        problems.map(
          (problem) =>
            `table 'features': storage.location.template '${template}': ` +
            problem
              .replace(/=A\b|'A'/g, (hit) => hit.replace("A", () => "${process_date_jst}"))
              .replace(/=B\b/g, () => "=${country}"),
        ),
      );
    });

  it("rejects a missing final slash and another base", () => {
    const template = TEMPLATE.replace("features", "other").slice(0, -1);
    assert.deepEqual(judge(projectionTemplate, [table(project(template))]).violations, [
      `table 'features': storage.location.template '${template}': expected '${template}/', with one slash at its end`,
      `table 'features': storage.location.template '${template}': expected it below the table's location '${LOCATION}'`,
    ]);
  });

  it("rejects a wrong order while the location is unknown", () => {
    const verdict = judge(projectionTemplate, [
      table((props) => {
        project("s3://b/country=${country}/process_date_jst=${process_date_jst}/")(props);
        Object.assign(props.storageDescriptor, { location: UNKNOWN });
      }),
    ]);
    assert.equal(verdict.violations.length, 2);
    assert.equal(verdict.unknown, "storageDescriptor.location");
  });

  it("does not judge an unknown template", () => {
    const verdict = judge(projectionTemplate, [table(project(UNKNOWN))]);
    assert.deepEqual(verdict, { violations: [], blamed: [], unknown: "parameters.storage.location.template" });
  });

  it("rejects every other order of the keys, and accepts the declared one", () => {
    const name = fc.stringMatching(/^[a-z_][a-z0-9_]{0,9}$/);
    const orders = fc
      .uniqueArray(name, { minLength: 1, maxLength: 5 })
      .chain((keys) => fc.tuple(fc.constant(keys), fc.shuffledSubarray(keys, { minLength: keys.length })));
    fc.assert(
      fc.property(orders, ([keys, shuffled]) => {
        const judged = judge(projectionTemplate, [
          table((props) => {
            props.partitionKeys = keys.map((key) => ({ name: key, type: "string" }));
            project(`${LOCATION}${shuffled.map((key) => `${key}=\${${key}}/`).join("")}`)(props);
          }),
        ]);
        assert.equal(judged.violations.length === 0, keys.join() === shuffled.join());
      }),
    );
  });
});
