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

/** Inputs and outputs of every processing step, also of those in the branches of conditions; none of broken JSON. */
export function portsOf(text: string): Ports {
  const definition = parse(text);
  const steps = isRecord(definition) ? stepsOf(definition["Steps"]) : [];
  return {
    inputs: steps.flatMap((step) => ports(step, "input")),
    outputs: steps.flatMap((step) => ports(step, "output")),
  };
}

type Json = Readonly<Record<string, unknown>>;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function records(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function child(value: Json, key: string): Json {
  const found = value[key];
  return isRecord(found) ? found : {};
}

function stepsOf(value: unknown): Json[] {
  return records(value).flatMap((step) => {
    const branches = child(step, "Arguments");
    switch (step["Type"]) {
      case "Processing":
        return [step];
      case "Condition":
        return [...stepsOf(branches["IfSteps"]), ...stepsOf(branches["ElseSteps"])];
      default:
        return [];
    }
  });
}

function ports(step: Json, kind: "input" | "output"): Port[] {
  const job = child(step, "Arguments");
  const list = kind === "input" ? job["ProcessingInputs"] : child(job, "ProcessingOutputConfig")["Outputs"];
  return records(list).map((port) => {
    const name = port[kind === "input" ? "InputName" : "OutputName"];
    const s3 = child(port, kind === "input" ? "S3Input" : "S3Output");
    return {
      where: `step '${textOf(step["Name"])}', ${kind} '${textOf(name)}'`,
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
