import type { ResourceValidationPolicy } from "@pulumi/policy";
import { isCsv, LAZY, OPEN } from "../folderTable";
import { TABLE } from "../kinds";
import { eachOf, inTurn, onResource } from "../resources";

const HEADER = "skip.header.line.count";
const NULL = "serialization.null.format";

const show = (value: string | undefined) => (value === undefined ? "absent" : JSON.stringify(value));

/** LazySimpleSerDe takes a number from -128 to 127 for the byte of that number. */
function character(value: string): string {
  const byte = /^[+-]?[0-9]+$/.test(value) ? Number(value) : NaN;
  return byte >= -128 && byte <= 127 ? String.fromCharCode(byte & 0xff) : value;
}

export const csvDelimiters: ResourceValidationPolicy = {
  name: "aws-glue-table-delimit-csv-alike",
  description: "CSV tables name their delimiter to the SerDe, and name the same one wherever they name it.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Set field.delim (LazySimpleSerDe) or separatorChar (OpenCSVSerde); else each line is one column.",
  url: "https://docs.aws.amazon.com/athena/latest/ug/lazy-simple-serde.html",
  validateResource: onResource(TABLE, (table, { name }, report) => {
    if (!isCsv(table)) return;
    const serde = table.storageDescriptor?.serDeInfo;
    const library = serde?.serializationLibrary;
    const own = library === LAZY ? "field.delim" : library === OPEN ? "separatorChar" : undefined;
    if (own === undefined)
      return report(`table '${name}': serialization library is ${show(library)}, expected "${LAZY}" or "${OPEN}"`);
    const delimiter = serde?.parameters?.[own];
    const same = (got: string) =>
      got === delimiter || (library === LAZY && delimiter !== undefined && character(got) === character(delimiter));
    if (!delimiter && table.parameters?.["delimiter"] === undefined)
      return report(
        `table '${name}': SerDe parameter ${own} is ${show(delimiter)}, expected the delimiter, such as ","`,
      );
    // Of serialization.format a SerDe takes the delimiter only where it is not told it by its own name.
    const got = table.parameters?.["delimiter"];
    if (got === undefined || same(got)) return;
    if (delimiter === undefined) report(`table '${name}': SerDe parameter ${own} is absent, expected ${show(got)}`);
    else report(`table '${name}': parameter delimiter is ${show(got)}, expected ${show(delimiter)} as in ${own}`);
  }),
};

export const csvQuotes: ResourceValidationPolicy = {
  name: "aws-glue-table-read-quotes-by-opencsv",
  description: "CSV tables whose columns are quoted are read by OpenCSVSerde: LazySimpleSerDe keeps the quotes.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Write the files without quotes and set areColumnsQuoted to false, or change the SerDe.",
  url: "https://docs.aws.amazon.com/athena/latest/ug/csv-serde.html",
  validateResource: onResource(TABLE, (table, { name }, report) => {
    if (!isCsv(table) || table.parameters?.["areColumnsQuoted"]?.toLowerCase() !== "true") return;
    if (table.storageDescriptor?.serDeInfo?.serializationLibrary === LAZY)
      report(`table '${name}': parameter areColumnsQuoted is "true" with LazySimpleSerDe, expected "false"`);
  }),
};

export const csvCharacters: ResourceValidationPolicy = {
  name: "aws-glue-table-tell-csv-characters-apart",
  description: "Delimiter, quote and escape of a CSV table are one character each, and different ones.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Set characters that differ: of a longer text engines take the first, and equal ones they refuse.",
  url: "https://docs.aws.amazon.com/athena/latest/ug/csv-serde.html",
  validateResource: onResource(TABLE, (table, { name }, report) => {
    if (!isCsv(table)) return;
    const serde = table.storageDescriptor?.serDeInfo;
    const open = serde?.serializationLibrary === OPEN;
    // What OpenCSVSerde takes when a parameter is absent; LazySimpleSerDe then escapes nothing.
    const roles = open
      ? { separatorChar: ",", quoteChar: '"', escapeChar: "\\" }
      : { "field.delim": "", "escape.delim": "" };
    const taken = new Map<string, string>();
    inTurn(
      ...Object.entries(roles).map(([role, absent]) => () => {
        const given = serde?.parameters?.[role];
        const value = given === undefined ? absent : open ? given : character(given);
        if (given !== undefined && (value.length !== 1 || (!open && value > "\u007f")))
          return report(
            `table '${name}': SerDe parameter ${role} is ${show(given)}, expected one ${open ? "" : "ASCII "}character`,
          );
        if (value === "") return;
        // Both engines read an escape of " as a backslash.
        const read = role === "escapeChar" && value === '"' ? "\\" : value;
        const other = taken.get(read);
        if (other === undefined) taken.set(read, role);
        else report(`table '${name}': SerDe parameters ${other} and ${role} are both read as ${show(read)}`);
      }),
    );
  }),
};

export const csvNullFormat: ResourceValidationPolicy = {
  name: "aws-glue-table-write-csv-null-alike",
  description: "CSV tables that name the text of null name the same one to the SerDe and in the table.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Set the same serialization.null.format in both: Hive and Trino let the table's win.",
  url: "https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_EXTERNAL_TABLE.html",
  validateResource: onResource(TABLE, (table, { name }, report) => {
    const serde = table.storageDescriptor?.serDeInfo;
    if (!isCsv(table) || serde?.serializationLibrary !== LAZY) return;
    const own = serde.parameters?.[NULL];
    const tables = table.parameters?.[NULL];
    if (own !== undefined && tables !== undefined && own !== tables)
      report(`table '${name}': parameter ${NULL} is ${show(tables)}, expected ${show(own)} as in the SerDe's`);
  }),
};

export const csvColumnTypes: ResourceValidationPolicy = {
  name: "aws-glue-table-declare-opencsv-columns-as-string",
  description: "Columns of a table that OpenCSVSerde reads are strings.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Declare them string and cast in a view: an empty number is an error, a date is days since 1970.",
  url: "https://docs.aws.amazon.com/athena/latest/ug/csv-serde.html",
  validateResource: onResource(TABLE, (table, { name }, report) => {
    if (!isCsv(table) || table.storageDescriptor?.serDeInfo?.serializationLibrary !== OPEN) return;
    eachOf(table.storageDescriptor.columns, (column) => {
      if (column.type?.toLowerCase() !== "string")
        report(`table '${name}': column '${column.name}' is ${show(column.type)} with OpenCSVSerde, expected "string"`);
    });
  }),
};

export const csvHeaderCount: ResourceValidationPolicy = {
  name: "aws-glue-table-count-csv-header-in-table",
  description: "CSV tables count the header lines to skip in a parameter of the table, as a whole number.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Set skip.header.line.count among the table's parameters: engines do not look into the SerDe's.",
  url: "https://docs.aws.amazon.com/athena/latest/ug/lazy-simple-serde.html",
  validateResource: onResource(TABLE, (table, { name }, report) => {
    if (!isCsv(table)) return;
    inTurn(
      () => {
        const count = table.parameters?.[HEADER];
        if (count !== undefined && !/^[0-9]+$/.test(count))
          report(`table '${name}': parameter ${HEADER} is ${show(count)}, expected a whole number such as "1"`);
      },
      () => {
        const misplaced = table.storageDescriptor?.serDeInfo?.parameters?.[HEADER];
        if (misplaced !== undefined)
          report(
            `table '${name}': SerDe parameter ${HEADER} is ${show(misplaced)}, expected it among the table's parameters`,
          );
      },
    );
  }),
};

const INPUT = ["org.apache.hadoop.mapred.TextInputFormat"];
const OUTPUT = [
  "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
  "org.apache.hadoop.hive.ql.io.IgnoreKeyTextOutputFormat",
];

export const csvFormats: ResourceValidationPolicy = {
  name: "aws-glue-table-set-csv-text-formats",
  description: "CSV tables set the text input and output formats.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Set inputFormat and outputFormat of the storage descriptor: no engine guesses them.",
  url: "https://docs.aws.amazon.com/glue/latest/webapi/API_StorageDescriptor.html",
  validateResource: onResource(TABLE, (table, { name }, report) => {
    if (!isCsv(table)) return;
    const check = (what: string, got: string | undefined, allowed: readonly string[]) => {
      if (got === undefined || !allowed.includes(got))
        report(`table '${name}': ${what} is ${show(got)}, expected "${allowed[0] ?? ""}"`);
    };
    inTurn(
      () => check("input format", table.storageDescriptor?.inputFormat, INPUT),
      () => check("output format", table.storageDescriptor?.outputFormat, OUTPUT),
    );
  }),
};
