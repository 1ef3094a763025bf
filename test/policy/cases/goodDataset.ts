import { FUNCTION, PIPELINE, ROLE, ROLE_POLICY, SCHEDULE } from "../../../policy/kinds";
import { type Registered } from "../../support/policy";
import { KEY_ARN, processingStep, table, type OutputFields, type TableProps } from "../resources";
import { ACCOUNT, policy, resource } from "./case";

export type Step = ReturnType<typeof processingStep>;

export const REGISTRAR = `arn:aws:lambda:ap-northeast-1:${ACCOUNT}:function:acme-dev-registrar`;
export const GLUE = `arn:aws:glue:ap-northeast-1:${ACCOUNT}`;
export const BUCKET = "arn:aws:s3:::acme-data";

export const trust = (service: string) => ({
  ...{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" },
  Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT } },
});
export const role = (name: string, physical: string, service: string) =>
  resource(ROLE, name, { name: physical, assumeRolePolicy: policy(trust(service)) });
export const READ = { Sid: "Read", Effect: "Allow", Action: "s3:GetObject", Resource: `${BUCKET}/features/raw/*` };
export const WRITE = { Sid: "Write", Effect: "Allow", Action: "s3:PutObject", Resource: `${BUCKET}/features/output/*` };
export const CHANGE = {
  ...{ Sid: "Change", Effect: "Allow", Action: ["glue:GetTable", "glue:BatchCreatePartition"] },
  Resource: [`${GLUE}:catalog`, `${GLUE}:database/acme_dev`, `${GLUE}:table/acme_dev/*`],
};
export const LOOK = { Sid: "Look", Effect: "Allow", Action: "s3:GetObject", Resource: `${BUCKET}/*/output/*` };

export const KEYS = [{ name: "process_date_jst" }, { name: "country" }];
export const COLUMNS = [{ name: "customer" }, { name: "amount" }];

export function registerStep(more: object = {}, dataset: object = {}): object {
  return {
    ...{ Name: "register", Type: "Lambda", FunctionArn: REGISTRAR, OutputParameters: [], DependsOn: ["extract"] },
    Arguments: {
      ...{ database: "acme_dev", table: "features", value_process_date_jst: "2021-12-01" },
      dataset: JSON.stringify({ partitionKeys: KEYS, columns: COLUMNS, ...dataset }),
      ...more,
    },
  };
}

export const PARAMETERS = [{ Name: "ScheduledTime", Type: "String", DefaultValue: "auto" }];

export function definition(steps: readonly object[], more: object = {}): string {
  return JSON.stringify({ Version: "2020-12-01", Metadata: {}, Parameters: PARAMETERS, Steps: steps, ...more });
}

export function pipeline(steps: readonly object[], more: object = {}): Registered {
  const roleArn = `arn:aws:iam::${ACCOUNT}:role/acme-dev-pipeline`;
  const props = { pipelineName: "acme-dev-features", roleArn, pipelineDefinition: definition(steps), ...more };
  return resource(PIPELINE, "pipeline", props);
}

export function schedule(target: object): Registered {
  return resource(SCHEDULE, "daily", {
    ...{
      name: "acme-daily",
      kmsKeyArn: KEY_ARN,
      flexibleTimeWindow: { mode: "OFF" },
      scheduleExpression: "rate(1 days)",
    },
    target: {
      ...{ roleArn: `arn:aws:iam::${ACCOUNT}:role/acme`, deadLetterConfig: { arn: "arn:aws:sqs:r:1:acme" } },
      ...{ retryPolicy: { maximumRetryAttempts: 3 }, ...target },
    },
  });
}

export const startOf = (name: string, parameter = "ScheduledTime", value = "<aws.scheduler.scheduled-time>") => ({
  arn: `arn:aws:sagemaker:ap-northeast-1:${ACCOUNT}:pipeline/${name}`,
  sagemakerPipelineParameters: { pipelineParameters: [{ name: parameter, value }] },
});

/** A table, the pipeline that writes it and registers, the roles of both, and the schedule that starts it. */
export const goodDataset = (): Registered[] => [
  table(undefined, "table"),
  pipeline([processingStep(), registerStep()]),
  role("job", "acme-dev-features-job", "sagemaker.amazonaws.com"),
  resource(ROLE_POLICY, "job-permissions", { role: "acme-dev-features-job", policy: policy(READ, WRITE) }),
  resource(FUNCTION, "registrar", {
    name: "acme-dev-registrar",
    runtime: "nodejs22.x",
    role: `arn:aws:iam::${ACCOUNT}:role/acme-dev-registrar`,
  }),
  role("registrar-role", "acme-dev-registrar", "lambda.amazonaws.com"),
  resource(ROLE_POLICY, "registrar-permissions", { role: "acme-dev-registrar", policy: policy(CHANGE, LOOK) }),
  schedule(startOf("acme-dev-features")),
];

export const swap = (changed: Registered): Registered[] =>
  goodDataset().map((each) => (each.name === changed.name && each.type === changed.type ? changed : each));
/** With another table; one that differs in its folder or keys is nobody's output. */
export const tabled = (edit: (props: TableProps) => unknown, ...more: Registered[]) => [
  ...swap(table(edit, "table")),
  ...more,
];
export const alone = (edit: (props: TableProps) => unknown): Registered[] => [table(edit, "table")];
/** With another processing step. */
export const stepped = (edit: (step: Step) => unknown): Registered[] => {
  const step = processingStep();
  edit(step);
  return swap(pipeline([step, registerStep()]));
};
/** With other members of the definition. */
export const defined = (members: object, edit: (step: Step) => unknown = () => undefined): Registered[] => {
  const step = processingStep();
  edit(step);
  return swap(pipeline([], { pipelineDefinition: definition([step, registerStep()], members) }));
};
export const registering = (more?: object, dataset?: object) =>
  swap(pipeline([processingStep(), registerStep(more, dataset)]));
export const jobMay = (...statements: object[]) =>
  swap(resource(ROLE_POLICY, "job-permissions", { role: "acme-dev-features-job", policy: policy(...statements) }));
export const registrarMay = (...statements: object[]) =>
  swap(resource(ROLE_POLICY, "registrar-permissions", { role: "acme-dev-registrar", policy: policy(...statements) }));

export const STEP = "pipeline 'pipeline', step 'extract'";
export const REGISTER = "pipeline 'pipeline', step 'register'";
export const output = (step: Step, fields: object) =>
  Object.assign(step.Arguments.ProcessingOutputConfig.Outputs[0]?.S3Output ?? {}, fields);
/** One more output, where only a run knows. */
export const another = (step: Step, fields: OutputFields, name = "more") => {
  const S3Uri = { "Std:Join": { On: "", Values: ["s3://acme-other/", { Get: "Execution.PipelineExecutionId" }] } };
  (step.Arguments.ProcessingOutputConfig.Outputs as object[]).push({
    ...{ OutputName: name, AppManaged: false, S3Output: { S3Uri, S3UploadMode: "EndOfJob", ...fields } },
  });
};
export const serde = (props: TableProps) => props.storageDescriptor.serDeInfo;
export const OPENCSV = "org.apache.hadoop.hive.serde2.OpenCSVSerde";
export const opencsv = (props: TableProps) => {
  Object.assign(serde(props), {
    serializationLibrary: OPENCSV,
    parameters: { separatorChar: ",", quoteChar: '"', escapeChar: "\\" },
  });
  props.storageDescriptor.columns = COLUMNS.map(({ name }) => ({ name, type: "string" }));
};
