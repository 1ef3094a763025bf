/** Writes docs/policies.md from the rules: `node --import tsx policy/docs.ts`. */
import * as fs from "node:fs";
import * as path from "node:path";
import * as prettier from "prettier";
import { allRules, settingsSound } from "./pack";
import { anchorsOf, isForProduction, type Rule } from "./rule";

const FILE = path.resolve(__dirname, "../docs/policies.md");

/** What a service is called above its rules, in the order of the page. */
const SERVICES: readonly (readonly [prefix: string, title: string])[] = [
  ["aws-glue-", "Tables and partitions (Glue)"],
  ["aws-sagemaker-pipeline-", "Pipelines (SageMaker)"],
  ["aws-sagemaker-job-", "Processing jobs (SageMaker)"],
  ["aws-scheduler-", "Schedules (EventBridge Scheduler)"],
  ["aws-iam-", "Roles and policies (IAM)"],
  ["aws-s3-", "Buckets (S3)"],
  ["aws-kms-", "Keys (KMS)"],
  ["aws-secretsmanager-", "Secrets (Secrets Manager)"],
  ["aws-ecr-", "Images (ECR)"],
  ["aws-lambda-", "Functions (Lambda)"],
  ["aws-cloudwatch-", "Logs and alarms (CloudWatch)"],
  ["aws-sns-", "Topics (SNS)"],
  ["aws-sqs-", "Queues (SQS)"],
  ["aws-athena-", "Queries (Athena)"],
  ["policy-", "The pack itself"],
];

const HEAD = `# Policies

Generated from the rules by \`node --import tsx policy/docs.ts\`; a test compares.

The pack judges finished resources: inputs, the JSON of pipeline definitions, IAM documents. It needs none of this project's components, so it works on any program:

\`\`\`sh
pulumi preview --policy-pack policy
\`\`\`

For other repositories npm's command \`pack\`, in [policy/](../policy), bundles it into one file with all that it needs of this one: unpack that, \`npm install\` in it, and give its folder as \`--policy-pack\`.

## Levels

\`mandatory\` stops a deployment, \`advisory\` is shown, \`off\` is not judged. \`production\` is mandatory in stacks that are in production, and what stands beside it elsewhere. A stack is in production by \`policy:environment\`, or by its name (\`prod\`, \`production\`, \`…-prod\`).

\`\`\`yaml
# Pulumi.<stack>.yaml
config:
  policy:environment: production
  policy:levels:
    aws-s3-bucket-log-access-elsewhere: mandatory # one that is off
    aws-lambda-function-stay-in-vpc: disabled
  policy:parameters:
    restoreDays: 14
  policy:exceptions:
    - rule: aws-sagemaker-job-isolate-network
      resource: features-pipeline # its name in the program
      reason: the vendor's licence server is asked at the start
      until: "2027-03-31" # its last day
\`\`\`

The parameters \`network\` and \`permissionsBoundary\` are the program's own settings \`<project>:network\` (\`isolated\`, \`vpc\`, \`open\`) and \`<project>:permissionsBoundaryArn\`, where it has them: then \`policy:parameters\` may only say the same.

Excepted violations are shown as advice, with reason and day. An exception that has ended, or lacks one of its four lines, stops the deployment. \`--policy-pack-config\` of the CLI sets levels and parameters too, and wins.

## What a preview cannot see

A value that is not known before the \`up\` (the id of a new key, the digest of an image that is built) cannot be judged. Such a rule is printed as an advisory note: \`can't run policy … during preview: string value at .pipelineDefinition can't be known during preview\`. All that is known is judged first. At the \`up\` the value is known, and rules about one resource run before this is made. Rules marked \`stack\` compare resources: they run in the preview, and at the end of the \`up\`; those that compare a pipeline with tables and buckets run as well before the one is made that comes later. The rules about one definition judge also one in S3, as the content of an object of the stack: before the pipeline is made, where the object comes first.

\`off\` by default are rules that cost more than they give here; the rest of what scanners ask for was considered and left out: replication, object lock, MFA delete and event notifications of buckets, code signing of functions.
`;

const levelOf = (rule: Rule): string => {
  const level = rule.enforcementLevel === "disabled" ? "off" : (rule.enforcementLevel ?? "mandatory");
  return isForProduction(rule) ? `production, else ${level}` : level;
};

/** In Markdown `<bucket>` would be a tag, and not shown. */
const shown = (text: string): string => text.replaceAll("<", "\\<");

function section(rule: Rule): string {
  const parameters = Object.keys(rule.configSchema?.properties ?? {});
  const anchors = anchorsOf(rule);
  return [
    `### ${rule.name}`,
    [levelOf(rule), `severity ${rule.severity ?? "medium"}`, ...("validateResource" in rule ? [] : ["stack"])].join(
      " · ",
    ),
    shown(rule.description),
    [
      `- Fix: ${shown(rule.remediationSteps ?? "")}`,
      ...(parameters.length > 0 ? [`- Parameters: ${parameters.map((name) => "`" + name + "`").join(", ")}`] : []),
      ...(anchors.length > 0 ? [`- Also asked for by: ${anchors.join(", ")}`] : []),
      `- [Read on](${rule.url ?? ""})`,
    ].join("\n"),
  ].join("\n\n");
}

/** The page, formatted as the repository is. */
export async function page(): Promise<string> {
  const rules: readonly Rule[] = [...allRules, settingsSound([])];
  const sections = SERVICES.map(([prefix, title]) => {
    const own = rules.filter(({ name }) => name.startsWith(prefix));
    return [`## ${title}`, ...own.map(section)].join("\n\n");
  });
  const text = [HEAD, ...sections].join("\n\n");
  const style = { ...(await prettier.resolveConfig(FILE)), filepath: FILE };
  return prettier.format(text, style);
}

if (require.main === module) void page().then((text) => fs.writeFileSync(FILE, text));
