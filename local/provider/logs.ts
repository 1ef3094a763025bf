import * as logs from "@aws-sdk/client-cloudwatch-logs";
import { z } from "zod";
import { unlessGone, type Aws } from "./clients";
import { row } from "./row";
import { lostTags, tags } from "./values";

const FOREVER = 0;

const logGroup = row({
  type: "aws:cloudwatch/logGroup:LogGroup",
  inputs: z.strictObject({
    name: z.string().optional(),
    retentionInDays: z.number().optional(),
    kmsKeyId: z.string().optional(),
    logGroupClass: z.enum(logs.LogGroupClass).optional(),
    skipDestroy: z.boolean().optional(),
    tags: tags(),
  }),
  defaults: { retentionInDays: FOREVER, skipDestroy: false },
  autoname: "name",
  replaces: ["name", "logGroupClass"],
  computed: ["arn"],
  create: async (aws, inputs) => {
    const logGroupName = inputs.name ?? "";
    await aws.logs.send(
      new logs.CreateLogGroupCommand({
        logGroupName,
        kmsKeyId: inputs.kmsKeyId,
        logGroupClass: inputs.logGroupClass,
        tags: inputs.tags,
      }),
    );
    if (inputs.retentionInDays) await setRetention(aws, logGroupName, inputs.retentionInDays);
    return logGroupName;
  },
  read: async (aws, id) => {
    const listed = await aws.logs.send(new logs.DescribeLogGroupsCommand({ logGroupNamePrefix: id }));
    const found = listed.logGroups?.find(({ logGroupName }) => logGroupName === id);
    if (!found) return undefined;
    const arn = arnOf(aws, id);
    const tagged = await aws.logs.send(new logs.ListTagsForResourceCommand({ resourceArn: arn }));
    return {
      name: id,
      retentionInDays: found.retentionInDays ?? FOREVER,
      kmsKeyId: found.kmsKeyId,
      logGroupClass: found.logGroupClass,
      tags: tagged.tags && Object.keys(tagged.tags).length > 0 ? tagged.tags : undefined,
      arn,
    };
  },
  update: async (aws, { id: logGroupName, inputs, before, changes }) => {
    if (changes("retentionInDays")) await setRetention(aws, logGroupName, inputs.retentionInDays ?? FOREVER);
    if (changes("kmsKeyId"))
      await (inputs.kmsKeyId === undefined
        ? aws.logs.send(new logs.DisassociateKmsKeyCommand({ logGroupName }))
        : aws.logs.send(new logs.AssociateKmsKeyCommand({ logGroupName, kmsKeyId: inputs.kmsKeyId })));
    if (!changes("tags")) return;
    const resourceArn = arnOf(aws, logGroupName);
    const tagKeys = lostTags(before.tags, inputs.tags);
    if (tagKeys.length > 0) await aws.logs.send(new logs.UntagResourceCommand({ resourceArn, tagKeys }));
    if (inputs.tags) await aws.logs.send(new logs.TagResourceCommand({ resourceArn, tags: inputs.tags }));
  },
  remove: async (aws, id, { skipDestroy }) => {
    if (!skipDestroy) await unlessGone(aws.logs.send(new logs.DeleteLogGroupCommand({ logGroupName: id })));
  },
});

/** The ARN of a group's tags and outputs; the API lists another one, that ends in `:*`. */
function arnOf(aws: Aws, name: string): string {
  return `arn:${aws.partition}:logs:${aws.region}:${aws.accountId}:log-group:${name}`;
}

function setRetention(aws: Aws, logGroupName: string, retentionInDays: number) {
  return retentionInDays === FOREVER
    ? aws.logs.send(new logs.DeleteRetentionPolicyCommand({ logGroupName }))
    : aws.logs.send(new logs.PutRetentionPolicyCommand({ logGroupName, retentionInDays }));
}

export const rows = [logGroup];
