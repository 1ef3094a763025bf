import type { ResourceValidationPolicy } from "@pulumi/policy";
import { isProjectionParameter, problemText, projectionProblems } from "../../contract/projection/check";
import { baseOf, folderProblems, keysOf, keyValues, levelProblems } from "../folders";
import { isFolderTable } from "../folderTable";
import { TABLE, type Table } from "../kinds";
import { inTurn, known, onResource } from "../resources";

export const projectionConfiguration: ResourceValidationPolicy = {
  name: "aws-glue-table-project-as-documented",
  description: "Partition projection configures every partition key by the properties, ranges and formats it knows.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps:
    "Correct the parameter that is named, or declare the dataset with projection(…), which renders them.",
  url: "https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html",
  validateResource: onResource(TABLE, (table, { name }, report) => {
    if (!isFolderTable(table)) return;
    const said = new Set<string>();
    const check = (location?: string) => {
      const partitionKeys = (table.partitionKeys ?? []).map((key) => ({ name: key.name, type: key.type }));
      for (const problem of projectionProblems({ partitionKeys, parameters: projectionOf(table), location })) {
        const text = problemText(problem);
        if (!said.has(text)) report(`table '${name}': ${text}`);
        said.add(text);
      }
    };
    inTurn(
      () => check(),
      () => check(table.storageDescriptor?.location),
    );
  }),
};

/** The parameters that concern projection: another one may be unknown. */
function projectionOf({ parameters = {} }: Table): Record<string, string> {
  const names = Object.keys(parameters).filter(isProjectionParameter);
  return Object.fromEntries(names.map((name) => [name, parameters[name] ?? ""]));
}

export const projectionTemplate: ResourceValidationPolicy = {
  name: "aws-glue-table-project-key-value-folders",
  description: "A projected table has one key=val folder for every partition key, in declared order.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Leave the template out (Athena's default is this layout), or write every key in declared order.",
  url: "https://docs.aws.amazon.com/athena/latest/ug/partition-projection-setting-up.html",
  validateResource: onResource(TABLE, (table, { name }, report) => {
    if (!isFolderTable(table)) return;
    const template = table.parameters?.["storage.location.template"];
    if (template === undefined) return slashedDates(table, (text) => report(`table '${name}': ${text}`));
    const base = known(() => baseOf(table));
    const fix = () => (base === undefined ? "" : `; write '${base}${keyValues(keysOf(table), placeholders(table))}'`);
    const say = (problems: readonly string[]) => {
      for (const problem of problems)
        report(`table '${name}': storage.location.template '${template}': ${problem}${fix()}`);
    };
    inTurn(
      () => say(folderProblems(template, keysOf(table), placeholders(table), base)),
      () => say(levelProblems(template, table)),
    );
  }),
};

/** A date with slashes is several folders, of which only the first is key=val; a template says that it is meant so. */
function slashedDates({ partitionKeys, parameters = {} }: Table, say: (text: string) => void): void {
  if (parameters["projection.enabled"]?.trim().toLowerCase() !== "true") return;
  for (const { name } of partitionKeys ?? []) {
    const format = parameters[`projection.${name}.format`];
    if (parameters[`projection.${name}.type`]?.trim().toLowerCase() === "date" && format?.includes("/"))
      say(
        `projection.${name}.format is '${format}': the folders are '${keyValues([name], [format])}', expected one folder ` +
          `for the key, such as '${keyValues([name], [format.replaceAll("/", "-")])}'`,
      );
  }
}

/** What a template has in the place of values. */
function placeholders(table: Table): string[] {
  return keysOf(table).map((key) => `\${${key}}`);
}
