import { deepEqual, equal, match, ok } from "node:assert/strict";
import { problemText, projectionProblems, type ProjectedTable } from "../../../contract/projection/check";
import { BROKEN } from "./broken";
import { PUBLISHED, SOUND, strings } from "./tables";

const textsOf = (table: ProjectedTable): string[] => projectionProblems(table).map(problemText);

describe("the rules of partition projection", () => {
  it("finds nothing wrong with a sound table of all types", () => {
    deepEqual(textsOf(SOUND), []);
  });

  for (const [name, table] of Object.entries(PUBLISHED))
    it(`accepts a table that others published (${name})`, () => {
      deepEqual(textsOf(table), []);
    });

  for (const [title, table, expected] of BROKEN)
    it(`rejects ${title}, and says nothing else`, () => {
      const texts = textsOf(table);
      match(texts.join("\n"), expected);
      equal(texts.length, 1, texts.join("\n"));
      ok(texts[0]?.includes(", got "));
    });

  const types: readonly (readonly [key: string, type: string, right: boolean])[] = [
    ["site", "int", false],
    ["site", "varchar(10)", true],
    ["customer", "bigint", false],
    ["shard", "bigint", true],
    ["shard", "double", false],
    ["shard", "date", false],
    ["day", "date", true],
    ["day", "timestamp", true],
    ["day", "int", false],
  ];
  for (const [name, type, right] of types)
    it(`${right ? "accepts" : "rejects"} the Glue type ${type} for the key '${name}'`, () => {
      const partitionKeys = SOUND.partitionKeys.map((key) => (key.name === name ? { name, type } : key));
      const texts = textsOf({ ...SOUND, partitionKeys });
      if (right) deepEqual(texts, []);
      else match(texts.join(), new RegExp(`^partition key '${name}': a Glue type that .* can fill, got "${type}"`));
    });

  it("rejects a table without partition keys", () => {
    const texts = textsOf({ partitionKeys: [], parameters: { "projection.enabled": "true" } });
    deepEqual(texts, ["the table: a partition key to project, got []; declare one, or remove projection.enabled"]);
  });

  it("tells all problems at once, each with its place", () => {
    const problems = projectionProblems({
      partitionKeys: strings("year", "month"),
      parameters: {
        "projection.enabled": "true",
        "projection.year.type": "integer",
        "projection.year.range": "2023-2025",
        "storage.location.template": "s3://b/t/${awsRegion}/${year}",
      },
    });
    deepEqual(
      problems.map(({ subject, rule }) => `${subject}: ${rule}`),
      [
        "projection.year.range: two values with one comma between them",
        "projection.month.type: every partition key is projected, or every query fails",
        "storage.location.template: a placeholder for every partition key, and 'month' has none",
        "storage.location.template: there is no partition key 'awsRegion'",
        "storage.location.template: a slash at its end",
      ],
    );
  });
});
