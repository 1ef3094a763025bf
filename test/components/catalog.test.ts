import { deepEqual } from "node:assert/strict";
import { Catalog } from "../../components/catalog";
import { kept, part, partsOf, stack } from "./component";

const make = (mayDestroy = false) => partsOf((opts) => new Catalog("catalog", { ...stack, mayDestroy }, opts));

describe("the catalogue", () => {
  it("is a database whose name Athena can query", async () => {
    const parts = await make();
    deepEqual(
      parts.map(({ chain }) => chain),
      ["partitions:components:Catalog$aws:glue/catalogDatabase:CatalogDatabase"],
    );
    deepEqual(part(parts, "catalog-database").inputs, {
      name: "partitions_test",
      description: "tables of partitions-test",
    });
  });

  it("outlives a destroy, unless both switches are on", async () => {
    deepEqual(kept(await make()), { "catalog-database": true });
    deepEqual(kept(await make(true)), { "catalog-database": false });
  });
});
