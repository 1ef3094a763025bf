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
        ...(sourceArn === undefined ? {} : { ArnLike: { "aws:SourceArn": sourceArn } }),
      },
    },
  ]);
}
