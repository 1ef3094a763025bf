import { createHash } from "node:crypto";
import { foreignImageOf, type StackMachine } from "./compute";
import { tableNameOf, type Dataset, type Step } from "./dataset";
import { NOT_GIVEN } from "./day";
import { CONTAINER, datasetDocument } from "./document";
import { dayOutput, PROCESS_DATE, stepDocument, upstreamDocument, upstreamOutput } from "./events";
import { dayKeysOf, type Helper, type InputSource, type Upstream } from "./inputs";
import { addresses, pathParts } from "./layout";
import { jobProgram } from "./jobProcessor";
import type { Network } from "./network";
import { pipelineDefinition, type PipelineDefinition } from "./pipeline/definition";
import { execution, join, parameter, type Value } from "./pipeline/references";
import { lambdaStep, processingStep } from "./pipeline/steps";
import { registrationOf } from "./registration";

/** What a dataset's pipeline must be told of its stack. */
export interface Runtime extends StackMachine {
  readonly bucket: string;
  readonly database: string;
  readonly region: string;
  /** The stack's own image. */
  readonly imageUri: string;
  readonly jobRoleArn: string;
  /** Every job is named `<prefix>-<execution>-…`: what IAM scopes. */
  readonly jobNamePrefix: string;
  readonly kmsKeyArn: string;
  /** Key of the output in a bucket that has another one. Default {@link kmsKeyArn}. */
  readonly outputKmsKeyArn?: string;
  /** Default: isolated. */
  readonly network?: Network;
  readonly dayFunctionArn: string;
  readonly registrarFunctionArn: string;
  /** Hash of the content of each file that the jobs read: the scripts, and `dataset.json`. */
  readonly codeHashes: Readonly<Record<string, string>>;
}

/** Name of `dataset.json` among the files of a job. */
export const DATASET_FILE = "dataset.json";

/** Name of a helper's package among the files of a job. */
export function helperFile(name: Helper): string {
  return `${name}.zip`;
}

/**
 * The pipeline of a dataset: the day, the scripts in order, the registration. Each script reads what the one before it
 * wrote by reference, never by a repeated address.
 */
export function datasetPipeline(dataset: Dataset, runtime: Runtime): PipelineDefinition {
  const at = addresses(dataset, runtime.bucket);
  const document = stepDocument(datasetDocument(dataset));
  const processDate = parameter.string("ProcessDate", { default: NOT_GIVEN });
  const scheduledTime = parameter.string("ScheduledTime", { default: NOT_GIVEN });
  const dayOffset = parameter.string("DayOffset", { default: "0" });
  const dateKeys = dataset.partitionKeys.filter((key) => key.kind === "date").map((key) => key.name);

  const upstream = upstreamOf(dataset);
  const upstreamOutputs = upstream.flatMap(({ name, partitionKeys }) =>
    dayKeysOf(partitionKeys).map((key) => upstreamOutput(name, key.name)),
  );

  const day = lambdaStep("day_step", {
    functionArn: runtime.dayFunctionArn,
    inputs: {
      dataset: document,
      ...(upstream.length > 0 ? { upstream: upstreamDocument(upstream) } : {}),
      processDate: processDate.ref,
      scheduledTime: scheduledTime.ref,
      dayOffset: dayOffset.ref,
      startedAt: execution.startDateTime,
    },
    outputs: Object.fromEntries(
      [PROCESS_DATE, ...dateKeys.map(dayOutput), ...upstreamOutputs].map((name) => [name, "String" as const]),
    ),
  });

  const codeUri = (file: string): string => at.codeUri(hashOf(runtime, file), file);
  const steps = new Map<string, ReturnType<typeof processingStep>>();
  const sourceOf = (source: InputSource): Value => {
    switch (source.kind) {
      case "raw":
        return at.raw;
      case "folder":
        return at.folder(source.folder);
      case "helper":
        return codeUri(helperFile(source.name));
      case "output":
        return stepNamed(steps, source.step).output(source.output);
      case "dataset": {
        const { output } = addresses(source.dataset, runtime.bucket);
        const keys = dayKeysOf(source.dataset.partitionKeys);
        const valueOf = (key: string): Value => day.output(upstreamOutput(source.dataset.name, key));
        return source.partitions === "all" ? output : join("", [output, ...pathParts(keys, valueOf)]);
      }
    }
  };
  for (const step of dataset.steps) {
    const { inputs, ...program } = jobProgram(dataset, step, runtime, codeUri);
    steps.set(
      step.name,
      processingStep(step.name, {
        ...program,
        arguments: ["--process-date", day.output(PROCESS_DATE)],
        inputs: [
          ...Object.entries(step.inputs).map(([name, source]) => ({
            name,
            source: sourceOf(source),
            localPath: CONTAINER.input(name),
          })),
          { name: "dataset", source: codeUri(DATASET_FILE), localPath: CONTAINER.input("dataset") },
          ...inputs,
        ],
        outputs: Object.entries(step.outputs).map(([name, target]) => ({
          name,
          destination: target === "table" ? at.output : executionFolder(at.execution, step, name),
          localPath: CONTAINER.output,
        })),
        jobNamePrefix: runtime.jobNamePrefix,
      }),
    );
  }

  const registration = registrationOf(dataset);
  const registers = registration.strategy !== "projection" && dataset.partitionKeys.length > 0;
  // Without values the registrar looks at the whole table.
  const ownKeys = registration.strategy === "registered" && registration.looksAt === "run" ? dateKeys : [];
  const register = lambdaStep("register_step", {
    functionArn: runtime.registrarFunctionArn,
    inputs: {
      dataset: document,
      database: runtime.database,
      table: tableNameOf(dataset),
      execution: execution.pipelineExecutionArn,
      definition: definitionHash(document, runtime),
      image: imageOfTable(dataset, runtime),
      startedAt: execution.startDateTime,
      processDate: day.output(PROCESS_DATE),
      ...(registration.strategy === "athena-repair"
        ? { workgroup: registration.workgroup, repairResults: at.repairResults }
        : {}),
      ...Object.fromEntries(ownKeys.map((key) => [dayOutput(key), day.output(dayOutput(key))])),
    },
    outputs: { requested: "Integer", created: "Integer", updated: "Integer", same: "Integer", elsewhere: "Integer" },
    dependsOn: dataset.steps.map((step) => step.name),
  });
  return pipelineDefinition({
    parameters: [processDate, scheduledTime, dayOffset],
    steps: [day, ...steps.values(), ...(registers ? [register] : [])],
  });
}

/** What a partition was made by: the declaration, and every file that the jobs read. */
function definitionHash(document: string, { codeHashes }: Runtime): string {
  const files = Object.entries(codeHashes).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([document, files]))
    .digest("hex")
    .slice(0, 16);
}

/** The image that the table's files are written in. */
function imageOfTable({ steps }: Dataset, { region, imageUri }: Runtime): string {
  const writer = steps.find(({ outputs }) => Object.values(outputs).includes("table"));
  return (writer && foreignImageOf(writer, region)) ?? imageUri;
}

/** The datasets of which a run reads its own day. */
function upstreamOf({ steps }: Dataset): Upstream[] {
  const sources = steps.flatMap((step) => Object.values(step.inputs));
  const read = sources.flatMap((source) =>
    source.kind === "dataset" && source.partitions === "run" ? [source.dataset] : [],
  );
  return [...new Map(read.map((dataset) => [dataset.name, dataset])).values()];
}

/** Two executions at the same time must not read each other's files: the folder carries the execution's id. */
function executionFolder(parent: string, step: Step, output: string): Value {
  return join("/", [parent.replace(/\/$/, ""), execution.pipelineExecutionId, step.name, output]);
}

function hashOf(runtime: Runtime, file: string): string {
  const hash = runtime.codeHashes[file];
  if (hash === undefined)
    throw new Error(`no content hash for '${file}'; got ${Object.keys(runtime.codeHashes).join(", ")}`);
  return hash;
}

function stepNamed<Step>(steps: ReadonlyMap<string, Step>, name: string): Step {
  const step = steps.get(name);
  if (!step) throw new Error(`step '${name}' does not come earlier in the pipeline`);
  return step;
}
