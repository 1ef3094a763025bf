import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { buildSync } from "esbuild";
import * as path from "node:path";
import type { Deployment, Names } from "../contract/names";
import { trustPolicy } from "./permissions/trust";
import type { PolicyDocument } from "./permissions/statement";

export interface StepFunctionArgs {
  readonly deployment: Deployment;
  readonly names: Names;
  /** Physical names of the function and its role. */
  readonly function: Names["day"];
  readonly role: Names["dayRole"];
  /** File under `operations/` that exports `handler`. */
  readonly entry: string;
  /** Files beside the code, by name. */
  readonly files?: Readonly<Record<string, string>>;
  /** ARN of the queue for calls that nobody waits for and that fail. */
  readonly undeliveredTo?: string;
  readonly description: string;
  readonly permissions: PolicyDocument;
  /** 1 to 900 seconds; a pipeline waits at most 600 for a Lambda step. */
  readonly timeoutSeconds: number;
  readonly memoryMiB: number;
  readonly keyArn: pulumi.Input<string>;
  readonly logRetentionDays: number;
}

/** A Lambda function of the stack, its role and its log group. */
export class StepFunction extends pulumi.ComponentResource {
  /** Known at preview. */
  readonly functionArn: string;

  constructor(name: string, args: StepFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("partitions:components:StepFunction", name, {}, opts);
    this.functionArn = args.function.arn;
    const child = { parent: this };
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        name: args.role.name,
        path: args.names.rolePath,
        permissionsBoundary: args.names.permissionsBoundaryArn,
        description: args.description,
        assumeRolePolicy: JSON.stringify(trustPolicy(args.deployment, "lambda.amazonaws.com")),
      },
      child,
    );
    const permissions = new aws.iam.RolePolicy(
      `${name}-permissions`,
      { name: "permissions", role: args.role.name, policy: JSON.stringify(args.permissions) },
      { ...child, dependsOn: [role] },
    );
    const logs = new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      { name: args.function.logGroup, retentionInDays: args.logRetentionDays, kmsKeyId: args.keyArn },
      child,
    );
    new aws.lambda.Function(
      `${name}-function`,
      {
        name: args.function.name,
        description: args.description,
        role: role.arn,
        runtime: "nodejs22.x",
        architectures: ["arm64"],
        handler: "index.handler",
        code: archive({ "index.js": bundle(args.entry), ...args.files }),
        ...(args.undeliveredTo === undefined ? {} : { deadLetterConfig: { targetArn: args.undeliveredTo } }),
        ...vpcConfigOf(args.names),
        timeout: args.timeoutSeconds,
        memorySize: args.memoryMiB,
      },
      // Without its group and permissions the first call would make a group of its own, or fail.
      { ...child, dependsOn: [permissions, logs] },
    );
    this.registerOutputs({ functionArn: this.functionArn });
  }
}

function vpcConfigOf({ network }: Names): Pick<aws.lambda.FunctionArgs, "vpcConfig"> {
  if (network.mode !== "vpc") return {};
  return { vpcConfig: { subnetIds: [...network.subnetIds], securityGroupIds: [...network.securityGroupIds] } };
}

function archive(files: Readonly<Record<string, string>>): pulumi.asset.AssetArchive {
  const assets = Object.entries(files).map(([name, text]) => [name, new pulumi.asset.StringAsset(text)] as const);
  return new pulumi.asset.AssetArchive(Object.fromEntries(assets));
}

/** One file, the same bytes for the same sources wherever the checkout lies. The AWS SDK is part of Lambda's runtime. */
function bundle(entry: string): string {
  const root = path.resolve(__dirname, "..");
  const result = buildSync({
    absWorkingDir: root,
    entryPoints: [path.join("operations", entry)],
    bundle: true,
    platform: "node",
    target: "node22",
    format: "cjs",
    external: ["@aws-sdk/*"],
    legalComments: "none",
    write: false,
  });
  const [file] = result.outputFiles;
  if (!file) throw new Error(`bundling operations/${entry} gave no file`);
  return file.text;
}
