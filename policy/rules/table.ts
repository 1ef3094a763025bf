import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { isCsv, isFolderTable, readsFiles } from "../folderTable";
import { spelled } from "../locations";
import { DATABASE, TABLE, type Table } from "../kinds";
import { eachOf, inTurn, onResource, resourcesOf, type Found } from "../resources";

export const partitionKeysDeclared: ResourceValidationPolicy = {
  name: "aws-glue-table-declare-partition-keys",
  description: "External Glue tables declare at least one partition key.",
  // Such a table works; it is slow and dear.
  enforcementLevel: "advisory",
  severity: "medium",
  remediationSteps: "Give the dataset a partition key, such as dateKey(…).",
  url: "https://docs.aws.amazon.com/athena/latest/ug/partitions.html",
  validateResource: onResource(TABLE, (table, { name }, report) => {
    if (!isFolderTable(table)) return;
    if (!table.partitionKeys?.length)
      report(`table '${name}': 0 partition keys, expected at least 1; every query reads every file`);
  }),
};

const NAME = /^[a-z_][a-z0-9_]*$/;
const NO_CAPITALS = /^[^A-Z]*$/;

export const lowerCaseNames: ResourceValidationPolicy = {
  name: "aws-glue-table-use-lower-case-names",
  description:
    "Tables, keys and columns of CSV are named by lower-case letters, digits and _; databases and other columns by no capitals.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Rename it in the declaration of the dataset, and in the folders that its script writes.",
  url: "https://docs.aws.amazon.com/athena/latest/ug/tables-databases-columns-names.html",
  validateResource: onResource(TABLE, (table, { name }, report) => {
    if (!isFolderTable(table)) return;
    const check = (what: string, got: string | undefined, allowed = NAME) => {
      if (got !== undefined && !allowed.test(got))
        report(`table '${name}': ${what} is '${got}', expected '${legal(got)}'`);
    };
    inTurn(
      () => eachOf(table.partitionKeys, (key) => check("partition key", key.name)),
      // Files that name their columns themselves have names such as user-agent: queries can quote them.
      () => {
        const allowed = isCsv(table) ? NAME : NO_CAPITALS;
        eachOf(table.storageDescriptor?.columns, (column) => check("column", column.name, allowed));
      },
      () => check("table name", table.name),
      // Not the stack's own, perhaps: queries can quote a hyphen, but the catalogue folds case.
      () => check("database", table.databaseName, NO_CAPITALS),
    );
  }),
};

export const databaseNames: ResourceValidationPolicy = {
  name: "aws-glue-database-use-lower-case-name",
  description: "A database that the stack makes is named by lower-case letters, digits and _.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Rename the project or the stack: the database is named after them.",
  url: "https://docs.aws.amazon.com/athena/latest/ug/tables-databases-columns-names.html",
  validateResource: onResource(DATABASE, (database, { name }, report) => {
    const got = database.name;
    if (got === undefined) report(`database '${name}': name is absent; the automatic one has a hyphen`);
    else if (!NAME.test(got)) report(`database '${name}': name is '${got}', expected '${legal(got)}'`);
  }),
};

/** A legal name near the one given. */
function legal(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, "_")
    .replace(/^(?=[0-9]|$)/, "_");
}

export const keysApartFromColumns: ResourceValidationPolicy = {
  name: "aws-glue-table-keep-keys-apart-from-columns",
  description: "A partition key is not also a column, and no name is declared twice.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Drop the column from the declaration and from the files: the folder carries the value.",
  url: "https://docs.aws.amazon.com/athena/latest/ug/partitions.html",
  validateResource: onResource(TABLE, (table, { name }, report) => {
    if (!isFolderTable(table)) return;
    // Catalogues fold case, so 'DT' and 'dt' are one name.
    const seen = new Map<string, string>();
    const check = (what: string, got: string | undefined) => {
      if (got === undefined) return;
      const before = seen.get(got.toLowerCase());
      if (before !== undefined) report(`table '${name}': ${what} '${got}' is declared before, as a ${before}`);
      else seen.set(got.toLowerCase(), what);
    };
    inTurn(
      () => eachOf(table.partitionKeys, (key) => check("partition key", key.name)),
      () => eachOf(table.storageDescriptor?.columns, (column) => check("column", column.name)),
    );
  }),
};

export const externalType: ResourceValidationPolicy = {
  name: "aws-glue-table-declare-external-type",
  description: "Glue tables over S3 folders have the table type EXTERNAL_TABLE.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Set tableType: without it MSCK REPAIR TABLE and SHOW CREATE TABLE fail in Athena.",
  url: "https://docs.aws.amazon.com/athena/latest/ug/msck-repair-table.html",
  validateResource: onResource(TABLE, (table, { name }, report) => {
    if (!isFolderTable(table)) return;
    const got = table.tableType;
    if (got !== "EXTERNAL_TABLE")
      report(`table '${name}': table type is ${got === undefined ? "absent" : `'${got}'`}, expected 'EXTERNAL_TABLE'`);
  }),
};

export const locationSpelling: ResourceValidationPolicy = {
  name: "aws-glue-table-spell-location-as-folder",
  description: "A table's location is an s3:// folder that ends with one slash and holds no key=val folder of its own.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Write the location as s3://<bucket>/<prefix>/output/.",
  url: "https://docs.aws.amazon.com/athena/latest/ug/tables-location-format.html",
  validateResource: onResource(TABLE, (table, { name }, report) => {
    if (!isFolderTable(table)) return;
    const location = table.storageDescriptor?.location;
    if (!location) return report(`table '${name}': location is absent, expected 's3://<bucket>/<prefix>/output/'`);
    const expected = spelled(location);
    if (location !== expected) report(`table '${name}': location is '${location}', expected '${expected}'`);
  }),
};

export const locationsApart: StackValidationPolicy = {
  name: "aws-glue-table-keep-locations-apart",
  description: "No table's location is, or lies inside, the location of another table, of whatever format.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Give each dataset a prefix of its own.",
  url: "https://docs.aws.amazon.com/athena/latest/ug/tables-location-format.html",
  validateStack: (args, report) => {
    const located: { readonly table: Found<Table>; readonly location: string; readonly folder: boolean }[] = [];
    inTurn(
      () =>
        eachOf(resourcesOf(args, TABLE), (table) => {
          const location = readsFiles(table.props) ? table.props.storageDescriptor?.location : undefined;
          if (location) located.push({ table, location: spelled(location), folder: isFolderTable(table.props) });
        }),
      () => {
        located.forEach((inner, at) => {
          located.forEach((outer, other) => {
            if (at === other || !inner.location.startsWith(outer.location)) return;
            // Two names of one table of an open format.
            if (!inner.folder && !outer.folder) return;
            const same = inner.location === outer.location;
            if (same && at < other) return; // said once, of the later one
            report(
              `table '${inner.table.name}': location '${inner.location}' ${same ? "is" : "lies inside"} ` +
                `the location '${outer.location}' of table '${outer.table.name}'`,
              inner.table.urn,
            );
          });
        });
      },
    );
  },
};
