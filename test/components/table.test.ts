import { deepEqual, equal, ok } from "node:assert/strict";
import { partitionedTable } from "../../components/table";
import { csv } from "../../contract/csv";
import type { Dataset } from "../../contract/dataset";
import { dateKey, enumKey } from "../../contract/keys";
import { features } from "../../datasets/features/dataset";
import type { Calls } from "../support/mocks";
import { kept, part, partsOf, stack, stackIn } from "./component";

const make = (dataset: Dataset = features, mayDestroy = false) =>
  partsOf((opts) => partitionedTable("features", { ...stack, mayDestroy, dataset }, opts));
const inputs = async (dataset: Dataset) => part(await make(dataset), "features-table").inputs;

describe("the table", () => {
  it("is one resource, whatever its partitions", async () => {
    deepEqual(
      (await make()).map(({ name, chain }) => [name, chain]),
      [["features-table", "aws:glue/catalogTable:CatalogTable"]],
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

describe("a table that somebody else makes", () => {
  const existing: Dataset = { ...features, table: { physicalName: "old-features", existing: true } };

  it("is no resource, whether its database is the stack's or not", async () => {
    deepEqual(await make(existing), []);
    const args = { ...stackIn({ existingDatabase: "team-lake" }), dataset: existing };
    const found: Calls = {
      "aws:glue/getCatalogTable:getCatalogTable": {
        ...{ name: "old-features", databaseName: "team-lake", parameters: {} },
        partitionKeys: [{ name: "process_date_jst", type: "string" }],
        storageDescriptors: [
          {
            location: "s3://my-team-partitions-test-data/features/output",
            columns: features.columns.map(({ name, type }) => ({ name, type })),
            serDeInfos: [
              {
                serializationLibrary: "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
                parameters: { "field.delim": "," },
              },
            ],
          },
        ],
      },
    };
    deepEqual(await partsOf((opts) => partitionedTable("features", args, opts), found), []);
  });

  it("keeps its own name in a database of somebody else's, also when the program makes it", async () => {
    const dataset: Dataset = { ...features, table: { physicalName: "daily_features" } };
    const args = { ...stackIn({ existingBucket: "team-data", existingDatabase: "team-lake" }), dataset };
    const parts = await partsOf((opts) => partitionedTable("features", args, opts));
    const { name, databaseName, storageDescriptor } = part(parts, "features-table").inputs;
    deepEqual([name, databaseName], ["daily_features", "team-lake"]);
    equal((storageDescriptor as { location: string }).location, "s3://team-data/features/output/");
  });
});
