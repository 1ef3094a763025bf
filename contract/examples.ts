import type { Dataset } from "./dataset";
import { valuesAt, type PartitionKey } from "./keys";

/** The day of examples: that of the article, 09:00 in Tokyo. */
const EXAMPLE = new Date("2021-12-01T00:00:00Z");

/** A value for every key, as a path, a filter or a page shows it. */
export function examplePartition({ partitionKeys }: Pick<Dataset, "partitionKeys">): Record<string, string> {
  const dated = valuesAt(partitionKeys, EXAMPLE);
  return Object.fromEntries(partitionKeys.map((key) => [key.name, dated[key.name] ?? exampleOf(key)]));
}

function exampleOf(key: PartitionKey): string {
  if (key.kind === "enum") return key.values[0] ?? "";
  if (key.kind === "integer") return "1".padStart(key.digits ?? 1, "0");
  return `${key.name.replaceAll("_", "-")}-1`;
}
