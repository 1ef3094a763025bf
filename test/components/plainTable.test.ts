import { deepEqual, equal, ok } from "node:assert/strict";
import { jobPolicy } from "../../components/permissions/job";
import { PartitionedDataset } from "../../components/dataset";
import { pipelinePlan } from "../../components/pipelinePlan";
import { partitionedTable } from "../../components/table";
import type { Dataset } from "../../contract/dataset";
import { features } from "../../datasets/features/dataset";
import { rules } from "../../policy/rules";
import { judge } from "../support/policy";
import { names, part, partsOf, stack } from "./component";

const plain: Dataset = { ...features, partitionKeys: [] };
const table = (dataset: Dataset) => partsOf((opts) => partitionedTable("features", { ...stack, dataset }, opts));
const pipeline = (dataset: Dataset) => {
  const compute = { instanceType: "ml.t3.medium", instanceCount: 1, volumeSizeGiB: 30, maxRuntimeSeconds: 3600 };
  const known = {
    imageUri: "image-uri",
    keyArn: "key-arn",
    pipelineRoleArn: "role-arn",
    after: { storage: [], functions: [], schedules: [] },
  };
  const plan = pipelinePlan({ names, dataset, compute });
  return partsOf((opts) => new PartitionedDataset("features", { ...stack, ...known, plan }, opts));
};

/** What is said on the terminal while something is done. */
async function warningsOf(work: () => Promise<unknown>): Promise<string[]> {
  const { warn } = console;
  const said: string[] = [];
  console.warn = (text: unknown) => said.push(String(text));
  try {
    await work();
  } finally {
    console.warn = warn;
  }
  return said;
}

describe("a table without partition keys", () => {
  it("is made like every other, with one warning that names it", async () => {
    let keys: unknown;
    const said = await warningsOf(async () => (keys = part(await table(plain), "features-table").inputs.partitionKeys));
    deepEqual(keys, []);
    equal(said.length, 1, said.join("\n"));
    ok(said[0]?.includes("dataset 'features' has no partition key"), said[0]);
  });

  it("is warned about when somebody else makes it, too; a table with keys is not", async () => {
    equal((await warningsOf(() => table({ ...plain, table: { existing: true } }))).length, 1);
    deepEqual(await warningsOf(() => table(features)), []);
  });

  it("has a pipeline that ends with the scripts: there is nothing to register", async () => {
    const { pipelineDefinition } = part(await pipeline(plain), "features-pipeline").inputs;
    const { Steps: steps } = JSON.parse(String(pipelineDefinition)) as { Steps: { Name: string }[] };
    deepEqual(
      steps.map(({ Name }) => Name),
      ["day_step", "extract_step", "transform_step"],
    );
  });

  it("has jobs that may do what all may", () => {
    deepEqual(jobPolicy(names, plain), jobPolicy(names, features));
  });

  it("breaks no rule of the policy pack; one advises against it", async () => {
    const resources = (await pipeline(plain)).map(({ type, name, inputs }) => ({ type, name, props: inputs }));
    const broken = rules.filter((rule) => judge(rule, resources).violations.length > 0);
    deepEqual(
      broken.map(({ name, enforcementLevel }) => [name, enforcementLevel]),
      [["aws-glue-table-declare-partition-keys", "advisory"]],
    );
  });
});
