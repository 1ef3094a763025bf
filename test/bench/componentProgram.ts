import * as fs from "node:fs";
import * as path from "node:path";
import { readConfig } from "../../components/config";
import { PartitionedDataset } from "../../components/dataset";
import { currentDeployment } from "../../components/deployment";
import { pipelinePlan } from "../../components/pipelinePlan";
import { Platform } from "../../components/platform";
import type { Dataset } from "../../contract/dataset";
import { namesOf } from "../../contract/names";

export interface ProgramOptions {
  readonly datasets: readonly Dataset[];
  /** In the place of the program's own image, whose repository another package makes. */
  readonly imageUri: string;
  /** What datasets are told of the key. Default: the ARN of the program's own, which a first preview does not know. */
  readonly keyArn?: string;
  readonly inlineLimit?: number;
  /** Folder of the scripts. Default: the bundled ones. */
  readonly scripts?: string;
}

const BUNDLED = path.resolve(__dirname, "../../datasets");

/** The program of `index.ts` for any datasets with the bundled scripts, but for the image. A test compares the two. */
export const componentProgram = (given: ProgramOptions) => async () => {
  const { datasets, imageUri, inlineLimit } = given;
  const config = readConfig();
  const deployment = await currentDeployment(config);
  const names = namesOf(deployment, datasets);
  const stack = { deployment, names, datasets, mayDestroy: config.ephemeral && config.destroyData };

  const limit = inlineLimit === undefined ? {} : { inlineLimit };
  const plans = datasets.map((dataset) => {
    // Generated datasets have none of their own.
    const own = fs.existsSync(path.join(BUNDLED, dataset.name)) ? dataset.name : "features";
    const scripts = given.scripts ?? path.join(BUNDLED, own);
    return pipelinePlan({ names, dataset, compute: config, scripts, ...limit });
  });

  const platform = new Platform("platform", { ...stack, config });
  const keyArn = given.keyArn ?? platform.keyArn;
  for (const plan of plans)
    new PartitionedDataset(plan.dataset.name, {
      ...{ ...stack, plan, imageUri, keyArn, pipelineRoleArn: platform.pipelineRoleArn },
      after: platform.provides,
    });
  return { bucket: names.bucket };
};
