import assert from "node:assert/strict";
import { renderDefinition } from "../../../contract/pipeline/definition";
import { imageUriOf } from "../../../contract/pipeline/images";
import { PIPELINES } from "./pipelines";
import { sdkAnswer, type SdkAnswer } from "./sdk";

/** Making the Python environment for the first time takes a minute or two. */
const INSTALL_MS = 600_000;
/** Pipelines that only the validator is asked about. */
const NOT_BUILT = ["property_file"];

describe("the pipeline builder and the SageMaker Python SDK", () => {
  let sdk: SdkAnswer;
  before(async function () {
    this.timeout(INSTALL_MS);
    sdk = await sdkAnswer();
  });

  for (const [name, pipeline] of Object.entries(PIPELINES))
    it(`give the same JSON for the pipeline '${name}'`, () => {
      assert.deepEqual(JSON.parse(renderDefinition(pipeline())), sdk.pipelines[name]);
    });

  it("are asked about the same pipelines", () => {
    assert.deepEqual(Object.keys(sdk.pipelines).sort(), [...Object.keys(PIPELINES), ...NOT_BUILT].sort());
  });

  it("give the same URI for each of SageMaker's own images, in every version and region", () => {
    assert.ok(sdk.images.length > 400, `got ${sdk.images.length} images`);
    const ours = sdk.images.map(([framework, frameworkVersion, python, region]) => {
      assert.ok(framework === "sklearn" || framework === "spark", framework);
      const build = python === null ? undefined : { python, container: "1.0" };
      return [framework, frameworkVersion, python, region, imageUriOf(framework, { region, frameworkVersion, build })];
    });
    assert.deepEqual(ours, sdk.images);
  });
});
