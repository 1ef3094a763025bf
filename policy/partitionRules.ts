import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { parsePartitionPath } from "../contract/parse";
import {
  eachOf,
  inTurn,
  isFolderTable,
  onResource,
  PARTITION,
  resourcesOf,
  TABLE,
  type Found,
  type Partition,
  type Table,
} from "./resources";

export const noManagedPartitions: ResourceValidationPolicy = {
  name: "aws-glue-partition-leave-to-registration",
  description: "Partitions are registered at run time, never declared as resources.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Remove the resource: the pipeline's registration step adds the partition of each run.",
  url: "https://docs.aws.amazon.com/glue/latest/dg/tables-described.html",
  validateResource: onResource(PARTITION, (_partition, { name }, report) =>
    report(`partition '${name}' is a resource of the stack; data would come and go with deployments`),
  ),
};

export const projectionTemplate: ResourceValidationPolicy = {
  name: "aws-glue-table-project-key-value-folders",
  description: "storage.location.template is key=${key} for every partition key in order, below the table's location.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Leave the template out (Athena's default is this layout), or write every key in declared order.",
  url: "https://docs.aws.amazon.com/athena/latest/ug/partition-projection-setting-up.html",
  validateResource: onResource(TABLE, (table, { name }, report) => {
    if (!isFolderTable(table)) return;
    const template = table.parameters?.["storage.location.template"];
    if (template === undefined) return;
    const say = (problems: readonly string[]) => {
      for (const problem of problems) report(`table '${name}': storage.location.template '${template}': ${problem}`);
    };
    inTurn(
      () => say(slashProblems(template)),
      () => {
        const keys = keysOf(table);
        const values = keys.map((key) => `\${${key}}`);
        say(folderProblems(template, keys, values));
      },
      () => say(baseProblems(template, table)),
    );
  }),
};

export const partitionLocations: StackValidationPolicy = {
  name: "aws-glue-partition-locate-by-key-value",
  description: "A partition's location is key=val for every partition key in order, below the table's location.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Move the files to <location>/<key>=<value>/ for every key in declared order.",
  url: "https://docs.aws.amazon.com/athena/latest/ug/partitions.html",
  validateStack: (args, report) => {
    const tables = resourcesOf(args, TABLE);
    eachOf(resourcesOf(args, PARTITION), (partition) => {
      const location = partition.props.storageDescriptor?.location;
      const say = (problems: readonly string[]) => {
        for (const problem of problems)
          report(`partition '${partition.name}': location '${location ?? ""}': ${problem}`, partition.urn);
      };
      if (!location) return say(["is absent, expected key=val folders below the table's location"]);
      inTurn(
        () => say(slashProblems(location)),
        () => {
          const table = tableOf(partition.props, tables);
          const values = [...partition.props.partitionValues];
          say(folderProblems(location, table ? keysOf(table) : namesIn(tailOf(location, values.length)), values));
        },
        () => say(baseProblems(location, tableOf(partition.props, tables))),
      );
    });
  },
};

function tableOf(partition: Partition, tables: readonly Found<Table>[]): Table | undefined {
  const { tableName, databaseName } = partition;
  return tables.find(({ props }) => props.name === tableName && props.databaseName === databaseName)?.props;
}

function keysOf(table: Table): string[] {
  return (table.partitionKeys ?? []).map((key) => key.name);
}

/** The last folders of an address, as many as there are keys. */
function tailOf(location: string, levels: number): string {
  return levels === 0 ? "" : location.replace(/\/+$/, "").split("/").slice(-levels).join("/");
}

/** What the folders themselves say the keys are called, for a partition whose table belongs to another stack. */
function namesIn(tail: string): string[] {
  return tail.split("/").map((level) => /^([^=]+)=/.exec(level)?.[1] ?? "<key>");
}

function slashProblems(location: string): string[] {
  return /[^/]\/$/.test(location) ? [] : [`expected '${location.replace(/\/*$/, "/")}', with one slash at its end`];
}

/** The last folders must be the keys in order, with these values. The table's location is not needed for it. */
function folderProblems(location: string, keys: readonly string[], values: readonly string[]): readonly string[] {
  if (values.length !== keys.length)
    return [`${values.length} partition values, expected ${keys.length} for the keys ${keys.join(", ")}`];
  if (keys.length === 0) return ["the table declares no partition key, expected none of its folders to be one"];
  const parsed = parsePartitionPath(keys, tailOf(location, keys.length));
  if (parsed.problems.length > 0) return parsed.problems;
  return parsed.values.flatMap((value, index) => {
    const [key, expected] = [keys[index] ?? "", values[index] ?? ""];
    return value === expected ? [] : [`level ${index + 1} is '${key}=${value}', expected '${key}=${expected}'`];
  });
}

/** Between the table's location and the partition stands one folder for each key, and nothing else. */
function baseProblems(location: string, table: Table | undefined): string[] {
  const base = table?.storageDescriptor?.location?.replace(/\/*$/, "/");
  if (!table || !base) return [];
  if (!location.startsWith(base)) return [`expected it below the table's location '${base}'`];
  const levels = location
    .slice(base.length)
    .split("/")
    .filter((level) => level !== "").length;
  const keys = table.partitionKeys?.length ?? 0;
  return levels > keys ? [`has ${levels} folders below '${base}', expected ${keys}`] : [];
}
