import { depthProblems } from "../contract/pipeline/validate";
import { kept } from "./keep";
import { isRecord } from "./locations";

/** One input or output of a processing step. Fields are what the definition says: text, or a reference with its default, or nothing. */
export interface Port {
  /** `step 'extract', output 'table'`: for messages. */
  readonly where: string;
  /** Whether SageMaker itself finds the place of the data (Feature Store, Athena): then it needs no path. */
  readonly appManaged: boolean;
  readonly localPath: unknown;
  readonly s3Uri: unknown;
  readonly uploadMode: unknown;
}

export interface Ports {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

/** Why a pipeline definition cannot be read, or `undefined` when it can. */
export function definitionProblem(text: string): string | undefined {
  const parsed = parse(text);
  if (!isRecord(parsed)) return "is not a JSON object";
  return Array.isArray(parsed["Steps"]) ? undefined : "has no list of Steps";
}

/** One step that is a processing job. */
export interface Job {
  /** `step 'extract'`: for messages. */
  readonly where: string;
  /** The CreateProcessingJob request, with the defaults of parameters beside the references to them. */
  readonly request: Json;
}

/** One Lambda step. */
export interface Call {
  /** `step 'register'`: for messages. */
  readonly where: string;
  readonly functionArn: unknown;
  readonly given: Json;
}

/** Inputs and outputs of every processing job, also of those in the branches of conditions; none of broken JSON. */
export function portsOf(text: string): Ports {
  const ports = jobsOf(text).map(portsOfJob);
  return { inputs: ports.flatMap(({ inputs }) => inputs), outputs: ports.flatMap(({ outputs }) => outputs) };
}

/** Types of steps that are processing jobs: the checks of data and models run prebuilt images. */
const JOBS = ["Processing", "QualityCheck", "ClarifyCheck"];

/** Every processing job, also of branches; none of broken JSON. */
export function jobsOf(text: string): Job[] {
  return stepsOfType(text, ...JOBS).map((step) => ({ where: whereOf(step), request: child(step, "Arguments") }));
}

/** Inputs and outputs of one processing job. */
export function portsOfJob(job: Job): Ports {
  return { inputs: ports(job, "input"), outputs: ports(job, "output") };
}

/** Every Lambda step, also of branches; none of broken JSON. */
export function callsOf(text: string): Call[] {
  return stepsOfType(text, "Lambda").map((step) => ({
    where: whereOf(step),
    functionArn: step["FunctionArn"],
    given: child(step, "Arguments"),
  }));
}

/** Names of the pipeline's parameters. */
export function parametersOf(text: string): string[] {
  const definition = parse(text);
  return isRecord(definition) ? records(definition["Parameters"]).map((each) => textOf(each["Name"])) : [];
}

/** A value, or the default of the parameter that it refers to, where that has one. */
export function byDefault(value: unknown): unknown {
  return isRecord(value) && "Default" in value ? value["Default"] : value;
}

export type Json = Readonly<Record<string, unknown>>;

/** The parsed text, which nobody may change; `undefined` for broken JSON. */
export const parse: (text: string) => unknown = kept(500, (text) => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
});

/** The objects of a list. */
export function records(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** A member that is an object; an empty one otherwise. */
export function child(value: Json, key: string): Json {
  const found = value[key];
  return isRecord(found) ? found : {};
}

function stepsOfType(text: string, ...types: readonly string[]): Json[] {
  return stepsOf(stepsIn(text)).filter((step) => types.includes(textOf(step["Type"])));
}

/** `{"Get": "Parameters.Out"}` becomes `{"Get": …, "Default": "s3://…"}`: what a run does unless it is told otherwise. */
const stepsIn: (text: string) => unknown = kept(500, (text) => {
  const definition = parse(text);
  // Nothing goes so deep; the rule of validity says so.
  if (!isRecord(definition) || depthProblems(definition).length > 0) return null;
  const defaults = new Map(
    records(definition["Parameters"]).map((each) => [`Parameters.${textOf(each["Name"])}`, each["DefaultValue"]]),
  );
  const filled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(filled);
    if (!isRecord(value)) return value;
    const { Get: path } = value;
    const found = typeof path === "string" ? defaults.get(path) : undefined;
    if (found !== undefined) return { Get: path, Default: found };
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, filled(member)]));
  };
  return filled(definition["Steps"]);
});

function stepsOf(value: unknown): Json[] {
  return records(value).flatMap((step) => {
    const branches = child(step, "Arguments");
    return step["Type"] === "Condition" ? [...stepsOf(branches["IfSteps"]), ...stepsOf(branches["ElseSteps"])] : [step];
  });
}

const whereOf = (step: Json): string => (step["Name"] ? `step '${textOf(step["Name"])}'` : "a step without name");

function ports({ where, request }: Job, kind: "input" | "output"): Port[] {
  const list = kind === "input" ? request["ProcessingInputs"] : child(request, "ProcessingOutputConfig")["Outputs"];
  return records(list).map((port) => {
    const name = port[kind === "input" ? "InputName" : "OutputName"];
    const s3 = child(port, kind === "input" ? "S3Input" : "S3Output");
    return {
      where: `${where}, ${kind} '${textOf(name)}'`,
      appManaged: port["AppManaged"] === true,
      localPath: s3["LocalPath"] ?? child(port, "DatasetDefinition")["LocalPath"],
      s3Uri: s3["S3Uri"],
      uploadMode: s3["S3UploadMode"],
    };
  });
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
