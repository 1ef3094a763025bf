import type { RegistryScanningConfigurationArgs } from "@pulumi/aws/ecr";
import type { Unwrap } from "@pulumi/pulumi";
import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { partsOf } from "../attachments";
import { REGISTRY_SCANNING, REPOSITORY, REPOSITORY_LIFECYCLE, REPOSITORY_POLICY } from "../kinds";
import { eachOf, isGiven, onResource, resourcesOf, show } from "../resources";
import { parse } from "../definition";
import { isRecord } from "../locations";
import { openings } from "../openings";
import { matches } from "../statements";

const USER_GUIDE = "https://docs.aws.amazon.com/AmazonECR/latest/userguide";

export const scannedOnPush: StackValidationPolicy = {
  name: "aws-ecr-repository-scan-on-push",
  description: "Images are scanned for known vulnerabilities when they are pushed.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps:
    "Set imageScanningConfiguration.scanOnPush, or an aws.ecr.RegistryScanningConfiguration with rules.",
  url: `${USER_GUIDE}/image-scanning.html`,
  tags: ["SecurityHub ECR.1", "CKV_AWS_163", "AVD-AWS-0030"],
  validateStack: (args, report) => {
    const registries = resourcesOf(args, REGISTRY_SCANNING);
    eachOf(resourcesOf(args, REPOSITORY), ({ name, urn, props }) => {
      const got = props.imageScanningConfiguration?.scanOnPush;
      if (got === true || registries.some((registry) => scans(registry.props.rules, props.name))) return;
      report(`repository '${name}': scanOnPush is ${show(got)}, expected true`, urn);
    });
  },
};

/** Whether a registry scans a repository by itself; a filter without * fits every name that contains it. */
function scans(rules: Unwrap<RegistryScanningConfigurationArgs>["rules"], name: string | undefined): boolean {
  const fits = (filter: string) =>
    name === undefined || (filter.includes("*") ? matches(filter, name) : name.includes(filter));
  return (rules ?? []).some(
    ({ scanFrequency, repositoryFilters }) =>
      scanFrequency !== "MANUAL" && repositoryFilters.some(({ filter }) => fits(filter)),
  );
}

/** What may move without a release changing: one tag by its name, and the layers that builds share. */
const MOVABLE = /^([^*]+|(build)?cache.*)$/;

export const immutableTags: ResourceValidationPolicy = {
  name: "aws-ecr-repository-keep-tags-immutable",
  description: "A tag names one image for ever; exceptions do not fit the tags of releases.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Set imageTagMutability to IMMUTABLE, and push each image under a tag of its own.",
  url: `${USER_GUIDE}/image-tag-mutability.html`,
  tags: ["SecurityHub ECR.2", "CKV_AWS_51", "AVD-AWS-0031"],
  validateResource: onResource(REPOSITORY, (repository, { name }, report) => {
    const got = repository.imageTagMutability;
    if (got !== "IMMUTABLE" && got !== "IMMUTABLE_WITH_EXCLUSION")
      return report(`repository '${name}': imageTagMutability is ${show(got)}, expected "IMMUTABLE"`);
    if (got === "IMMUTABLE_WITH_EXCLUSION")
      eachOf(repository.imageTagMutabilityExclusionFilters, ({ filter }) => {
        if (!MOVABLE.test(filter))
          report(
            `repository '${name}': the exclusion ${show(filter)} may fit the tag of a release, expected "buildcache*", ` +
              '"cache*" or one whole tag, such as "latest"',
          );
      });
  }),
};

export const imagesExpired: StackValidationPolicy = {
  name: "aws-ecr-repository-expire-images",
  description: "A repository has a lifecycle policy.",
  enforcementLevel: "advisory",
  severity: "low",
  remediationSteps: "Add an aws.ecr.LifecyclePolicy for untagged images; never expire one that a pipeline names.",
  url: `${USER_GUIDE}/LifecyclePolicies.html`,
  tags: ["SecurityHub ECR.3"],
  validateStack: (args, report) =>
    eachOf(resourcesOf(args, REPOSITORY), (repository) => {
      if (partsOf(resourcesOf(args, REPOSITORY_LIFECYCLE), "repository", repository).length === 0)
        report(`repository '${repository.name}': lifecycle policy is absent, expected one`, repository.urn);
    }),
};

/** Days after which nothing runs an image any more that is still the newest. */
const FEWEST_DAYS = 90;

export const imagesKept: ResourceValidationPolicy = {
  name: "aws-ecr-repository-keep-named-images",
  description: "A lifecycle policy expires no tagged image by its age alone: the newest may be old, and in use.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Expire untagged images by age, and tagged ones by imageCountMoreThan.",
  url: `${USER_GUIDE}/LifecyclePolicies.html`,
  validateResource: onResource(REPOSITORY_LIFECYCLE, ({ policy }, { name }, report) => {
    const document = typeof policy === "string" ? parse(policy) : policy;
    const rules = isRecord(document) && Array.isArray(document["rules"]) ? (document["rules"] as unknown[]) : [];
    for (const rule of rules.filter(isRecord)) {
      const selection = isRecord(rule["selection"]) ? rule["selection"] : {};
      const { tagStatus, countType, countNumber: days } = selection;
      if (tagStatus === "untagged" || countType !== "sinceImagePushed") continue;
      if (typeof days === "number" && days < FEWEST_DAYS)
        report(
          `lifecycle policy '${name}', rule ${show(rule["rulePriority"])}: expires ${show(tagStatus)} images ` +
            `${days} days after their push, expected "untagged" ones, or at least ${FEWEST_DAYS} days`,
        );
    }
  }),
};

export const repositoryEncrypted: ResourceValidationPolicy = {
  name: "aws-ecr-repository-encrypt-by-own-key",
  description: "A repository is encrypted by a key of this account. The setting cannot be changed later.",
  enforcementLevel: "advisory",
  severity: "medium",
  remediationSteps: "Set encryptionConfigurations to the type KMS and a kmsKey.",
  url: `${USER_GUIDE}/encryption-at-rest.html`,
  tags: ["SecurityHub ECR.5", "CKV_AWS_136", "AVD-AWS-0033"],
  validateResource: onResource(REPOSITORY, (repository, { name }, report) => {
    const encryption = repository.encryptionConfigurations?.[0];
    const type = encryption?.encryptionType;
    if (type !== "KMS" && type !== "KMS_DSSE")
      report(`repository '${name}': encryptionType is ${show(type)}, expected "KMS"`);
    else if (!isGiven(() => encryption?.kmsKey))
      report(`repository '${name}': kmsKey is absent, expected a key of this account`);
  }),
};

export const noOpenRepository: ResourceValidationPolicy = {
  name: "aws-ecr-repository-policy-name-who-may",
  description: "A repository's policy allows nothing to everyone.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps: "Name the accounts or roles that may pull.",
  url: `${USER_GUIDE}/repository-policies.html`,
  tags: ["cdk-nag AwsSolutions-ECR1", "CKV_AWS_32", "AVD-AWS-0032"],
  validateResource: onResource(REPOSITORY_POLICY, ({ policy }, { name }, report) => {
    for (const text of openings(policy)) report(`repository policy '${name}', ${text}`);
  }),
};
