import { condition } from "../../../contract/pipeline/conditions";
import { pipelineDefinition, renderDefinition } from "../../../contract/pipeline/definition";
import { scriptProcessor } from "../../../contract/pipeline/processors";
import { parameter } from "../../../contract/pipeline/references";
import { conditionStep, failStep, lambdaStep, processingStep } from "../../../contract/pipeline/steps";

/** A valid definition with something of everything, as parsed JSON: steps 0 day, 1 extract, 2 check with stop inside. */
export function validDefinition(): unknown {
  const date = parameter.string("ProcessDate", { default: "" });
  const count = parameter.integer("Count", { default: 1 });
  const day = lambdaStep("day_step", {
    functionArn: "arn:aws:lambda:ap-northeast-1:123456789012:function:demo-dev-day",
    inputs: { date: date.ref },
    outputs: { day: "String", rows: "Integer" },
  });
  const extract = processingStep("extract_step", {
    processor: scriptProcessor({
      imageUri: "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/demo:1",
      command: ["python3"],
      roleArn: "arn:aws:iam::123456789012:role/demo-dev-job",
      instanceType: "ml.m5.large",
      instanceCount: count.ref,
      maxRuntimeSeconds: 3600,
      environment: { TZ: "Asia/Tokyo" },
    }),
    code: "s3://demo-data/code/extract.py",
    arguments: ["--process-date", day.output("day")],
    inputs: [{ name: "raw", source: "s3://demo-data/raw", localPath: "/opt/ml/processing/input/raw" }],
    outputs: [{ name: "extract", destination: "s3://demo-data/output", localPath: "/opt/ml/processing/output" }],
    cache: { expireAfter: "P1D" },
    retryPolicies: [{ exceptionTypes: ["Step.THROTTLING"], maxAttempts: 5 }],
  });
  const stop = failStep("stop_step", { errorMessage: "no rows" });
  const check = conditionStep("check_step", {
    conditions: [condition.equals(day.output("rows"), 0)],
    ifSteps: [stop],
    dependsOn: [extract],
  });
  return JSON.parse(renderDefinition(pipelineDefinition({ parameters: [date, count], steps: [day, extract, check] })));
}

/** JSON pointer → the value to put there; `undefined` takes the member away. */
export type Changes = Readonly<Record<string, unknown>>;

/** The valid definition with changes. */
export function changed(changes: Changes): unknown {
  const definition = validDefinition();
  for (const [pointer, value] of Object.entries(changes)) {
    const keys = pointer.split("/").slice(1);
    const last = keys.pop();
    const holder = keys.reduce<unknown>((inner, key) => Reflect.get(Object(inner), key), definition);
    if (last === undefined || typeof holder !== "object" || holder === null)
      throw new Error(`the valid definition has no '${pointer}'`);
    if (value === undefined) Reflect.deleteProperty(holder, last);
    else Reflect.set(holder, last, value);
  }
  return definition;
}
