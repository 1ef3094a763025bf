/** How the bytes of one CSV file are written and read. Lines, not cells, are found first: no cell holds a line break. */
export interface Csv {
  readonly kind: "csv";
  /** One ASCII character between cells. Default `,`. */
  readonly delimiter: string;
  /** Whether each file begins with a line of column names. Default `false`. */
  readonly header: boolean;
  /** One character around cells, doubled within them; all columns are strings then. Default: none, a quote is text. */
  readonly quote?: string;
  /** One character before a character that is text. Default: none, and `\` where there is a `quote`. */
  readonly escape?: string;
  /** A cell of exactly this text is null. Default `\N`; where there is a `quote`, nothing is null. */
  readonly nullText?: string;
  /** What ends a line: `\n`, the default, or `\r\n`. */
  readonly newline: string;
  /** Python's name of the encoding. Default, and the only one that every engine reads: `utf-8`. */
  readonly encoding: string;
}

export type CsvOptions = Partial<Omit<Csv, "kind">>;

/**
 * Declares CSV files. Without `quote` LazySimpleSerDe reads them, which has types and null and knows no quotes; with
 * `quote` OpenCSVSerde, which has text alone. What a SerDe cannot carry is refused (`rules/csv.ts`).
 */
export function csv(options: CsvOptions = {}): Csv {
  const { delimiter = ",", header = false, newline = "\n", encoding = "utf-8", quote, ...others } = options;
  // OpenCSVSerde has no way without an escape character, and none to say null. A misspelt option stays, to be refused.
  const { escape, nullText, ...unknown } =
    quote === undefined ? { nullText: "\\N", ...others } : { escape: "\\", ...others };
  return {
    kind: "csv",
    delimiter,
    header,
    ...(quote === undefined ? {} : { quote }),
    ...(escape === undefined ? {} : { escape }),
    ...(nullText === undefined ? {} : { nullText }),
    newline,
    encoding: `${encoding}`.toLowerCase().replace(/^utf[-_]?8$/, "utf-8"),
    ...unknown,
  };
}

export const LAZY_SIMPLE_SERDE = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe";
export const OPEN_CSV_SERDE = "org.apache.hadoop.hive.serde2.OpenCSVSerde";
export const TEXT_INPUT_FORMAT = "org.apache.hadoop.mapred.TextInputFormat";
/** What LazySimpleSerDe takes for null when nothing else is said. */
export const DEFAULT_NULL_TEXT = "\\N";

/** The Hive classes and parameters by which Athena, Redshift Spectrum, EMR and Trino read such files. */
export interface Serde {
  readonly inputFormat: string;
  readonly outputFormat: string;
  readonly serializationLibrary: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The SerDe that reads such files. */
export function serdeOf(format: Csv): Serde {
  return {
    inputFormat: TEXT_INPUT_FORMAT,
    outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
    ...(format.quote === undefined
      ? { serializationLibrary: LAZY_SIMPLE_SERDE, parameters: lazySimpleParameters(format) }
      : { serializationLibrary: OPEN_CSV_SERDE, parameters: openCsvParameters(format, format.quote) }),
  };
}

/** Without `field.delim` LazySimpleSerDe splits at Ctrl-A and each line becomes one column. */
function lazySimpleParameters({ delimiter, escape, ...format }: Csv): Record<string, string> {
  return {
    "field.delim": delimiter,
    "serialization.format": delimiter,
    ...(escape === undefined ? {} : { "escape.delim": escape }),
    ...nullParameters(format),
  };
}

/** All three, although they have defaults: Trino reads with one default escape character and writes with another. */
function openCsvParameters({ delimiter, escape }: Csv, quote: string): Record<string, string> {
  return { separatorChar: delimiter, quoteChar: quote, ...(escape === undefined ? {} : { escapeChar: escape }) };
}

function nullParameters({ nullText = DEFAULT_NULL_TEXT }: Pick<Csv, "nullText">): Record<string, string> {
  return nullText === DEFAULT_NULL_TEXT ? {} : { "serialization.null.format": nullText };
}

/**
 * The table's own parameters. Engines look for `skip.header.line.count` here, not among the SerDe's (Athena user guide,
 * lazy-simple-serde), and Redshift Spectrum for `serialization.null.format` (CREATE EXTERNAL TABLE, table properties);
 * the others are hints for crawlers and Glue jobs.
 */
export function tableParametersOf(format: Csv): Record<string, string> {
  return {
    classification: "csv",
    EXTERNAL: "TRUE",
    columnsOrdered: "true",
    areColumnsQuoted: String(format.quote !== undefined),
    delimiter: format.delimiter,
    ...(format.header ? { "skip.header.line.count": "1" } : {}),
    ...(format.quote === undefined ? nullParameters(format) : {}),
  };
}
