import type { Dataset } from "./dataset";
import { imageUriOf, type FrameworkVersion } from "./pipeline/images";

/** The machines of one step. What is absent is the stack's (`Pulumi.yaml`). */
export interface Machine {
  /** Such as `ml.m5.xlarge`. */
  readonly instanceType?: string;
  /** 1 to 16,384, of each instance; encrypted. */
  readonly volumeSizeGiB?: number;
  /** 1 to 777,600 (nine days): a job that runs longer is stopped. */
  readonly maxRuntimeSeconds?: number;
}

/** {@link Machine} for a program that divides its work itself. */
export interface Cluster extends Machine {
  /** 1 to 100. */
  readonly instanceCount?: number;
}

/** A Python script in an image that has `python3`. */
export interface ScriptRun extends Machine {
  readonly kind: "script";
  /** URI in ECR, best by digest. Default: the stack's own image. */
  readonly image?: string;
}

/** A Python script in SageMaker's scikit-learn image. */
export interface SklearnRun extends Machine {
  readonly kind: "sklearn";
  readonly version: FrameworkVersion<"sklearn">;
}

/** A PySpark script in SageMaker's Spark image, on one or several instances. */
export interface PySparkRun extends Cluster {
  readonly kind: "pyspark";
  readonly version: FrameworkVersion<"spark">;
}

/** The program of an image. It gets `--process-date` as scripts do. */
export interface ProgramRun extends Machine {
  readonly kind: "program";
  /** URI in ECR, best by digest. Default: the stack's own image. */
  readonly image?: string;
  /** Program and first arguments. Default: the image's own; the stack's image has none. */
  readonly entrypoint?: readonly string[];
}

/** Where a step runs: SageMaker's ScriptProcessor, SKLearnProcessor, PySparkProcessor or Processor. */
export type StepProcessor = ScriptRun | SklearnRun | PySparkRun | ProgramRun;

/** The default of a step: its script in the stack's own image, on the stack's machines. */
export function script(options: Omit<ScriptRun, "kind"> = {}): ScriptRun {
  return { kind: "script", ...options };
}

/** SageMaker's scikit-learn image, which has pandas as well. */
export function sklearn(options: Omit<SklearnRun, "kind">): SklearnRun {
  return { kind: "sklearn", ...options };
}

/** SageMaker's Spark image, for data too big for one machine ([large data](../docs/large-data.md)). */
export function pySpark(options: Omit<PySparkRun, "kind">): PySparkRun {
  return { kind: "pyspark", ...options };
}

/** What an image itself runs, or another entry point of it. */
export function program(options: Omit<ProgramRun, "kind">): ProgramRun {
  return { kind: "program", ...options };
}

/** What a stack gives to steps that do not say otherwise. */
export type StackMachine = Required<Cluster>;

/** The steps of a dataset, as far as they say where they run. */
type Steps = Pick<Dataset, "steps">;
type Step = Dataset["steps"][number];

export function processorOf({ processor }: Pick<Step, "processor">): StepProcessor {
  return processor ?? script();
}

/** The machines of a step: its own word, else the stack's. */
export function machineOf(step: Pick<Step, "processor">, stack: StackMachine): StackMachine {
  const own: Cluster = processorOf(step);
  return {
    instanceType: own.instanceType ?? stack.instanceType,
    instanceCount: own.instanceCount ?? stack.instanceCount,
    volumeSizeGiB: own.volumeSizeGiB ?? stack.volumeSizeGiB,
    maxRuntimeSeconds: own.maxRuntimeSeconds ?? stack.maxRuntimeSeconds,
  };
}

/**
 * The image of a step that is not the stack's own: given, or SageMaker's in that region.
 *
 * @throws ContractError when SageMaker has no such image in the region
 */
export function foreignImageOf(step: Pick<Step, "name" | "processor">, region: string): string | undefined {
  const processor = processorOf(step);
  const subject = `step '${step.name}': SageMaker's image`;
  switch (processor.kind) {
    case "sklearn":
      return imageUriOf("sklearn", { region, frameworkVersion: processor.version }, subject);
    case "pyspark":
      return imageUriOf("spark", { region, frameworkVersion: processor.version }, subject);
    case "script":
    case "program":
      return processor.image;
  }
}

/** What the jobs of a stack need at most: what the role that starts them allows. */
export interface JobLimits {
  /** Sorted, each once. */
  readonly instanceTypes: readonly string[];
  readonly maxRuntimeSeconds: number;
}

/** The limits over all datasets. The stack's own machine is always among them: for a job that somebody adds by hand. */
export function jobLimitsOf(datasets: readonly Steps[], stack: StackMachine): JobLimits {
  const machines = [stack, ...datasets.flatMap(({ steps }) => steps.map((step) => machineOf(step, stack)))];
  return {
    instanceTypes: [...new Set(machines.map(({ instanceType }) => instanceType))].sort(),
    maxRuntimeSeconds: Math.max(...machines.map(({ maxRuntimeSeconds }) => maxRuntimeSeconds)),
  };
}

/** Instance types with local NVMe disks: SageMaker refuses a volume key there (ProcessingClusterConfig, API reference). */
const LOCAL_DISKS = /^ml\.(?:[a-z]+[0-9]+[a-z]*d[a-z]*|g4dn|g5|g6e?|p4d|p4de|p5|trn1n?)\./;

/** Whether jobs on an instance type encrypt their volume with the stack's key. Local disks are encrypted by the hardware. */
export function takesVolumeKey(instanceType: string): boolean {
  return !LOCAL_DISKS.test(instanceType);
}
