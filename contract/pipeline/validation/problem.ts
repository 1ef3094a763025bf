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

/** Shorter than this a hidden text is not looked for inside of others: too many words would be it. */
const LEAST_PART = 4;

/** Collects problems. */
export class Findings {
  readonly problems: Problem[] = [];
  /** The parameters that are declared: name → type. */
  readonly parameterTypes = new Map<string, string>();

  /** @param hidden texts that no problem may repeat */
  constructor(private readonly hidden: ReadonlySet<string> = new Set()) {}

  /** `value` is what was found; it is rendered as JSON. */
  add(pointer: string, rule: string, value: unknown, fix: string, source: string): void {
    const text = JSON.stringify(value, (_key, each: unknown) => this.masked(each)) ?? "nothing";
    const shown = text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}… (${text.length} characters)` : text;
    this.problems.push({ pointer, rule: this.without(rule), value: shown, fix: this.without(fix), source });
  }

  private masked(value: unknown): unknown {
    if (this.hidden.size === 0 || (typeof value !== "string" && typeof value !== "number")) return value;
    const text = String(value);
    return this.hidden.has(text) || this.without(text) !== text ? `(hidden, ${text.length} characters)` : value;
  }

  private without(text: string): string {
    let rest = text;
    for (const each of this.hidden)
      if (each.length >= LEAST_PART && rest.includes(each)) rest = rest.replaceAll(each, "(hidden)");
    return rest;
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
