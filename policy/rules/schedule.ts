import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { parametersOf, parse, records } from "../definition";
import { EVENT_TARGET, PIPELINE, SCHEDULE, type Schedule } from "../kinds";
import { isRecord } from "../locations";
import { eachOf, inTurn, isGiven, known, onResource, resourcesOf } from "../resources";
import { eachDefinition } from "../stackTables";

const GUIDE = "https://docs.aws.amazon.com/scheduler/latest/UserGuide";

export const scheduleEncrypted: ResourceValidationPolicy = {
  name: "aws-scheduler-schedule-encrypt-by-own-key",
  description: "A schedule is encrypted by a key of this account.",
  enforcementLevel: "advisory",
  severity: "low",
  remediationSteps: "Set kmsKeyArn.",
  url: `${GUIDE}/encryption-rest.html`,
  tags: ["CKV_AWS_297"],
  validateResource: onResource(SCHEDULE, (schedule, { name }, report) => {
    if (!isGiven(() => schedule.kmsKeyArn))
      report(`schedule '${name}': kmsKeyArn is absent, expected a key of this account`);
  }),
};

export const scheduleKeepsFailures: ResourceValidationPolicy = {
  name: "aws-scheduler-schedule-keep-undelivered",
  description: "A schedule tries again as long as it says, and keeps what it could not deliver.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Set retryPolicy and deadLetterConfig.arn of the target.",
  url: `${GUIDE}/configuring-schedule-dlq.html`,
  tags: ["cdk-nag EventBusDLQ"],
  validateResource: onResource(SCHEDULE, (schedule, { name }, report) => {
    inTurn(
      () => {
        if (!isGiven(() => schedule.target.deadLetterConfig?.arn))
          report(`schedule '${name}': deadLetterConfig is absent, expected the ARN of a queue`);
      },
      () => {
        if (!isGiven(() => schedule.target.retryPolicy))
          report(`schedule '${name}': retryPolicy is absent, expected how often and how long to try again`);
      },
    );
  }),
};

/** What a schedule or rule starts. */
interface Start {
  readonly pipeline: string;
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

const NAME = /:pipeline\/([^/]+)$/;
const UNIVERSAL = /:aws-sdk:sagemaker:startPipelineExecution$/i;

function startOf({ arn, input, sagemakerPipelineParameters: given }: Schedule["target"]): Start | undefined {
  const name = NAME.exec(arn)?.[1];
  if (name !== undefined) {
    const parameters = given?.pipelineParameters ?? [];
    return { pipeline: name, parameters: parameters.map((each): [string, string] => [each.name, each.value]) };
  }
  const asked = UNIVERSAL.test(arn) ? parse(input ?? "") : undefined;
  if (!isRecord(asked) || typeof asked["PipelineName"] !== "string") return undefined;
  const parameters = records(asked["PipelineParameters"]).map((each): [string, string] => [
    textOf(each["Name"]),
    textOf(each["Value"]),
  ]);
  // The API takes a name or an ARN.
  return { pipeline: asked["PipelineName"].split("/").at(-1) ?? "", parameters };
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));

/** A day that stands in the program, and not in the event. */
const FIXED_DAY = /^\d{4}-?\d{2}-?\d{2}/;

export const scheduleStartsPipeline: StackValidationPolicy = {
  name: "aws-scheduler-schedule-start-pipeline-of-stack",
  description: "A schedule starts a pipeline of its stack, with parameters that this has, for the day it was due.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Name pipeline and parameters as the definition does, and pass <aws.scheduler.scheduled-time>.",
  url: `${GUIDE}/managing-targets-templated.html`,
  validateStack: (args, report) => {
    /** Parameters by pipeline; `undefined` as long as its definition is unknown. */
    const pipelines = new Map<string, readonly string[] | undefined>();
    const isOneUnknown = resourcesOf(args, PIPELINE).some(({ props }) => known(() => props.pipelineName) === undefined);
    const check = (what: string, urn: string, start: Start | undefined) => {
      if (!start || pipelines.size === 0) return;
      const list = (names: Iterable<string>) => [...names].map((name) => `'${name}'`).join(", ") || "none";
      const parameters = pipelines.get(start.pipeline);
      // A pipeline whose name is not known yet may be the one.
      if (!pipelines.has(start.pipeline) && isOneUnknown) return;
      if (!pipelines.has(start.pipeline))
        return report(
          `${what}: starts pipeline '${start.pipeline}', expected one of the stack: ${list(pipelines.keys())}`,
          urn,
        );
      for (const [name, value] of start.parameters) {
        if (parameters && !parameters.includes(name))
          report(
            `${what}: gives parameter '${name}' to '${start.pipeline}', expected one that it has: ${list(parameters)}`,
            urn,
          );
        else if (FIXED_DAY.test(value))
          report(
            `${what}: gives the day '${value}' as '${name}' to every run, expected '<aws.scheduler.scheduled-time>'`,
            urn,
          );
      }
    };
    inTurn(
      () =>
        eachOf(resourcesOf(args, PIPELINE), ({ props }) => {
          if (props.pipelineName) pipelines.set(props.pipelineName, undefined);
        }),
      () =>
        eachDefinition(args, ({ props }, definition) => {
          if (props.pipelineName) pipelines.set(props.pipelineName, parametersOf(definition));
        }),
      () =>
        eachOf(resourcesOf(args, SCHEDULE), ({ name, urn, props }) =>
          check(`schedule '${name}'`, urn, startOf(props.target)),
        ),
      () =>
        eachOf(resourcesOf(args, EVENT_TARGET), ({ name, urn, props }) => {
          const pipeline = NAME.exec(props.arn)?.[1];
          if (pipeline === undefined) return;
          const given = props.sagemakerPipelineTarget?.pipelineParameterLists ?? [];
          const parameters = given.map((each): [string, string] => [each.name, each.value]);
          check(`target '${name}'`, urn, { pipeline, parameters });
        }),
    );
  },
};
