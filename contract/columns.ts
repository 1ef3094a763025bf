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
  /** Shown in the catalogue; at most 255 bytes of UTF-8 (Glue, by the AWS provider). */
  readonly comment: string;
  /** Of text that holds something else: as what readers want to see it, by the dataset's view. */
  readonly viewType?: ColumnType;
}

/**
 * A column of the table. CSV is read by position: the order of the declaration is the order in the file.
 *
 * @param options.viewType what a `string` column is in the view whose text the dataset's page has: with a csv quote a
 * table has text alone, and `2021-12-01` is compared as a date only there
 */
export function column<const Name extends string>(
  name: Name,
  type: ColumnType,
  comment: string,
  options: { readonly viewType?: ColumnType } = {},
): Column<Name> {
  return { name, type, comment, ...options };
}
