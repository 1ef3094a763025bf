import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { partsOf } from "../attachments";
import { REGISTRY_SCANNING, REPOSITORY, REPOSITORY_LIFECYCLE, REPOSITORY_POLICY } from "../kinds";
import { eachOf, isGiven, onResource, resourcesOf, show } from "../resources";
import { matches, openPrincipals, statementsOf } from "../statements";

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
    const registry = resourcesOf(args, REGISTRY_SCANNING).some(({ props }) => props.rules?.length);
    eachOf(resourcesOf(args, REPOSITORY), ({ name, urn, props }) => {
      const got = props.imageScanningConfiguration?.scanOnPush;
      if (got !== true && !registry) report(`repository '${name}': scanOnPush is ${show(got)}, expected true`, urn);
    });
  },
};

/** What releases are called: an exclusion that fits one of them makes it mutable again. */
const RELEASES = ["v1.0.0", "1.0.0", "1", "release-1", "latest-release", "0123456789abcdef"];

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
        const release = RELEASES.find((tag) => matches(filter, tag));
        if (release !== undefined)
          report(
            `repository '${name}': the exclusion ${show(filter)} fits the tag '${release}', expected a narrower one`,
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
    for (const statement of statementsOf(policy))
      for (const who of openPrincipals(statement))
        report(`repository policy '${name}', ${statement.where}: allows to '${who}', expected named principals`);
  }),
};
