import type { StackValidationArgs } from "@pulumi/policy";
import { parse, records } from "./definition";
import { EVENT_TARGET, SCHEDULE, type Schedule } from "./kinds";
import { isRecord } from "./locations";
import { resourcesOf } from "./resources";

/** What a service puts into the request when a schedule or rule fires. */
interface Words {
  /** The instant for which it was set. */
  readonly time: string;
  /** All of them; of EventBridge's rules, any path into the event. */
  readonly all: RegExp;
}

const SCHEDULER: Words = {
  time: "<aws.scheduler.scheduled-time>",
  all: /^<aws\.scheduler\.(schedule-arn|scheduled-time|execution-id|attempt-number)>$/,
};
const EVENTS: Words = { time: "$.time", all: /^\$\./ };

/** What a schedule or rule starts. */
export interface Start {
  readonly name: string;
  /** Of its ARN, where it is one. */
  readonly region: string | undefined;
  readonly account: string | undefined;
  readonly parameters: readonly (readonly [name: string, value: string])[];
  readonly words: Words;
}

interface Starter {
  /** `schedule 'daily'`: for messages. */
  readonly subject: string;
  readonly urn: string;
  /** `undefined` when it starts something else. */
  readonly start: Start | undefined;
}

/** What every schedule and rule of the stack starts; an unknown value hides its own alone. */
export function startsOf(args: StackValidationArgs): (() => Starter)[] {
  return [
    ...resourcesOf(args, SCHEDULE).map(({ name, urn, props }) => (): Starter => {
      return { subject: `schedule '${name}'`, urn, start: startOf(props.target) };
    }),
    ...resourcesOf(args, EVENT_TARGET).map(({ name, urn, props }) => (): Starter => {
      const given = props.sagemakerPipelineTarget?.pipelineParameterLists ?? [];
      const parameters = given.map((each) => [each.name, each.value] as const);
      return { subject: `target '${name}'`, urn, start: startByArn(props.arn, parameters, EVENTS) };
    }),
  ];
}

const ARN = /^arn:[^:]*:sagemaker:([^:]*):([^:]*):pipeline\/([^/]+)$/;
const UNIVERSAL = /:aws-sdk:sagemaker:startPipelineExecution$/i;

function startByArn(arn: string, parameters: Start["parameters"], words: Words): Start | undefined {
  const [, region, account, name] = ARN.exec(arn) ?? [];
  return name === undefined ? undefined : { name, region, account, parameters, words };
}

function startOf({ arn, input, sagemakerPipelineParameters: given }: Schedule["target"]): Start | undefined {
  const parameters = given?.pipelineParameters ?? [];
  const templated = startByArn(
    arn,
    parameters.map((each) => [each.name, each.value] as const),
    SCHEDULER,
  );
  if (templated) return templated;
  const asked = UNIVERSAL.test(arn) ? parse(input ?? "") : undefined;
  if (!isRecord(asked) || typeof asked["PipelineName"] !== "string") return undefined;
  const told = records(asked["PipelineParameters"]).map(
    (each) => [textOf(each["Name"]), textOf(each["Value"])] as const,
  );
  // The API takes a name or an ARN.
  const name = asked["PipelineName"];
  const plain = { name, region: undefined, account: undefined, parameters: told, words: SCHEDULER };
  return startByArn(name, told, SCHEDULER) ?? plain;
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, "");

/** Whether a parameter says for when the run was set. */
export function isRunTime(name: string): boolean {
  return /^schedul(ed?|ing)(time|date|day|for|at|on)$/.test(plain(name));
}

/** Whether a parameter says the day of a run, which every run has another of. */
function isRunDay(name: string): boolean {
  return (
    isRunTime(name) ||
    /^(process(ing|ed)?|run|exec(ution)?|target|business|logical|partition)?(date|day|time|dt|ds)(jst|utc|gmt|local)?$/.test(
      plain(name),
    )
  );
}

/** What is wrong with the value of a parameter; constants of any other kind are the program's own matter. */
export function valueProblem(name: string, value: string, words: Words): string[] {
  const used = /<aws\.[^>]*>?/.exec(value)?.[0];
  const isTime = value.includes(words.time);
  if (used !== undefined && !words.all.test(used))
    return [`gives '${value}' as '${name}', which is no word of the scheduler, expected '${words.time}'`];
  if (isTime || !isRunDay(name)) return [];
  if (isDay(value)) return [`gives the day '${value}' as '${name}' to every run, expected '${words.time}'`];
  const isWord = words.all.test(value);
  // A path into an event may be a time as well.
  const wrong = words === SCHEDULER ? isWord || isRunTime(name) : isRunTime(name) && !isWord;
  return wrong ? [`gives '${value}' as '${name}', which is no time, expected '${words.time}'`] : [];
}

/** Whether a text begins with a day of the calendar: 2021-12-01, 20211201, 2021/12/01, 01-12-2021. */
function isDay(text: string): boolean {
  const [, , year, , month, day] = /^((\d{4})([-/.]?)(\d{2})\3(\d{2}))(?!\d)/.exec(text) ?? [];
  const [, first, second, last] = /^(\d{2})[-/.](\d{2})[-/.](\d{4})(?!\d)/.exec(text) ?? [];
  return isOfCalendar(year, month, day) || isOfCalendar(last, second, first) || isOfCalendar(last, first, second);
}

function isOfCalendar(year = "", month = "", day = ""): boolean {
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(`${year}-${month}-${day}`);
}
