import type { StackValidationArgs } from "@pulumi/policy";
import { jobsOf, portsOfJob, type Job, type Port } from "./definition";
import { isFolderTable } from "./folderTable";
import { PIPELINE, TABLE, type Pipeline, type Table } from "./kinds";
import { literalOf, placeOf, spelled, type Located, type Place } from "./locations";
import { eachOf, inTurn, resourcesOf, type Placed } from "./resources";
import { definitionText, storedTexts } from "./storedDefinition";

/** A table of the stack that reads a folder, with where that is. */
export interface FolderTable extends Located {
  readonly urn: string;
  readonly props: Table;
}

/** Every pipeline of the stack with its definition's text; an unknown one hides itself alone. */
export function eachDefinition(
  args: StackValidationArgs,
  check: (pipeline: Placed<Pipeline>, definition: string) => void,
): void {
  const objects = storedTexts(args);
  eachOf(resourcesOf(args, PIPELINE), (pipeline) => check(pipeline, definitionText(pipeline.props, objects) ?? ""));
}

/** Calls a check with the tables of which the location is known; then tells that another was not. */
export function withTables(args: StackValidationArgs, check: (tables: readonly FolderTable[]) => void): void {
  const tables: FolderTable[] = [];
  inTurn(
    () =>
      eachOf(resourcesOf(args, TABLE), ({ name, urn, props }) => {
        const location = isFolderTable(props) ? props.storageDescriptor?.location : undefined;
        // As it should be spelled: a table's own mistake must not become the pipeline's law.
        if (location) tables.push({ name, urn, props, location: spelled(location) });
      }),
    () => check(tables),
  );
}

export interface TableOutput {
  readonly subject: string;
  readonly urn: string;
  /** The step, one object for all its outputs. */
  readonly job: Job;
  readonly port: Port;
  readonly place: Place;
}

/** Every output of every pipeline that concerns a table of the stack. An unknown location hides that table alone. */
export function outputsOfTables(args: StackValidationArgs, check: (output: TableOutput) => void): void {
  withTables(args, (tables) =>
    eachDefinition(args, ({ name, urn }, definition) => {
      for (const job of jobsOf(definition))
        for (const port of portsOfJob(job).outputs) {
          const place = placeOf(literalOf(port.s3Uri), tables);
          if (place) check({ subject: `pipeline '${name}', ${port.where}`, urn, job, port, place });
        }
    }),
  );
}
