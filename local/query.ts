import { DuckDBInstance, StatementType, type DuckDBConnection, type DuckDBValue } from "@duckdb/node-api";
import { databaseName } from "../contract/names";
import type { Answer, Cell } from "../operations/query";
import { loadPartitions, loadTable, partitionsTable, tablesOf } from "./query/catalog";
import { identifier } from "./query/types";
import { clientsFor } from "./runner/clients";

export interface QueryOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly database: string;
  /** A project: the databases of all its stacks mean this one, so that statements written for AWS run here. */
  readonly project?: string;
  /** One SELECT or WITH statement. */
  readonly sql: string;
}

/**
 * Answers a query as Athena and Redshift Spectrum would: from the *registered* partitions only, each read where and
 * how its own registration says, whatever else lies in the bucket.
 *
 * @throws Error when the statement is not one query, names a table that is not in the database, or when a partition
 *   cannot be read
 */
export async function query({ endpoint, region, database, project, sql }: QueryOptions): Promise<Answer> {
  const clients = clientsFor(endpoint, region);
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    await refuseOthers(connection, sql);
    const tables = await tablesOf(clients, database);
    const schema = identifier(database);
    await connection.run(`CREATE SCHEMA ${schema}; USE ${schema}`);
    const named = tables.filter(({ name }) => new RegExp(`(?<!\\w)${name}(?!\\w)`, "i").test(sql));
    const made: string[] = [];
    for (const table of named) {
      await loadTable(clients, connection, table);
      made.push(table.name);
      const { PartitionKeys: keys = [] } = table.glue;
      if (keys.length === 0 || !sql.toLowerCase().includes(partitionsTable(table.name))) continue;
      await loadPartitions(clients, connection, table);
      made.push(partitionsTable(table.name));
    }
    for (const other of otherStacks(sql, project).filter((each) => each !== database)) {
      await connection.run(`CREATE SCHEMA ${identifier(other)}`);
      for (const name of made.map(identifier))
        await connection.run(`CREATE VIEW ${identifier(other)}.${name} AS SELECT * FROM ${schema}.${name}`);
    }
    // From here on the statement has nothing to reach but these tables.
    await connection.run("SET enable_external_access = false; SET lock_configuration = true");
    return await read(connection, sql, () => {
      const names = tables.map(({ name }) => name).join(", ") || "no table";
      return `database '${database}' has ${names}; write a table's name alone, or ${schema}."<table>"`;
    });
  } finally {
    connection.closeSync();
    instance.closeSync();
    clients.close();
  }
}

/** Databases of the project's stacks that a statement names before a dot. */
function otherStacks(sql: string, project: string | undefined): string[] {
  if (project === undefined) return [];
  const name = new RegExp(`(?<!\\w)${databaseName({ project, stack: "" })}\\w+(?="?\\s*\\.)`, "gi");
  return [...new Set(Array.from(sql.matchAll(name), ([found]) => found.toLowerCase()))];
}

async function refuseOthers(connection: DuckDBConnection, sql: string): Promise<void> {
  if (sql.trim() === "") throw new Error("one SELECT statement is needed, got an empty text");
  const statements = await connection.extractStatements(sql);
  if (statements.count !== 1) throw new Error(`one SELECT statement is needed, got ${statements.count} statements`);
  // PRAGMA and the like are rewritten to SELECT by the parser, so the text is looked at too.
  if (!/^(\s|--[^\n]*\n|\/\*[\s\S]*?\*\/|\()*(select|with)\b/i.test(sql))
    throw new Error(
      "only SELECT and WITH statements are answered; the catalogue and the data are not changed from here",
    );
}

async function read(connection: DuckDBConnection, sql: string, existing: () => string): Promise<Answer> {
  try {
    const prepared = await connection.prepare(sql);
    if (prepared.statementType !== StatementType.SELECT)
      throw new Error("only SELECT and WITH statements are answered");
    const reader = await prepared.runAndReadAll();
    return { columns: reader.columnNames(), rows: reader.getRows().map((row) => row.map(cell)) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(/table with name/i.test(message) ? `${message}\n${existing()}` : message, { cause: error });
  }
}

function cell(value: DuckDBValue): Cell {
  if (value === null || typeof value === "boolean" || typeof value === "number" || typeof value === "string")
    return value;
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  return value.toString();
}
