import {
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
  type AthenaClient,
} from "@aws-sdk/client-athena";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "./commandLine";

export type Cell = string | number | boolean | null;

export interface Answer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** What is paid for; absent where nothing is. */
  readonly bytesScanned?: number;
  readonly seconds?: number;
}

export interface QueryRequest {
  readonly database: string;
  /** One SELECT or WITH statement. */
  readonly sql: string;
  /** Athena workgroup, which says where results go. */
  readonly workgroup: string;
  /** Told of the state, and of the bytes scanned so far. */
  readonly onProgress?: (state: string, bytesScanned: number) => void;
  readonly signal?: AbortSignal;
}

/** Athena's states while a query is not over. */
const OPEN = ["QUEUED", "RUNNING"];

/**
 * Answers a query by Athena. Interrupted, the query is stopped: what it scans is paid for.
 *
 * @throws UserError with Athena's own reason for a query that fails
 */
export async function athenaQuery(athena: AthenaClient, request: QueryRequest, pollMs = 500): Promise<Answer> {
  const { QueryExecutionId: id } = await athena.send(
    new StartQueryExecutionCommand({
      QueryString: request.sql,
      QueryExecutionContext: { Database: request.database },
      WorkGroup: request.workgroup,
    }),
  );
  for (;;) {
    const { QueryExecution: execution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId: id }));
    const state = execution?.Status?.State ?? "UNKNOWN";
    const bytesScanned = execution?.Statistics?.DataScannedInBytes ?? 0;
    request.onProgress?.(state, bytesScanned);
    if (state === "SUCCEEDED") {
      const seconds = (execution?.Statistics?.TotalExecutionTimeInMillis ?? 0) / 1000;
      return { ...(await resultsOf(athena, id)), bytesScanned, seconds };
    }
    if (!OPEN.includes(state))
      throw new UserError(`Athena: ${execution?.Status?.StateChangeReason ?? state} (query ${id ?? "?"})`);
    try {
      await sleep(pollMs, undefined, request.signal ? { signal: request.signal } : {});
    } catch (error) {
      await athena.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
      throw error;
    }
  }
}

async function resultsOf(athena: AthenaClient, id: string | undefined): Promise<Pick<Answer, "columns" | "rows">> {
  const rows: (string | null)[][] = [];
  let columns: string[] = [];
  let token: string | undefined;
  do {
    const page = await athena.send(new GetQueryResultsCommand({ QueryExecutionId: id, NextToken: token }));
    const found = (page.ResultSet?.Rows ?? []).map(({ Data = [] }) =>
      Data.map(({ VarCharValue: text }) => text ?? null),
    );
    // The first row of the first page repeats the names (Athena API reference, GetQueryResults).
    rows.push(...(token === undefined ? found.slice(1) : found));
    columns = (page.ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).map(({ Name = "" }) => Name);
    token = page.NextToken;
  } while (token !== undefined);
  return { columns, rows };
}
