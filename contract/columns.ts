/** Hive types that a CSV column can carry. */
export const COLUMN_TYPES = [
  "string",
  "boolean",
  "tinyint",
  "smallint",
  "int",
  "bigint",
  "float",
  "double",
  "date",
  "timestamp",
] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];

export interface Column<Name extends string = string> {
  readonly name: Name;
  readonly type: ColumnType;
  /** Shown in the catalogue; at most 255 characters (Glue). */
  readonly comment: string;
}

/** A column of the table. CSV is read by position: the order of the declaration is the order in the file. */
export function column<const Name extends string>(name: Name, type: ColumnType, comment: string): Column<Name> {
  return { name, type, comment };
}
