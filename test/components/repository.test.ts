import { deepEqual, equal } from "node:assert/strict";
import { existsSync } from "node:fs";
import * as path from "node:path";
import { ProcessingImage } from "../../components/repository";
import { resolved } from "../support/mocks";
import { kept, part, partsOf, stack } from "./component";

async function make(image = "build", mayDestroy = false) {
  let component: ProcessingImage | undefined;
  const parts = await partsOf((opts) => {
    component = new ProcessingImage("processing", { ...stack, mayDestroy, keyArn: "key-arn", image }, opts);
  });
  return { parts, uri: component ? await resolved(component.uri) : undefined };
}

describe("the processing image", () => {
  it("lies in a repository whose tags never move, scanned and encrypted with the stack's key", async () => {
    const { parts } = await make();
    const { chain, inputs } = part(parts, "processing-repository");
    equal(chain, "partitions:components:ProcessingImage$awsx:ecr:Repository");
    deepEqual(inputs, {
      name: "partitions-test-processing",
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: "key-arn" }],
      forceDelete: false,
      lifecyclePolicy: {
        rules: [{ description: "expire old untagged images", tagStatus: "untagged", maximumNumberOfImages: 20 }],
      },
    });
  });

  it("is built for SageMaker's machines, from the repository's own folder", async () => {
    const { parts, uri } = await make();
    const { context, platform } = part(parts, "processing-image").inputs;
    equal(platform, "linux/amd64");
    equal(existsSync(path.join(String(context), "Dockerfile")), true);
    equal(uri, "image-of-processing-image");
  });

  it("is named by its digest when one is configured, and nothing is built", async () => {
    const digest = `sha256:${"0".repeat(64)}`;
    const { parts, uri } = await make(digest);
    equal(parts.length, 1);
    equal(uri, `123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/processing-repository@${digest}`);
  });

  it("is named by a tag when one is configured", async () => {
    const { uri } = await make("v1.2");
    equal(uri, "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/processing-repository:v1.2");
  });

  it("outlives a destroy with its repository, unless both switches are on", async () => {
    for (const mayDestroy of [false, true]) {
      const repository = part((await make("build", mayDestroy)).parts, "processing-repository");
      deepEqual(kept([repository]), { "processing-repository": !mayDestroy });
      equal(repository.inputs.forceDelete, mayDestroy);
    }
  });
});
