import { imageUriOf, type Framework, type PrebuiltVersion } from "./images";
import type { Count, Value } from "./references";

/** Network of the containers. */
export type Network = {
  /** No network at all in the container. Default `false`. */
  readonly isolation?: boolean;
  /** Encrypts what containers of one job say to each other. Default: not set. */
  readonly encryptTraffic?: boolean;
} & (
  | {
      /** 1 to 16. Default: SageMaker's network, with access to the internet. */
      readonly subnets: readonly Value[];
      /** 1 to 5. Always together with subnets (VpcConfig, API reference). */
      readonly securityGroupIds: readonly Value[];
    }
  | { readonly subnets?: never; readonly securityGroupIds?: never }
);

/** The machines and rights of a job: what all processors have in common. */
export interface ProcessorOptions {
  /** Best by digest, at most 255 characters; built for linux/amd64. */
  readonly imageUri: Value;
  /** The role of the job, not of the pipeline. */
  readonly roleArn: Value;
  /** Such as `ml.m5.large`. */
  readonly instanceType: Value;
  /** 1 to 100. Each instance uploads its own output folder: equal file names overwrite each other. */
  readonly instanceCount: Count;
  /** 1 to 16,384. Default 30, as in the SageMaker SDK. */
  readonly volumeSizeGiB?: Count;
  /** Key of the volume. Default: SageMaker's own. */
  readonly volumeKmsKey?: Value;
  /** Key of the objects written to S3. Default: the bucket's. */
  readonly outputKmsKey?: Value;
  /** Default: not set, which SageMaker takes as 24 hours. At most 777,600 (nine days). */
  readonly maxRuntimeSeconds?: Count;
  /** At most 100 entries, 256 characters each. Everybody who may describe the pipeline reads them: no secrets. */
  readonly environment?: Readonly<Record<string, Value>>;
  readonly network?: Network;
  readonly tags?: Readonly<Record<string, string>>;
}

/** Runs a script from S3 by a command, like the SDK's `ScriptProcessor`. */
export interface ScriptProcessor extends ProcessorOptions {
  readonly kind: "script";
  /** What comes before the script: `["python3"]`. */
  readonly command: readonly string[];
}

/** Submits a script to Spark, like the SDK's `PySparkProcessor`. */
export interface PySparkProcessor extends ProcessorOptions {
  readonly kind: "pyspark";
}

/** Runs what the image itself runs, like the SDK's `Processor`. */
export interface ImageProcessor extends ProcessorOptions {
  readonly kind: "image";
  /** Default: the entry point of the image. */
  readonly entrypoint?: readonly Value[];
}

export type Processor = ScriptProcessor | PySparkProcessor | ImageProcessor;

export function scriptProcessor(options: Omit<ScriptProcessor, "kind">): ScriptProcessor {
  return { kind: "script", ...options };
}

export function processor(options: Omit<ImageProcessor, "kind">): ImageProcessor {
  return { kind: "image", ...options };
}

/** Without the image: the kinds below take it from SageMaker, unless one is given. */
type Machines = Omit<ProcessorOptions, "imageUri">;

type SklearnOptions = Machines & {
  /** Default `["python3"]`. */
  readonly command?: readonly string[];
} & ({ readonly imageUri: Value } | Pick<PrebuiltVersion, "region" | "frameworkVersion">);

type PySparkOptions = Machines & ({ readonly imageUri: Value } | PrebuiltVersion);

/**
 * SageMaker's scikit-learn image, which has pandas. Like the SDK's `SKLearnProcessor` it is a script processor.
 *
 * @throws ContractError when SageMaker has no such image in the region
 */
export function sklearnProcessor(options: SklearnOptions): ScriptProcessor {
  const { command = ["python3"], ...rest } = options;
  return { kind: "script", command, ...withImage("sklearn", rest) };
}

/**
 * SageMaker's Spark image, for data too big for one machine.
 *
 * @throws ContractError when SageMaker has no such image in the region
 */
export function pySparkProcessor(options: PySparkOptions): PySparkProcessor {
  return { kind: "pyspark", ...withImage("spark", options) };
}

function withImage(
  framework: Framework,
  options: Machines & ({ readonly imageUri: Value } | PrebuiltVersion),
): ProcessorOptions {
  if ("imageUri" in options) return options;
  const { region, frameworkVersion, build, ...machines } = options;
  return {
    ...machines,
    imageUri: imageUriOf(framework, { region, frameworkVersion, build }),
  };
}
