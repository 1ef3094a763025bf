import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import type { StackMachine } from "../contract/compute";
import type { Dataset } from "../contract/dataset";
import { datasetJson } from "../contract/document";
import { DATASET_FILE, datasetPipeline, helperFile, type Runtime } from "../contract/job";
import type { Names } from "../contract/names";
import { renderDefinition, type PipelineDefinition } from "../contract/pipeline/definition";
import { validateDefinition } from "../contract/pipeline/validate";
import { refuse } from "../contract/problems";
import { helperZip } from "../helpers/zip";

/**
 * From this many bytes of UTF-8 on, a definition goes to S3 and not into the request. The SageMaker Python SDK draws the
 * line there too (`workflow/pipeline.py`); the API itself takes ten times as much inline.
 *
 * A pipeline that crosses the line is replaced, which loses the history of its executions: the provider cannot change
 * the form in place. Upwards the engine must be told so, once: `pulumi up --replace '<URN of the pipeline>'`.
 */
export const INLINE_LIMIT = 100 * 1024;

export interface PipelinePlanArgs {
  readonly names: Names;
  readonly dataset: Dataset;
  readonly compute: StackMachine;
  /** Folder of the scripts. Default: `datasets/<name>/`. */
  readonly scripts?: string;
  /** Default {@link INLINE_LIMIT}. */
  readonly inlineLimit?: number;
}

/** A dataset's pipeline as far as it is known before anything is made, and checked. */
export interface PipelinePlan {
  readonly dataset: Dataset;
  /** What the jobs read. */
  readonly files: readonly CodeFile[];
  /** Whether the definition goes into the request; else into S3. */
  readonly inline: boolean;
  /** The definition as text. */
  readonly definition: (known: Pick<Runtime, "imageUri" | "kmsKeyArn">) => string;
}

export interface CodeFile {
  readonly file: string;
  /** A text, or the bytes of what is none. */
  readonly content: string | Uint8Array;
  /** Of the content: an unchanged file keeps its key, and a running execution the files it was started with. */
  readonly hash: string;
}

/**
 * Stands for what only an `up` knows, so that the declaration is checked before anything is made. As long as such a
 * value can be: a definition that is inline by its estimate is so when it is known.
 */
const UNKNOWN = { imageUri: "unknown".padEnd(255, "-"), kmsKeyArn: "unknown".padEnd(128, "-") };

/**
 * Reads a dataset's scripts and checks its pipeline. Made for every dataset before the first resource: an `up` that must
 * fail has then changed nothing.
 *
 * @throws ContractError for a missing script, and for what SageMaker would refuse at `up` or only when the pipeline runs
 */
export function pipelinePlan(args: PipelinePlanArgs): PipelinePlan {
  const { dataset, names } = args;
  const own = names.dataset(dataset.name);
  const files = codeFiles(dataset, args.scripts ?? path.resolve(__dirname, "../datasets", dataset.name));
  const runtime = {
    ...args.compute,
    bucket: names.bucket,
    region: names.region,
    network: names.network,
    database: names.database,
    jobRoleArn: own.jobRole.arn,
    jobNamePrefix: own.jobPrefix,
    ...(names.existing.bucketKeyArn === undefined ? {} : { outputKmsKeyArn: names.existing.bucketKeyArn }),
    dayFunctionArn: names.day.arn,
    registrarFunctionArn: names.registrar.arn,
    codeHashes: Object.fromEntries(files.map(({ file, hash }) => [file, hash])),
  };
  const estimate = datasetPipeline(dataset, { ...runtime, ...UNKNOWN });
  checkDefinition(dataset, estimate);
  return {
    dataset,
    files,
    // By the estimate alone: a preview must not choose otherwise than the `up` that follows it.
    inline: Buffer.byteLength(JSON.stringify(estimate)) < (args.inlineLimit ?? INLINE_LIMIT),
    definition: (known) => renderDefinition(datasetPipeline(dataset, { ...runtime, ...known })),
  };
}

function checkDefinition(dataset: Dataset, definition: PipelineDefinition): void {
  refuse(
    `pipeline of dataset '${dataset.name}'`,
    validateDefinition(definition).map(
      ({ pointer, rule, value, fix, source }) => `${pointer}: ${rule}, got ${value}; ${fix} (${source})`,
    ),
  );
}

function codeFiles(dataset: Dataset, folder: string): CodeFile[] {
  refuse(
    `scripts of dataset '${dataset.name}'`,
    dataset.steps
      .flatMap(({ name, script }) =>
        script === undefined || existsSync(path.join(folder, script)) ? [] : [{ name, script }],
      )
      .map(
        ({ name, script }) =>
          `step '${name}': there is no '${script}' in ${path.relative(process.cwd(), folder) || "."}; ` +
          `write it, or correct the step's script`,
      ),
  );
  const scripts = new Set(dataset.steps.flatMap(({ script }) => script ?? []));
  const sources = dataset.steps.flatMap((step) => Object.values(step.inputs));
  const helpers = new Set(sources.flatMap((source) => (source.kind === "helper" ? source.name : [])));
  return [
    ...[...scripts].map((file) => ({ file, content: readFileSync(path.join(folder, file), "utf8") })),
    { file: DATASET_FILE, content: datasetJson(dataset) },
    ...[...helpers].map((name) => ({ file: helperFile(name), content: helperZip(name) })),
  ].map(({ file, content }) => ({ file, content, hash: hashOf(content) }));
}

export function hashOf(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 16);
}
