import { serdeOf, tableParametersOf } from "../../contract/csv";
import { datasetJson } from "../../contract/document";
import { datasetPipeline, type Runtime } from "../../contract/job";
import { addresses } from "../../contract/layout";
import { renderDefinition } from "../../contract/pipeline/definition";
import { validateDefinition } from "../../contract/pipeline/validate";
import { generated } from "./datasets";

const RUNTIME: Runtime = {
  bucket: "test-partitions-test-data",
  database: "partitions_test",
  region: "ap-northeast-1",
  imageUri: `123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/partitions-test-processing@sha256:${"0".repeat(64)}`,
  jobRoleArn: "arn:aws:iam::123456789012:role/partitions-test/partitions-test-features-job",
  jobNamePrefix: "partitions-test-features",
  kmsKeyArn: "arn:aws:kms:ap-northeast-1:123456789012:key/00000000-0000-0000-0000-000000000000",
  ...{ instanceType: "ml.t3.medium", instanceCount: 1, volumeSizeGiB: 30, maxRuntimeSeconds: 3600 },
  dayFunctionArn: "arn:aws:lambda:ap-northeast-1:123456789012:function:partitions-test-day",
  registrarFunctionArn: "arn:aws:lambda:ap-northeast-1:123456789012:function:partitions-test-registrar",
  codeHashes: { "extract.py": "0".repeat(16), "transform.py": "0".repeat(16), "dataset.json": "0".repeat(16) },
};

/**
 * Declares, derives and validates datasets, without anything of Pulumi or AWS.
 *
 * @returns milliseconds of each part; the definitions' characters prove that there was work
 */
export function derive(count: number): Record<"declareMs" | "deriveMs" | "validateMs" | "characters", number> {
  const spent = { declareMs: 0, deriveMs: 0, validateMs: 0, characters: 0 };
  const timed = <T>(part: "declareMs" | "deriveMs" | "validateMs", work: () => T): T => {
    const start = performance.now();
    const result = work();
    spent[part] += performance.now() - start;
    return result;
  };
  const datasets = timed("declareMs", () => generated(count));
  for (const dataset of datasets) {
    const definition = timed("deriveMs", () => {
      spent.characters += JSON.stringify([serdeOf(dataset.format), tableParametersOf(dataset.format)]).length;
      spent.characters += datasetJson(dataset).length + addresses(dataset, RUNTIME.bucket).output.length;
      const derived = datasetPipeline(dataset, RUNTIME);
      spent.characters += renderDefinition(derived).length;
      return derived;
    });
    const problems = timed("validateMs", () => validateDefinition(definition));
    if (problems.length > 0) throw new Error(JSON.stringify(problems));
  }
  return spent;
}
