import type { StackValidationArgs, StackValidationPolicy } from "@pulumi/policy";
import { namedBy } from "../attachments";
import { callsOf, type Call } from "../definition";
import { FUNCTION, TABLE } from "../kinds";
import { eachOf, inTurn, resourcesOf } from "../resources";
import { isAllowed, objectArn, resourcesFor, roleOf, type StackRole } from "../roles";
import { eachDefinition } from "../stackTables";
import { hasAction, matches, type Statement } from "../statements";
import { argument, eachRegistration, meantBy } from "./registration";

const ARNS = "https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html";

/** Actions that make partitions. */
const CREATE = ["glue:BatchCreatePartition", "glue:CreatePartition"];

/** Actions that change what is in a database. */
const CHANGE = [
  ...CREATE,
  ...["glue:BatchUpdatePartition", "glue:UpdatePartition", "glue:BatchDeletePartition", "glue:DeletePartition"],
  ...["glue:CreateTable", "glue:UpdateTable", "glue:DeleteTable", "glue:BatchDeleteTable"],
  ...["glue:CreateDatabase", "glue:UpdateDatabase", "glue:DeleteDatabase"],
];

/** Whether one of the actions is allowed on anything. */
const allowsAny = (statements: readonly Statement[], actions: readonly string[]): boolean =>
  statements.some((statement) => statement.allows && actions.some((action) => hasAction(statement, action)));

interface Registrar {
  readonly name: string;
  readonly arn: string;
  readonly role: StackRole;
  readonly statements: readonly Statement[];
}

/** The function of the stack that a step calls, when its role makes partitions: another may count rows, or start a crawler. */
function registrarOf(args: StackValidationArgs, { functionArn: arn }: Call): Registrar | undefined {
  const called = typeof arn === "string" ? namedBy(arn, resourcesOf(args, FUNCTION)) : undefined;
  const role = called && roleOf(args, called.props.role);
  const statements = role?.statements();
  return typeof arn === "string" && role && statements && allowsAny(statements, CREATE)
    ? { name: called.name, arn, role, statements }
    : undefined;
}

export const registrarReaches: StackValidationPolicy = {
  name: "aws-iam-role-reach-registered-table",
  description: "The function that registers a table's partitions may change them, and read the table's folder.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps:
    "Allow the Glue actions on catalog, database and table, and s3:GetObject below the table's location.",
  url: ARNS,
  validateStack: (args, report) =>
    eachRegistration(args, ({ subject, urn, call, found, table, database }) => {
      const registrar = found && registrarOf(args, call);
      if (!registrar) return;
      const { name, arn: functionArn, role, statements } = registrar;
      const say = (action: string, expected: string) =>
        report(
          `${subject}: role '${role.name}' of function '${name}' may ${action} on ` +
            `${resourcesFor(statements, action)}, expected '${expected}'`,
          urn,
        );
      const [, partition = "aws", , region = "", account = ""] = functionArn.split(":");
      const [action = ""] = CREATE.filter((each) => allowsAny(statements, [each]));
      for (const resource of ["catalog", `database/${database}`, `table/${database}/${table}`]) {
        const arn = `arn:${partition}:glue:${region}:${account}:${resource}`;
        if (!CREATE.some((each) => isAllowed(statements, each, arn))) say(action, arn);
      }
      const place = objectArn(found.props.storageDescriptor?.location ?? "", functionArn);
      // A function that only writes to Glue need not read the files.
      if (readsBucket(statements, place) && !isAllowed(statements, "s3:GetObject", `${place}x`))
        say("s3:GetObject", `${place}*`);
    }),
};

/** Whether something of an object's bucket may be read. */
function readsBucket(statements: readonly Statement[], place: string): boolean {
  const bucket = `${place.split("/")[0] ?? ""}/`;
  return statements.some(
    (each) => hasAction(each, "s3:GetObject") && each.allows && each.resources.some((arn) => arn.startsWith(bucket)),
  );
}

export const registrarKeepsOut: StackValidationPolicy = {
  name: "aws-iam-role-keep-registrar-in-its-databases",
  description: "The function that registers partitions may change the databases that its steps name, and no other.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Name the database in the ARNs of the Glue actions: database/<name> and table/<name>/*.",
  url: ARNS,
  validateStack: (args, report) => {
    const tables = resourcesOf(args, TABLE);
    const roles = new Map<string, { readonly registrar: Registrar; readonly databases: unknown[] }>();
    inTurn(
      () =>
        eachDefinition(args, (_pipeline, definition) =>
          eachOf(callsOf(definition), (call) => {
            const database = argument(call, "database");
            const registrar = database === undefined ? undefined : registrarOf(args, call);
            if (!registrar) return;
            const of = roles.get(registrar.role.urn) ?? { registrar, databases: [] };
            const meant = typeof database === "string" ? meantBy(database, tables) : undefined;
            of.databases.push(meant ?? database);
            roles.set(registrar.role.urn, of);
          }),
        ),
      () => {
        for (const { registrar, databases } of roles.values()) {
          // A step that is told of its database at run time may be told of any.
          if (!databases.every((database) => typeof database === "string")) continue;
          const changing = registrar.statements.filter((each) => allowsAny([each], CHANGE));
          const wide = changing.flatMap(({ resources, notResources }) => [
            ...resources.filter((arn) => !["", ...databases].includes(databaseIn(arn, registrar.arn))),
            ...notResources.map((arn) => `all but ${arn}`),
          ]);
          for (const arn of new Set(wide))
            report(
              `role '${registrar.role.name}' of function '${registrar.name}': may change '${arn}', expected ` +
                `${[...new Set(databases)].map((each) => `database '${each}'`).join(", ")} alone`,
              registrar.role.urn,
            );
        }
      },
    );
  },
};

/**
 * The database that a pattern of ARNs names, `*` for any, and an empty text when it is of something else.
 *
 * @param like an ARN of the region and the account
 */
function databaseIn(pattern: string, like: string): string {
  const named = /:glue:[^:]*:[^:]*:(?:database|table|tableVersion|userDefinedFunction)\/([^/]+)/.exec(pattern)?.[1];
  const [, partition = "", , region = "", account = ""] = like.split(":");
  const isAny = ["database/x", "table/x/x"].some((each) =>
    matches(pattern, `arn:${partition}:glue:${region}:${account}:${each}`),
  );
  return named ?? (isAny ? "*" : "");
}
