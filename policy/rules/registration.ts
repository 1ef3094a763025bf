import type { StackValidationArgs, StackValidationPolicy } from "@pulumi/policy";
import { callsOf, parse, records, type Call } from "../definition";
import { keysOf } from "../folders";
import { FUNCTION, TABLE, type Table } from "../kinds";
import { isRecord } from "../locations";
import { namedBy } from "../attachments";
import { eachOf, inTurn, known, resourcesOf, type Placed } from "../resources";
import { isAllowed, objectArn, resourcesFor, roleOf } from "../roles";
import { eachDefinition } from "../stackTables";

const LAMBDA_STEPS =
  "https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-steps-types.html#step-type-lambda";

/** The text of an argument that is called so, whatever its case and hyphens. */
function given({ given: args }: Call, name: string): string | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[-_]|name$/g, "");
  const [, value] = Object.entries(args).find(([key]) => plain(key) === name) ?? [];
  return typeof value === "string" ? value : undefined;
}

interface Registration {
  readonly subject: string;
  readonly urn: string;
  readonly call: Call;
  readonly database: string;
  readonly table: string;
  /** The table of the stack that is meant. */
  readonly found: Placed<Table> | undefined;
  /** Tables that the stack has in this database. */
  readonly others: readonly string[];
}

/** Every Lambda step that is told of a database which the stack has tables in, and of a table. */
function eachRegistration(args: StackValidationArgs, check: (registration: Registration) => void): void {
  const tables = resourcesOf(args, TABLE);
  eachDefinition(args, ({ name, urn }, definition) =>
    eachOf(callsOf(definition), (call) => {
      const [database, table] = [given(call, "database"), given(call, "table")];
      if (database === undefined || table === undefined) return;
      const there = tables.filter(({ props }) => known(() => props.databaseName) === database);
      const found = there.find(({ props }) => known(() => props.name) === table);
      // A table whose name is not known yet may be the one that is meant.
      if (!found) eachOf(tables, ({ props }) => props.databaseName === database && props.name === table);
      if (there.length === 0) return;
      const others = there.flatMap(({ props }) => known(() => props.name) ?? []);
      check({ subject: `pipeline '${name}', ${call.where}`, urn, call, database, table, found, others });
    }),
  );
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
    eachRegistration(args, ({ subject, urn, call, database, table, found, others }) => {
      const say = (text: string) => report(`${subject}: ${text}`, urn);
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

export const registrarReaches: StackValidationPolicy = {
  name: "aws-iam-role-reach-registered-table",
  description: "The function that registers a table's partitions may change them, and read the table's folder.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps:
    "Allow the Glue actions on catalog, database and table, and s3:GetObject below the table's location.",
  url: "https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html",
  validateStack: (args, report) => {
    const functions = resourcesOf(args, FUNCTION);
    eachRegistration(args, ({ subject, urn, call, found, table, database }) => {
      const { functionArn } = call;
      const called = typeof functionArn === "string" ? namedBy(functionArn, functions) : undefined;
      if (!called || !found || typeof functionArn !== "string") return;
      const role = roleOf(args, called.props.role);
      const statements = role?.allows();
      if (!role || !statements) return;
      const [, partition = "aws", , region = "", account = ""] = functionArn.split(":");
      const location = found.props.storageDescriptor?.location ?? "";
      // A function that only writes to Glue need not read the files.
      const reads = statements.some(({ actions }) => actions.some((action) => /^s3:Get/i.test(action)));
      const needed: [action: string, arn: string, shown: string][] = [
        ...["catalog", `database/${database}`, `table/${database}/${table}`].map(
          (resource): [string, string, string] => {
            const arn = `arn:${partition}:glue:${region}:${account}:${resource}`;
            return ["glue:BatchCreatePartition", arn, arn];
          },
        ),
        ...(reads
          ? [
              ["s3:GetObject", `${objectArn(location, functionArn)}x`, `${objectArn(location, functionArn)}*`] as [
                string,
                string,
                string,
              ],
            ]
          : []),
      ];
      for (const [action, arn, shown] of needed)
        if (!isAllowed(statements, action, arn))
          report(
            `${subject}: role '${role.name}' of function '${called.name}' may ${action} on ` +
              `${resourcesFor(statements, action)}, expected '${shown}'`,
            urn,
          );
    });
  },
};
