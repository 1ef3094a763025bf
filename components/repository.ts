import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import type { Names } from "../contract/names";

export interface ProcessingImageArgs {
  readonly names: Names;
  readonly keyArn: pulumi.Input<string>;
  /** `build`, a digest `sha256:…`, or a tag that is in the repository. */
  readonly image: string;
  readonly mayDestroy: boolean;
}

/**
 * The ECR repository and the image that processing jobs run. The image is the runtime only: scripts come from S3, so a
 * change of a script builds nothing.
 */
export class ProcessingImage extends pulumi.ComponentResource {
  /** The image as jobs name it. A digest wherever it was built or given as one. */
  readonly uri: pulumi.Output<string>;

  constructor(name: string, args: ProcessingImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("partitions:components:ProcessingImage", name, {}, opts);
    const repository = new awsx.ecr.Repository(
      `${name}-repository`,
      {
        name: args.names.repository,
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: args.keyArn }],
        forceDelete: args.mayDestroy,
        // Pipelines name images by digest, and every image that was pushed keeps its tag: only untagged ones may go,
        // and a few of them stay for pipelines that still run.
        lifecyclePolicy: {
          rules: [{ description: "expire old untagged images", tagStatus: "untagged", maximumNumberOfImages: 20 }],
        },
      },
      // Without the switches it stays, as the images that pipelines name are in it.
      { parent: this, protect: !args.mayDestroy, retainOnDelete: !args.mayDestroy },
    );
    this.uri = imageUri(name, args.image, repository.url, this);
    this.registerOutputs({ uri: this.uri });
  }
}

/** The image's Dockerfile and pinned requirements. */
const CONTEXT = path.resolve(__dirname, "../image");

/** A tag of the content: awsx's own stands for the folder's path, and an immutable tag cannot be pushed a second time. */
function contentTag(): string {
  const hash = createHash("sha256");
  for (const file of readdirSync(CONTEXT).sort())
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(path.join(CONTEXT, file)));
  return hash.digest("hex").slice(0, 16);
}

function imageUri(
  name: string,
  image: string,
  url: pulumi.Output<string>,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  if (image === "build")
    return new awsx.ecr.Image(
      `${name}-image`,
      // SageMaker's usual instances are x86: an image built on an ARM laptop fails with "exec format error".
      { repositoryUrl: url, context: CONTEXT, imageTag: contentTag(), platform: "linux/amd64" },
      { parent },
    ).imageUri;
  return pulumi.interpolate`${url}${image.startsWith("sha256:") ? "@" : ":"}${image}`;
}
