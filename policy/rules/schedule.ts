import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { parametersOf } from "../definition";
import { PIPELINE, SCHEDULE } from "../kinds";
import { eachOf, inTurn, isGiven, known, onResource, resourcesOf } from "../resources";
import { misspelled } from "../spelling";
import { isRunTime, startsOf, valueProblem, type Start } from "../starts";
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
        const policy = schedule.target.retryPolicy;
        if (isGiven(() => policy?.maximumRetryAttempts) || isGiven(() => policy?.maximumEventAgeInSeconds)) return;
        const got = policy ? "empty" : "absent";
        report(`schedule '${name}': retryPolicy is ${got}, expected how often and how long to try again`);
      },
    );
  }),
};

/** Days that a month has at most. */
const MOST_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ");

/** Whether `cron(…)` names single days of single months, none of which is in the calendar; other texts are AWS's matter. */
function neverDue(expression: string): boolean {
  const [, , days = "", months = ""] = /^cron\((.*)\)$/.exec(expression.trim())?.[1]?.trim().split(/\s+/) ?? [];
  if (!/^\d+(,\d+)*$/.test(days) || !/^\w+(,\w+)*$/.test(months)) return false;
  const numbers = months.split(",").map((month) => MONTHS.indexOf(month.toUpperCase()) + 1 || Number(month));
  const most = Math.max(...numbers.map((month) => MOST_DAYS[month - 1] ?? Infinity));
  return days.split(",").every((day) => Number(day) > most);
}

/** An IANA name: `Intl` takes offsets such as +09:00 too, which the scheduler does not. */
function isTimeZone(name: string): boolean {
  try {
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat("en", { timeZone: name }).format(0) !== "";
  } catch {
    return false;
  }
}

export const scheduleComesDue: ResourceValidationPolicy = {
  name: "aws-scheduler-schedule-come-due",
  description: "A schedule names a day that comes, and a time zone that there is.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Correct scheduleExpression and scheduleExpressionTimezone, an IANA name.",
  url: `${GUIDE}/schedule-types.html`,
  validateResource: onResource(SCHEDULE, (schedule, { name }, report) => {
    inTurn(
      () => {
        if (neverDue(schedule.scheduleExpression))
          report(
            `schedule '${name}': scheduleExpression is '${schedule.scheduleExpression}', expected a day that comes`,
          );
      },
      () => {
        const zone = schedule.scheduleExpressionTimezone;
        if (zone && !isTimeZone(zone))
          report(
            `schedule '${name}': scheduleExpressionTimezone is '${zone}', expected an IANA name such as 'Asia/Tokyo'`,
          );
      },
    );
  }),
};

/** A pipeline that may be started. */
interface Startable {
  readonly name: string;
  /** As far as they are known. */
  readonly account: string | undefined;
  readonly region: string | undefined;
  /** `undefined` as long as the definition is unknown. */
  parameters?: readonly string[];
}

const list = (names: Iterable<string>) => [...new Set(names)].map((name) => `'${name}'`).join(", ") || "none";
const agree = (one: string | undefined, other: string | undefined) => !one || !other || one === other;
const placeOf = ({ name, region, account }: Omit<Startable, "parameters">) =>
  `'${name}' in ${region ?? "any region"} of ${account ?? "any account"}`;

/** What is wrong with a start, knowing the pipelines of the stack. */
function startProblems(start: Start, pipelines: readonly Startable[]): string[] {
  const named = pipelines.filter(({ name }) => name === start.name);
  if (named.length === 0) {
    // Any other name is a pipeline of another stack.
    const near = pipelines.filter(({ name }) => misspelled(start.name.toLowerCase(), name.toLowerCase()) === "surely");
    const cased = pipelines.filter(({ name }) => name.toLowerCase() === start.name.toLowerCase());
    const meant = [...near, ...cased].map(({ name }) => name);
    return meant.length > 0 ? [`starts pipeline '${start.name}', expected one of the stack: ${list(meant)}`] : [];
  }
  const meant = named.filter((each) => agree(each.account, start.account) && agree(each.region, start.region));
  if (meant.length === 0)
    return [`starts pipeline ${placeOf(start)}, expected that of the stack: ${named.map(placeOf).join(", ")}`];
  const known = meant.flatMap(({ parameters }) => (parameters ? [parameters] : []));
  const isKnown = known.length === meant.length;
  const unasked = start.parameters.filter(([name]) => isKnown && !known.some((names) => names.includes(name)));
  const isTold = (name: string) =>
    start.parameters.some(([given, value]) => given === name || value.includes(start.words.time));
  const missing = known[0]?.find(
    (name) => isKnown && isRunTime(name) && !isTold(name) && known.every((names) => names.includes(name)),
  );
  return [
    ...unasked.map(
      ([name]) => `gives parameter '${name}' to '${start.name}', expected one that it has: ${list(known.flat())}`,
    ),
    ...start.parameters.flatMap(([name, value]) =>
      unasked.some(([each]) => each === name) ? [] : valueProblem(name, value, start.words),
    ),
    ...(unasked.length > 0 || missing === undefined
      ? []
      : [`gives no '${missing}' to '${start.name}', expected '${start.words.time}'`]),
  ];
}

export const scheduleStartsPipeline: StackValidationPolicy = {
  name: "aws-scheduler-schedule-start-pipeline-of-stack",
  description:
    "A schedule that starts a pipeline of its stack names it, in its account and region, with parameters that it has, for the day it was due.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Name pipeline and parameters as the definition does, and pass <aws.scheduler.scheduled-time>.",
  url: `${GUIDE}/managing-targets-templated.html`,
  validateStack: (args, report) => {
    const pipelines = new Map<string, Startable>();
    const isOneUnknown = resourcesOf(args, PIPELINE).some(({ props }) => known(() => props.pipelineName) === undefined);
    inTurn(
      () =>
        eachOf(resourcesOf(args, PIPELINE), ({ urn, props }) => {
          const { pipelineName: name } = props;
          // Among all resources outputs are seen as well.
          const arn = known(() => (props as { readonly arn?: string }).arn) ?? "";
          const role = known(() => props.roleArn) ?? "";
          const [region, account] = [arn.split(":")[3] || known(() => props.region), role.split(":")[4]];
          if (name) pipelines.set(urn, { name, region: region || undefined, account: account || undefined });
        }),
      () =>
        eachDefinition(args, ({ urn }, definition) => {
          const pipeline = pipelines.get(urn);
          if (pipeline) pipeline.parameters = parametersOf(definition);
        }),
      () =>
        eachOf(startsOf(args), (read) => {
          const { subject, urn, start } = read();
          if (!start) return;
          // A pipeline whose name is not known yet may be the one.
          if (isOneUnknown && ![...pipelines.values()].some(({ name }) => name === start.name)) return;
          for (const problem of startProblems(start, [...pipelines.values()])) report(`${subject}: ${problem}`, urn);
        }),
    );
  },
};
