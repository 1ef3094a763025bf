import * as sns from "@aws-sdk/client-sns";
import { z } from "zod";
import { unlessGone } from "./clients";
import { row } from "./row";
import { lostTags, tagList, tags, tagsOf } from "./values";

/** Property → attribute of the API. Empty takes a setting away. */
const TOPIC_ATTRIBUTES = { displayName: "DisplayName", kmsMasterKeyId: "KmsMasterKeyId", policy: "Policy" } as const;
type TopicAttribute = keyof typeof TOPIC_ATTRIBUTES;
const topicAttributes = Object.entries(TOPIC_ATTRIBUTES) as [TopicAttribute, string][];

const topic = row({
  type: "aws:sns/topic:Topic",
  inputs: z.strictObject({
    name: z.string().optional(),
    displayName: z.string().max(100).optional(),
    kmsMasterKeyId: z.string().optional(),
    policy: z.string().optional(),
    tags: tags(),
  }),
  autoname: "name",
  documents: ["policy"],
  replaces: ["name"],
  computed: ["arn", "owner", "policy", "beginningArchiveTime"],
  create: async (aws, inputs) => {
    const Attributes = Object.fromEntries(
      topicAttributes.flatMap(([property, attribute]) => {
        const value = inputs[property];
        return value === undefined ? [] : [[attribute, value]];
      }),
    );
    const { TopicArn = "" } = await aws.sns.send(
      new sns.CreateTopicCommand({ Name: inputs.name, Attributes, Tags: tagList(inputs.tags) }),
    );
    return TopicArn;
  },
  read: async (aws, id) => {
    const found = (await unlessGone(aws.sns.send(new sns.GetTopicAttributesCommand({ TopicArn: id }))))?.Attributes;
    if (!found) return undefined;
    const tagged = await aws.sns.send(new sns.ListTagsForResourceCommand({ ResourceArn: id }));
    return {
      name: id.split(":").at(-1),
      displayName: found.DisplayName || undefined,
      kmsMasterKeyId: found.KmsMasterKeyId || undefined,
      policy: found.Policy,
      tags: tagsOf(tagged.Tags),
      arn: id,
      owner: found.Owner,
      beginningArchiveTime: found.BeginningArchiveTime ?? "",
    };
  },
  update: async (aws, { id: TopicArn, inputs, before, changes }) => {
    for (const [property, AttributeName] of topicAttributes)
      if (changes(property))
        await aws.sns.send(
          new sns.SetTopicAttributesCommand({ TopicArn, AttributeName, AttributeValue: inputs[property] ?? "" }),
        );
    if (!changes("tags")) return;
    const TagKeys = lostTags(before.tags, inputs.tags);
    if (TagKeys.length > 0) await aws.sns.send(new sns.UntagResourceCommand({ ResourceArn: TopicArn, TagKeys }));
    if (inputs.tags)
      await aws.sns.send(new sns.TagResourceCommand({ ResourceArn: TopicArn, Tags: tagList(inputs.tags) }));
  },
  remove: (aws, id) => unlessGone(aws.sns.send(new sns.DeleteTopicCommand({ TopicArn: id }))),
});

const subscription = row({
  type: "aws:sns/topicSubscription:TopicSubscription",
  inputs: z.strictObject({
    topic: z.string(),
    protocol: z.enum(["email", "email-json", "sqs", "lambda", "https"]),
    endpoint: z.string(),
    rawMessageDelivery: z.boolean().optional(),
    endpointAutoConfirms: z.boolean().optional(),
    confirmationTimeoutInMinutes: z.number().optional(),
  }),
  defaults: { rawMessageDelivery: false, endpointAutoConfirms: false, confirmationTimeoutInMinutes: 1 },
  replaces: ["topic", "protocol", "endpoint"],
  computed: ["arn", "ownerId", "pendingConfirmation", "confirmationWasAuthenticated", "filterPolicyScope"],
  create: async (aws, inputs) => {
    const { SubscriptionArn = "" } = await aws.sns.send(
      new sns.SubscribeCommand({
        TopicArn: inputs.topic,
        Protocol: inputs.protocol,
        Endpoint: inputs.endpoint,
        ReturnSubscriptionArn: true,
        Attributes: inputs.rawMessageDelivery ? { RawMessageDelivery: "true" } : {},
      }),
    );
    return SubscriptionArn;
  },
  read: async (aws, id, inputs) => {
    const request = new sns.GetSubscriptionAttributesCommand({ SubscriptionArn: id });
    const found = (await unlessGone(aws.sns.send(request)))?.Attributes;
    return (
      found && {
        topic: found.TopicArn,
        // The API names neither.
        protocol: found.Protocol ?? inputs.protocol,
        endpoint: found.Endpoint ?? inputs.endpoint,
        rawMessageDelivery: found.RawMessageDelivery === "true",
        arn: id,
        ownerId: found.Owner,
        pendingConfirmation: found.PendingConfirmation === "true",
        confirmationWasAuthenticated: found.ConfirmationWasAuthenticated === "true",
        filterPolicyScope: found.FilterPolicyScope ?? "",
      }
    );
  },
  update: async (aws, { id: SubscriptionArn, inputs, changes }) => {
    if (!changes("rawMessageDelivery")) return;
    const AttributeValue = String(inputs.rawMessageDelivery ?? false);
    await aws.sns.send(
      new sns.SetSubscriptionAttributesCommand({
        SubscriptionArn,
        AttributeName: "RawMessageDelivery",
        AttributeValue,
      }),
    );
  },
  remove: (aws, id) => unlessGone(aws.sns.send(new sns.UnsubscribeCommand({ SubscriptionArn: id }))),
});

export const rows = [topic, subscription];
