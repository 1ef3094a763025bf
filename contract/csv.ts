/** How the bytes of one CSV file are written and read. */
export interface Csv {
  readonly kind: "csv";
  /** One character between cells. Default `,`. */
  readonly delimiter: string;
  /** Whether each file begins with a line of column names. Default `false`. */
  readonly header: boolean;
}

/** Declares CSV files for LazySimpleSerDe: no quotes, no line break in a cell, UTF-8, `\N` is null. */
export function csv(options: Partial<Omit<Csv, "kind">> = {}): Csv {
  return { kind: "csv", delimiter: ",", header: false, ...options };
}

/** What is wrong with a dialect; empty when nothing is. */
export function csvProblems(format: Csv): string[] {
  const bad = format.delimiter.length !== 1 || /[\s"\\]/.test(format.delimiter.replace("\t", ""));
  return bad
    ? [
        `csv delimiter must be one character, not a quote, backslash or blank (a tab is fine), got ${JSON.stringify(format.delimiter)}`,
      ]
    : [];
}

/** The Hive classes and parameters by which Athena, Redshift Spectrum, EMR and Trino read such files. */
export interface Serde {
  readonly inputFormat: string;
  readonly outputFormat: string;
  readonly serializationLibrary: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Without `field.delim` LazySimpleSerDe splits at Ctrl-A and each line becomes one column. */
export function serdeOf(format: Csv): Serde {
  return {
    inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
    outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
    serializationLibrary: "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
    parameters: { "field.delim": format.delimiter, "serialization.format": format.delimiter },
  };
}

/**
 * The table's own parameters. Engines look for `skip.header.line.count` here, not among the SerDe's
 * (Athena user guide, lazy-simple-serde); the others are hints for crawlers and Glue jobs.
 */
export function tableParametersOf(format: Csv): Record<string, string> {
  return {
    classification: "csv",
    EXTERNAL: "TRUE",
    columnsOrdered: "true",
    areColumnsQuoted: "false",
    delimiter: format.delimiter,
    ...(format.header ? { "skip.header.line.count": "1" } : {}),
  };
}
