/**
 * The stand-in for awsx, run as a process of its own: its server keeps the engine's settings in globals.
 * Children and outputs are those of the real components, so that policies and state see the same tree.
 */
import { createHash } from "node:crypto";
import { LifecyclePolicy } from "@pulumi/aws/ecr/lifecyclePolicy";
import { Repository } from "@pulumi/aws/ecr/repository";
import * as pulumi from "@pulumi/pulumi";
import * as provider from "@pulumi/pulumi/provider";

interface Rule {
  readonly description?: string;
  readonly maximumAgeLimit?: number;
  readonly maximumNumberOfImages?: number;
  readonly tagPrefixList?: readonly string[];
  readonly tagStatus: "any" | "untagged" | "tagged";
}

interface Component extends pulumi.ComponentResource {
  readonly outputs: pulumi.Inputs;
}

/** What the real component writes when no rule is given. */
const UNTAGGED: Rule = { description: "remove untagged images", tagStatus: "untagged", maximumNumberOfImages: 1 };

class RepositoryComponent extends pulumi.ComponentResource implements Component {
  readonly outputs: pulumi.Inputs;

  constructor(name: string, inputs: pulumi.Inputs, options: pulumi.ComponentResourceOptions) {
    super("awsx:ecr:Repository", name, {}, options);
    const { lifecyclePolicy, ...args } = inputs;
    const child = name.toLowerCase();
    const repository = new Repository(child, args, { parent: this });
    const skip: unknown = isRecord(lifecyclePolicy) ? lifecyclePolicy["skip"] : undefined;
    const policy = pulumi
      .output(lifecyclePolicy as pulumi.Input<object | undefined>)
      .apply((given: object | undefined) => {
        const rules = isRecord(given) ? given["rules"] : undefined;
        return { rules: convertRules((rules as Rule[] | undefined) ?? [UNTAGGED]) };
      });
    const lifecycle = skip
      ? undefined
      : new LifecyclePolicy(child, { repository: repository.name, policy }, { parent: this });
    this.outputs = { repository, lifecyclePolicy: lifecycle, url: repository.repositoryUrl };
    this.registerOutputs(this.outputs);
  }
}

/** The order in which ECR applies the rules: one for any image comes last. */
function convertRules(rules: readonly Rule[]) {
  const any = rules.filter((rule) => rule.tagStatus === "any");
  if (any.length > 1) throw new Error('at most one lifecycle rule can have tagStatus "any"');
  return [...rules.filter((rule) => rule.tagStatus !== "any"), ...any].map((rule, index) => ({
    rulePriority: index + 1,
    ...(rule.description === undefined ? {} : { description: rule.description }),
    selection: { ...selected(rule), ...counted(rule) },
    action: { type: "expire" as const },
  }));
}

function selected({ tagStatus, tagPrefixList = [] }: Rule) {
  if (tagStatus !== "tagged") return { tagStatus };
  if (tagPrefixList.length === 0) throw new Error('a lifecycle rule with tagStatus "tagged" needs a tagPrefixList');
  return { tagStatus, tagPrefixList: [...tagPrefixList] };
}

function counted({ maximumNumberOfImages, maximumAgeLimit }: Rule) {
  if (maximumNumberOfImages !== undefined)
    return { countType: "imageCountMoreThan" as const, countNumber: maximumNumberOfImages };
  if (maximumAgeLimit === undefined) throw new Error("a lifecycle rule needs maximumNumberOfImages or maximumAgeLimit");
  return { countType: "sinceImagePushed" as const, countNumber: maximumAgeLimit, countUnit: "days" as const };
}

/** The child of the real component; its own package is not needed to register it. */
class BuiltImage extends pulumi.CustomResource {
  declare readonly digest: pulumi.Output<string>;

  constructor(name: string, inputs: pulumi.Inputs, options: pulumi.CustomResourceOptions) {
    super("docker-build:index:Image", name, { ...inputs, digest: undefined, ref: undefined }, options);
  }
}

class ImageComponent extends pulumi.ComponentResource implements Component {
  readonly outputs: pulumi.Inputs;

  constructor(name: string, inputs: pulumi.Inputs, options: pulumi.ComponentResourceOptions) {
    super("awsx:ecr:Image", name, {}, options);
    const imageUri = pulumi.output(inputs).apply((args) => {
      const record: Record<string, unknown> = args;
      const text = (key: string) => textOf(record[key]);
      const imageName = text("imageName") ?? text("imageTag") ?? automaticTag(record);
      const dockerfile = text("dockerfile");
      const platform = text("platform");
      const image = new BuiltImage(
        imageName,
        {
          tags: [`${text("repositoryUrl")}:${imageName}`],
          context: { location: text("context") ?? "." },
          dockerfile: dockerfile === undefined ? undefined : { location: dockerfile },
          buildArgs: record["args"],
          target: record["target"],
          platforms: platform === undefined ? [] : [platform],
          push: true,
        },
        { parent: this },
      );
      return image.digest.apply((known) => `${text("repositoryUrl")}@${known}`);
    });
    this.outputs = { imageUri };
    this.registerOutputs(this.outputs);
  }
}

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** The real component's tag: it stands for how the image is built, not for what is in it. */
function automaticTag(args: Record<string, unknown>): string {
  const buildArgs = isRecord(args["args"]) ? Object.entries(args["args"]) : [];
  const signature = [
    textOf(args["context"]) ?? ".",
    ...(args["dockerfile"] === undefined ? [] : [`;dockerfile=${textOf(args["dockerfile"]) ?? ""}`]),
    ...buildArgs.map(([key, value]) => `;arg[${key}]=${String(value)}`),
    pulumi.getStack(),
  ];
  return `${createHash("sha1").update(signature.join("")).digest("hex")}-container`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

interface Known {
  readonly supported: readonly string[];
  make(name: string, inputs: pulumi.Inputs, options: pulumi.ComponentResourceOptions): Component;
}

const TYPES: Readonly<Record<string, Known>> = {
  "awsx:ecr:Repository": {
    supported: [
      ...["encryptionConfigurations", "forceDelete", "imageScanningConfiguration", "imageTagMutability"],
      ...["imageTagMutabilityExclusionFilters", "lifecyclePolicy", "name", "region", "tags"],
    ],
    make: (...args) => new RepositoryComponent(...args),
  },
  "awsx:ecr:Image": {
    supported: ["args", "context", "dockerfile", "imageName", "imageTag", "platform", "repositoryUrl", "target"],
    make: (...args) => new ImageComponent(...args),
  },
};

const standIn: provider.Provider = {
  version: "3.9.0",
  async construct(name, type, inputs, options) {
    const known = TYPES[type];
    if (!known) throw new Error(`${type} is not a type the laptop AWS supports`);
    const unknown = Object.keys(inputs).filter((key) => inputs[key] !== undefined && !known.supported.includes(key));
    if (unknown.length > 0)
      throw new Error(`${type}: the laptop AWS does not support ${unknown.map((key) => `'${key}'`).join(", ")}`);
    const component = known.make(name, inputs, options);
    return { urn: component.urn, state: component.outputs };
  },
};

// The parent holds the other end of standard input: when it is gone, so is this process.
process.stdin.resume().on("end", () => process.exit(0));
void provider.main(standIn, []);
