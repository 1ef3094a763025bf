import { deepEqual, equal } from "node:assert/strict";
import { Catalog } from "../../components/catalog";
import { kept, part, partsOf, stack, stackIn } from "./component";

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

  it("is nothing of the program's where a database is there already", async () => {
    let catalog: Catalog | undefined;
    const parts = await partsOf((opts) => {
      catalog = new Catalog("catalog", stackIn({ existingDatabase: "team-lake" }), opts);
    });
    deepEqual(parts, []);
    equal(catalog?.database, "team-lake");
  });

  it("outlives a destroy, unless both switches are on", async () => {
    deepEqual(kept(await make()), { "catalog-database": true });
    deepEqual(kept(await make(true)), { "catalog-database": false });
  });
});
