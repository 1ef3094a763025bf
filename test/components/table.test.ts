import { deepEqual, equal, ok } from "node:assert/strict";
import { PartitionedTable } from "../../components/table";
import { csv } from "../../contract/csv";
import type { Dataset } from "../../contract/dataset";
import { dateKey, enumKey } from "../../contract/keys";
import { features } from "../../datasets/features/dataset";
import { kept, part, partsOf, stack } from "./component";

const make = (dataset: Dataset = features, mayDestroy = false) =>
  partsOf((opts) => new PartitionedTable("features", { ...stack, mayDestroy, dataset }, opts));
const inputs = async (dataset: Dataset) => part(await make(dataset), "features-table").inputs;

describe("the table", () => {
  it("is one resource, whatever its partitions", async () => {
    deepEqual(
      (await make()).map(({ name, chain }) => [name, chain]),
      [["features-table", "partitions:components:PartitionedTable$aws:glue/catalogTable:CatalogTable"]],
    );
  });

  it("stands where the job writes, a folder with its slash", async () => {
    const { storageDescriptor } = await inputs(features);
    equal((storageDescriptor as { location: string }).location, "s3://my-team-partitions-test-data/features/output/");
  });

  it("has the keys in the order of the folders, with their comments, and not as columns", async () => {
    const keys = [
      dateKey("year", { timeZone: "Asia/Tokyo", format: "yyyy", comment: "処理年" }),
      enumKey("site", { values: ["tokyo"] }),
    ];
    const { partitionKeys, storageDescriptor } = await inputs({ ...features, partitionKeys: keys });
    deepEqual(partitionKeys, [
      { name: "year", type: "string", comment: "処理年" },
      { name: "site", type: "string" },
    ]);
    const columns = (storageDescriptor as { columns: { name: string }[] }).columns.map(({ name }) => name);
    deepEqual(columns, ["feature1", "feature2", "y"]);
  });

  it("names the delimiter to the SerDe, and the header to the table", async () => {
    const { parameters, storageDescriptor } = await inputs({
      ...features,
      format: csv({ delimiter: "\t", header: true }),
    });
    const { serDeInfo } = storageDescriptor as { serDeInfo: { parameters: unknown } };
    deepEqual(serDeInfo.parameters, { "field.delim": "\t", "serialization.format": "\t" });
    const given = parameters as Record<string, string>;
    equal(given["skip.header.line.count"], "1");
    ok(!("skip.header.line.count" in ((await inputs(features)).parameters as object)));
  });

  it("outlives a destroy, unless both switches are on: a new table has no partitions", async () => {
    deepEqual(kept(await make()), { "features-table": true });
    deepEqual(kept(await make(features, true)), { "features-table": false });
  });
});
