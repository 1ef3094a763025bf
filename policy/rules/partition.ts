import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { baseOf, folderProblems, keysOf, keyValues, levelProblems, tailOf } from "../folders";
import { PARTITION, TABLE, type Partition, type Table } from "../kinds";
import { eachOf, inTurn, known, onResource, resourcesOf, type Found } from "../resources";

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
      const right = known(() => rightLocation(partition.props, tableOf(partition.props, tables)));
      const fix = right === undefined ? "" : `; write '${right}'`;
      const say = (problems: readonly string[], after = fix) => {
        for (const problem of problems)
          report(`partition '${partition.name}': location '${location ?? ""}': ${problem}${after}`, partition.urn);
      };
      if (!location) return say(["is absent, expected key=val folders below the table's location"]);
      inTurn(
        () => say(slashProblems(location), ""),
        () => {
          const table = tableOf(partition.props, tables);
          const values = [...partition.props.partitionValues];
          const keys = table ? keysOf(table) : namesIn(tailOf(location, values.length));
          const base = table && known(() => baseOf(table));
          say(folderProblems(location, keys, values, base));
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

/** Where the partition belongs. */
function rightLocation({ partitionValues }: Partition, table: Table | undefined): string | undefined {
  const base = table && baseOf(table);
  const keys = table ? keysOf(table) : [];
  return base === undefined || keys.length !== partitionValues.length
    ? undefined
    : base + keyValues(keys, partitionValues);
}

/** What the folders themselves say the keys are called, for a partition whose table belongs to another stack. */
function namesIn(tail: string): string[] {
  return tail.split("/").map((level) => /^([^=]+)=/.exec(level)?.[1] ?? "<key>");
}

function slashProblems(location: string): string[] {
  return /[^/]\/$/.test(location) ? [] : [`expected '${location.replace(/\/*$/, "/")}', with one slash at its end`];
}

/** Below the table's location, as deep as it has keys. */
function baseProblems(location: string, table: Table | undefined): string[] {
  const base = table && baseOf(table);
  if (!table || base === undefined) return [];
  return location.startsWith(base)
    ? levelProblems(location, table)
    : [`expected it below the table's location '${base}'`];
}
