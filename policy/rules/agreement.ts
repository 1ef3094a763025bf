import type { StackValidationPolicy } from "@pulumi/policy";
import { child, jobsOf, portsOfJob } from "../definition";
import { keyPattern, keysOf, pathProblems } from "../folders";
import { literalOf, placeOf, told, type Literal } from "../locations";
import { mistakeIn, withLoose } from "../looseOutputs";
import { eachDefinition, withTables } from "../stackTables";

const PARTITIONS = "https://docs.aws.amazon.com/athena/latest/ug/partitions.html";
const OUTPUTS = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProcessingS3Output.html";

const OFF = { surely: "1 letter", perhaps: "a few letters" };

/** A rule of outputs that are nearly a table's location. */
function spelling(rule: Omit<StackValidationPolicy, "validateStack">, mistake: keyof typeof OFF) {
  const validateStack: StackValidationPolicy["validateStack"] = (args, report) =>
    withLoose(args, ({ tables, strays }) => {
      for (const { subject, urn, uri } of strays)
        for (const table of tables)
          if (mistakeIn(uri, table) === mistake)
            report(
              `${subject}: S3Uri is ${told(uri)}, ${OFF[mistake]} off the location of table '${table.name}', ` +
                `which nothing writes, expected '${table.location}'`,
              urn,
            );
    });
  return { ...rule, validateStack };
}

export const outputsSpelled = spelling(
  {
    name: "aws-sagemaker-pipeline-spell-table-locations",
    description: "No output misses by one letter a table that nothing else writes.",
    enforcementLevel: "mandatory",
    severity: "high",
    remediationSteps: "Give the output the table's location, letter by letter.",
    url: OUTPUTS,
  },
  "surely",
);

export const outputsNamedApart = spelling(
  {
    name: "aws-sagemaker-pipeline-name-outputs-unlike-tables",
    description: "No output is called nearly like a table that nothing else writes.",
    // It may be meant so.
    enforcementLevel: "advisory",
    severity: "medium",
    remediationSteps: "Give the output the table's location, or a name that nobody takes for it.",
    url: OUTPUTS,
  },
  "perhaps",
);

export const outputFolder: StackValidationPolicy = {
  name: "aws-glue-table-locate-at-output-folder",
  description: "Where a step writes a folder output/, the table of its dataset is located there, not beside it.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Give the table the address of the output as its location.",
  url: "https://docs.aws.amazon.com/athena/latest/ug/tables-location-format.html",
  validateStack: (args, report) =>
    withLoose(args, ({ tables, strays }) => {
      for (const table of tables) {
        const stray = strays.find(({ uri }) => mistakeIn(uri, table) === "folder");
        if (stray)
          report(
            `table '${table.name}': location is '${table.location}', which nothing writes, expected '${stray.uri.text}' as ` +
              `in ${stray.subject}`,
            table.urn,
          );
      }
    }),
};

export const tablesWritten: StackValidationPolicy = {
  name: "aws-glue-table-be-written-by-a-step",
  description: "Where pipelines of the stack write, each table's location is an output of one of them.",
  // Somebody else may write it: then an exception says who.
  enforcementLevel: "advisory",
  severity: "medium",
  remediationSteps: "Give an output of a processing step the table's location as S3Uri.",
  url: PARTITIONS,
  validateStack: (args, report) =>
    withLoose(args, ({ tables, strays, beginnings, pipelines }) => {
      if (pipelines === 0) return;
      for (const table of tables)
        if (
          !beginnings.some((text) => table.location.startsWith(text)) &&
          !strays.some(({ uri }) => mistakeIn(uri, table))
        )
          report(
            `table '${table.name}': no output goes to '${table.location}', expected one of a processing step`,
            table.urn,
          );
    }),
};

/** Texts that a step gets, with what they are called. */
function textsOf(request: Parameters<typeof child>[0]): [what: string, text: Literal][] {
  const { ContainerArguments: given, ContainerEntrypoint: entry } = child(request, "AppSpecification");
  const list = (what: string, value: unknown) =>
    (Array.isArray(value) ? (value as unknown[]) : []).map((each): [string, Literal] => [what, literalOf(each)]);
  const variables = Object.entries(child(request, "Environment"));
  return [
    ...list("argument", given),
    ...list("argument", entry),
    ...variables.map(([name, value]): [string, Literal] => [`variable '${name}'`, literalOf(value)]),
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
          const { outputs } = portsOfJob(job);
          const written = tables.flatMap((table) => {
            const there = outputs.filter((port) => placeOf(literalOf(port.s3Uri), tables)?.table === table);
            const mounted = there.map((port) => literalOf(port.localPath)).filter(({ text, whole }) => whole && text);
            const folders = [table.location, ...mounted.map(({ text }) => text.replace(/\/*$/, "/"))];
            return there.length > 0 ? [{ table, folders }] : [];
          });
          for (const { table, folders } of written)
            for (const [what, text] of textsOf(job.request)) {
              const isBelow = folders.some((folder) => text.text.includes(folder));
              // A relative path does not say which table of several is meant.
              if (written.length > 1 && !isBelow) continue;
              for (const problem of pathProblems(text, folders, keysOf(table.props)))
                report(
                  `pipeline '${name}', ${job.where}: ${what} ${told(text)}: ${problem}, expected ` +
                    `'${table.location}${keyPattern(keysOf(table.props))}' or a part of it`,
                  urn,
                );
            }
        }
      }),
    ),
};
