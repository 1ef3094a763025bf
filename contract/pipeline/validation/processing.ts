import { isObject, type JsonObject } from "../json";
import { at, repetitions, SOURCES, type Findings } from "./problem";
import { PROCESSING_JOB } from "./processingJob";
import { checkShape, type Structure } from "./shape";
import { knownText } from "./values";

/** SageMaker makes the name of the job; what is given is only its beginning. */
const REQUEST: Structure = {
  ...PROCESSING_JOB,
  required: (PROCESSING_JOB.required ?? []).filter((name) => name !== "ProcessingJobName"),
};

/** Checks a Processing step: its request as the API does, and what the API can only say when the job starts. */
export function checkProcessing(step: Record<string, unknown>, pointer: string, found: Findings): void {
  const place = at(pointer, "Arguments");
  checkShape(step["Arguments"], REQUEST, place, found);
  const { inputs, outputs } = filesOf(step["Arguments"]);
  checkCluster(step["Arguments"], place, found);
  const inputsAt = at(place, "ProcessingInputs");
  const outputsAt = at(place, "ProcessingOutputConfig", "Outputs");
  checkNames(inputs, "InputName", inputsAt, found);
  checkNames(outputs, "OutputName", outputsAt, found);
  inputs.forEach((input, index) => checkInput(input, at(inputsAt, index), found));
  outputs.forEach((output, index) => checkOutput(output, at(outputsAt, index), found));
  checkPropertyFiles(step["PropertyFiles"], outputNames(step["Arguments"]), at(pointer, "PropertyFiles"), found);
}

/** The names of the outputs of a Processing step. */
export function outputNames(request: unknown): string[] {
  return filesOf(request)
    .outputs.map((output) => (isObject(output) ? output["OutputName"] : undefined))
    .filter((name) => typeof name === "string");
}

/** The inputs and outputs of a request, as far as they are there. */
function filesOf(request: unknown): { readonly inputs: readonly unknown[]; readonly outputs: readonly unknown[] } {
  const members = isObject(request) ? request : {};
  const config = members["ProcessingOutputConfig"];
  return { inputs: list(members["ProcessingInputs"]), outputs: list(isObject(config) ? config["Outputs"] : []) };
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The API takes one type or a list of preferences, and needs one of them. */
function checkCluster(request: unknown, pointer: string, found: Findings): void {
  const resources = isObject(request) ? request["ProcessingResources"] : undefined;
  const cluster = isObject(resources) ? resources["ClusterConfig"] : undefined;
  if (!isObject(cluster) || "InstancePreferences" in cluster) return;
  const place = at(pointer, "ProcessingResources", "ClusterConfig");
  for (const name of ["InstanceType", "InstanceCount"])
    if (!(name in cluster)) found.add(place, `${name} must be given`, cluster, `add ${name}`, SOURCES.job);
}

function checkNames(items: readonly unknown[], member: string, pointer: string, found: Findings): void {
  const names = items.map((item) => (isObject(item) ? item[member] : undefined));
  for (const { index, value } of repetitions(names))
    found.add(at(pointer, index, member), `each ${member} once in a step`, value, "rename one of them", SOURCES.job);
}

function checkInput(input: unknown, pointer: string, found: Findings): void {
  if (!isObject(input)) return;
  const { S3Input: s3, DatasetDefinition: dataset, AppManaged: appManaged } = input;
  if (s3 === undefined && dataset === undefined)
    found.add(
      pointer,
      "S3Input or DatasetDefinition must be given",
      input,
      "say where the files come from",
      SOURCES.job,
    );
  if (isObject(s3)) {
    const place = at(pointer, "S3Input");
    if (!("LocalPath" in s3) && appManaged !== true)
      found.add(place, "LocalPath must be given", s3, "add the folder of the container", SOURCES.job);
    if (s3["S3CompressionType"] === "Gzip" && s3["S3InputMode"] !== "Pipe")
      found.add(place, "Gzip only in the input mode Pipe", s3, "use S3CompressionType None", SOURCES.sdk);
    checkLocalPath(s3, place, found);
  }
  if (isObject(dataset)) checkLocalPath(dataset, at(pointer, "DatasetDefinition"), found);
}

function checkOutput(output: unknown, pointer: string, found: Findings): void {
  if (!isObject(output)) return;
  const { S3Output: s3, FeatureStoreOutput: featureStore } = output;
  if (s3 === undefined && featureStore === undefined)
    found.add(pointer, "S3Output or FeatureStoreOutput must be given", output, "say where the files go", SOURCES.job);
  if (isObject(s3)) checkLocalPath(s3, at(pointer, "S3Output"), found);
}

const ROOT = "/opt/ml/processing";

function checkLocalPath(holder: JsonObject | Record<string, unknown>, pointer: string, found: Findings): void {
  const path = knownText(holder["LocalPath"]);
  if (!path?.complete) return;
  const inside = path.text === ROOT || path.text.startsWith(`${ROOT}/`);
  if (inside && !path.text.split("/").includes("..")) return;
  found.add(at(pointer, "LocalPath"), `a path below ${ROOT}`, path.text, `write ${ROOT}/…`, SOURCES.container);
}

/** A property file is a JSON file in an output, which a condition reads. */
function checkPropertyFiles(files: unknown, outputs: readonly string[], pointer: string, found: Findings): void {
  list(files).forEach((file, index) => {
    const output = isObject(file) ? file["OutputName"] : undefined;
    if (typeof output === "string" && outputs.includes(output)) return;
    const fix = `use one of: ${outputs.join(", ") || "the step has no outputs"}`;
    found.add(at(pointer, index, "OutputName"), "an output of the step", output, fix, SOURCES.sdk);
  });
}
