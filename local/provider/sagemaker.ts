import { randomUUID } from "node:crypto";
import * as sagemaker from "@aws-sdk/client-sagemaker";
import { z } from "zod";
import { unlessGone } from "./clients";
import { row } from "./row";
import { lostTags, sized, tagList, tags, tagsOf } from "./values";

const inputs = z.strictObject({
  pipelineName: z.string().regex(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}$/, "must be letters, digits and - only"),
  pipelineDisplayName: z.string(),
  pipelineDescription: sized(1, 3072).optional(),
  pipelineDefinition: z.string().optional(),
  pipelineDefinitionS3Location: z
    .strictObject({ bucket: z.string(), objectKey: z.string(), versionId: z.string().optional() })
    .optional(),
  roleArn: z.string().optional(),
  parallelismConfiguration: z.strictObject({ maxParallelExecutionSteps: z.number() }).optional(),
  tags: tags(),
});
type Inputs = z.infer<typeof inputs>;

const pipeline = row({
  type: "aws:sagemaker/pipeline:Pipeline",
  inputs,
  replaces: ["pipelineName"],
  computed: ["arn"],
  // https://github.com/hashicorp/terraform-provider-aws/issues/38259
  echoed: ["pipelineDefinition"],
  problems: ({ pipelineDefinition, pipelineDefinitionS3Location }) =>
    (pipelineDefinition === undefined) === (pipelineDefinitionS3Location === undefined)
      ? ["a pipeline takes exactly one of pipelineDefinition and pipelineDefinitionS3Location"]
      : [],
  create: async (aws, wanted) => {
    await aws.sagemaker.send(
      new sagemaker.CreatePipelineCommand({
        ...common(wanted),
        PipelineName: wanted.pipelineName,
        RoleArn: wanted.roleArn,
        ClientRequestToken: randomUUID(),
        Tags: tagList(wanted.tags),
      }),
    );
    return wanted.pipelineName;
  },
  read: async (aws, id) => {
    const found = await unlessGone(aws.sagemaker.send(new sagemaker.DescribePipelineCommand({ PipelineName: id })));
    if (!found) return undefined;
    const tagged = await aws.sagemaker.send(new sagemaker.ListTagsCommand({ ResourceArn: found.PipelineArn }));
    return {
      pipelineName: found.PipelineName,
      pipelineDisplayName: found.PipelineDisplayName,
      pipelineDescription: found.PipelineDescription || undefined,
      // SageMaker shows the text, and never where it came from.
      pipelineDefinition: found.PipelineDefinition,
      roleArn: found.RoleArn,
      tags: tagsOf(tagged.Tags),
      arn: found.PipelineArn,
    };
  },
  update: async (aws, { id: PipelineName, inputs: wanted, before, changes }) => {
    const { PipelineArn: ResourceArn } = await aws.sagemaker.send(
      new sagemaker.UpdatePipelineCommand({ ...common(wanted), PipelineName, RoleArn: wanted.roleArn }),
    );
    if (!changes("tags")) return;
    const TagKeys = lostTags(before.tags, wanted.tags);
    if (TagKeys.length > 0) await aws.sagemaker.send(new sagemaker.DeleteTagsCommand({ ResourceArn, TagKeys }));
    if (wanted.tags)
      await aws.sagemaker.send(new sagemaker.AddTagsCommand({ ResourceArn, Tags: tagList(wanted.tags) }));
  },
  remove: (aws, id) =>
    unlessGone(
      aws.sagemaker.send(new sagemaker.DeletePipelineCommand({ PipelineName: id, ClientRequestToken: randomUUID() })),
    ),
});

function common(wanted: Inputs) {
  const location = wanted.pipelineDefinitionS3Location;
  return {
    PipelineDisplayName: wanted.pipelineDisplayName,
    PipelineDescription: wanted.pipelineDescription,
    PipelineDefinition: wanted.pipelineDefinition,
    PipelineDefinitionS3Location: location && {
      Bucket: location.bucket,
      ObjectKey: location.objectKey,
      VersionId: location.versionId,
    },
    ParallelismConfiguration: wanted.parallelismConfiguration && {
      MaxParallelExecutionSteps: wanted.parallelismConfiguration.maxParallelExecutionSteps,
    },
  };
}

export const rows = [pipeline];
