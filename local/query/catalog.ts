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
import type { Clients } from "../runner/clients";
import { splitUri } from "../runner/processing/transfer";
import { parseLines, serdeOptions } from "./serde";
import { canonical, identifier, sqlType } from "./types";

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
 * Makes the table in DuckDB with all rows of its registered partitions; a table without any is there and empty.
 *
 * @throws Error for a SerDe, a type or a partition that cannot be read as declared
 */
export async function loadTable(clients: Clients, connection: DuckDBConnection, table: CatalogTable): Promise<void> {
  const { glue: definition, name } = table;
  const keys = definition.PartitionKeys ?? [];
  const columns = definition.StorageDescriptor?.Columns ?? [];
  const all = [...columns, ...keys];
  if (definition.Parameters?.["projection.enabled"]?.toLowerCase() === "true")
    throw new Error(`table '${name}' projects its partitions; this reader knows registered partitions only`);

  const staging = `staging ${name}`;
  const field = ({ Name = "" }: Column) => identifier(Name);
  await connection.run(
    `CREATE TEMP TABLE ${identifier(staging)} (${all.map((c) => `${field(c)} VARCHAR`).join(", ")})`,
  );
  const appender = await connection.createAppender(staging, null, "temp");
  const types = all.map(() => VARCHAR);
  for await (const rows of rowsOf(clients, table, columns, keys))
    for (let start = 0; start < rows.length; start += 2048) {
      const chunk = DuckDBDataChunk.create(types);
      chunk.setRows(rows.slice(start, start + 2048));
      appender.appendDataChunk(chunk);
    }
  appender.closeSync();

  // Values are canonical by now; TRY_CAST still makes the 30th of February null.
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
  const skip = Number(table.glue.Parameters?.["skip.header.line.count"] ?? "0");
  if (keys.length === 0) {
    const what = `table '${table.name}'`;
    yield* readFolder(clients, what, table.glue.StorageDescriptor, columns, skip, []);
    return;
  }
  const request = { DatabaseName: table.database, TableName: table.name };
  for await (const page of paginateGetPartitions({ client: clients.glue }, request))
    for (const { Values: values = [], StorageDescriptor: descriptor } of page.Partitions ?? []) {
      const what = `partition [${values.join(", ")}] of table '${table.name}'`;
      const own = keys.map(({ Name = "", Type = "string" }, index) => keyValue(what, Name, Type, values[index]));
      yield* readFolder(clients, what, descriptor, columns, skip, own);
    }
}

/** Values of keys come from the catalogue, never from the path. */
function keyValue(what: string, name: string, type: string, value: string | undefined): string | null {
  if (value === "__HIVE_DEFAULT_PARTITION__") return null;
  const parsed = value === undefined ? null : canonical(type, value);
  if (parsed === null) throw new Error(`${what}: ${JSON.stringify(value)} is no ${type} for key '${name}'`);
  return parsed;
}

async function* readFolder(
  { s3 }: Clients,
  what: string,
  descriptor: StorageDescriptor | undefined,
  columns: readonly Column[],
  skip: number,
  keyValues: readonly (string | null)[],
): AsyncGenerator<Row[]> {
  if (!descriptor?.Location) throw new Error(`${what} has no Location`);
  const options = serdeOptions(what, descriptor);
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
      yield parseLines(text, skip, options).map((fields) => [
        ...columns.map(({ Type: type = "string" }, index) => {
          const value = index < own.length ? fields[index] : undefined;
          return value === undefined || value === null ? null : canonical(type, value);
        }),
        ...keyValues,
      ]);
    }
}

/** Engines pass over what begins with `_` or `.`, files and folders, and over folder markers. */
function isHidden(name: string): boolean {
  return name === "" || name.endsWith("/") || name.split("/").some((part) => /^[_.]/.test(part));
}
