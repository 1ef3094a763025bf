import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { gzipSync } from "node:zlib";
import { enumKey, integerKey } from "../../contract/keys";
import { denied } from "../support/faults";
import { useRegistrar } from "../support/registrar";

describe("the metrics of a registration", () => {
  const { lake, lines, register } = useRegistrar();

  /** The last line, as CloudWatch reads it. */
  const metrics = () => JSON.parse(lines.at(-1) ?? "") as { readonly _aws: unknown; readonly [name: string]: unknown };

  it("tells CloudWatch what the run registered, in the embedded metric format", async () => {
    const table = await lake.table();
    await lake.put(table, "process_date_jst=2021-12-01/partition.csv", "a,b,1\na,b,2\n");
    const before = Date.now();
    await register(table, { process_date_jst: "2021-12-01" });
    const { _aws, ...told } = metrics();
    const { Timestamp: at, CloudWatchMetrics: directives } = _aws as {
      Timestamp: number;
      CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[];
    };
    ok(at >= before && at <= Date.now());
    equal(directives[0]?.Namespace, "partitions");
    const names = directives.flatMap(({ Metrics, Dimensions }) => [
      ...Metrics.map(({ Name }) => Name),
      ...Dimensions.flat(),
    ]);
    deepEqual(names.sort(), Object.keys(told).sort());
    deepEqual(told, {
      ...{ Stack: "partitions-test", Dataset: table.document.name },
      ...{ PartitionsRegistered: 1, PartitionsNotRegistered: 0, Rows: 2, Bytes: 12 },
    });
  });

  it("tells of a look at the whole table what the run did, not what earlier runs left as it is", async () => {
    const table = await lake.table({ keys: [integerKey("shard", { digits: 1 })] });
    await lake.put(table, "shard=1/partition.csv");
    await register(table, {}, new Date(Date.now() - 60_000));
    await lake.put(table, "shard=2/partition.csv", "a,b,1\na,b,2\n");
    const told = () => ["PartitionsRegistered", "Rows", "Bytes"].map((name) => metrics()[name]);
    await register(table, {}, new Date(Date.now() + 60_000));
    deepEqual(told(), [1, 2, 12]);
    await register(table, {}, new Date(Date.now() + 60_000));
    deepEqual([...told(), metrics()["PartitionsNotRegistered"]], [0, 0, 0, 0]);
    // Written by the run, with the same content.
    await register(table, {}, new Date(Date.now() - 60_000));
    deepEqual(told(), [2, 3, 18]);
  });

  it("tells that it could not register, where it could not even look", async () => {
    const table = await lake.table();
    await lake.put(table, "process_date_jst=2021-12-01/partition.csv");
    lake.faults.on("BatchGetPartition", denied(0, "not authorized to perform: glue:BatchGetPartition"));
    lake.faults.on("GetPartitions", denied(0, "not authorized to perform: glue:GetPartitions"));
    await rejects(register(table, { process_date_jst: "2021-12-01" }), /not authorized/);
    deepEqual([metrics()["PartitionsRegistered"], metrics()["PartitionsNotRegistered"]], [0, 1]);
  });

  it("estimates the rows of what is too large to be looked at as a whole, and tells none of compressed files", async () => {
    const table = await lake.table({ keys: [enumKey("site", { values: ["tokyo", "osaka"] })] });
    await lake.put(table, "site=tokyo/partition.csv", "feature,b,1\n".repeat(20_000));
    await register(table);
    equal(metrics()["Rows"], 20_000);
    // Not to be compressed: it stays larger than what is looked at.
    const random = Array.from({ length: 20_000 }, () => `${randomUUID()},b,1\n`).join("");
    await lake.put(table, "site=osaka/partition.csv.gz", gzipSync(random));
    await register(table);
    deepEqual([metrics()["PartitionsRegistered"], "Rows" in metrics()], [2, false]);
  });

  it("tells what a run could not register before it fails", async () => {
    const table = await lake.table();
    await lake.put(table, "process_date_jst=2021-12-01/partition.csv", "a,b\n");
    await rejects(register(table, { process_date_jst: "2021-12-01" }), /1 of 1 partitions not registered/);
    deepEqual([metrics()["PartitionsRegistered"], metrics()["PartitionsNotRegistered"]], [0, 1]);
  });
});
