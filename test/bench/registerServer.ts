import { serdeOf, csv } from "../../contract/csv";
import { FakeAws, type FakeOptions } from "../support/fakeAws";

/** What the parent asks for. */
export type Question = "clear" | "stats";

/** What happened since the last question. */
export interface Stats {
  readonly calls: Readonly<Record<string, number>>;
  readonly throttles: number;
  readonly partitions: number;
}

export interface ServerOptions extends FakeOptions {
  readonly partitions: number;
}

export const TABLE = {
  database: "lake",
  table: "loaded",
  bucket: "data",
  prefix: "loaded/output/",
  key: "shard",
} as const;
const COLUMNS = ["feature1", "feature2", "y"];

/** `shard=0000042` */
export const valueOf = (at: number): string => String(at).padStart(7, "0");

/** S3 and Glue in a process of their own, with one file for each partition and nothing registered. */
async function main(): Promise<void> {
  const { partitions, ...options } = JSON.parse(process.argv[2] ?? "") as ServerOptions;
  const aws = await new FakeAws(options).start();
  const serde = serdeOf(csv());
  aws.s3.keys = Array.from(
    { length: partitions },
    (_, at) => `${TABLE.prefix}${TABLE.key}=${valueOf(at)}/partition.csv`,
  );
  aws.glue.table = {
    Name: TABLE.table,
    PartitionKeys: [{ Name: TABLE.key, Type: "string" }],
    StorageDescriptor: {
      Location: `s3://${TABLE.bucket}/${TABLE.prefix}`,
      Columns: COLUMNS.map((name) => ({ Name: name, Type: "string" })),
      InputFormat: serde.inputFormat,
      OutputFormat: serde.outputFormat,
      SerdeInfo: { SerializationLibrary: serde.serializationLibrary, Parameters: { ...serde.parameters } },
    },
  };
  process.on("message", (question: Question) => {
    if (question === "clear") aws.glue.partitions.clear();
    const stats: Stats = {
      calls: Object.fromEntries(aws.calls),
      throttles: aws.throttles,
      partitions: aws.glue.partitions.size,
    };
    aws.calls.clear();
    aws.throttles = 0;
    process.send?.(stats);
  });
  process.on("disconnect", () => process.exit());
  process.send?.(aws.endpoint);
}

if (process.send) void main();
