import assert from "node:assert/strict";
import fc from "fast-check";
import { projectionConfiguration, projectionTemplate } from "../../policy/rules/projection";
import { judge, UNKNOWN } from "../support/policy";
import { wrongPaths } from "./paths";
import { LOCATION, table, type TableProps } from "./resources";

const TEMPLATE = `${LOCATION}process_date_jst=\${process_date_jst}/country=\${country}/`;
const project = (template: string) => (props: TableProps) => (props.parameters["storage.location.template"] = template);

/** A projected table, with some parameters changed. */
const projected = (change: Readonly<Record<string, string | undefined>> = {}, more?: (props: TableProps) => unknown) =>
  table((props) => {
    Object.assign(props.parameters, {
      "projection.enabled": "true",
      "projection.process_date_jst.type": "date",
      "projection.process_date_jst.format": "yyyy-MM-dd",
      "projection.process_date_jst.range": "2021-12-01,NOW+9HOURS",
      "projection.country.type": "enum",
      "projection.country.values": "de,jp",
      "storage.location.template": TEMPLATE,
      ...change,
    });
    for (const [name, value] of Object.entries(change)) if (value === undefined) delete props.parameters[name];
    more?.(props);
  });

describe("aws-glue-table-project-as-documented", () => {
  it("accepts a projected table, one that is not, and one whose projection is switched off", () => {
    const off = projected({ "projection.enabled": "false", "projection.country.type": undefined });
    for (const each of [projected(), table(), off])
      assert.deepEqual(judge(projectionConfiguration, [each]), { violations: [], blamed: [] });
  });

  const broken: readonly (readonly [string, Readonly<Record<string, string | undefined>>, readonly string[]])[] = [
    [
      "a key without a projection",
      { "projection.country.type": undefined, "projection.country.values": undefined },
      ["projection.country.type: every partition key is projected, or every query fails, got nothing; add it"],
    ],
    [
      "a misspelt property",
      { "projection.country.value": "de" },
      ["projection.country.value: there is no property 'value', got \"de\"; rename it to 'projection.country.values'"],
    ],
    [
      "a range in another format",
      { "projection.process_date_jst.range": "20211201,NOW" },
      ['projection.process_date_jst.range: a date written as yyyy-MM-dd, got "20211201"; write it so, or as NOW'],
    ],
    [
      "a template of another place, without its slash",
      { "storage.location.template": TEMPLATE.replace("features", "other").slice(0, -1) },
      [
        `storage.location.template: a slash at its end, got "${TEMPLATE.replace("features", "other").slice(0, -1)}"; ` +
          `write '${TEMPLATE.replace("features", "other")}'`,
        `storage.location.template: below the table's location '${LOCATION}', ` +
          `got "${TEMPLATE.replace("features", "other").slice(0, -1)}"; begin with the location`,
      ],
    ],
  ];
  for (const [title, change, texts] of broken)
    it(`rejects ${title}`, () => {
      assert.deepEqual(
        judge(projectionConfiguration, [projected(change)]).violations,
        texts.map((text) => `table 'features': ${text}`),
      );
    });

  it("judges the parameters while the location is unknown", () => {
    const unknown = projected({ "projection.country.type": "list" }, (props) =>
      Object.assign(props.storageDescriptor, { location: UNKNOWN }),
    );
    const verdict = judge(projectionConfiguration, [unknown]);
    assert.equal(verdict.violations.length, 1);
    assert.equal(verdict.unknown, "storageDescriptor.location");
  });

  it("does not judge an unknown parameter of projection, and needs no other one", () => {
    const verdict = judge(projectionConfiguration, [projected({ "projection.country.values": UNKNOWN })]);
    assert.deepEqual(verdict, { violations: [], blamed: [], unknown: "parameters.projection.country.values" });
    const other = judge(projectionConfiguration, [projected({ classification: UNKNOWN })]);
    assert.deepEqual(other, { violations: [], blamed: [] });
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
              .replace(/=B\b/g, () => "=${country}") +
            `; write '${TEMPLATE}'`,
        ),
      );
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
