import type { ResourceValidationPolicy, StackValidationArgs, StackValidationPolicy } from "@pulumi/policy";
import { jobsOf, portsOfJob, type Port } from "../definition";
import { onIdentityStatements } from "../identityPolicies";
import { literalOf, placeOf, type Literal } from "../locations";
import { mistakeIn, withLoose } from "../looseOutputs";
import { eachOf, inTurn } from "../resources";
import { grantsOfBuckets, isAllowed, objectArn, resourcesFor, roleOf, type StackRole } from "../roles";
import { eachDefinition, outputsOfTables, withTables, type FolderTable } from "../stackTables";
import { hasResource, type Statement } from "../statements";

const GUIDE = "https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html";

/** Below what is known of an address: the last folder of it, where the rest is not known. */
const folderOf = ({ text, whole }: Literal): string =>
  whole ? text.replace(/\/*$/, "/") : text.slice(0, text.lastIndexOf("/") + 1);

const isAddress = (text: string): boolean => /^s3:\/\/[^/]+\/./.test(text);

/** One processing step with the role that it has. */
interface RoledJob {
  readonly subject: string;
  readonly urn: string;
  readonly roleArn: string;
  readonly role: StackRole;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

/** Every processing step whose role is of the stack. */
function eachRoledJob(args: StackValidationArgs, check: (job: RoledJob) => void): void {
  eachDefinition(args, ({ name, urn }, definition) =>
    eachOf(jobsOf(definition), (job) => {
      const { RoleArn: roleArn } = job.request;
      const role = typeof roleArn === "string" ? roleOf(args, roleArn) : undefined;
      if (typeof roleArn === "string" && role)
        check({ subject: `pipeline '${name}', ${job.where}`, urn, roleArn, role, ...portsOfJob(job) });
    }),
  );
}

export const jobMayReachFolders: StackValidationPolicy = {
  name: "aws-iam-role-reach-folders-of-its-steps",
  description: "The role of a processing step may write to its outputs and read its inputs.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Allow s3:PutObject and s3:GetObject on exactly the folders that the step names.",
  url: GUIDE,
  validateStack: (args, report) => {
    const misplaced: Literal[] = [];
    inTurn(
      () => withMisplaced(args, (uri) => misplaced.push(uri)),
      () =>
        eachRoledJob(args, ({ subject, urn, roleArn, role, inputs, outputs }) => {
          const statements = role.statements();
          if (!statements) return;
          const check = (port: Port, action: string, does: string) => {
            const uri = literalOf(port.s3Uri);
            const folder = folderOf(uri);
            // An address that another rule corrects is no folder to allow.
            if (!isAddress(folder) || misplaced.some(({ text }) => text === uri.text)) return;
            const arn = objectArn(folder, roleArn);
            // An input may be one file.
            const places = [
              `${arn}x`,
              ...(uri.whole && action === "s3:GetObject" ? [objectArn(uri.text, roleArn)] : []),
            ];
            const may = (some: readonly Statement[]) => places.some((place) => isAllowed(some, action, place));
            if (may(statements) || may([...statements, ...grantsOfBuckets(args, roleArn)])) return;
            const where = port.where.replace(/^step '[^']*', /, "");
            report(
              `${subject}, ${where}: S3Uri is '${uri.text}${uri.whole ? "" : "…"}', role '${role.name}' may ${does} ` +
                `${resourcesFor(statements, action)}, expected '${arn}*'`,
              urn,
            );
          };
          for (const port of outputs) check(port, "s3:PutObject", "write");
          for (const port of inputs) check(port, "s3:GetObject", "read");
        }),
    );
  },
};

/** Outputs that go nearly to a table, which is a rule's of its own. */
function withMisplaced(args: StackValidationArgs, add: (uri: Literal) => void): void {
  inTurn(
    () =>
      outputsOfTables(args, ({ port, place }) => {
        if (place.relation !== "at") add(literalOf(port.s3Uri));
      }),
    () =>
      withLoose(args, ({ tables, strays }) => {
        for (const { uri } of strays) if (tables.some((table) => mistakeIn(uri, table) === "surely")) add(uri);
      }),
  );
}

export const jobKeepsOut: StackValidationPolicy = {
  name: "aws-iam-role-keep-out-of-other-tables",
  description: "The role of a processing step may write to no table, and delete in none, that its steps do not write.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Narrow the ARNs of s3:PutObject and s3:DeleteObject to the folders of the dataset.",
  url: GUIDE,
  validateStack: (args, report) => {
    // Of a table that nothing writes, a mistyped address has a rule of its own.
    const loose: string[] = [];
    const judge = (tables: readonly FolderTable[]) => {
      const roles = new Map<string, { readonly job: RoledJob; readonly outputs: Literal[] }>();
      eachRoledJob(args, (job) => {
        const of = roles.get(job.role.urn) ?? { job, outputs: [] };
        of.outputs.push(...job.outputs.map((port) => literalOf(port.s3Uri)));
        roles.set(job.role.urn, of);
      });
      eachOf([...roles.values()], ({ job: { role, roleArn }, outputs }) => {
        // A step that gets its place from a parameter may write anywhere.
        const statements = outputs.every((uri) => !uri.byDefault && isAddress(folderOf(uri)))
          ? role.statements()
          : undefined;
        if (!statements) return;
        const own = outputs.flatMap((uri) => placeOf(uri, tables)?.table ?? []);
        for (const table of tables) {
          if (own.includes(table)) continue;
          if (loose.includes(table.urn) && outputs.some((uri) => mistakeIn(uri, table))) continue;
          const place = `${objectArn(table.location, roleArn)}x`;
          const [action, does] = CHANGES.find(([each]) => isAllowed(statements, each, place)) ?? [];
          if (action === undefined) continue;
          const fit = statements.filter((each) => each.allows && hasResource(each, place));
          report(
            `role '${role.name}': may ${does} ${resourcesFor(fit, action)}, which holds '${table.location}' of table ` +
              `'${table.name}', expected the folders of its own steps: ${outputs.map((uri) => `'${folderOf(uri)}'`).join(", ") || "none"}`,
            role.urn,
          );
        }
      });
    };
    inTurn(
      () => withLoose(args, ({ tables }) => loose.push(...tables.map(({ urn }) => urn))),
      () => withTables(args, judge),
    );
  },
};

/** What changes the files of a table. */
const CHANGES = [
  ["s3:PutObject", "write"],
  ["s3:DeleteObject", "delete in"],
  ["s3:DeleteObjectVersion", "delete versions in"],
] as const;

/** Whether a folder's name goes on as a pattern; of a bucket's name whole words may be left open, as in `sagemaker-*`. */
const isHalf = (segment: string, index: number): boolean =>
  (index === 0 ? /[A-Za-z0-9][*?]/ : /[A-Za-z0-9_.-][*?]/).test(segment);

/** The path with its half segments as names: what is expected instead, or `undefined` when all are whole. */
function whole(path: string, first = 0): string | undefined {
  const segments = path.split("/");
  if (!segments.some((segment, at) => isHalf(segment, at + first))) return undefined;
  const named = segments.map((segment, at) => (isHalf(segment, at + first) ? segment.replace(/[*?].*$/, "") : segment));
  return [...named, ...(named.at(-1) === segments.at(-1) ? [] : ["*"])].join("/");
}

function halves({ actions, resources, conditions }: Statement): [got: string, expected: string][] {
  if (!actions.some((action) => /^s3:/i.test(action))) return [];
  const prefixes = conditions.filter(({ key }) => key.toLowerCase() === "s3:prefix").flatMap(({ values }) => values);
  const corrected = (text: string, start: string, expected: string | undefined): [string, string][] =>
    expected === undefined ? [] : [[text, start + expected]];
  return [
    ...resources.flatMap((arn) => {
      const [start = "", path = ""] = /^(arn:[^:]*:s3:::)(.*)$/.exec(arn)?.slice(1) ?? [];
      return corrected(arn, start, whole(path));
    }),
    ...prefixes.flatMap((prefix) => corrected(prefix, "", whole(prefix, 1))),
  ];
}

export const wholeFolders: ResourceValidationPolicy = {
  name: "aws-iam-policy-name-whole-folders",
  description: "What a policy allows in S3, it allows in whole buckets and folders: features* fits features2 as well.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Write every name whole, and the slash before the *.",
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html",
  validateResource: onIdentityStatements((statement, report) => {
    if (!statement.allows) return;
    for (const [got, expected] of halves(statement)) report(`names '${got}', expected '${expected}'`);
  }),
};
