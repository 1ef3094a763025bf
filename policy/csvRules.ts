import type { ResourceValidationPolicy } from "@pulumi/policy";
import { inTurn, isFolderTable, onResource, TABLE, type Table } from "./resources";

const LAZY = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe";
const OPEN = "org.apache.hadoop.hive.serde2.OpenCSVSerde";
const HEADER = "skip.header.line.count";

/** Whether the files of the table are CSV, by its own word. */
function isCsv(table: Table): boolean {
  return isFolderTable(table) && table.parameters?.["classification"]?.toLowerCase() === "csv";
}

const show = (value: string | undefined) => (value === undefined ? "absent" : JSON.stringify(value));

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
    const other = (what: string, got: string | undefined) => {
      if (got === undefined || got === delimiter) return;
      if (delimiter === undefined) report(`table '${name}': SerDe parameter ${own} is absent, expected ${show(got)}`);
      else report(`table '${name}': ${what} is ${show(got)}, expected ${show(delimiter)} as in ${own}`);
    };
    if (!delimiter && table.parameters?.["delimiter"] === undefined)
      return report(
        `table '${name}': SerDe parameter ${own} is ${show(delimiter)}, expected the delimiter, such as ","`,
      );
    inTurn(
      () => other("parameter delimiter", table.parameters?.["delimiter"]),
      // OpenCSVSerde does not read it, and catalogues fill it with "1".
      () => {
        if (library === LAZY && delimiter !== undefined)
          other("SerDe parameter serialization.format", serde?.parameters?.["serialization.format"]);
      },
    );
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
