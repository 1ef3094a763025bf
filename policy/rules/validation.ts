import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { validateDefinition } from "../../contract/pipeline/validate";
import { child, jobsOf, parse, portsOfJob } from "../definition";
import { BUCKET_ENCRYPTION, BUCKET_ENCRYPTION_V2, PIPELINE } from "../kinds";
import { isRecord, literalOf } from "../locations";
import { eachOf, known, onResource, resourcesOf } from "../resources";
import { eachDefinition } from "../stackTables";

/** Problems that have a rule of their own here: nothing is said twice. */
const ELSEWHERE =
  /\/LocalPath$|\/(ProcessingInputs|Outputs)$|LocalPath must be given|S3UploadMode|RoleArn must be given|no secrets in a definition/;

export const validDefinition: ResourceValidationPolicy = {
  name: "aws-sagemaker-pipeline-define-validly",
  description: "SageMaker takes the pipeline's definition, and every reference in it leads somewhere.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Correct what is named, by its place in the JSON.",
  url: "https://docs.aws.amazon.com/sagemaker/latest/dg/define-pipeline.html",
  validateResource: onResource(PIPELINE, (pipeline, { name }, report) => {
    const definition = parse(pipeline.pipelineDefinition ?? "");
    // An absent or broken text has a rule of its own.
    if (!isRecord(definition) || !Array.isArray(definition["Steps"])) return;
    for (const { pointer, rule, value, fix } of validateDefinition(definition))
      if (!ELSEWHERE.test(`${pointer} ${rule}`) && !ELSEWHERE.test(pointer))
        report(`pipeline '${name}', ${pointer || "the whole"}: ${rule}, got ${value}; ${fix}`);
  }),
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
