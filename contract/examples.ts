import type { Dataset } from "./dataset";
import { valuesAt, type PartitionKey } from "./keys";

/** The day of examples where a dataset names none: that of the article. */
const EXAMPLE_DAY = "2021-12-01";

/** A value for every key, as a path, a filter or a page shows it. */
export function examplePartition({
  partitionKeys,
  exampleDay = EXAMPLE_DAY,
}: Pick<Dataset, "partitionKeys" | "exampleDay">): Record<string, string> {
  // Nine o'clock of that day in every key's own zone.
  const clocks = partitionKeys.map((key) => (key.kind === "date" ? { ...key, timeZone: "UTC" } : key));
  const dated = valuesAt(clocks, new Date(`${exampleDay}T09:00:00Z`));
  return Object.fromEntries(partitionKeys.map((key) => [key.name, dated[key.name] ?? exampleOf(key)]));
}

function exampleOf(key: PartitionKey): string {
  if (key.kind === "enum") return key.values[0] ?? "";
  if (key.kind === "integer") return "1".padStart(key.digits ?? 1, "0");
  return `${key.name.replaceAll("_", "-")}-1`;
}
