import { isObject, own } from "../json";
import { PROCESSING_JOB } from "./processingJob";
import { outputNames } from "./processing";
import type { Shape } from "./shape";

/** Members of DescribeProcessingJob, which a reference may begin with. */
export const JOB_MEMBERS = [
  "ProcessingInputs",
  "ProcessingOutputConfig",
  "ProcessingJobName",
  "ProcessingResources",
  "StoppingCondition",
  "AppSpecification",
  "Environment",
  "NetworkConfig",
  "RoleArn",
  "ExperimentConfig",
  "ProcessingJobArn",
  "ProcessingJobStatus",
  "ExitMessage",
  "FailureReason",
  "ProcessingEndTime",
  "ProcessingStartTime",
  "LastModifiedTime",
  "CreationTime",
  "MonitoringScheduleArn",
  "AutoMLJobArn",
  "TrainingJobArn",
];

/** What a reference can name: a step of one type. */
interface NamedStep {
  readonly name: string;
  readonly type: string;
  readonly step: Record<string, unknown>;
}

/** The values that a step has, when `path` is not one of them; undefined when it is, or nobody knows. */
export function wrongValue({ name, type, step }: NamedStep, path: string): string[] | undefined {
  switch (type) {
    case "Fail":
      return [];
    case "Condition":
      return path === "Outcome" ? undefined : [`Steps.${name}.Outcome`];
    case "Lambda":
    case "Callback": {
      const outputs = namesOf(step["OutputParameters"], "OutputName");
      const output = /^OutputParameters\['([^']*)'\]$/.exec(path)?.[1];
      if (output !== undefined && outputs.includes(output)) return undefined;
      return outputs.map((known) => `Steps.${name}.OutputParameters['${known}']`);
    }
    case "Processing":
      return wrongJobValue(step, path)?.map((known) => `Steps.${name}.${known}`);
    default:
      return undefined;
  }
}

function wrongJobValue(step: Record<string, unknown>, path: string): readonly string[] | undefined {
  const file = /^PropertyFiles\.(.*)$/.exec(path)?.[1];
  const files = namesOf(step["PropertyFiles"], "PropertyFileName");
  if (file !== undefined) return files.includes(file) ? undefined : files.map((known) => `PropertyFiles.${known}`);
  const outputs = outputNames(step["Arguments"]);
  const [, output, index] = /^ProcessingOutputConfig\.Outputs\[(?:['"]([^'"]*)['"]|(\d+))\]/.exec(path) ?? [];
  const there = output !== undefined ? outputs.includes(output) : Number(index) < outputs.length;
  if (path.startsWith("ProcessingOutputConfig.Outputs[") && !there)
    return outputs.map((known) => `ProcessingOutputConfig.Outputs['${known}'].S3Output.S3Uri`);
  const [member = ""] = /^\w*/.exec(path) ?? [];
  if (!JOB_MEMBERS.includes(member)) return JOB_MEMBERS;
  // What only a description of the job has is one plain value.
  return wrongMember(PROCESSING_JOB.members[member] ?? { type: "string" }, path.slice(member.length), member);
}

/** The members that could have been meant, when the rest of a path leads nowhere in a shape. */
function wrongMember(shape: Shape, rest: string, so: string): readonly string[] | undefined {
  if (rest === "") return undefined;
  const [step = "", name] = /^\.(\w+)/.exec(rest) ?? [];
  const [place = ""] = /^\[(?:\d+|'[^']*'|"[^"]*")\]/.exec(rest) ?? [];
  switch (shape.type) {
    case "structure": {
      const known = name === undefined ? undefined : own(shape.members, name);
      if (known) return wrongMember(known, rest.slice(step.length), so + step);
      return Object.keys(shape.members).map((member) => `${so}.${member}`);
    }
    case "list":
      return place === "" ? [`${so}[0]`] : wrongMember(shape.member, rest.slice(place.length), so + place);
    case "map":
      return place === "" ? [`${so}['<key>']`] : wrongMember(shape.value, rest.slice(place.length), so + place);
    case "string":
    case "integer":
    case "boolean":
      return [so];
  }
}

function namesOf(items: unknown, member: string): string[] {
  if (!Array.isArray(items)) return [];
  return items
    .map((item: unknown) => (isObject(item) ? item[member] : undefined))
    .filter((name) => typeof name === "string");
}
