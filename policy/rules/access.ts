import type { ResourceValidationPolicy, StackValidationArgs, StackValidationPolicy } from "@pulumi/policy";
import { jobsOf, portsOfJob, type Port } from "../definition";
import { editDistance } from "../editDistance";
import { onIdentityStatements } from "../identityPolicies";
import { literalOf, type Literal } from "../locations";
import { eachOf } from "../resources";
import { isAllowed, objectArn, resourcesFor, roleOf, type StackRole } from "../roles";
import { eachDefinition, withTables } from "../stackTables";
import { hasAction, hasResource, type Statement } from "../statements";

const GUIDE = "https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html";

/** Below what is known of an address: the last folder of it, where the rest is not known. */
const folderOf = ({ text, whole }: Literal): string =>
  whole ? text.replace(/\/*$/, "/") : text.slice(0, text.lastIndexOf("/") + 1);

const isAddress = (text: string): boolean => /^s3:\/\/[^/]+\/./.test(text);

/** Letters that a mistyped address differs in at most. */
const TYPING_ERROR = 3;

const isNearly = (folder: string, location: string): boolean =>
  folder.startsWith(location) || editDistance(folder, location, TYPING_ERROR) <= TYPING_ERROR;

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
  validateStack: (args, report) =>
    eachRoledJob(args, ({ subject, urn, roleArn, role, inputs, outputs }) => {
      const statements = role.allows();
      if (!statements) return;
      const check = (port: Port, action: string, does: string) => {
        const uri = literalOf(port.s3Uri);
        const folder = folderOf(uri);
        if (!isAddress(folder)) return;
        const arn = objectArn(folder, roleArn);
        // An input may be one file.
        const file = uri.whole && action === "s3:GetObject" ? objectArn(uri.text, roleArn) : arn;
        if (isAllowed(statements, action, `${arn}x`) || (file !== arn && isAllowed(statements, action, file))) return;
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
};

export const jobKeepsOut: StackValidationPolicy = {
  name: "aws-iam-role-keep-out-of-other-tables",
  description: "The role of a processing step may write to no table that its steps do not write.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Narrow the ARNs of s3:PutObject to the folders of the dataset, with the slash before the *.",
  url: GUIDE,
  validateStack: (args, report) =>
    withTables(args, (tables) => {
      const roles = new Map<string, { readonly job: RoledJob; readonly outputs: Literal[] }>();
      eachRoledJob(args, (job) => {
        const of = roles.get(job.role.urn) ?? { job, outputs: [] };
        of.outputs.push(...job.outputs.map((port) => literalOf(port.s3Uri)));
        roles.set(job.role.urn, of);
      });
      eachOf([...roles.values()], ({ job: { role, roleArn }, outputs }) => {
        // A step that gets its place from a parameter may write anywhere.
        const allowed = outputs.every((uri) => isAddress(folderOf(uri))) ? role.allows() : undefined;
        const statements = allowed?.filter((each) => hasAction(each, "s3:PutObject")) ?? [];
        for (const table of tables) {
          const arn = objectArn(table.location, roleArn);
          const fit = statements.filter((each) => hasResource(each, `${arn}x`));
          // A mistyped address has a rule of its own.
          if (fit.length === 0 || outputs.some((uri) => isNearly(folderOf(uri), table.location))) continue;
          report(
            `role '${role.name}': may write ${resourcesFor(fit, "s3:PutObject")}, which holds '${table.location}' of table ` +
              `'${table.name}', expected the folders of its own steps: ${outputs.map((uri) => `'${folderOf(uri)}'`).join(", ")}`,
            role.urn,
          );
        }
      });
    }),
};

/** A pattern that goes on in the middle of a folder's name. */
const HALF = /^(arn:[^:]*:s3:::[^/*?]+\/[^*?]*[A-Za-z0-9_.-])\*$/;

function halves({ actions, resources, conditions }: Statement): [got: string, expected: string][] {
  if (!actions.some((action) => /^s3:/i.test(action))) return [];
  const prefixes = conditions.filter(({ key }) => key.toLowerCase() === "s3:prefix").flatMap(({ values }) => values);
  return [
    ...resources.flatMap((arn) => HALF.exec(arn) ?? []).filter((_, index) => index % 2 === 1),
    ...prefixes
      .flatMap((prefix) => /^([^*?]*[A-Za-z0-9_.-])\*$/.exec(prefix) ?? [])
      .filter((_, index) => index % 2 === 1),
  ].map((start) => [`${start}*`, `${start}/*`]);
}

export const wholeFolders: ResourceValidationPolicy = {
  name: "aws-iam-policy-name-whole-folders",
  description: "What a policy allows in S3, it allows in whole folders: features* fits features2 as well.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Write the slash before the *.",
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html",
  validateResource: onIdentityStatements((statement, report) => {
    if (!statement.allows) return;
    for (const [got, expected] of halves(statement)) report(`names '${got}', expected '${expected}'`);
  }),
};
