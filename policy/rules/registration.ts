import type { StackValidationArgs, StackValidationPolicy } from "@pulumi/policy";
import { callsOf, parse, records, type Call } from "../definition";
import { isEarly } from "../early";
import { keysOf } from "../folders";
import { TABLE, type Table } from "../kinds";
import { isRecord } from "../locations";
import { eachOf, inTurn, known, resourcesOf, type Placed } from "../resources";
import { misspelled } from "../spelling";
import { eachDefinition } from "../stackTables";

const LAMBDA_STEPS =
  "https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-steps-types.html#step-type-lambda";

/** An argument that is called so, whatever its case and hyphens. */
export function argument({ given: args }: Call, name: string): unknown {
  const plain = (text: string) => text.toLowerCase().replace(/[-_]|name$/g, "");
  return Object.entries(args).find(([key]) => plain(key) === name)?.[1];
}

function given(call: Call, name: string): string | undefined {
  const value = argument(call, name);
  return typeof value === "string" ? value : undefined;
}

export interface Registration {
  readonly subject: string;
  readonly urn: string;
  readonly call: Call;
  readonly database: string;
  readonly table: string;
  /** The table of the stack that is meant. */
  readonly found: Placed<Table> | undefined;
  /** Tables that the stack has in this database. */
  readonly others: readonly string[];
  /** The database that is meant, where the one given is a misspelling of it. */
  readonly meant: string | undefined;
}

/** Every Lambda step that is told of a table, and of a database which the stack has tables in, or nearly. */
export function eachRegistration(args: StackValidationArgs, check: (registration: Registration) => void): void {
  const tables = resourcesOf(args, TABLE);
  eachDefinition(args, ({ name, urn }, definition) =>
    eachOf(callsOf(definition), (call) => {
      const [database, table] = [given(call, "database"), given(call, "table")];
      if (database === undefined || table === undefined) return;
      const there = tables.filter(({ props }) => known(() => props.databaseName) === database);
      const found = there.find(({ props }) => known(() => props.name) === table);
      // A table whose name is not known yet may be the one that is meant.
      if (!found) eachOf(tables, ({ props }) => props.databaseName === database && props.name === table);
      const meant = meantBy(database, tables);
      if (there.length === 0 && meant === undefined) return;
      const others = there.flatMap(({ props }) => known(() => props.name) ?? []);
      check({ subject: `pipeline '${name}', ${call.where}`, urn, call, database, table, found, others, meant });
    }),
  );
}

/** The database of a stack's table that another name is a misspelling of. */
export function meantBy(database: string, tables: readonly Placed<Table>[]): string | undefined {
  const databases = tables.flatMap(({ props }) => known(() => props.databaseName) ?? []);
  return databases.includes(database) ? undefined : databases.find((each) => misspelled(database, each) === "surely");
}

const list = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(", ") || "none";

/** Arguments of registration that hold the value of one key: `value_<key>`. */
const VALUE = /^value_(.+)$/;

export const registrationAgrees: StackValidationPolicy = {
  name: "aws-sagemaker-pipeline-register-as-declared",
  description: "A step that registers partitions names a table of the stack, and its keys and columns as they are.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Pass database, table, keys and columns as the table declares them.",
  url: LAMBDA_STEPS,
  validateStack: (args, report) =>
    eachRegistration(args, ({ subject, urn, call, database, table, found, others, meant }) => {
      const say = (text: string) => report(`${subject}: ${text}`, urn);
      // The table may come yet.
      if (!found && isEarly(args)) return;
      if (meant !== undefined) return say(`registers in database '${database}', expected '${meant}'`);
      if (!found)
        return say(`registers in table '${table}' of '${database}', expected one of the stack: ${list(others)}`);
      const keys = keysOf(found.props);
      const columns = (found.props.storageDescriptor?.columns ?? []).map((column) => column.name);
      const told = parse(given(call, "dataset") ?? "");
      inTurn(
        () => {
          for (const [what, member, expected] of [
            ["keys", "partitionKeys", keys],
            ["columns", "columns", columns],
          ] as const) {
            if (!isRecord(told) || !Array.isArray(told[member])) continue;
            const got = records(told[member]).map((each) => String(each["name"]));
            if (got.join() !== expected.join()) say(`is told of the ${what} ${list(got)}, expected ${list(expected)}`);
          }
        },
        () => {
          for (const key of Object.keys(call.given).flatMap((name) => VALUE.exec(name)?.[1] ?? []))
            if (!keys.includes(key)) say(`is told of a value for '${key}', expected keys of the table: ${list(keys)}`);
        },
        () => {
          const location = given(call, "location");
          const expected = found.props.storageDescriptor?.location;
          if (location !== undefined && location !== expected)
            say(`is told of the location '${location}', expected '${expected}'`);
        },
      );
    }),
};
