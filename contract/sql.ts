import { serdeOf, tableParametersOf } from "./csv";
import { tableNameOf, type Dataset } from "./dataset";
import { examplePartition } from "./examples";
import { DATE_PARTS, type DateKey, type PartitionKey } from "./keys";
import { registrationOf } from "./registration";

/** One statement that readers of a dataset begin with. */
export interface SampleQuery {
  readonly kind: "sample" | "count" | "newest" | "repair" | "view" | "spectrumSchema" | "spectrumTable";
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
  if (dataset.columns.some(({ viewType }) => viewType !== undefined))
    queries.push({ kind: "view", sql: typedView(dataset, database) });
  if (keys.length === 0) return queries;
  queries.push({
    kind: "count",
    sql: `SELECT ${list}, count(*) AS number_of_rows\nFROM ${table}${injectedOnly(dataset)}\nGROUP BY ${list}\nORDER BY ${list};`,
  });
  // "$partitions" lists what is registered, without reading a file; a projected table has nothing there.
  const newest = newestFirst(dataset.partitionKeys);
  if (registration.strategy !== "projection" && newest !== undefined)
    queries.push({
      kind: "newest",
      sql: `SELECT *\nFROM ${quoted(database)}.${quoted(`${tableNameOf(dataset)}$partitions`)}\nORDER BY ${newest}\nLIMIT 1;`,
    });
  if (registration.strategy === "athena-repair")
    queries.push({ kind: "repair", sql: `MSCK REPAIR TABLE \`${database}\`.\`${tableNameOf(dataset)}\`;` });
  return queries;
}

/** By date, the years first, then by the other keys; undefined where no key names a year. */
function newestFirst(keys: readonly PartitionKey[]): string | undefined {
  const rank = ({ format }: DateKey) => "yMdH".indexOf(format.charAt(0));
  const dates = keys.filter((key) => key.kind === "date").sort((one, other) => rank(one) - rank(other));
  if (!dates.some((key) => rank(key) === 0)) return undefined;
  const texts = dates.map((key) => {
    const part = DATE_PARTS[key.format];
    // As text, month 9 comes after month 10.
    const padded = part === undefined || part.digits !== undefined || key.type !== "string";
    return padded ? quoted(key.name) : `CAST(${quoted(key.name)} AS integer)`;
  });
  const others = keys.flatMap(({ kind, name }) => (kind === "date" ? [] : [quoted(name)]));
  return [...texts, ...others].map((text) => `${text} DESC`).join(", ");
}

/** Glue type → Athena's in queries. */
const ATHENA: Readonly<Record<string, string>> = { int: "integer", float: "real" };

/** Text as what it means. What cannot be read so is null, as it is in a column of that type; empty text too. */
function typedView(dataset: Dataset, database: string): string {
  const fields = dataset.columns.map(({ name, viewType }) =>
    viewType === undefined
      ? quoted(name)
      : `TRY_CAST(${quoted(name)} AS ${ATHENA[viewType] ?? viewType}) AS ${quoted(name)}`,
  );
  const keys = dataset.partitionKeys.map(({ name }) => quoted(name));
  const from = `${quoted(database)}.${quoted(tableNameOf(dataset))}`;
  const view = `${quoted(database)}.${quoted(`${tableNameOf(dataset)}_typed`)}`;
  return `CREATE OR REPLACE VIEW ${view} AS\nSELECT\n  ${[...fields, ...keys].join(",\n  ")}\nFROM ${from};`;
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

/** Table parameters that Redshift reads; the others are hints for crawlers. (CREATE EXTERNAL TABLE, table properties) */
const SPECTRUM_PROPERTIES = ["skip.header.line.count", "serialization.null.format"];

/** Statements for Redshift Spectrum, which sees registered partitions only. */
export function spectrumQueries(dataset: Dataset, database: string, location: string): SampleQuery[] {
  const serde = serdeOf(dataset.format);
  const known = Object.entries(tableParametersOf(dataset.format)).filter(([name]) =>
    SPECTRUM_PROPERTIES.includes(name),
  );
  const properties = known.length === 0 ? "" : `\nTABLE PROPERTIES (${pairs(known)})`;
  const field = ({ name, type }: { readonly name: string; readonly type: string }, text = REDSHIFT[type] ?? type) =>
    `  ${quoted(name)} ${text}`;
  const keys = dataset.partitionKeys.map((key) => field(key, key.type === "string" ? "VARCHAR(1024)" : undefined));
  const partitioned = keys.length === 0 ? "" : `\nPARTITIONED BY (\n${keys.join(",\n")}\n)`;
  return [
    { kind: "spectrumSchema", sql: externalSchema(database, "<ARN of the role, the stack's output spectrumRoleArn>") },
    ...(dataset.format.quote === undefined
      ? [
          {
            kind: "spectrumTable" as const,
            sql:
              `CREATE EXTERNAL TABLE ${quoted("<schema>")}.${quoted(tableNameOf(dataset))} (\n` +
              `${dataset.columns.map((column) => field(column)).join(",\n")}\n)${partitioned}\n` +
              `ROW FORMAT SERDE ${literal(serde.serializationLibrary)}\nWITH SERDEPROPERTIES (${pairs(Object.entries(serde.parameters))})\n` +
              `STORED AS TEXTFILE\nLOCATION ${literal(location)}${properties};`,
          },
        ]
      : []),
  ];
}

/** What a named query of Athena holds at most, bytes. (Athena API reference, CreateNamedQuery) */
const NAMED_QUERY = 262_144;

/**
 * The statements of all datasets, each below what it is, as one text: Athena's editor runs the one that is selected.
 * Datasets for which there is no room are counted at the end.
 */
export function sampleText(
  datasets: readonly Dataset[],
  database: string,
  titleOf: (kind: SampleQuery["kind"]) => string,
) {
  const texts = datasets.map((dataset) =>
    athenaQueries(dataset, database)
      .map(({ kind, sql }) => `-- ${dataset.name}: ${titleOf(kind)}\n${sql}\n`)
      .join("\n"),
  );
  let room = NAMED_QUERY - 200;
  const fitting = texts.filter((text) => (room -= Buffer.byteLength(text) + 1) >= 0);
  const left = texts.length - fitting.length;
  return [
    ...fitting,
    ...(left > 0 ? [`-- ${left} more: docs/datasets of the repository has a page of each`] : []),
  ].join("\n");
}

/**
 * The statement by which Redshift sees a Glue database, as a schema of the same name. It may be run again: what is there
 * stays as it is.
 *
 * @param roleArn the role that Redshift reads catalogue and files with; it must be one of the cluster's or namespace's
 */
export function externalSchema(database: string, roleArn: string): string {
  return (
    `CREATE EXTERNAL SCHEMA IF NOT EXISTS ${quoted(database)}\nFROM DATA CATALOG\nDATABASE ${literal(database)}\n` +
    `IAM_ROLE ${literal(roleArn)};`
  );
}

/** Redshift takes a backslash in a text for the start of an escape, and control characters as `\ddd`, octal. */
const redshiftText = (text: string): string =>
  literal(
    text
      .replaceAll("\\", "\\\\")
      .replace(/\p{Cc}/gu, (control) => `\\${control.charCodeAt(0).toString(8).padStart(3, "0")}`),
  );

const pairs = (properties: readonly (readonly [name: string, value: string])[]): string =>
  properties.map(([name, value]) => [literal(name), redshiftText(value)].join("=")).join(", ");
