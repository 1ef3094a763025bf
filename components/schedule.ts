import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Dataset } from "../contract/dataset";
import type { Names } from "../contract/names";
import { cronOf, dayOffsets, startRequest } from "../contract/schedule";

/** One schedule of the stack's group. */
interface ScheduleSpec {
  readonly keyArn: pulumi.Input<string>;
  readonly name: string;
  readonly description: string;
  readonly expression: string;
  readonly timeZone: string;
  readonly targetArn: string;
  /** JSON; the scheduler fills its attributes in. */
  readonly input: string;
}

/** A firing that cannot be delivered is tried again for this long, and then left in the queue, which has an alarm. */
const RETRIED_SECONDS = 3600;

/** Far more often than fits into that time: the time is the limit. */
const RETRIES = 185;

/** To the minute, in its zone, encrypted with the stack's key. */
export function scheduleOf(names: Names, spec: ScheduleSpec): aws.scheduler.ScheduleArgs {
  return {
    name: spec.name,
    groupName: names.scheduleGroup.name,
    description: spec.description,
    scheduleExpression: spec.expression,
    scheduleExpressionTimezone: spec.timeZone,
    flexibleTimeWindow: { mode: "OFF" },
    kmsKeyArn: spec.keyArn,
    target: {
      arn: spec.targetArn,
      roleArn: names.schedulerRole.arn,
      input: spec.input,
      retryPolicy: { maximumEventAgeInSeconds: RETRIED_SECONDS, maximumRetryAttempts: RETRIES },
      deadLetterConfig: { arn: names.undelivered.arn },
    },
  };
}

/**
 * The schedules of a dataset: one for each day that a firing runs. They start its pipeline by SageMaker's own API, since
 * the scheduler fills the firing's instant in there.
 */
export function datasetSchedules(
  name: string,
  args: { readonly names: Names; readonly dataset: Dataset; readonly keyArn: pulumi.Input<string> },
  opts: pulumi.CustomResourceOptions,
): void {
  const { names, dataset, keyArn } = args;
  const { schedule } = dataset;
  if (schedule === undefined) return;
  const own = names.dataset(dataset.name);
  dayOffsets(schedule).forEach((dayOffset, daysBack) => {
    new aws.scheduler.Schedule(
      daysBack === 0 ? `${name}-schedule` : `${name}-schedule-back${daysBack}`,
      scheduleOf(names, {
        keyArn,
        name: own.schedule(daysBack),
        description: `runs ${own.pipeline} for its day ${dayOffset}`,
        ...{ expression: cronOf(schedule), timeZone: schedule.timeZone },
        ...{ targetArn: names.startPipelineTarget, input: startRequest(own.pipeline, dayOffset) },
      }),
      opts,
    );
  });
}
