import { readConfig } from "./components/config";
import { currentDeployment } from "./components/deployment";
import { PartitionedDataset } from "./components/dataset";
import { pipelinePlan } from "./components/pipelinePlan";
import { Platform } from "./components/platform";
import { preflight } from "./components/preflight";
import { ProcessingImage } from "./components/repository";
import { namesOf } from "./contract/names";
import { datasets } from "./datasets";

/** What one stack consists of: the shared parts, then a table and a pipeline for each dataset. */
export = async () => {
  const config = readConfig();
  const deployment = await currentDeployment(config);
  await preflight(deployment, datasets);
  const names = namesOf(deployment, datasets);
  const mayDestroy = config.ephemeral && config.destroyData;
  const stack = { deployment, names, datasets, mayDestroy };
  const plans = datasets.map((dataset) => pipelinePlan({ names, dataset, compute: config }));

  const platform = new Platform("platform", { ...stack, config });
  const { keyArn, pipelineRoleArn } = platform;
  const image = new ProcessingImage("processing", { ...stack, keyArn, image: config.image });
  const deployed = plans.map(
    (plan) =>
      new PartitionedDataset(plan.dataset.name, {
        ...{ ...stack, plan, imageUri: image.uri, keyArn, pipelineRoleArn },
        after: platform.provides,
      }),
  );
  return {
    bucket: names.bucket,
    database: names.database,
    imageUri: image.uri,
    alarmTopic: names.alarmTopic.arn,
    ...platform.outputs,
    tables: Object.fromEntries(datasets.map(({ name }, index) => [name, deployed[index]?.location])),
    pipelines: Object.fromEntries(datasets.map(({ name }, index) => [name, deployed[index]?.pipelineName])),
  };
};
