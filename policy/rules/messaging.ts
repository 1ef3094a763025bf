import type { ResourceValidationPolicy, StackValidationArgs, StackValidationPolicy } from "@pulumi/policy";
import { partsOf } from "../attachments";
import { QUEUE, QUEUE_POLICY, TOPIC, TOPIC_POLICY, type Kind } from "../kinds";
import {
  eachOf,
  isGiven,
  known,
  onAny,
  onResource,
  resourcesOf,
  show,
  type Found,
  type Placed,
  type Report,
} from "../resources";
import { openings } from "../openings";
import { deniesPlainHttp } from "../plainHttp";
import { matches, type Statement } from "../statements";

const SNS = "https://docs.aws.amazon.com/sns/latest/dg";
const SQS = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide";

export const topicEncrypted: ResourceValidationPolicy = {
  name: "aws-sns-topic-encrypt-by-own-key",
  description: "A topic is encrypted.",
  enforcementLevel: "mandatory",
  severity: "medium",
  remediationSteps: "Set kmsMasterKeyId to a key of this account: the one of AWS lets no alarm through.",
  url: `${SNS}/sns-server-side-encryption.html`,
  tags: ["SecurityHub SNS.1", "cdk-nag SNSEncryptedKMS", "CKV_AWS_26", "AVD-AWS-0095", "AVD-AWS-0136"],
  validateResource: onResource(TOPIC, (topic, { name }, report) => {
    if (!isGiven(() => topic.kmsMasterKeyId))
      report(`topic '${name}': kmsMasterKeyId is absent, expected a key of this account`);
  }),
};

export const queueEncrypted: ResourceValidationPolicy = {
  name: "aws-sqs-queue-encrypt-messages",
  description: "A queue is encrypted.",
  enforcementLevel: "mandatory",
  severity: "medium",
  remediationSteps: "Set kmsMasterKeyId to a key of this account, or sqsManagedSseEnabled to true.",
  url: `${SQS}/sqs-server-side-encryption.html`,
  tags: ["SecurityHub SQS.1", "cdk-nag AwsSolutions-SQS2", "CKV_AWS_27", "AVD-AWS-0096", "AVD-AWS-0135"],
  validateResource: onResource(QUEUE, (queue, { name }, report) => {
    if (isGiven(() => queue.kmsMasterKeyId) || queue.sqsManagedSseEnabled === true) return;
    report(
      `queue '${name}': kmsMasterKeyId is absent and sqsManagedSseEnabled is ${show(queue.sqsManagedSseEnabled)}, expected one`,
    );
  }),
};

function notOpen(
  what: string,
): (props: { readonly policy?: unknown }, resource: Found<unknown>, report: Report) => void {
  return ({ policy }, { name }, report) => {
    for (const text of openings(policy)) report(`${what} '${name}', policy, ${text}`);
  };
}

export const topicNotOpen: ResourceValidationPolicy = {
  name: "aws-sns-topic-policy-name-who-may",
  description: "A topic's policy allows nothing to everyone.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps: "Name the service or role that publishes, bound by aws:SourceAccount or aws:SourceArn.",
  url: `${SNS}/sns-access-policy-use-cases.html`,
  tags: ["SecurityHub SNS.4", "CKV_AWS_169"],
  validateResource: onAny(onResource(TOPIC, notOpen("topic")), onResource(TOPIC_POLICY, notOpen("topic"))),
};

export const queueNotOpen: ResourceValidationPolicy = {
  name: "aws-sqs-queue-policy-name-who-may",
  description: "A queue's policy allows nothing to everyone.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps: "Name the service or role that sends, bound by aws:SourceAccount or aws:SourceArn.",
  url: `${SQS}/sqs-security-best-practices.html`,
  tags: ["SecurityHub SQS.3", "CKV_AWS_168", "CKV_AWS_387", "AVD-AWS-0097"],
  validateResource: onAny(onResource(QUEUE, notOpen("queue")), onResource(QUEUE_POLICY, notOpen("queue"))),
};

interface Messaging {
  readonly name?: string | undefined;
  readonly policy?: unknown;
}

/** Whether a statement is about a topic or queue; any may be about one whose name is not told. */
const isAbout =
  ({ props }: Placed<Messaging>) =>
  ({ resources, notResources }: Statement): boolean => {
    const name = known(() => props.name);
    const fits = (pattern: string) => matches(pattern.split(":").at(-1) ?? "", name ?? "");
    return name === undefined || (notResources.length > 0 ? !notResources.some(fits) : resources.some(fits));
  };

/** Every topic or queue whose policies, in it or beside it, do not deny an action without TLS. */
function eachWithoutTls(
  args: StackValidationArgs,
  of: {
    readonly whole: Kind<Messaging>;
    readonly part: Kind<Messaging>;
    readonly property: string;
    readonly action: string;
  },
  say: (whole: Placed<Messaging>) => void,
): void {
  eachOf(resourcesOf(args, of.whole), (whole) => {
    // At an up, a topic without a policy is shown the one that AWS gave it: the resource beside it decides.
    if (
      deniesPlainHttp(
        known(() => whole.props.policy),
        of.action,
        isAbout(whole),
      )
    )
      return;
    const beside = partsOf(resourcesOf(args, of.part), of.property, whole).map(({ props }) => props.policy);
    if (
      !beside.some((document) => deniesPlainHttp(document, of.action, isAbout(whole))) &&
      !deniesPlainHttp(whole.props.policy, of.action, isAbout(whole))
    )
      say(whole);
  });
}

export const topicTlsOnly: StackValidationPolicy = {
  name: "aws-sns-topic-refuse-plain-http",
  description: "A topic's policy denies publishing without TLS.",
  enforcementLevel: "mandatory",
  severity: "medium",
  remediationSteps: 'Deny sns:Publish to "*" when aws:SecureTransport is false.',
  url: `${SNS}/sns-security-best-practices.html`,
  tags: ["cdk-nag AwsSolutions-SNS3", "CKV_AWS_385"],
  validateStack: (args, report) =>
    eachWithoutTls(
      args,
      { whole: TOPIC, part: TOPIC_POLICY, property: "arn", action: "sns:Publish" },
      ({ name, urn }) =>
        report(
          `topic '${name}': no policy denies sns:Publish when aws:SecureTransport is false, expected one that does`,
          urn,
        ),
    ),
};

export const queueTlsOnly: StackValidationPolicy = {
  name: "aws-sqs-queue-refuse-plain-http",
  description: "A queue's policy denies sending without TLS.",
  enforcementLevel: "mandatory",
  severity: "medium",
  remediationSteps: 'Deny sqs:* to "*" when aws:SecureTransport is false.',
  url: `${SQS}/sqs-security-best-practices.html`,
  tags: ["cdk-nag AwsSolutions-SQS4", "CKV_AWS_72"],
  validateStack: (args, report) =>
    eachWithoutTls(
      args,
      { whole: QUEUE, part: QUEUE_POLICY, property: "queueUrl", action: "sqs:SendMessage" },
      ({ name, urn }) =>
        report(
          `queue '${name}': no policy denies sqs:SendMessage when aws:SecureTransport is false, expected one that does`,
          urn,
        ),
    ),
};
