import type { Deployment } from "../../contract/names";
import { policyDocument, type PolicyDocument } from "./statement";

/**
 * Who may assume a role: one service, acting for this account (and these resources) only: the confused deputy's guard.
 *
 * @param sourceArn pattern of the resource the service acts for; absent where the service sends none
 */
export function trustPolicy(deployment: Deployment, service: string, sourceArn?: string): PolicyDocument {
  return policyDocument([
    {
      Sid: "Assume",
      Effect: "Allow",
      Principal: { Service: service },
      Action: "sts:AssumeRole",
      Condition: {
        StringEquals: { "aws:SourceAccount": deployment.accountId },
        ...(sourceArn === undefined ? {} : { ArnLike: { "aws:SourceArn": spellings(sourceArn) } }),
      },
    },
  ]);
}

/**
 * An ARN as it is, and in lower case. SageMaker writes names of jobs in ARNs in both ways: the step `AbaloneProcess` of
 * its guide has jobs called `…-abaloneprocess-…` (sagemaker developer guide, run-pipeline;
 * https://github.com/aws/sagemaker-experiments/pull/172), and IAM compares ARNs letter by letter.
 */
function spellings(arn: string): string | readonly string[] {
  const lower = arn.toLowerCase();
  return lower === arn ? arn : [arn, lower];
}

/** Who may assume a role: one principal of this account, a person's or an administrator's role. */
export function personTrust(principalArn: string): PolicyDocument {
  return policyDocument([
    { Sid: "Assume", Effect: "Allow", Principal: { AWS: principalArn }, Action: "sts:AssumeRole" },
  ]);
}
