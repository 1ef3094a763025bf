import * as sqs from "@aws-sdk/client-sqs";
import { z } from "zod";
import { isGone } from "./clients";
import { row } from "./row";
import { lostTags, tags } from "./values";

/** Property → attribute of the API. */
const ATTRIBUTES = {
  delaySeconds: "DelaySeconds",
  kmsMasterKeyId: "KmsMasterKeyId",
  maxMessageSize: "MaximumMessageSize",
  messageRetentionSeconds: "MessageRetentionPeriod",
  policy: "Policy",
  receiveWaitTimeSeconds: "ReceiveMessageWaitTimeSeconds",
  visibilityTimeoutSeconds: "VisibilityTimeout",
} as const;
type Attribute = keyof typeof ATTRIBUTES;
const attributes = Object.entries(ATTRIBUTES) as [Attribute, (typeof ATTRIBUTES)[Attribute]][];

const queue = row({
  type: "aws:sqs/queue:Queue",
  inputs: z.strictObject({
    name: z.string().optional(),
    delaySeconds: z.number().optional(),
    kmsMasterKeyId: z.string().optional(),
    maxMessageSize: z.number().optional(),
    messageRetentionSeconds: z.number().min(60).max(1_209_600).optional(),
    policy: z.string().optional(),
    receiveWaitTimeSeconds: z.number().optional(),
    visibilityTimeoutSeconds: z.number().optional(),
    tags: tags(),
  }),
  defaults: {
    delaySeconds: 0,
    maxMessageSize: 262_144,
    messageRetentionSeconds: 345_600,
    receiveWaitTimeSeconds: 0,
    visibilityTimeoutSeconds: 30,
  },
  autoname: "name",
  documents: ["policy"],
  replaces: ["name"],
  computed: ["arn", "url", "policy"],
  create: async (aws, inputs) => {
    const Attributes = Object.fromEntries(
      attributes.flatMap(([property, attribute]) => {
        const value = inputs[property];
        return value === undefined ? [] : [[attribute, String(value)]];
      }),
    );
    const { QueueUrl = "" } = await aws.sqs.send(
      new sqs.CreateQueueCommand({ QueueName: inputs.name, Attributes, tags: inputs.tags }),
    );
    return QueueUrl;
  },
  read: async (aws, id) => {
    const request = new sqs.GetQueueAttributesCommand({ QueueUrl: id, AttributeNames: ["All"] });
    const found = (await unlessNoQueue(aws.sqs.send(request)))?.Attributes;
    if (!found) return undefined;
    const tagged = await aws.sqs.send(new sqs.ListQueueTagsCommand({ QueueUrl: id }));
    const number = (text: string | undefined) => (text === undefined ? undefined : Number(text));
    return {
      name: found.QueueArn?.split(":").at(-1),
      delaySeconds: number(found.DelaySeconds),
      kmsMasterKeyId: found.KmsMasterKeyId || undefined,
      maxMessageSize: number(found.MaximumMessageSize),
      messageRetentionSeconds: number(found.MessageRetentionPeriod),
      policy: found.Policy,
      receiveWaitTimeSeconds: number(found.ReceiveMessageWaitTimeSeconds),
      visibilityTimeoutSeconds: number(found.VisibilityTimeout),
      tags: tagged.Tags && Object.keys(tagged.Tags).length > 0 ? tagged.Tags : undefined,
      arn: found.QueueArn,
      url: id,
    };
  },
  update: async (aws, { id: QueueUrl, inputs, before, changes }) => {
    const changed = attributes.filter(([property]) => changes(property));
    if (changed.length > 0)
      await aws.sqs.send(
        new sqs.SetQueueAttributesCommand({
          QueueUrl,
          // Empty takes a setting away.
          Attributes: Object.fromEntries(changed.map(([property, name]) => [name, String(inputs[property] ?? "")])),
        }),
      );
    if (!changes("tags")) return;
    const TagKeys = lostTags(before.tags, inputs.tags);
    if (TagKeys.length > 0) await aws.sqs.send(new sqs.UntagQueueCommand({ QueueUrl, TagKeys }));
    if (inputs.tags) await aws.sqs.send(new sqs.TagQueueCommand({ QueueUrl, Tags: inputs.tags }));
  },
  remove: (aws, id) => unlessNoQueue(aws.sqs.send(new sqs.DeleteQueueCommand({ QueueUrl: id }))),
});

/** SQS names a missing queue otherwise than other services do what they lack. */
async function unlessNoQueue<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isGone(error) || (error instanceof Error && /NonExistentQueue|QueueDoesNotExist/.test(error.name)))
      return undefined;
    throw error;
  }
}

export const rows = [queue];
