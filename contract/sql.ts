import { tableNameOf, type Dataset } from "./dataset";
import { examplePartition } from "./examples";
import { registrationOf } from "./registration";

/** One statement that readers of a dataset begin with. */
export interface SampleQuery {
  readonly kind: "sample" | "count" | "newest" | "repair" | "spectrumSchema" | "spectrumTable";
  readonly sql: string;
}

/** An identifier as Athena's queries and Redshift take it. */
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Statements for Athena. A key of numbers or dates is compared as what it is. */
export function athenaQueries(dataset: Dataset, database: string): SampleQuery[] {
  const table = `${quoted(database)}.${quoted(tableNameOf(dataset))}`;
  const keys = dataset.partitionKeys.map(({ name }) => quoted(name));
  const list = keys.join(", ");
  const filters = conditions(dataset);
  const where = filters === "" ? "" : `\nWHERE ${filters}`;
  const registration = registrationOf(dataset);
  const queries: SampleQuery[] = [{ kind: "sample", sql: `SELECT *\nFROM ${table}${where}\nLIMIT 10;` }];
  if (keys.length === 0) return queries;
  queries.push({
    kind: "count",
    sql: `SELECT ${list}, count(*) AS number_of_rows\nFROM ${table}${injectedOnly(dataset)}\nGROUP BY ${list}\nORDER BY ${list};`,
  });
  // "$partitions" lists what is registered, without reading a file; a projected table has nothing there.
  if (registration.strategy !== "projection")
    queries.push({
      kind: "newest",
      sql: `SELECT *\nFROM ${quoted(database)}.${quoted(`${tableNameOf(dataset)}$partitions`)}\nORDER BY ${keys.map((key) => `${key} DESC`).join(", ")}\nLIMIT 1;`,
    });
  if (registration.strategy === "athena-repair")
    queries.push({ kind: "repair", sql: `MSCK REPAIR TABLE \`${database}\`.\`${tableNameOf(dataset)}\`;` });
  return queries;
}

/** Every key with an example: a query that names its partitions reads no other. */
function conditions(dataset: Dataset): string {
  const example = examplePartition(dataset);
  return dataset.partitionKeys
    .map(({ name, type }) => {
      const value = example[name] ?? "";
      return `${quoted(name)} = ${type === "string" ? literal(value) : type === "date" ? `DATE ${literal(value)}` : String(Number(value))}`;
    })
    .join("\n  AND ");
}

/** Under projection a query must name the injected keys. */
function injectedOnly(dataset: Dataset): string {
  if (registrationOf(dataset).strategy !== "projection") return "";
  const injected = dataset.partitionKeys.filter(({ kind }) => kind === "injected");
  if (injected.length === 0) return "";
  return `\nWHERE ${injected.map(({ name }) => `${quoted(name)} = ${literal(examplePartition(dataset)[name] ?? "")}`).join("\n  AND ")}`;
}

/** Glue type → Redshift's. Texts have the longest there is: sizes are bytes, and a Japanese character takes three. */
const REDSHIFT: Readonly<Record<string, string>> = {
  string: "VARCHAR(65535)",
  tinyint: "SMALLINT",
  smallint: "SMALLINT",
  int: "INTEGER",
  bigint: "BIGINT",
  float: "REAL",
  double: "DOUBLE PRECISION",
  boolean: "BOOLEAN",
  date: "DATE",
  timestamp: "TIMESTAMP",
};

/** Statements for Redshift Spectrum, which sees registered partitions only. */
export function spectrumQueries(dataset: Dataset, database: string, location: string): SampleQuery[] {
  const header = dataset.format.header ? `\nTABLE PROPERTIES ('skip.header.line.count'='1')` : "";
  const field = ({ name, type }: { readonly name: string; readonly type: string }, text = REDSHIFT[type] ?? type) =>
    `  ${quoted(name)} ${text}`;
  const keys = dataset.partitionKeys.map((key) => field(key, key.type === "string" ? "VARCHAR(1024)" : undefined));
  const partitioned = keys.length === 0 ? "" : `\nPARTITIONED BY (\n${keys.join(",\n")}\n)`;
  return [
    {
      kind: "spectrumSchema",
      sql:
        `CREATE EXTERNAL SCHEMA ${quoted(database)}\nFROM DATA CATALOG\nDATABASE ${literal(database)}\n` +
        `IAM_ROLE '<ARN of the cluster''s role>';`,
    },
    ...(dataset.format.quote === undefined
      ? [
          {
            kind: "spectrumTable" as const,
            sql:
              `CREATE EXTERNAL TABLE ${quoted("<schema>")}.${quoted(tableNameOf(dataset))} (\n` +
              `${dataset.columns.map((column) => field(column)).join(",\n")}\n)${partitioned}\n` +
              `ROW FORMAT DELIMITED FIELDS TERMINATED BY ${literal(delimiterText(dataset.format.delimiter))}\n` +
              `STORED AS TEXTFILE\nLOCATION ${literal(location)}${header};`,
          },
        ]
      : []),
  ];
}

const delimiterText = (delimiter: string): string => (delimiter === "\t" ? "\\t" : delimiter);
