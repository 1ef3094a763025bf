import type { StackValidationPolicy } from "@pulumi/policy";
import { child, jobsOf, portsOf, portsOfJob } from "../definition";
import { editDistance } from "../editDistance";
import { keyPattern, keysOf, pathProblems } from "../folders";
import { literalOf, placeOf, type Literal } from "../locations";
import { eachDefinition, withTables, type FolderTable } from "../stackTables";

const PARTITIONS = "https://docs.aws.amazon.com/athena/latest/ug/partitions.html";

/** Letters that a mistyped address differs in at most. */
const TYPING_ERROR = 3;

interface Stray {
  readonly subject: string;
  readonly urn: string;
  readonly uri: Literal;
}

/** Tables that no output reaches, and outputs that reach no table; `open` when one of them may go anywhere. */
interface Loose {
  readonly tables: readonly FolderTable[];
  readonly strays: readonly Stray[];
  readonly open: boolean;
  readonly pipelines: number;
}

function withLoose(
  args: Parameters<StackValidationPolicy["validateStack"] & object>[0],
  check: (loose: Loose) => void,
): void {
  withTables(args, (tables) => {
    const reached = new Set<FolderTable["urn"]>();
    const strays: Stray[] = [];
    let open = false;
    let pipelines = 0;
    eachDefinition(args, ({ name, urn }, definition) => {
      const { outputs } = portsOf(definition);
      if (outputs.length > 0) pipelines++;
      for (const port of outputs) {
        const uri = literalOf(port.s3Uri);
        if (!uri.whole && !/^s3:\/\/[^/]+\/./.test(uri.text)) open ||= !port.appManaged;
        const place = placeOf(uri, tables);
        const table = place && tables.find((each) => each === place.table);
        if (table && place.relation !== "beside") reached.add(table.urn);
        else if (uri.whole) strays.push({ subject: `pipeline '${name}', ${port.where}`, urn, uri });
      }
    });
    check({ tables: tables.filter((table) => !reached.has(table.urn)), strays, open, pipelines });
  });
}

/** How far an address is from a table's location, whatever its last slash is. */
const distance = ({ text }: Literal, { location }: FolderTable): number =>
  editDistance(text.replace(/\/*$/, "/"), location, TYPING_ERROR);

export const outputsSpelled: StackValidationPolicy = {
  name: "aws-sagemaker-pipeline-spell-table-locations",
  description: "No output misses by a few letters a table that nothing else writes.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Give the output the table's location, letter by letter.",
  url: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProcessingS3Output.html",
  validateStack: (args, report) =>
    withLoose(args, ({ tables, strays }) => {
      for (const { subject, urn, uri } of strays)
        for (const table of tables) {
          const letters = distance(uri, table);
          if (letters === 0 || letters > TYPING_ERROR || isBeside(uri, table)) continue;
          report(
            `${subject}: S3Uri is '${uri.text}', ${letters} ${letters === 1 ? "letter" : "letters"} off the location of ` +
              `table '${table.name}', which nothing writes, expected '${table.location}'`,
            urn,
          );
        }
    }),
};

/** In the dataset's own folder the rule of outputs beside the table has spoken. */
const isBeside = (uri: Literal, table: FolderTable): boolean => placeOf(uri, [table])?.relation === "beside";

export const tablesWritten: StackValidationPolicy = {
  name: "aws-glue-table-be-written-by-a-step",
  description: "Where pipelines of the stack write, each table's location is an output of one of them.",
  // Somebody else may write it: then an exception says who.
  enforcementLevel: "advisory",
  severity: "medium",
  remediationSteps: "Give an output of a processing step the table's location as S3Uri.",
  url: PARTITIONS,
  validateStack: (args, report) =>
    withLoose(args, ({ tables, strays, open, pipelines }) => {
      if (open || pipelines === 0) return;
      for (const table of tables)
        if (!strays.some(({ uri }) => distance(uri, table) <= TYPING_ERROR || isBeside(uri, table)))
          report(
            `table '${table.name}': no output goes to '${table.location}', expected one of a processing step`,
            table.urn,
          );
    }),
};

/** Texts that a step gets, with what they are called. */
function textsOf(request: Parameters<typeof child>[0]): [what: string, text: string][] {
  const { ContainerArguments: given, ContainerEntrypoint: entry } = child(request, "AppSpecification");
  const list = (what: string, value: unknown) =>
    (Array.isArray(value) ? (value as unknown[]) : []).map((each): [string, string] => [what, literalOf(each).text]);
  const variables = Object.entries(child(request, "Environment"));
  return [
    ...list("argument", given),
    ...list("argument", entry),
    ...variables.map(([name, value]): [string, string] => [`variable '${name}'`, literalOf(value).text]),
  ];
}

export const argumentsAgree: StackValidationPolicy = {
  name: "aws-sagemaker-pipeline-pass-partitions-as-declared",
  description:
    "A partition that a step is told of is key=val for the keys of the table that it writes, in their order.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Pass values alone, or write the folders as the table declares its keys.",
  url: PARTITIONS,
  validateStack: (args, report) =>
    withTables(args, (tables) =>
      eachDefinition(args, ({ name, urn }, definition) => {
        for (const job of jobsOf(definition)) {
          const written = portsOfJob(job).outputs.flatMap(
            (port) => placeOf(literalOf(port.s3Uri), tables)?.table ?? [],
          );
          for (const table of tables.filter((each) => written.includes(each)))
            for (const [what, text] of textsOf(job.request))
              for (const problem of pathProblems(text, table.location, keysOf(table.props)))
                report(
                  `pipeline '${name}', ${job.where}: ${what} '${text}': ${problem}, expected ` +
                    `'${table.location}${keyPattern(keysOf(table.props))}' or a part of it`,
                  urn,
                );
        }
      }),
    ),
};
