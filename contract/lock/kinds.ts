/**
 * What the partitions that exist need, beyond a deployment. Each keeps its own copy of the columns and the SerDe, which
 * a change of the table does not reach (Athena user guide, "Update tables with partitions").
 *
 * - `nothing`: they are read rightly as they are
 * - `update`: each must get the table's StorageDescriptor (with its own location), as a registration writes it
 * - `register`: each must be registered, at the place and with the values that it has now
 */
export type PartitionNeed = "nothing" | "update" | "register";

export interface PartitionPlan {
  readonly need: PartitionNeed;
  /** What readers see as long as it is not done; for `nothing`, why. */
  readonly why: string;
}

/**
 * How a person says that a change which breaks readers was meant: `rebuilt`, the data in S3 and the partitions fit the
 * new declaration by now; `renamed`, a column's data is the same under its new name; `removed`, nobody reads the table.
 */
export type Statement = "rebuilt" | "renamed" | "removed";

/** What a kind of change means. */
export interface Kind {
  /** Absent for a change that is compatible with data and readers. */
  readonly breaks?: {
    readonly why: string;
    /** What to do instead. */
    readonly instead: string;
    /** What makes it acceptable all the same. */
    readonly unless: Statement;
  };
  readonly partitions: PartitionPlan;
}

export const nothing = (why: string): PartitionPlan => ({ need: "nothing", why });
const update = (why: string): PartitionPlan => ({ need: "update", why });
const register = (why: string): PartitionPlan => ({ need: "register", why });

const NEW_DATASET = "declare a new dataset, with a name and prefix of its own, and let readers move";
const BY_POSITION = "CSV is read by position: files that are written already would show their cells under other names";
const OWN_SCHEMA = "each would still be read by the schema it was registered with";

/**
 * Everything that can happen to a table, with its consequences. What CSV takes is from the Athena user guide ("Handle
 * schema updates"): columns may be renamed and appended, and some types widened, but not removed, reordered or inserted.
 */
export const KINDS = {
  "table-added": { partitions: nothing("there are none yet") },
  "table-removed": {
    breaks: {
      why: "its table, its pipeline and the schema of its data would be gone",
      instead: "list it in datasets/index.ts again",
      unless: "removed",
    },
    partitions: nothing("the catalogue loses them with the table; the files stay in S3"),
  },
  "table-renamed": {
    breaks: {
      why: "queries name the table, and Glue replaces a renamed one without its partitions",
      instead: "take the name back, or make a view of the new name",
      unless: "rebuilt",
    },
    partitions: register("the table of the new name has none, and shows no rows"),
  },
  "prefix-changed": {
    breaks: {
      why: "the data that is written stays under the old prefix, where neither jobs nor readers look",
      instead: "take the prefix back",
      unless: "rebuilt",
    },
    partitions: update("each would still point at the old folder"),
  },
  "key-added": {
    breaks: {
      why: "folders that are written have no such level, and Glue replaces the table without its partitions",
      instead: NEW_DATASET,
      unless: "rebuilt",
    },
    partitions: register("the new table has none, and shows no rows"),
  },
  "key-removed": {
    breaks: {
      why: "folders that are written have the level still, and Glue replaces the table without its partitions",
      instead: NEW_DATASET,
      unless: "rebuilt",
    },
    partitions: register("the new table has none, and shows no rows"),
  },
  "key-renamed": {
    breaks: {
      why: "folders that are written have the old name, and Glue replaces the table without its partitions",
      instead: NEW_DATASET,
      unless: "rebuilt",
    },
    partitions: register("the new table has none, and shows no rows"),
  },
  "keys-reordered": {
    breaks: {
      why: "folders that are written lie in the old order, and Glue replaces the table without its partitions",
      instead: "take the old order back",
      unless: "rebuilt",
    },
    partitions: register("the new table has none, and shows no rows"),
  },
  "key-changed": {
    breaks: {
      why: "values that are written already would mean something else, or nothing",
      instead: NEW_DATASET,
      unless: "rebuilt",
    },
    partitions: register("those of the old values stay beside the new ones"),
  },
  "key-values-added": { partitions: nothing("their values are all still allowed") },
  "key-values-removed": {
    breaks: {
      why: "partitions of the value would be refused by jobs, and under projection vanish from queries without an error",
      instead: "keep the value; a value that nothing is written for does no harm",
      unless: "rebuilt",
    },
    partitions: nothing("those of the value are to be deleted with their data"),
  },
  "escaping-added": { partitions: nothing("a value without special characters is its own folder name either way") },
  "escaping-changed": {
    breaks: {
      why: "folders that are written would mean other values, or none",
      instead: "take the escaping back",
      unless: "rebuilt",
    },
    partitions: register("those of the old values stay beside the new ones"),
  },
  "column-appended": {
    partitions: nothing(
      "files written before have no such cell, which is read as null; a day that runs again is registered with the column",
    ),
  },
  "column-inserted": {
    breaks: { why: BY_POSITION, instead: "append the column at the end", unless: "rebuilt" },
    partitions: update(OWN_SCHEMA),
  },
  "column-removed": {
    breaks: {
      why: "queries name the column, and CSV is read by position: cells behind it would come under other names",
      instead: "keep the column, and let the script write an empty cell",
      unless: "rebuilt",
    },
    partitions: update(OWN_SCHEMA),
  },
  "columns-reordered": {
    breaks: { why: BY_POSITION, instead: "take the old order back", unless: "rebuilt" },
    partitions: update(OWN_SCHEMA),
  },
  "column-renamed": {
    breaks: {
      why:
        "queries name the column, and a column of another meaning in the old one's place looks the same from here " +
        "(CSV itself is read by position and takes a new name)",
      instead: "take the name back, or append the new column at the end",
      unless: "renamed",
    },
    partitions: nothing("columns of CSV are matched by position"),
  },
  "column-widened": {
    partitions: update(
      "each is read by its own type and converted: for a float the digits differ, and an engine may refuse the mix",
    ),
  },
  "column-retyped": {
    breaks: {
      why: "cells that do not fit the new type are read as null or fail the query, and queries expect the old type",
      instead: "append a column of the new type at the end, and convert the old one in a view",
      unless: "rebuilt",
    },
    partitions: update("a partition of another type fails queries with HIVE_PARTITION_SCHEMA_MISMATCH"),
  },
  "format-changed": {
    breaks: {
      why: "files that are written stay as they are, and would be cut into cells in another way",
      instead: NEW_DATASET,
      unless: "rebuilt",
    },
    partitions: update("each would still be read with the SerDe it was registered with"),
  },
  "registration-changed": {
    breaks: {
      why:
        "registered partitions count for nothing under projection, and projected ones are not registered: " +
        "what the new strategy does not cover vanishes from queries without an error",
      instead: "take the strategy back",
      unless: "rebuilt",
    },
    partitions: register("without projection, a folder that is not registered shows no rows"),
  },
  "registration-moved": { partitions: nothing("both strategies register with Glue") },
  "range-widened": { partitions: nothing("projected partitions are not registered") },
  "range-changed": {
    breaks: {
      why: "data outside of the range vanishes from queries without an error",
      instead: "let the range begin and end where it did, or further out",
      unless: "rebuilt",
    },
    partitions: nothing("projected partitions are not registered"),
  },
} as const satisfies Record<string, Kind>;

export type ChangeKind = keyof typeof KINDS;
