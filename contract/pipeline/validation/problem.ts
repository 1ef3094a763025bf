/** One thing that is wrong with a pipeline definition, told so that a stranger can repair it. */
export interface Problem {
  /** Where: a JSON pointer (RFC 6901), `""` for the whole. */
  readonly pointer: string;
  /** What must hold. */
  readonly rule: string;
  /** What was found there instead, as JSON; long values are cut, secrets are masked. */
  readonly value: string;
  /** What to do. */
  readonly fix: string;
  /** Who says so. */
  readonly source: string;
}

/** Sources, each named in one way. */
export const SOURCES = {
  job: "SageMaker API, CreateProcessingJob",
  pipeline: "SageMaker API, CreatePipeline",
  start: "SageMaker API, StartPipelineExecution",
  step: "SageMaker API, PipelineExecutionStep",
  schema: "SageMaker pipeline definition JSON schema 2020-12-01",
  steps: "SageMaker developer guide, Pipelines steps",
  cache: "SageMaker developer guide, Caching pipeline steps",
  retry: "SageMaker developer guide, Retry policy for pipeline steps",
  container: "SageMaker developer guide, Build your own processing container",
  sdk: "SageMaker Python SDK 2.257",
  visible: "SageMaker API, DescribePipeline: whoever may call it reads the whole definition",
} as const;

const MAX_VALUE = 160;

/** Collects problems. */
export class Findings {
  readonly problems: Problem[] = [];
  /** The parameters that are declared: name → type. */
  readonly parameterTypes = new Map<string, string>();

  /** `value` is what was found; it is rendered as JSON. */
  add(pointer: string, rule: string, value: unknown, fix: string, source: string): void {
    const text = JSON.stringify(value) ?? "nothing";
    const shown = text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}… (${text.length} characters)` : text;
    this.problems.push({ pointer, rule, value: shown, fix, source });
  }
}

/** The pointer of a member or item. */
export function at(pointer: string, ...keys: readonly (string | number)[]): string {
  return keys.reduce<string>((place, key) => `${place}/${typeof key === "string" ? escaped(key) : key}`, pointer);
}

/** Few keys need it, and every value of a definition is pointed at. */
function escaped(key: string): string {
  return /[~/]/.test(key) ? key.replaceAll("~", "~0").replaceAll("/", "~1") : key;
}

/** The texts that occur again, with the place of the repetition. */
export function repetitions(values: readonly unknown[]): { readonly index: number; readonly value: unknown }[] {
  const seen = new Set<unknown>();
  return values.flatMap((value, index) => {
    const again = typeof value === "string" && seen.has(value);
    seen.add(value);
    return again ? [{ index, value }] : [];
  });
}
