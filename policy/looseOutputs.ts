import type { StackValidationArgs } from "@pulumi/policy";
import { portsOf } from "./definition";
import { literalOf, parentOf, placeOf, type Literal } from "./locations";
import { misspelled } from "./spelling";
import { eachDefinition, withTables, type FolderTable } from "./stackTables";

/** An output that concerns no table. */
export interface Stray {
  readonly subject: string;
  readonly urn: string;
  readonly uri: Literal;
}

/** Tables that no output reaches, and outputs that reach no table. */
export interface Loose {
  readonly tables: readonly FolderTable[];
  readonly strays: readonly Stray[];
  /** How addresses begin that a run decides on: each may be whatever begins so. */
  readonly beginnings: readonly string[];
  readonly pipelines: number;
}

/** Calls a check with what the pipelines and the tables of the stack leave without the other. */
export function withLoose(args: StackValidationArgs, check: (loose: Loose) => void): void {
  withTables(args, (tables) => {
    const reached = new Set<FolderTable["urn"]>();
    const strays: Stray[] = [];
    const beginnings: string[] = [];
    let pipelines = 0;
    eachDefinition(args, ({ name, urn }, definition) => {
      const { outputs } = portsOf(definition);
      if (outputs.length > 0) pipelines++;
      for (const port of outputs) {
        const uri = literalOf(port.s3Uri);
        // Another value than the default goes to the same bucket, most likely.
        const start = uri.byDefault ? /^s3:\/\/[^/]+\//.exec(uri.text)?.[0] : uri.text;
        if ((uri.byDefault || !uri.whole) && !port.appManaged) beginnings.push(start ?? "");
        const place = placeOf(uri, tables);
        const table = place && tables.find((each) => each === place.table);
        if (table) reached.add(table.urn);
        else if (uri.whole) strays.push({ subject: `pipeline '${name}', ${port.where}`, urn, uri });
      }
    });
    check({ tables: tables.filter((table) => !reached.has(table.urn)), strays, beginnings, pipelines });
  });
}

/**
 * By which mistake an output may miss a table that nothing else writes: a typing error, sure or not, or the output is the
 * folder `output/` beside the table's location.
 */
export function mistakeIn({ text }: Literal, { location }: FolderTable): "surely" | "perhaps" | "folder" | undefined {
  const address = text.replace(/\/*$/, "/");
  if (address === `${parentOf(location)}output/`) return "folder";
  // What lies inside a folder that is called nearly like the table's was meant for the table as well.
  const outer = address.split("/", location.split("/").length - 1);
  return misspelled(`${outer.join("/")}/`, location);
}
