import { REGISTRY_SCANNING, REPOSITORY, REPOSITORY_LIFECYCLE, REPOSITORY_POLICY } from "../../../policy/kinds";
import type { Registered } from "../../support/policy";
import { KEY } from "./goodBucket";
import { casesOf, change, policy, resource, without, type Case } from "./case";

const expiring = (tagStatus: string, countNumber: number) => {
  const selection = { tagStatus, countType: "sinceImagePushed", countUnit: "days", countNumber };
  return JSON.stringify({ rules: [{ rulePriority: 1, selection, action: { type: "expire" } }] });
};
const excluding = (...filters: string[]) => ({
  imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
  imageTagMutabilityExclusionFilters: filters.map((filter) => ({ filter, filterType: "WILDCARD" })),
});
const scanning = (scanFrequency: string, filter: string) =>
  resource(REGISTRY_SCANNING, "registry", {
    scanType: "BASIC",
    rules: [{ scanFrequency, repositoryFilters: [{ filter, filterType: "WILDCARD" }] }],
  });

/** A repository that its registry scans, with the tags of a cache free to move. */
export const goodRegistry = () => [
  ...change(goodRepository, "images", {
    ...{ ...excluding("latest", "buildcache-*"), imageScanningConfiguration: undefined },
  }),
  scanning("SCAN_ON_PUSH", "acme-*"),
];

export const goodRepository = () => [
  resource(REPOSITORY, "images", {
    name: "acme-images",
    imageTagMutability: "IMMUTABLE",
    imageScanningConfiguration: { scanOnPush: true },
    encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: KEY }],
  }),
  resource(REPOSITORY_LIFECYCLE, "expiry", { repository: "acme-images", policy: expiring("untagged", 7) }),
];

export const repositoryCases: Case[] = [
  ...casesOf(
    "aws-ecr-repository-scan-on-push",
    [
      "no scan",
      change(goodRepository, "images", { imageScanningConfiguration: undefined }),
      "repository 'images': scanOnPush is absent, expected true",
    ],
    [
      "a scan that is off",
      change(goodRepository, "images", { imageScanningConfiguration: { scanOnPush: false } }),
      "repository 'images': scanOnPush is false, expected true",
    ],
  ),
  ...casesOf(
    "aws-ecr-repository-scan-on-push",
    ...[scanning("MANUAL", "*"), scanning("SCAN_ON_PUSH", "other*")].map(
      (registry, index): [string, Registered[], string] => [
        `a registry that scans ${index === 0 ? "by hand" : "others"}`,
        [...without(goodRegistry, "registry"), registry],
        "repository 'images': scanOnPush is absent, expected true",
      ],
    ),
  ),
  ...casesOf("aws-ecr-repository-keep-named-images", [
    "the expiry of every image after a day",
    change(goodRepository, "expiry", { policy: expiring("any", 1) }),
    'lifecycle policy \'expiry\', rule 1: expires "any" images 1 days after their push, expected "untagged" ones, or at least 90 days',
  ]),
  ...casesOf(
    "aws-ecr-repository-keep-tags-immutable",
    [
      "no setting",
      change(goodRepository, "images", { imageTagMutability: undefined }),
      "repository 'images': imageTagMutability is absent, expected \"IMMUTABLE\"",
    ],
    [
      "mutable tags",
      change(goodRepository, "images", { imageTagMutability: "MUTABLE" }),
      'repository \'images\': imageTagMutability is "MUTABLE", expected "IMMUTABLE"',
    ],
    ...["v*", "v2*", "prod*", "main-*", "2026*", "sha-*", "*.*.*"].map((filter): [string, Registered[], string] => [
      `an exclusion of ${filter}`,
      change(goodRepository, "images", excluding(filter)),
      `repository 'images': the exclusion "${filter}" may fit the tag of a release, expected "buildcache*", "cache*" or one whole tag, such as "latest"`,
    ]),
  ),
  ...casesOf("aws-ecr-repository-expire-images", [
    "no lifecycle",
    without(goodRepository, "expiry"),
    "repository 'images': lifecycle policy is absent, expected one",
  ]),
  ...casesOf(
    "aws-ecr-repository-encrypt-by-own-key",
    [
      "AWS's key",
      change(goodRepository, "images", { encryptionConfigurations: [{ encryptionType: "AES256" }] }),
      'repository \'images\': encryptionType is "AES256", expected "KMS"',
    ],
    [
      "no key named",
      change(goodRepository, "images", { encryptionConfigurations: [{ encryptionType: "KMS" }] }),
      "repository 'images': kmsKey is absent, expected a key of this account",
    ],
    [
      "no encryption",
      change(goodRepository, "images", { encryptionConfigurations: undefined }),
      "repository 'images': encryptionType is absent, expected \"KMS\"",
    ],
  ),
  ...casesOf("aws-ecr-repository-policy-name-who-may", [
    "a policy for everyone",
    [
      ...goodRepository(),
      resource(REPOSITORY_POLICY, "pull", {
        repository: "acme-images",
        policy: policy({ Effect: "Allow", Principal: "*", Action: "ecr:BatchGetImage" }),
      }),
    ],
    "repository policy 'pull', statement 1: allows to '*', expected named principals or a condition",
  ]),
];
