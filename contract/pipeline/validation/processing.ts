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
  checkImage(step["Arguments"], at(place, "AppSpecification", "ImageUri"), found);
  const inputsAt = at(place, "ProcessingInputs");
  const outputsAt = at(place, "ProcessingOutputConfig", "Outputs");
  checkNames(inputs, "InputName", inputsAt, found);
  checkNames(outputs, "OutputName", outputsAt, found);
  inputs.forEach((input, index) => checkInput(input, at(inputsAt, index), found));
  outputs.forEach((output, index) => checkOutput(output, at(outputsAt, index), found));
  checkTags(list(isObject(step["Arguments"]) ? step["Arguments"]["Tags"] : []), at(place, "Tags"), found);
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

/** The API takes one type or a list of preferences, and needs one of them; without a count it takes one instance. */
function checkCluster(request: unknown, pointer: string, found: Findings): void {
  const resources = isObject(request) ? request["ProcessingResources"] : undefined;
  const cluster = isObject(resources) ? resources["ClusterConfig"] : undefined;
  if (!isObject(cluster)) return;
  const place = at(pointer, "ProcessingResources", "ClusterConfig");
  const [type, preferences] = ["InstanceType" in cluster, "InstancePreferences" in cluster];
  if (!type && !preferences)
    found.add(place, "InstanceType must be given", cluster, "add InstanceType, such as ml.m5.large", SOURCES.job);
  if (type && preferences)
    found.add(place, "either InstanceType or InstancePreferences", cluster, "leave one of them out", SOURCES.job);
  for (const name of ["SelectedInstanceType", "SelectedInstanceCount"])
    if (name in cluster)
      found.add(
        at(place, name),
        "not in a request: SageMaker says it afterwards",
        cluster[name],
        "remove it",
        SOURCES.job,
      );
}

function checkImage(request: unknown, pointer: string, found: Findings): void {
  const application = isObject(request) ? request["AppSpecification"] : undefined;
  const image = knownText(isObject(application) ? application["ImageUri"] : undefined);
  if (image?.complete && image.text.trim() === "")
    found.add(
      pointer,
      "the URI of an image",
      image.text,
      "write <registry>/<repository>:<tag> or @<digest>",
      SOURCES.job,
    );
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
  const { S3Output: s3, FeatureStoreOutput: featureStore, AppManaged: appManaged } = output;
  if (s3 === undefined && featureStore === undefined)
    found.add(pointer, "S3Output or FeatureStoreOutput must be given", output, "say where the files go", SOURCES.job);
  if (featureStore !== undefined && appManaged !== true)
    found.add(pointer, "a FeatureStoreOutput is AppManaged", appManaged, "set AppManaged to true", SOURCES.job);
  if (!isObject(s3)) return;
  const place = at(pointer, "S3Output");
  if (!("LocalPath" in s3) && appManaged !== true)
    found.add(place, "LocalPath must be given", s3, "add the folder of the container", SOURCES.container);
  checkLocalPath(s3, place, found);
}

const ROOT = "/opt/ml/processing/";

function checkLocalPath(holder: JsonObject | Record<string, unknown>, pointer: string, found: Findings): void {
  const path = knownText(holder["LocalPath"]);
  if (!path) return;
  // Of a path that is partly unknown, what is known must at least agree.
  const inside = path.text.startsWith(ROOT) || (!path.complete && ROOT.startsWith(path.start));
  const folders = path.text.slice(ROOT.length).replace(/\/$/, "").split("/");
  if (inside && (!path.text.startsWith(ROOT) || !folders.some((folder) => ["", ".", ".."].includes(folder)))) return;
  const place = at(pointer, "LocalPath");
  found.add(place, `a folder below ${ROOT}`, holder["LocalPath"], `write ${ROOT}<folder>`, SOURCES.container);
}

/** A property file is a JSON file in an output, which a condition reads. */
function checkPropertyFiles(files: unknown, outputs: readonly string[], pointer: string, found: Findings): void {
  if (files === undefined) return;
  if (!Array.isArray(files))
    return found.add(pointer, "a list of property files", files, "write it in [ ]", SOURCES.sdk);
  files.forEach((file: unknown, index) => {
    const members = isObject(file) ? file : {};
    for (const name of ["PropertyFileName", "FilePath"])
      if (typeof members[name] !== "string" || members[name] === "")
        found.add(at(pointer, index, name), `${name} must be given`, members[name], `add ${name}`, SOURCES.sdk);
    const output = members["OutputName"];
    if (typeof output === "string" && outputs.includes(output)) return;
    const fix = `use one of: ${outputs.join(", ") || "the step has no outputs"}`;
    found.add(at(pointer, index, "OutputName"), "an output of the step", output, fix, SOURCES.sdk);
  });
  checkNames(files, "PropertyFileName", pointer, found);
}

/** AWS takes each key once, and keeps those that begin with `aws:` for itself. */
function checkTags(tags: readonly unknown[], pointer: string, found: Findings): void {
  checkNames(tags, "Key", pointer, found);
  tags.forEach((tag, index) => {
    const key = isObject(tag) ? tag["Key"] : undefined;
    if (typeof key === "string" && /^aws:/i.test(key))
      found.add(at(pointer, index, "Key"), "no key that begins with aws:", key, "rename the tag", SOURCES.job);
  });
}
