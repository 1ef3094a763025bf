import { REPOSITORY, REPOSITORY_LIFECYCLE, REPOSITORY_POLICY } from "../../../policy/kinds";
import { KEY } from "./goodBucket";
import { casesOf, change, policy, resource, without, type Case } from "./case";

export const goodRepository = () => [
  resource(REPOSITORY, "images", {
    name: "acme-images",
    imageTagMutability: "IMMUTABLE",
    imageScanningConfiguration: { scanOnPush: true },
    encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: KEY }],
  }),
  resource(REPOSITORY_LIFECYCLE, "expiry", { repository: "acme-images", policy: "{}" }),
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
    [
      "an exclusion that fits releases",
      change(goodRepository, "images", {
        imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
        imageTagMutabilityExclusionFilters: [{ filter: "v*", filterType: "WILDCARD" }],
      }),
      "repository 'images': the exclusion \"v*\" fits the tag 'v1.0.0', expected a narrower one",
    ],
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
    "repository policy 'pull', statement 1: allows to '*', expected named principals",
  ]),
];
