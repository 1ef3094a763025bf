import { Catalog } from "./components/catalog";
import { DataBucket } from "./components/bucket";
import { readConfig } from "./components/config";
import { currentDeployment } from "./components/deployment";
import { StepFunction } from "./components/function";
import { DataKey } from "./components/key";
import { dayPolicy, registrarPolicy } from "./components/permissions/functions";
import { DatasetPipeline } from "./components/pipeline";
import { PipelineRole } from "./components/pipelineRole";
import { ProcessingImage } from "./components/repository";
import { PartitionedTable } from "./components/table";
import { namesOf } from "./contract/names";
import { datasets } from "./datasets";

/** What one stack consists of: the shared parts, then a table and a pipeline for each dataset. */
export = async () => {
  const config = readConfig();
  const deployment = await currentDeployment(config);
  const names = namesOf(deployment, datasets);
  const mayDestroy = config.ephemeral && config.destroyData;
  const stack = { deployment, names, datasets, mayDestroy };

  const { arn: keyArn } = new DataKey("data", stack);
  const bucket = new DataBucket("data", { ...stack, keyArn });
  const catalog = new Catalog("catalog", stack);
  const image = new ProcessingImage("processing", { ...stack, keyArn, image: config.image });
  const { arn: pipelineRoleArn } = new PipelineRole("pipelines", { ...stack, limits: config });
  const functions = { ...stack, keyArn, logRetentionDays: config.logRetentionDays };
  const day = new StepFunction("day", {
    ...functions,
    ...{ function: names.day, role: names.dayRole, entry: "day.ts", permissions: dayPolicy(names) },
    ...{ description: "turns a run's parameters into its partition", timeoutSeconds: 30, memoryMiB: 256 },
  });
  const registrar = new StepFunction("registrar", {
    ...functions,
    ...{
      function: names.registrar,
      role: names.registrarRole,
      entry: "registrar.ts",
      permissions: registrarPolicy(names, datasets),
    },
    ...{ description: "registers the partitions that a run wrote", timeoutSeconds: 600, memoryMiB: 512 },
  });

  const tables = datasets.map(
    (dataset) => new PartitionedTable(dataset.name, { ...stack, dataset }, { dependsOn: [catalog, bucket] }),
  );
  const pipelines = datasets.map(
    (dataset) =>
      new DatasetPipeline(
        dataset.name,
        { ...stack, dataset, imageUri: image.uri, keyArn, pipelineRoleArn, compute: config },
        { dependsOn: [bucket, day, registrar] },
      ),
  );
  return {
    bucket: bucket.bucket,
    existingBucketStatements: bucket.ownerStatements,
    database: catalog.database,
    imageUri: image.uri,
    tables: Object.fromEntries(datasets.map(({ name }, index) => [name, tables[index]?.location])),
    pipelines: Object.fromEntries(datasets.map(({ name }, index) => [name, pipelines[index]?.pipelineName])),
  };
};
