import * as kms from "@aws-sdk/client-kms";
import { z } from "zod";
import { unlessGone, type Aws } from "./clients";
import { row } from "./row";
import { lostTags, tags } from "./values";

const key = row({
  type: "aws:kms/key:Key",
  inputs: z.strictObject({
    description: z.string().optional(),
    policy: z.string().optional(),
    enableKeyRotation: z.boolean().optional(),
    rotationPeriodInDays: z.number().optional(),
    deletionWindowInDays: z.number().optional(),
    isEnabled: z.boolean().optional(),
    keyUsage: z.enum(kms.KeyUsageType).optional(),
    customerMasterKeySpec: z.enum(kms.KeySpec).optional(),
    multiRegion: z.boolean().optional(),
    bypassPolicyLockoutSafetyCheck: z.boolean().optional(),
    tags: tags(),
  }),
  defaults: {
    bypassPolicyLockoutSafetyCheck: false,
    customerMasterKeySpec: "SYMMETRIC_DEFAULT",
    isEnabled: true,
    keyUsage: "ENCRYPT_DECRYPT",
  },
  replaces: ["keyUsage", "customerMasterKeySpec", "multiRegion"],
  computed: ["arn", "keyId", "policy", "description"],
  create: async (aws, inputs) => {
    const created = await aws.kms.send(
      new kms.CreateKeyCommand({
        Description: inputs.description,
        Policy: inputs.policy,
        KeyUsage: inputs.keyUsage,
        KeySpec: inputs.customerMasterKeySpec,
        MultiRegion: inputs.multiRegion,
        BypassPolicyLockoutSafetyCheck: inputs.bypassPolicyLockoutSafetyCheck,
        Tags: keyTags(inputs.tags),
      }),
    );
    const KeyId = created.KeyMetadata?.KeyId ?? "";
    if (inputs.enableKeyRotation) await setRotation(aws, KeyId, true, inputs.rotationPeriodInDays);
    if (inputs.isEnabled === false) await aws.kms.send(new kms.DisableKeyCommand({ KeyId }));
    return KeyId;
  },
  read: async (aws, id) => {
    const found = await unlessGone(aws.kms.send(new kms.DescribeKeyCommand({ KeyId: id })));
    const meta = found?.KeyMetadata;
    // A key that waits for its deletion is gone for a program: it can be used no more.
    if (!meta || meta.KeyState === "PendingDeletion") return undefined;
    const policy = await aws.kms.send(new kms.GetKeyPolicyCommand({ KeyId: id, PolicyName: "default" }));
    const rotation = await aws.kms.send(new kms.GetKeyRotationStatusCommand({ KeyId: id }));
    const listed = await aws.kms.send(new kms.ListResourceTagsCommand({ KeyId: id }));
    const entries = (listed.Tags ?? []).map(({ TagKey, TagValue }) => [TagKey, TagValue]);
    return {
      description: meta.Description,
      policy: policy.Policy,
      enableKeyRotation: rotation.KeyRotationEnabled,
      isEnabled: meta.Enabled,
      keyUsage: meta.KeyUsage,
      customerMasterKeySpec: meta.KeySpec,
      multiRegion: meta.MultiRegion,
      tags: entries.length > 0 ? Object.fromEntries(entries) : undefined,
      arn: meta.Arn,
      keyId: meta.KeyId,
    };
  },
  update: async (aws, { id: KeyId, inputs, before, changes }) => {
    if (changes("description"))
      await aws.kms.send(new kms.UpdateKeyDescriptionCommand({ KeyId, Description: inputs.description ?? "" }));
    if (changes("policy") && inputs.policy !== undefined)
      await aws.kms.send(new kms.PutKeyPolicyCommand({ KeyId, PolicyName: "default", Policy: inputs.policy }));
    if (changes("enableKeyRotation", "rotationPeriodInDays"))
      await setRotation(aws, KeyId, inputs.enableKeyRotation ?? false, inputs.rotationPeriodInDays);
    if (changes("isEnabled"))
      await (inputs.isEnabled === false
        ? aws.kms.send(new kms.DisableKeyCommand({ KeyId }))
        : aws.kms.send(new kms.EnableKeyCommand({ KeyId })));
    if (changes("tags")) {
      const TagKeys = lostTags(before.tags, inputs.tags);
      if (TagKeys.length > 0) await aws.kms.send(new kms.UntagResourceCommand({ KeyId, TagKeys }));
      if (inputs.tags) await aws.kms.send(new kms.TagResourceCommand({ KeyId, Tags: keyTags(inputs.tags) }));
    }
  },
  remove: (aws, id, inputs) =>
    unlessGone(
      aws.kms.send(new kms.ScheduleKeyDeletionCommand({ KeyId: id, PendingWindowInDays: inputs.deletionWindowInDays })),
    ),
});

function keyTags(wanted: Record<string, string> = {}) {
  return Object.entries(wanted).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
}

function setRotation(aws: Aws, KeyId: string, enabled: boolean, RotationPeriodInDays: number | undefined) {
  return enabled
    ? aws.kms.send(new kms.EnableKeyRotationCommand({ KeyId, RotationPeriodInDays }))
    : aws.kms.send(new kms.DisableKeyRotationCommand({ KeyId }));
}

const alias = row({
  type: "aws:kms/alias:Alias",
  inputs: z.strictObject({
    name: z
      .string()
      .regex(/^alias\/(?!aws\/)[a-zA-Z0-9/_-]+$/, "must begin with alias/, and not with alias/aws/")
      .optional(),
    targetKeyId: z.string(),
  }),
  autoname: "name",
  replaces: ["name"],
  computed: ["arn", "targetKeyArn"],
  volatile: ["targetKeyArn"],
  create: async (aws, { name: AliasName = "", targetKeyId: TargetKeyId }) => {
    await aws.kms.send(new kms.CreateAliasCommand({ AliasName, TargetKeyId }));
    return AliasName;
  },
  read: async (aws, id, inputs) => {
    // DescribeKey takes an alias, but does not say that one which points to a deleted key still exists.
    for await (const page of kms.paginateListAliases({ client: aws.kms }, {})) {
      const found = page.Aliases?.find(({ AliasName }) => AliasName === id);
      if (!found) continue;
      const target = await aws.kms.send(new kms.DescribeKeyCommand({ KeyId: found.TargetKeyId }));
      const { KeyId, Arn } = target.KeyMetadata ?? {};
      // A key is declared by its id or by its ARN.
      const targetKeyId = inputs.targetKeyId === Arn ? Arn : KeyId;
      return { name: id, targetKeyId, arn: found.AliasArn, targetKeyArn: Arn };
    }
    return undefined;
  },
  update: (aws, { id, inputs }) =>
    aws.kms.send(new kms.UpdateAliasCommand({ AliasName: id, TargetKeyId: inputs.targetKeyId })),
  remove: (aws, id) => unlessGone(aws.kms.send(new kms.DeleteAliasCommand({ AliasName: id }))),
});

export const rows = [key, alias];
