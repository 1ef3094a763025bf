import * as path from "node:path";
import { DataBucket } from "../../components/bucket";
import { Catalog } from "../../components/catalog";
import { readConfig } from "../../components/config";
import { currentDeployment } from "../../components/deployment";
import { StepFunction } from "../../components/function";
import { DataKey } from "../../components/key";
import { dayPolicy, registrarPolicy } from "../../components/permissions/functions";
import { DatasetPipeline } from "../../components/pipeline";
import { PipelineRole } from "../../components/pipelineRole";
import { PartitionedTable } from "../../components/table";
import type { Dataset } from "../../contract/dataset";
import { namesOf } from "../../contract/names";

export interface ProgramOptions {
  readonly datasets: readonly Dataset[];
  /** In the place of the program's own image, whose repository another package makes. */
  readonly imageUri: string;
  /** What datasets are told of the key. Default: the ARN of the program's own, which a first preview does not know. */
  readonly keyArn?: string;
  readonly inlineLimit?: number;
}

/** The program of `index.ts` for any datasets with the bundled scripts, but for the image. A test compares the two. */
export const componentProgram = (given: ProgramOptions) => async () => {
  const { datasets, imageUri, inlineLimit } = given;
  const config = readConfig();
  const deployment = await currentDeployment(config);
  const names = namesOf(deployment, datasets);
  const stack = { deployment, names, datasets, mayDestroy: config.ephemeral && config.destroyData };

  const { arn: keyArn } = new DataKey("data", stack);
  const bucket = new DataBucket("data", { ...stack, keyArn });
  const catalog = new Catalog("catalog", stack);
  const { arn: pipelineRoleArn } = new PipelineRole("pipelines", { ...stack, limits: config });
  const functions = { ...stack, keyArn, logRetentionDays: config.logRetentionDays };
  const day = new StepFunction("day", {
    ...functions,
    ...{ function: names.day, role: names.dayRole, entry: "day.ts", permissions: dayPolicy(names) },
    ...{ description: "turns a run's parameters into its partition", timeoutSeconds: 30, memoryMiB: 256 },
  });
  const registrar = new StepFunction("registrar", {
    ...functions,
    ...{ function: names.registrar, role: names.registrarRole, entry: "registrar.ts" },
    permissions: registrarPolicy(names, datasets),
    ...{ description: "registers the partitions that a run wrote", timeoutSeconds: 600, memoryMiB: 512 },
  });
  const scripts = path.resolve(__dirname, "../../datasets/features");
  for (const dataset of datasets) {
    new PartitionedTable(dataset.name, { ...stack, dataset }, { dependsOn: [catalog, bucket] });
    new DatasetPipeline(
      dataset.name,
      {
        ...{ ...stack, dataset, imageUri, keyArn: given.keyArn ?? keyArn, pipelineRoleArn, compute: config, scripts },
        ...(inlineLimit === undefined ? {} : { inlineLimit }),
      },
      { dependsOn: [bucket, day, registrar] },
    );
  }
  return { bucket: bucket.bucket };
};
