import { DuckDBInstance, StatementType, type DuckDBConnection, type DuckDBValue } from "@duckdb/node-api";
import type { Answer, Cell } from "../operations/query";
import { loadTable, tablesOf } from "./query/catalog";
import { identifier } from "./query/types";
import { clientsFor } from "./runner/clients";

export interface QueryOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly database: string;
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
export async function query({ endpoint, region, database, sql }: QueryOptions): Promise<Answer> {
  const clients = clientsFor(endpoint, region);
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    await refuseOthers(connection, sql);
    const tables = await tablesOf(clients, database);
    const schema = identifier(database);
    await connection.run(`CREATE SCHEMA ${schema}; USE ${schema}`);
    const named = tables.filter(({ name }) => new RegExp(`(?<!\\w)${name}(?!\\w)`, "i").test(sql));
    for (const table of named) await loadTable(clients, connection, table);
    // From here on the statement has nothing to reach but these tables.
    await connection.run("SET enable_external_access = false; SET lock_configuration = true");
    return await read(connection, sql, () => {
      const names = tables.map(({ name }) => name).join(", ") || "no table";
      return `database '${database}' has ${names}`;
    });
  } finally {
    connection.closeSync();
    instance.closeSync();
    clients.close();
  }
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
