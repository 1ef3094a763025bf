import { kept } from "./keep";
import { isRecord } from "./locations";

/** One input or output of a processing step. Fields are what the definition says: text, or a reference, or nothing. */
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

/** One processing step. */
export interface Job {
  /** `step 'extract'`: for messages. */
  readonly where: string;
  /** The CreateProcessingJob request. */
  readonly request: Json;
}

/** One Lambda step. */
export interface Call {
  /** `step 'register'`: for messages. */
  readonly where: string;
  readonly functionArn: unknown;
  readonly given: Json;
}

/** Inputs and outputs of every processing step, also of those in the branches of conditions; none of broken JSON. */
export function portsOf(text: string): Ports {
  const steps = stepsOfType(text, "Processing");
  return {
    inputs: steps.flatMap((step) => ports(step, "input")),
    outputs: steps.flatMap((step) => ports(step, "output")),
  };
}

/** Every processing step, also of branches; none of broken JSON. */
export function jobsOf(text: string): Job[] {
  return stepsOfType(text, "Processing").map((step) => ({ where: whereOf(step), request: child(step, "Arguments") }));
}

/** Inputs and outputs of one processing step. */
export function portsOfJob({ where, request }: Job): Ports {
  const step = { Name: where.slice("step '".length, -1), Arguments: request };
  return { inputs: ports(step, "input"), outputs: ports(step, "output") };
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
  return parameters(text).map((parameter) => textOf(parameter["Name"]));
}

/** A value, or the default of the parameter that it refers to. */
export function byDefault(text: string, value: unknown): unknown {
  const path = isRecord(value) ? value["Get"] : undefined;
  const name = typeof path === "string" ? /^Parameters\.(.+)$/.exec(path)?.[1] : undefined;
  return name === undefined ? value : parameters(text).find((each) => each["Name"] === name)?.["DefaultValue"];
}

function parameters(text: string): Json[] {
  const definition = parse(text);
  return isRecord(definition) ? records(definition["Parameters"]) : [];
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

function stepsOfType(text: string, type: string): Json[] {
  const definition = parse(text);
  return isRecord(definition) ? stepsOf(definition["Steps"]).filter((step) => step["Type"] === type) : [];
}

function stepsOf(value: unknown): Json[] {
  return records(value).flatMap((step) => {
    const branches = child(step, "Arguments");
    return step["Type"] === "Condition" ? [...stepsOf(branches["IfSteps"]), ...stepsOf(branches["ElseSteps"])] : [step];
  });
}

const whereOf = (step: Json): string => `step '${textOf(step["Name"])}'`;

function ports(step: Json, kind: "input" | "output"): Port[] {
  const job = child(step, "Arguments");
  const list = kind === "input" ? job["ProcessingInputs"] : child(job, "ProcessingOutputConfig")["Outputs"];
  return records(list).map((port) => {
    const name = port[kind === "input" ? "InputName" : "OutputName"];
    const s3 = child(port, kind === "input" ? "S3Input" : "S3Output");
    return {
      where: `${whereOf(step)}, ${kind} '${textOf(name)}'`,
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
