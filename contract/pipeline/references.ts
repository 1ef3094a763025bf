/** A value that is known when the pipeline runs: `{"Get": "Execution.PipelineExecutionId"}`. */
export type Get = { readonly Get: string };

/** Values put together when the pipeline runs. There are no other string functions. */
export type Join = { readonly "Std:Join": { readonly On: string; readonly Values: readonly Value[] } };

/** Text, known now or when the pipeline runs. */
export type Value = string | Get | Join;

/** A whole number, known now or when the pipeline runs (an integer parameter). */
export type Count = number | Get;

/** The values with `on` between them: `join("/", ["s3:/", bucket, execution.pipelineExecutionId])`. */
export function join(on: string, values: readonly Value[]): Join {
  return { "Std:Join": { On: on, Values: values } };
}

const get = (path: string): Get => ({ Get: path });

/** What SageMaker knows of the running execution. Dates are UTC, and there is no date arithmetic. */
export const execution = {
  startDateTime: get("Execution.StartDateTime"),
  currentDateTime: get("Execution.CurrentDateTime"),
  pipelineName: get("Execution.PipelineName"),
  pipelineArn: get("Execution.PipelineArn"),
  pipelineExecutionId: get("Execution.PipelineExecutionId"),
  pipelineExecutionArn: get("Execution.PipelineExecutionArn"),
} as const;

/** The value of a step when it has run; steps offer this as `output(name)`. */
export function stepValue(step: string, path: string): Get {
  return get(`Steps.${step}.${path}`);
}

export interface ParameterDeclaration {
  readonly Name: string;
  readonly Type: "String" | "Integer" | "Float" | "Boolean";
  readonly DefaultValue?: string | number | boolean;
  readonly EnumValues?: readonly string[];
}

/** A value that may be given at the start of each execution. */
export interface Parameter {
  readonly name: string;
  /** Stands for the value in steps. */
  readonly ref: Get;
  /** Goes to `parameters` of the definition. */
  readonly declaration: ParameterDeclaration;
}

/** Options of a parameter. Without a default each start must give a value. */
export interface ParameterOptions<T> {
  readonly default?: T;
}

function parameterOf(declaration: ParameterDeclaration): Parameter {
  return { name: declaration.Name, ref: get(`Parameters.${declaration.Name}`), declaration };
}

function typed<T extends string | number | boolean>(type: ParameterDeclaration["Type"]) {
  return (name: string, options: ParameterOptions<T> = {}): Parameter =>
    parameterOf({
      Name: name,
      Type: type,
      ...(options.default === undefined ? {} : { DefaultValue: options.default }),
    });
}

/** Declares parameters. A name is letters, digits, `-` and `_`, at most 256 characters; at most 200 in a pipeline. */
export const parameter = {
  /** `enum` lists the only values that a start may give. */
  string: (name: string, options: ParameterOptions<string> & { readonly enum?: readonly string[] } = {}): Parameter => {
    const { declaration } = typed<string>("String")(name, options);
    return parameterOf({ ...declaration, ...(options.enum?.length ? { EnumValues: options.enum } : {}) });
  },
  integer: typed<number>("Integer"),
  float: typed<number>("Float"),
  boolean: typed<boolean>("Boolean"),
};
