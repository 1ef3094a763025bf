import { foreignImageOf, machineOf, script, takesVolumeKey, type StackMachine } from "./compute";
import { isProgram, tagsOf, type Dataset, type Step } from "./dataset";
import { CONTAINER } from "./document";
import type { Runtime } from "./job";
import { jobNetwork } from "./network";
import type { ProcessingInput } from "./pipeline/processing";
import { processor, pySparkProcessor, scriptProcessor } from "./pipeline/processors";
import type { Program } from "./pipeline/steps";

/** What a job must be told of its stack. */
type JobRuntime = Pick<
  Runtime,
  "region" | "imageUri" | "jobRoleArn" | "kmsKeyArn" | "outputKmsKeyArn" | "network" | keyof StackMachine
>;

/**
 * What a step runs: image, machines, keys, network, and its script.
 *
 * @param codeUri where a script of the dataset lies
 * @returns `inputs` beside those that the step declares
 */
export function jobProgram(
  dataset: Dataset,
  step: Step,
  runtime: JobRuntime,
  codeUri: (script: string) => string,
): Program & { readonly inputs: readonly ProcessingInput[] } {
  const machine = machineOf(step, runtime);
  const options = {
    imageUri: foreignImageOf(step, runtime.region) ?? runtime.imageUri,
    roleArn: runtime.jobRoleArn,
    ...machine,
    ...(takesVolumeKey(machine.instanceType) ? { volumeKmsKey: runtime.kmsKeyArn } : {}),
    outputKmsKey: runtime.outputKmsKeyArn ?? runtime.kmsKeyArn,
    network: { ...jobNetwork(runtime.network), ...(machine.instanceCount > 1 ? { encryptTraffic: true } : {}) },
    tags: tagsOf(dataset),
  };
  if (isProgram(step)) {
    const { entrypoint } = step.processor;
    return {
      processor: processor({ ...options, ...(entrypoint === undefined ? {} : { entrypoint }) }),
      // The processor itself knows of no script: an input like any other, in the place where scripts are.
      inputs:
        step.script === undefined
          ? []
          : [{ name: "code", source: codeUri(step.script), localPath: CONTAINER.input("code") }],
    };
  }
  const code = codeUri(step.script);
  return (step.processor ?? script()).kind === "pyspark"
    ? { processor: pySparkProcessor(options), code, inputs: [] }
    : { processor: scriptProcessor({ ...options, command: ["python3"] }), code, inputs: [] };
}
