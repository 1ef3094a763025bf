import { column } from "../../contract/columns";
import { csv } from "../../contract/csv";
import type { Dataset } from "../../contract/dataset";
import { dateKey, enumKey, integerKey } from "../../contract/keys";
import { projection, type DateRange, type IntegerRange } from "../../contract/registration";

/** A dataset with a key of each kind that a lock tells apart. The lock is asked about declarations of any kind. */
export const events: Dataset = {
  name: "events",
  description: "events",
  prefix: "events",
  partitionKeys: [
    dateKey("day", { timeZone: "Asia/Tokyo" }),
    enumKey("area", { values: ["tokyo", "osaka"] }),
    integerKey("shard", { digits: 2 }),
  ],
  columns: [column("a", "int", "first"), column("b", "string", ""), column("c", "float", "")],
  format: csv(),
  steps: [],
};

/** The dataset with changes. */
export const withChanges = (changes: Partial<Dataset>): Dataset => ({ ...events, ...changes });

/** The dataset with projected partitions. */
export const projected = (ranges: { readonly day: DateRange; readonly shard: IntegerRange }): Dataset =>
  withChanges({ registration: projection(ranges) });
