import * as path from "node:path";
import { readConfig } from "../../components/config";
import { PartitionedDataset } from "../../components/dataset";
import type { PolicyDocument } from "../../components/permissions/statement";
import { pipelinePlan } from "../../components/pipelinePlan";
import { Platform } from "../../components/platform";
import type { Dataset } from "../../contract/dataset";
import type { Deployment, Names } from "../../contract/names";
import type { JsonObject } from "../../contract/pipeline/json";
import { part, partsOf, stackIn, type Part } from "../components/component";
import { allows, type Call } from "../support/iam";
import { ACCOUNT, REGION } from "../support/mocks";
import type { Needed } from "./permissionsOf";

/** The stack's key; KMS tells IAM of its alias. */
export const KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
/** The key of a bucket that was there before. */
export const BUCKET_KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/99999999-12ab-34cd-56ef-1234567890ab`;
/** Who may assume the remover's role. */
export const PERSON = `arn:aws:iam::${ACCOUNT}:role/data-engineers`;

export type RoleName =
  "pipeline" | "registrar" | "day" | "checker" | "scheduler" | "remover" | "spectrum" | `job of ${string}`;

/** Every role of a stack. */
export const EVERYBODY = (datasets: readonly Dataset[]): readonly RoleName[] => [
  ...(["pipeline", "registrar", "day", "checker", "scheduler", "remover", "spectrum"] as const),
  ...datasets.map(({ name }) => `job of ${name}` as const),
];

/** Who may do everything, as far as an account's own administrators can say so. */
export const ADMIN = `arn:aws:iam::${ACCOUNT}:role/admin`;
export const ANYTHING: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [{ Sid: "All", Effect: "Allow", Action: "*", Resource: "*" }],
};

/** Two subnets and two groups of a VPC. */
export const VPC = {
  mode: "vpc",
  subnetIds: ["subnet-0a1b2c3d", "subnet-1a1b2c3d"],
  securityGroupIds: ["sg-0a1b2c3d", "sg-1a1b2c3d"],
} as const;

/** Stacks in whose buckets, databases and networks roles are proven. */
export const PLACES: Readonly<Record<string, Partial<Deployment>>> = {
  "its own bucket and database": {},
  "an existing bucket and database": { existingBucket: "team-data", existingDatabase: "team-lake" },
  "an existing bucket with a key of its own": { existingBucket: "team-data", existingBucketKeyArn: BUCKET_KEY },
  "a VPC": { network: VPC },
};

/** A stack as the components make it: what IAM gets, what SageMaker gets, what Lambda gets. */
export class DeployedStack {
  private constructor(
    readonly names: Names,
    readonly parts: readonly Part[],
    private readonly other: ReadonlyMap<RoleName, PolicyDocument> = new Map(),
  ) {}

  static async of(place: Partial<Deployment>, datasets: readonly Dataset[]): Promise<DeployedStack> {
    const within = { ...stackIn(place), datasets };
    const { names } = within;
    const parts = await partsOf((opts) => {
      const config = { ...readConfig(), removerPrincipalArn: PERSON };
      const platform = new Platform("platform", { ...within, config }, opts);
      for (const dataset of datasets) {
        const scripts = path.resolve(__dirname, "../../datasets/features");
        const plan = pipelinePlan({ names, dataset, compute: config, scripts });
        const known = { imageUri: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/${names.repository}@sha256:1` };
        const from = { keyArn: KEY, pipelineRoleArn: names.pipelineRole.arn, after: platform.provides };
        new PartitionedDataset(dataset.name, { ...within, plan, ...known, ...from }, opts);
      }
    });
    return new DeployedStack(names, parts);
  }

  /** The same stack, a role of which has other permissions. */
  with(role: RoleName, permissions: PolicyDocument): DeployedStack {
    return new DeployedStack(this.names, this.parts, new Map([...this.other, [role, permissions]]));
  }

  /** The permissions that a role is deployed with. */
  permissions(role: RoleName): PolicyDocument {
    const other = this.other.get(role);
    if (other !== undefined) return other;
    return JSON.parse(String(part(this.parts, `${logical(role)}-permissions`).inputs["policy"])) as PolicyDocument;
  }

  /** Who may assume a role. */
  trust(role: RoleName): PolicyDocument {
    return JSON.parse(String(part(this.parts, `${logical(role)}-role`).inputs["assumeRolePolicy"])) as PolicyDocument;
  }

  roleArn(role: RoleName): string {
    const { name, path: folder } = part(this.parts, `${logical(role)}-role`).inputs;
    return `arn:aws:iam::${ACCOUNT}:role${String(folder)}${String(name)}`;
  }

  /** The steps of a dataset's pipeline. */
  steps(dataset: Dataset): readonly JsonObject[] {
    const text = String(part(this.parts, `${dataset.name}-pipeline`).inputs["pipelineDefinition"]);
    return (JSON.parse(text) as { Steps: JsonObject[] }).Steps;
  }

  /** The files of a function, by name. */
  async files(name: "day" | "registrar" | "checker"): Promise<Record<string, string>> {
    const code = part(this.parts, `${name}-function`).inputs["code"] as {
      readonly assets: Promise<Readonly<Record<string, { readonly text: Promise<string> }>>>;
    };
    const assets = Object.entries(await code.assets);
    return Object.fromEntries(await Promise.all(assets.map(async ([file, { text }]) => [file, await text] as const)));
  }

  /** Use of the key that encrypts the data, through S3. */
  useOfDataKey(action: string): Needed {
    if (this.names.existing.bucketKeyArn === undefined) return this.useOfStackKey(action, "s3");
    return { action, resource: BUCKET_KEY, context: { "kms:ViaService": this.names.service("s3") } };
  }

  useOfStackKey(action: string, service: string): Needed {
    const told = { "kms:ResourceAliases": [this.names.keyAlias], "kms:ViaService": this.names.service(service) };
    return { action, resource: KEY, context: told };
  }

  /** Whether a session of a role may do something, by its permissions and by the policy of what it is done to. */
  async may(role: RoleName, needed: Needed): Promise<boolean> {
    const session = `arn:aws:sts::${ACCOUNT}:assumed-role/${this.roleArn(role).split("/").at(-1) ?? ""}/session`;
    const resource = this.policyOf(needed.resource);
    return allows(
      { identity: this.permissions(role), ...(resource === undefined ? {} : { resource }) },
      { principal: session, ...needed },
    );
  }

  /** The first of some calls that a role may not do: empty where it may do all. */
  async deniedOf(role: RoleName, needed: readonly Needed[]): Promise<readonly Needed[]> {
    for (const each of needed) if (!(await this.may(role, each))) return [each];
    return [];
  }

  /** Whether somebody may assume a role, by its trust alone. */
  assumes(role: RoleName, principal: string, context: Call["context"] = {}): Promise<boolean> {
    const resource = this.roleArn(role);
    return allows({ resource: this.trust(role) }, { principal, action: "sts:AssumeRole", resource, context });
  }

  /** The policy of a resource, as far as it has one. */
  policyOf(arn: string): PolicyDocument | undefined {
    const { names, parts } = this;
    const policy = (name: string) => JSON.parse(String(part(parts, name).inputs["policy"])) as PolicyDocument;
    if (arn === names.bucketArn || arn.startsWith(names.objectArn("")))
      return names.existing.bucket ? undefined : policy("data-policy");
    if (arn === KEY) return policy("data-key");
    if (arn === BUCKET_KEY) return OF_OWNER;
    if (arn === names.alarmTopic.arn) return policy("alarms-topic");
    if (arn === names.undelivered.arn) return policy("alarms-undelivered");
    return undefined;
  }
}

/** The policy that a key has by default: IAM decides. */
const OF_OWNER: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [
    { Sid: "Iam", Effect: "Allow", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: "kms:*", Resource: "*" },
  ],
};

/** Logical name of a role's resources, less their ending. */
function logical(role: RoleName): string {
  if (role.startsWith("job of ")) return `${role.slice("job of ".length)}-job`;
  return { pipeline: "pipelines", scheduler: "schedules" }[role as string] ?? role;
}
