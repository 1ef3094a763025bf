import type { StackValidationPolicy } from "@pulumi/policy";
import { depthProblems, validateDefinition } from "../../contract/pipeline/validate";
import { child, jobsOf, parse, portsOfJob } from "../definition";
import { BUCKET_ENCRYPTION, BUCKET_ENCRYPTION_V2 } from "../kinds";
import { isRecord, literalOf } from "../locations";
import { onDefinitions } from "../onDefinitions";
import { eachOf, inTurn, known, resourcesOf, type Report } from "../resources";
import type { DefinitionPolicy } from "../rule";
import { secretsAt } from "../secrets";
import { eachDefinition } from "../stackTables";

/** Problems that have a rule of their own here: nothing is said twice. */
const ELSEWHERE =
  /\/(ProcessingInputs|Outputs) |a folder below|LocalPath must be given|RoleArn must be given|no secrets in a definition/;

export const validDefinition: DefinitionPolicy = {
  name: "aws-sagemaker-pipeline-define-validly",
  description: "SageMaker takes the pipeline's definition, and every reference in it leads somewhere.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Correct what is named, by its place in the JSON.",
  url: "https://docs.aws.amazon.com/sagemaker/latest/dg/define-pipeline.html",
  ...onDefinitions((text, { name }, report) => {
    const definition = parse(text);
    // An absent or broken text has a rule of its own.
    if (!isRecord(definition) || !Array.isArray(definition["Steps"])) return;
    for (const { pointer, rule, value, fix } of validateDefinition(definition))
      if (!ELSEWHERE.test(`${pointer} ${rule}`))
        report(`pipeline '${name}', ${pointer || "the whole"}: ${rule}, got ${value}; ${fix}`);
  }),
};

/** Says where a value seems to hold a secret, never the secret itself. */
function tellSecrets(name: string, value: unknown, report: Report): void {
  // Deeper than any check could follow: the rule above has said so.
  if (depthProblems(value).length > 0) return;
  for (const { pointer, secret } of secretsAt(value))
    report(`pipeline '${name}', ${pointer} holds ${secret}, expected the ARN of a secret`);
}

export const withoutSecrets: DefinitionPolicy = {
  name: "aws-sagemaker-pipeline-hold-no-secret",
  description:
    "A pipeline holds no secret, in its definition, description or tags: everybody who may look at it reads them.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps: "Keep it in Secrets Manager, pass its ARN, and read it in the script.",
  url: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribePipeline.html",
  tags: ["CKV_AWS_45"],
  ...onDefinitions(
    (text, { name }, report) => tellSecrets(name, parse(text), report),
    // By the names of the API, which say that a description is prose.
    ({ name, props }, report) =>
      inTurn(
        () => tellSecrets(name, { Pipeline: { Description: props.pipelineDescription } }, report),
        () => tellSecrets(name, { Tags: props.tags }, report),
      ),
  ),
};

/** Id of a key in its ARN, or by itself; an alias tells no id. */
function keyId(text: string | undefined): string | undefined {
  return text === undefined || /(^|:)alias\//.test(text) ? undefined : text.split("/").at(-1);
}

export const outputKeyOfBucket: StackValidationPolicy = {
  name: "aws-sagemaker-job-encrypt-output-as-bucket",
  description: "Outputs of processing jobs are encrypted by the key of the bucket that they go to.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps:
    "Set ProcessingOutputConfig.KmsKeyId to the key of the bucket's default encryption: readers have that one.",
  url: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProcessingOutputConfig.html",
  validateStack: (args, report) => {
    const keys = new Map<string, string>();
    for (const { props } of resourcesOf(args, BUCKET_ENCRYPTION, BUCKET_ENCRYPTION_V2)) {
      const id = known(() => keyId(props.rules[0]?.applyServerSideEncryptionByDefault?.kmsMasterKeyId));
      const bucket = known(() => props.bucket);
      if (id !== undefined && bucket !== undefined) keys.set(bucket, id);
    }
    eachDefinition(args, ({ name, urn }, definition) =>
      eachOf(jobsOf(definition), (job) => {
        const got = child(job.request, "ProcessingOutputConfig")["KmsKeyId"];
        const id = typeof got === "string" ? keyId(got) : undefined;
        for (const port of portsOfJob(job).outputs) {
          const bucket = /^s3:\/\/([^/]+)\//.exec(literalOf(port.s3Uri).text)?.[1] ?? "";
          const expected = keys.get(bucket);
          if (id !== undefined && expected !== undefined && id !== expected)
            return report(
              `pipeline '${name}', ${job.where}: KmsKeyId of its outputs is '${id}', expected '${expected}' of bucket '${bucket}'`,
              urn,
            );
        }
      }),
    );
  },
};
