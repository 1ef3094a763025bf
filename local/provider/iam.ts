import * as iam from "@aws-sdk/client-iam";
import { z } from "zod";
import { unlessGone, type Aws } from "./clients";
import { row } from "./row";
import { lostTags, tagList, tags, tagsOf } from "./values";

const role = row({
  type: "aws:iam/role:Role",
  inputs: z.strictObject({
    name: z.string().optional(),
    path: z.string().optional(),
    assumeRolePolicy: z.string(),
    description: z.string().optional(),
    maxSessionDuration: z.number().optional(),
    permissionsBoundary: z.string().optional(),
    forceDetachPolicies: z.boolean().optional(),
    tags: tags(),
  }),
  defaults: { path: "/", maxSessionDuration: 3600, forceDetachPolicies: false },
  autoname: "name",
  documents: ["assumeRolePolicy"],
  replaces: ["name", "path"],
  computed: ["arn", "createDate", "uniqueId"],
  create: async (aws, inputs) => {
    const RoleName = inputs.name ?? "";
    await aws.iam.send(
      new iam.CreateRoleCommand({
        RoleName,
        Path: inputs.path,
        AssumeRolePolicyDocument: inputs.assumeRolePolicy,
        Description: inputs.description,
        MaxSessionDuration: inputs.maxSessionDuration,
        PermissionsBoundary: inputs.permissionsBoundary,
        Tags: tagList(inputs.tags),
      }),
    );
    return RoleName;
  },
  read: async (aws, id) => {
    const found = (await unlessGone(aws.iam.send(new iam.GetRoleCommand({ RoleName: id }))))?.Role;
    return (
      found && {
        name: found.RoleName,
        path: found.Path,
        // IAM answers with the document URL-encoded.
        assumeRolePolicy: decodeURIComponent(found.AssumeRolePolicyDocument ?? ""),
        description: found.Description || undefined,
        maxSessionDuration: found.MaxSessionDuration,
        permissionsBoundary: found.PermissionsBoundary?.PermissionsBoundaryArn,
        tags: tagsOf(found.Tags),
        arn: found.Arn,
        createDate: found.CreateDate?.toISOString(),
        uniqueId: found.RoleId,
      }
    );
  },
  update: async (aws, { id: RoleName, inputs, before, changes }) => {
    if (changes("assumeRolePolicy"))
      await aws.iam.send(new iam.UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: inputs.assumeRolePolicy }));
    if (changes("description", "maxSessionDuration"))
      await aws.iam.send(
        new iam.UpdateRoleCommand({
          RoleName,
          Description: inputs.description ?? "",
          MaxSessionDuration: inputs.maxSessionDuration,
        }),
      );
    if (changes("permissionsBoundary"))
      await (inputs.permissionsBoundary === undefined
        ? aws.iam.send(new iam.DeleteRolePermissionsBoundaryCommand({ RoleName }))
        : aws.iam.send(
            new iam.PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: inputs.permissionsBoundary }),
          ));
    if (changes("tags")) {
      const TagKeys = lostTags(before.tags, inputs.tags);
      if (TagKeys.length > 0) await aws.iam.send(new iam.UntagRoleCommand({ RoleName, TagKeys }));
      if (inputs.tags) await aws.iam.send(new iam.TagRoleCommand({ RoleName, Tags: tagList(inputs.tags) }));
    }
  },
  remove: async (aws, id, inputs) => {
    if (inputs.forceDetachPolicies) await unlessGone(detach(aws, id));
    await unlessGone(aws.iam.send(new iam.DeleteRoleCommand({ RoleName: id })));
  },
});

async function detach(aws: Aws, RoleName: string): Promise<void> {
  const inline = await aws.iam.send(new iam.ListRolePoliciesCommand({ RoleName }));
  for (const PolicyName of inline.PolicyNames ?? [])
    await aws.iam.send(new iam.DeleteRolePolicyCommand({ RoleName, PolicyName }));
  const attached = await aws.iam.send(new iam.ListAttachedRolePoliciesCommand({ RoleName }));
  for (const { PolicyArn } of attached.AttachedPolicies ?? [])
    await aws.iam.send(new iam.DetachRolePolicyCommand({ RoleName, PolicyArn }));
}

const rolePolicy = row({
  type: "aws:iam/rolePolicy:RolePolicy",
  inputs: z.strictObject({ name: z.string().optional(), role: z.string(), policy: z.string() }),
  autoname: "name",
  documents: ["policy"],
  replaces: ["name", "role"],
  computed: [],
  create: async (aws, { name = "", role: RoleName, policy }) => {
    await putPolicy(aws, RoleName, name, policy);
    return `${RoleName}:${name}`;
  },
  read: async (aws, id) => {
    const found = await unlessGone(aws.iam.send(new iam.GetRolePolicyCommand(policyOf(id))));
    return (
      found && {
        name: found.PolicyName,
        role: found.RoleName,
        policy: decodeURIComponent(found.PolicyDocument ?? ""),
      }
    );
  },
  update: (aws, { id, inputs }) => {
    const { RoleName, PolicyName } = policyOf(id);
    return putPolicy(aws, RoleName, PolicyName, inputs.policy);
  },
  remove: (aws, id) => unlessGone(aws.iam.send(new iam.DeleteRolePolicyCommand(policyOf(id)))),
});

/** The id of the real provider; neither name can hold a colon. */
function policyOf(id: string) {
  const [RoleName = "", PolicyName = ""] = id.split(":");
  return { RoleName, PolicyName };
}

function putPolicy(aws: Aws, RoleName: string, PolicyName: string, PolicyDocument: string) {
  return aws.iam.send(new iam.PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
}

export const rows = [role, rolePolicy];
