import * as ecr from "@aws-sdk/client-ecr";
import { z } from "zod";
import { unlessGone } from "./clients";
import { row } from "./row";
import { lostTags, tagList, tags, tagsOf } from "./values";

const scanning = z.strictObject({ scanOnPush: z.boolean() });
const exclusionFilters = z.array(
  z.strictObject({ filter: z.string(), filterType: z.enum(ecr.ImageTagMutabilityExclusionFilterType) }),
);

const repository = row({
  type: "aws:ecr/repository:Repository",
  inputs: z.strictObject({
    name: z.string().optional(),
    imageTagMutability: z.enum(ecr.ImageTagMutability).optional(),
    imageTagMutabilityExclusionFilters: exclusionFilters.optional(),
    imageScanningConfiguration: scanning.optional(),
    encryptionConfigurations: z
      .array(z.strictObject({ encryptionType: z.enum(ecr.EncryptionType).optional(), kmsKey: z.string().optional() }))
      .max(1)
      .optional(),
    forceDelete: z.boolean().optional(),
    tags: tags(),
  }),
  defaults: { imageTagMutability: "MUTABLE" },
  autoname: "name",
  replaces: ["name", "encryptionConfigurations"],
  computed: ["arn", "registryId", "repositoryUrl"],
  create: async (aws, inputs) => {
    const repositoryName = inputs.name ?? "";
    const [encryption] = inputs.encryptionConfigurations ?? [];
    await aws.ecr.send(
      new ecr.CreateRepositoryCommand({
        repositoryName,
        imageTagMutability: inputs.imageTagMutability,
        imageTagMutabilityExclusionFilters: inputs.imageTagMutabilityExclusionFilters,
        imageScanningConfiguration: inputs.imageScanningConfiguration,
        encryptionConfiguration: encryption && {
          encryptionType: encryption.encryptionType ?? "AES256",
          kmsKey: encryption.kmsKey,
        },
        tags: tagList(inputs.tags),
      }),
    );
    return repositoryName;
  },
  read: async (aws, id) => {
    const listed = await unlessGone(aws.ecr.send(new ecr.DescribeRepositoriesCommand({ repositoryNames: [id] })));
    const found = listed?.repositories?.[0];
    if (!found) return undefined;
    const tagged = await aws.ecr.send(new ecr.ListTagsForResourceCommand({ resourceArn: found.repositoryArn }));
    return {
      name: found.repositoryName,
      imageTagMutability: found.imageTagMutability,
      imageScanningConfiguration: found.imageScanningConfiguration,
      encryptionConfigurations: found.encryptionConfiguration && [found.encryptionConfiguration],
      tags: tagsOf(tagged.tags),
      arn: found.repositoryArn,
      registryId: found.registryId,
      repositoryUrl: found.repositoryUri,
    };
  },
  update: async (aws, { id: repositoryName, inputs, before, changes }) => {
    if (changes("imageTagMutability", "imageTagMutabilityExclusionFilters"))
      await aws.ecr.send(
        new ecr.PutImageTagMutabilityCommand({
          repositoryName,
          imageTagMutability: inputs.imageTagMutability,
          imageTagMutabilityExclusionFilters: inputs.imageTagMutabilityExclusionFilters,
        }),
      );
    if (changes("imageScanningConfiguration"))
      await aws.ecr.send(
        new ecr.PutImageScanningConfigurationCommand({
          repositoryName,
          imageScanningConfiguration: inputs.imageScanningConfiguration ?? { scanOnPush: false },
        }),
      );
    if (changes("tags")) {
      const listed = await aws.ecr.send(new ecr.DescribeRepositoriesCommand({ repositoryNames: [repositoryName] }));
      const resourceArn = listed.repositories?.[0]?.repositoryArn;
      const tagKeys = lostTags(before.tags, inputs.tags);
      if (tagKeys.length > 0) await aws.ecr.send(new ecr.UntagResourceCommand({ resourceArn, tagKeys }));
      if (inputs.tags) await aws.ecr.send(new ecr.TagResourceCommand({ resourceArn, tags: tagList(inputs.tags) }));
    }
  },
  remove: (aws, id, { forceDelete }) =>
    unlessGone(aws.ecr.send(new ecr.DeleteRepositoryCommand({ repositoryName: id, force: forceDelete ?? false }))),
});

const lifecyclePolicy = row({
  type: "aws:ecr/lifecyclePolicy:LifecyclePolicy",
  inputs: z.strictObject({ repository: z.string(), policy: z.string() }),
  documents: ["policy"],
  // As in the real provider: a policy has no update.
  replaces: ["repository", "policy"],
  computed: ["registryId"],
  create: async (aws, { repository: repositoryName, policy: lifecyclePolicyText }) => {
    await aws.ecr.send(new ecr.PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText }));
    return repositoryName;
  },
  read: async (aws, id) => {
    const found = await unlessGone(aws.ecr.send(new ecr.GetLifecyclePolicyCommand({ repositoryName: id })));
    return found && { repository: id, policy: found.lifecyclePolicyText, registryId: found.registryId };
  },
  remove: (aws, id) => unlessGone(aws.ecr.send(new ecr.DeleteLifecyclePolicyCommand({ repositoryName: id }))),
});

export const rows = [repository, lifecyclePolicy];
