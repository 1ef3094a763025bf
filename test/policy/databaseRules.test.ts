import assert from "node:assert/strict";
import { DATABASE } from "../../policy/kinds";
import { rules } from "../../policy/rules";
import { databaseNames } from "../../policy/rules/table";
import { judge, UNKNOWN } from "../support/policy";
import { table } from "./resources";

describe("aws-glue-database-use-lower-case-name", () => {
  const judged = (props: object) => judge(databaseNames, [{ type: DATABASE.token, name: "catalog", props }]);

  for (const [name, legal] of [
    ["acme-dev", "acme_dev"],
    ["Acme", "acme"],
    ["1st", "_1st"],
  ])
    it(`rejects '${name}'`, () => {
      assert.deepEqual(judged({ name }).violations, [`database 'catalog': name is '${name}', expected '${legal}'`]);
    });

  it("rejects an automatic name", () => {
    assert.deepEqual(judged({}).violations, ["database 'catalog': name is absent; the automatic one has a hyphen"]);
  });

  it("accepts a legal one, and does not judge an unknown one", () => {
    assert.deepEqual(judged({ name: "acme_dev" }).violations, []);
    assert.deepEqual(judged({ name: UNKNOWN }), { violations: [], blamed: [], unknown: "name" });
  });

  it("leaves a database alone that a table is only put into", () => {
    for (const rule of rules)
      assert.deepEqual(judge(rule, [table((props) => (props.databaseName = "team-data"))]).violations, []);
  });
});
