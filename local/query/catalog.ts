import { gunzipSync } from "node:zlib";
import { DuckDBDataChunk, VARCHAR, type DuckDBConnection } from "@duckdb/node-api";
import {
  GetTablesCommand,
  paginateGetPartitions,
  type Column,
  type StorageDescriptor,
  type Table,
} from "@aws-sdk/client-glue";
import { GetObjectCommand, paginateListObjectsV2 } from "@aws-sdk/client-s3";
import { textLines } from "../../contract/csvReader";
import { isProjected } from "../../contract/projection/check";
import type { Clients } from "../runner/clients";
import { splitUri } from "../runner/processing/transfer";
import { projectedPartitions } from "./projection";
import { textFormat } from "./serde";
import { readValue } from "../../contract/csvValues";
import { identifier, sqlType } from "./types";

/** A table of the catalogue, as far as reading needs it. */
export interface CatalogTable {
  readonly database: string;
  readonly name: string;
  readonly glue: Table;
}

type Row = (string | null)[];

/** @throws Error when the database does not exist */
export async function tablesOf({ glue }: Clients, database: string): Promise<CatalogTable[]> {
  const tables: CatalogTable[] = [];
  let token: string | undefined;
  do {
    const next = token === undefined ? {} : { NextToken: token };
    const response = await glue.send(new GetTablesCommand({ DatabaseName: database, ...next }));
    for (const table of response.TableList ?? []) tables.push({ database, name: table.Name ?? "", glue: table });
    token = response.NextToken;
  } while (token !== undefined);
  return tables;
}

/**
 * Makes the table in DuckDB with all rows of its partitions, registered or projected; without any it is there and empty.
 *
 * @throws Error for a SerDe, a type or a partition that cannot be read as declared
 */
export async function loadTable(clients: Clients, connection: DuckDBConnection, table: CatalogTable): Promise<void> {
  const { PartitionKeys: keys = [], StorageDescriptor: { Columns: columns = [] } = {} } = table.glue;
  await fill(connection, table.name, [...columns, ...keys], rowsOf(clients, table, columns, keys));
}

/** Athena's table of the partitions that are registered for another: a row for each, of its key values. */
export const partitionsTable = (name: string): string => `${name}$partitions`;

/** Makes {@link partitionsTable} in DuckDB; the table has keys. */
export async function loadPartitions(
  clients: Clients,
  connection: DuckDBConnection,
  table: CatalogTable,
): Promise<void> {
  const { PartitionKeys: keys = [] } = table.glue;
  await fill(connection, partitionsTable(table.name), keys, rows());

  async function* rows(): AsyncGenerator<Row[]> {
    for await (const { values } of registeredPartitions(clients, table)) yield [keyValues(table, keys, values)];
  }
}

async function fill(
  connection: DuckDBConnection,
  name: string,
  all: readonly Column[],
  lists: AsyncIterable<Row[]>,
): Promise<void> {
  const staging = `staging ${name}`;
  const field = ({ Name = "" }: Column) => identifier(Name);
  await connection.run(
    `CREATE TEMP TABLE ${identifier(staging)} (${all.map((c) => `${field(c)} VARCHAR`).join(", ")})`,
  );
  const appender = await connection.createAppender(staging, null, "temp");
  const types = all.map(() => VARCHAR);
  for await (const rows of lists)
    for (let start = 0; start < rows.length; start += 2048) {
      const chunk = DuckDBDataChunk.create(types);
      chunk.setRows(rows.slice(start, start + 2048));
      appender.appendDataChunk(chunk);
    }
  appender.closeSync();

  // Values are written in one way by now; TRY_CAST still makes null of what DuckDB's type has no room for.
  const cast = all.map((c) => `TRY_CAST(${field(c)} AS ${sqlType(c.Type ?? "string")}) AS ${field(c)}`);
  await connection.run(`CREATE TABLE ${identifier(name)} AS SELECT ${cast.join(", ")} FROM ${identifier(staging)}`);
  await connection.run(`DROP TABLE ${identifier(staging)}`);
}

async function* rowsOf(
  clients: Clients,
  table: CatalogTable,
  columns: readonly Column[],
  keys: readonly Column[],
): AsyncGenerator<Row[]> {
  const parameters = table.glue.Parameters ?? {};
  if (keys.length === 0) {
    const what = `table '${table.name}'`;
    yield* readFolder(clients, what, table.glue.StorageDescriptor, columns, parameters, []);
    return;
  }
  const partitions = isProjected(parameters)
    ? projectedPartitions(clients.s3, table.glue, Date.now())
    : registeredPartitions(clients, table);
  for await (const { values, descriptor } of partitions) {
    const own = keyValues(table, keys, values);
    yield* readFolder(clients, partitionText(table, values), descriptor, columns, parameters, own);
  }
}

async function* registeredPartitions({ glue }: Clients, { database, name }: CatalogTable) {
  for await (const page of paginateGetPartitions({ client: glue }, { DatabaseName: database, TableName: name }))
    for (const { Values: values = [], StorageDescriptor: descriptor } of page.Partitions ?? [])
      yield { values, descriptor };
}

const partitionText = ({ name }: CatalogTable, values: readonly string[]): string =>
  `partition [${values.join(", ")}] of table '${name}'`;

const keyValues = (table: CatalogTable, keys: readonly Column[], values: readonly string[]): Row =>
  keys.map(({ Name = "", Type = "string" }, index) =>
    keyValue(partitionText(table, values), Name, Type, values[index]),
  );

/** Values of keys come from the catalogue, never from the path. */
function keyValue(what: string, name: string, type: string, value: string | undefined): string | null {
  if (value === "__HIVE_DEFAULT_PARTITION__") return null;
  const parsed = value === undefined ? null : readValue(type, value);
  // In a cell the 30th of February rolls over; as a key engines refuse it.
  if (parsed === null || (type === "date" && parsed !== value))
    throw new Error(`${what}: ${JSON.stringify(value)} is no ${type} for key '${name}'`);
  return parsed;
}

async function* readFolder(
  { s3 }: Clients,
  what: string,
  descriptor: StorageDescriptor | undefined,
  columns: readonly Column[],
  tableParameters: Readonly<Record<string, string>>,
  keyValues: readonly (string | null)[],
): AsyncGenerator<Row[]> {
  if (!descriptor?.Location) throw new Error(`${what} has no Location`);
  const { skip, read } = textFormat(what, descriptor, tableParameters);
  const own = descriptor.Columns ?? [];
  own.slice(0, columns.length).forEach(({ Name: name, Type: type }, index) => {
    const declared = columns[index]?.Type;
    if (type !== declared)
      throw new Error(
        `HIVE_PARTITION_SCHEMA_MISMATCH: ${what}: column '${name}' is ${type}, the table says ${declared}`,
      );
  });
  const { bucket, key } = splitUri(descriptor.Location);
  const prefix = key === "" || key.endsWith("/") ? key : `${key}/`;
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix }))
    for (const { Key: object = "" } of page.Contents ?? []) {
      if (isHidden(object.slice(prefix.length))) continue;
      const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: object }));
      const bytes = (await body?.transformToByteArray()) ?? new Uint8Array();
      const text = Buffer.from(object.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
      yield textLines(text)
        .slice(skip)
        .map((line) => {
          const cells = read(line);
          const values = columns.map(({ Type: type = "string" }, index) => {
            const value = index < own.length ? cells[index] : undefined;
            return value === undefined || value === null ? null : readValue(type, value);
          });
          return [...values, ...keyValues];
        });
    }
}

/** Engines pass over what begins with `_` or `.`, files and folders, and over folder markers. */
function isHidden(name: string): boolean {
  return name === "" || name.endsWith("/") || name.split("/").some((part) => /^[_.]/.test(part));
}
