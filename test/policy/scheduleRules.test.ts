import assert from "node:assert/strict";
import fc from "fast-check";
import { EVENT_TARGET, PIPELINE } from "../../policy/kinds";
import { scheduleComesDue, scheduleStartsPipeline } from "../../policy/rules/schedule";
import { judge, UNKNOWN, type Registered } from "../support/policy";
import { ACCOUNT, change, resource } from "./cases/case";
import { defined, PARAMETERS, pipeline, schedule, startOf } from "./cases/goodDataset";
import { goodSchedule } from "./cases/queries";

const NAME = "acme-dev-features";
const TIME: readonly [string, string] = ["ScheduledTime", "<aws.scheduler.scheduled-time>"];

/** What is said of a schedule that gives these parameters, to a pipeline that has them. */
function said(...given: readonly (readonly [name: string, value: string])[]): readonly string[] {
  const more = given.map(([name]) => ({ Name: name, Type: "String" })).filter(({ Name }) => Name !== "ScheduledTime");
  const pipelines = defined({ Parameters: [...PARAMETERS, ...more] }).filter(({ type }) => type === PIPELINE.token);
  const pipelineParameters = given.map(([name, value]) => ({ name, value }));
  const start = { ...startOf(NAME), sagemakerPipelineParameters: { pipelineParameters } };
  return judge(scheduleStartsPipeline, [...pipelines, schedule(start)]).violations;
}

const startsOnly = (...resources: readonly Registered[]) => judge(scheduleStartsPipeline, resources).violations;

describe("what a schedule gives a pipeline", () => {
  it("may be any constant that is no day of the run", () => {
    for (const constant of [
      ["MaxRows", "10000000"],
      ["AccountId", "123456789012"],
      ["HistoryFrom", "2019-01-01"],
      ["RunTime", "36000000"],
      ["ProcessDate", "auto"],
      ["ProcessDate", "20219999"],
      ["Trace", "<aws.scheduler.execution-id>"],
    ] as const)
      assert.deepEqual(said(TIME, constant), [], constant.join());
  });

  it("is a day for ever in every way to write it", () => {
    for (const name of ["ProcessDate", "process-date-jst", "RunDay", "dt"])
      for (const day of ["2021-12-01", "20211201", "2021/12/01", "2021-12-01T00:00:00Z", "01.12.2021", "12/31/2021"])
        assert.deepEqual(said(TIME, [name, day]), [
          `schedule 'daily': gives the day '${day}' as '${name}' to every run, expected '${TIME[1]}'`,
        ]);
  });

  it("knows no other words than the scheduler", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z-]{1,20}$/), (word) => {
        const known = ["schedule-arn", "scheduled-time", "execution-id", "attempt-number"].includes(word);
        assert.equal(said(TIME, ["Trace", `<aws.scheduler.${word}>`]).length, known ? 0 : 1);
      }),
    );
  });
});

describe("the pipeline that a schedule starts", () => {
  const inRegion = (name: string, region: string, parameters: readonly object[]) => ({
    ...pipeline([]),
    name,
    props: {
      ...pipeline([]).props,
      arn: `arn:aws:sagemaker:${region}:${ACCOUNT}:pipeline/${NAME}`,
      pipelineDefinition: JSON.stringify({ Parameters: parameters, Steps: [] }),
    },
  });

  it("may be one of another stack", () => {
    for (const name of ["team-b-scoring", "acme-dev-features-2", "acme-prod-features"])
      assert.deepEqual(startsOnly(pipeline([]), schedule(startOf(name, "Anything"))), [], name);
  });

  it("is that of its region, where two have one name", () => {
    const two = [inRegion("there", "us-east-1", []), inRegion("here", "ap-northeast-1", PARAMETERS)];
    for (const pipelines of [two, [...two].reverse()])
      assert.deepEqual(startsOnly(...pipelines, schedule(startOf(NAME))), []);
    const elsewhere = { ...startOf(NAME), arn: startOf(NAME).arn.replace("ap-northeast-1", "eu-west-1") };
    assert.deepEqual(startsOnly(...two, schedule(elsewhere)), [
      `schedule 'daily': starts pipeline '${NAME}' in eu-west-1 of ${ACCOUNT}, expected that of the stack: ` +
        `'${NAME}' in us-east-1 of ${ACCOUNT}, '${NAME}' in ap-northeast-1 of ${ACCOUNT}`,
    ]);
  });

  it("is looked for by a rule's target too, which takes the time from its event", () => {
    const target = (value: string) =>
      resource(EVENT_TARGET, "nightly", {
        rule: "nightly",
        arn: startOf(NAME).arn,
        sagemakerPipelineTarget: { pipelineParameterLists: [{ name: "ScheduledTime", value }] },
      });
    assert.deepEqual(startsOnly(pipeline([]), target("$.time")), []);
    assert.deepEqual(startsOnly(pipeline([]), target("2021-12-01")), [
      "target 'nightly': gives the day '2021-12-01' as 'ScheduledTime' to every run, expected '$.time'",
    ]);
  });

  it("is not judged by parameters that are not known yet", () => {
    const unknown = { ...pipeline([]), props: { ...pipeline([]).props, pipelineDefinition: UNKNOWN } };
    assert.deepEqual(startsOnly(unknown, schedule(startOf(NAME, "Anything"))), []);
  });
});

describe("when a schedule comes due", () => {
  const due = (inputs: Record<string, unknown>) =>
    judge(scheduleComesDue, change(goodSchedule, "daily", inputs)).violations.length;

  it("may be any day of a calendar, also one of leap years alone", () => {
    for (const days of ["29 2", "31 1", "31 JAN,FEB", "30,31 4", "L 2", "*/5 2", "31 *", "? 2"])
      assert.equal(due({ scheduleExpression: `cron(0 0 ${days} ? *)` }), 0, days);
    for (const expression of ["rate(1 days)", "at(2030-01-01T00:00:00)", "cron(30 2 * * ? *)"])
      assert.equal(due({ scheduleExpression: expression }), 0, expression);
    for (const days of ["30 2", "31 FEB,APR,JUN", "31 2,4", "32 1"])
      assert.equal(due({ scheduleExpression: `cron(0 0 ${days} ? *)` }), 1, days);
  });

  it("is told by the clocks of a zone that there is", () => {
    for (const zone of ["Asia/Tokyo", "UTC", "America/Argentina/Buenos_Aires", undefined])
      assert.equal(due({ scheduleExpressionTimezone: zone }), 0, zone);
    for (const zone of ["Asia/Tokio", "JST+9", "+09:00", "Tokyo"])
      assert.equal(due({ scheduleExpressionTimezone: zone }), 1, zone);
  });
});
