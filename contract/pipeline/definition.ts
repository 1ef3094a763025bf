import { isObject, SCHEMA_VERSION, type JsonObject } from "./json";
import { execution, type Parameter, type ParameterDeclaration, type Value } from "./references";
import type { Step, StepDefinition } from "./steps";

/** What SageMaker stores of a pipeline. */
export interface PipelineDefinition {
  readonly Version: typeof SCHEMA_VERSION;
  readonly Metadata: JsonObject;
  readonly Parameters: readonly ParameterDeclaration[];
  readonly PipelineExperimentConfig: JsonObject | null;
  readonly Steps: readonly StepDefinition[];
}

export interface PipelineOptions {
  readonly parameters?: readonly Parameter[];
  /** Their order is kept; SageMaker runs them by their references. */
  readonly steps: readonly Step[];
  /** Where SageMaker notes executions. Default, as in the SDK: the pipeline's name and the execution's id. */
  readonly experimentConfig?: { readonly experimentName: Value; readonly trialName: Value } | null;
}

/** Puts a definition together, with the JSON that the SageMaker Python SDK gives for the same pipeline. */
export function pipelineDefinition({ parameters = [], steps, experimentConfig }: PipelineOptions): PipelineDefinition {
  const { experimentName, trialName } = experimentConfig ?? {
    experimentName: execution.pipelineName,
    trialName: execution.pipelineExecutionId,
  };
  return {
    Version: SCHEMA_VERSION,
    Metadata: {},
    Parameters: parameters.map((parameter) => parameter.declaration),
    PipelineExperimentConfig:
      experimentConfig === null ? null : { ExperimentName: experimentName, TrialName: trialName },
    Steps: steps.map((step) => step.definition),
  };
}

/** The text that is deployed: keys sorted, no blanks, so that equal definitions are equal texts and show no diff. */
export function renderDefinition(definition: PipelineDefinition): string {
  return JSON.stringify(definition, (_key, value: unknown) =>
    isObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
  );
}
