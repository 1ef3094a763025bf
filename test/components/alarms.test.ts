import { deepEqual, equal, match, ok } from "node:assert/strict";
import { Alarms } from "../../components/alarms";
import { kept, list, names, part, partsOf, statements, type Part } from "./component";

const TOPIC = "arn:aws:sns:ap-northeast-1:123456789012:partitions-test-alarms";
const QUEUE = "arn:aws:sqs:ap-northeast-1:123456789012:partitions-test-undelivered";

const make = (alarmEmail?: string) =>
  partsOf((opts) => new Alarms("alarms", { names, alarmEmail, runbook: "docs/runbook.md" }, opts));

describe("the alarms of a stack", () => {
  let parts: Part[];
  before(async () => {
    parts = await make("night@example.com");
  });

  it("are a topic, whom it tells, a queue of what was not delivered, and what feeds them", async () => {
    const types = (given: readonly Part[]) => given.map(({ name, type }) => [name, type]);
    deepEqual(types(parts), [
      ["alarms-email", "aws:sns/topicSubscription:TopicSubscription"],
      ["alarms-failed", "aws:cloudwatch/eventRule:EventRule"],
      ["alarms-failed-target", "aws:cloudwatch/eventTarget:EventTarget"],
      ["alarms-topic", "aws:sns/topic:Topic"],
      ["alarms-undelivered", "aws:sqs/queue:Queue"],
      ["alarms-undelivered-alarm", "aws:cloudwatch/metricAlarm:MetricAlarm"],
    ]);
    for (const keeps of Object.values(kept(parts))) equal(keeps, false);
    deepEqual(types(await make()), types(parts).slice(1));
  });

  it("go to the address that is configured", () => {
    deepEqual(part(parts, "alarms-email").inputs, { topic: TOPIC, protocol: "email", endpoint: "night@example.com" });
  });

  it("warn where they go to nobody, and only there", async () => {
    const said: string[] = [];
    const { warn } = console;
    console.warn = (text: unknown) => said.push(String(text));
    try {
      await make("night@example.com");
      deepEqual(said, []);
      await make();
    } finally {
      console.warn = warn;
    }
    match(said.join("\n"), /alarms of stack 'test' reach nobody; .* pulumi config set alarmEmail <address>/);
  });

  it("are encrypted with the stack's own key, never with one that CloudWatch cannot use", () => {
    for (const name of ["alarms-topic", "alarms-undelivered"])
      equal(part(parts, name).inputs.kmsMasterKeyId, "alias/partitions-test-data", name);
  });

  it("travel by TLS alone", () => {
    for (const name of ["alarms-topic", "alarms-undelivered"]) {
      const { TlsOnly: tls } = statements(part(parts, name).inputs.policy);
      deepEqual([tls?.Effect, tls?.Principal], ["Deny", "*"]);
      deepEqual(tls?.Condition, { Bool: { "aws:SecureTransport": "false" } });
    }
  });

  it("keep what was not delivered for a fortnight, and say so at once", () => {
    equal(part(parts, "alarms-undelivered").inputs.messageRetentionSeconds, 1_209_600);
    const alarm = part(parts, "alarms-undelivered-alarm").inputs;
    deepEqual(alarm.dimensions, { QueueName: part(parts, "alarms-undelivered").inputs.name });
    deepEqual(
      [alarm.comparisonOperator, alarm.threshold, alarm.evaluationPeriods, alarm.treatMissingData],
      ["GreaterThanThreshold", 0, 1, "notBreaching"],
    );
    deepEqual([alarm.alarmActions, alarm.okActions], [[TOPIC], [TOPIC]]);
    match(String(alarm.alarmDescription), /queue 'partitions-test-undelivered'.* docs\/runbook\.md#something-was-not-/);
  });

  it("come from failed runs of this stack alone", () => {
    const { eventPattern } = part(parts, "alarms-failed").inputs;
    deepEqual(JSON.parse(String(eventPattern)), {
      source: ["aws.sagemaker"],
      "detail-type": ["SageMaker Model Building Pipeline Execution Status Change"],
      detail: {
        currentPipelineExecutionStatus: ["Failed"],
        pipelineArn: [{ prefix: "arn:aws:sagemaker:ap-northeast-1:123456789012:pipeline/partitions-test-" }],
      },
    });
    const { arn, rule, deadLetterConfig } = part(parts, "alarms-failed-target").inputs;
    deepEqual([arn, rule, deadLetterConfig], [TOPIC, "partitions-test-failed", { arn: QUEUE }]);
  });

  it("say of a failed run which it is, where to read on and what to paste", () => {
    const { inputPaths, inputTemplate } = part(parts, "alarms-failed-target").inputs.inputTransformer as {
      inputPaths: Record<string, string>;
      inputTemplate: string;
    };
    const lines = inputTemplate.split("\n").map((line) => JSON.parse(line) as string);
    const used = new Set([...inputTemplate.matchAll(/<([a-z]+)>/g)].map(([, name]) => name));
    deepEqual([...used].sort(), Object.keys(inputPaths).sort());
    const text = lines.join("\n");
    match(text, /^A run of <pipeline> ended as <status>/);
    match(text, /aws sagemaker list-pipeline-execution-steps .*--pipeline-execution-arn <execution>$/m);
    match(text, /npm run operate -- --stack test run DATASET --process-date DAY$/m);
    match(text, /docs\/runbook\.md#a-run-failed$/);
  });

  it("name a runbook elsewhere, where one is configured", async () => {
    const runbook = "https://git.example.com/runbook.md";
    const elsewhere = await partsOf((opts) => new Alarms("alarms", { names, alarmEmail: "a@b.c", runbook }, opts));
    ok(JSON.stringify(elsewhere).includes(`${runbook}#a-run-failed`));
    ok(!JSON.stringify(elsewhere).includes("docs/runbook"));
  });

  it("let the queue be filled by the rule alone, beside whom IAM lets", () => {
    const policy = statements(part(parts, "alarms-undelivered").inputs.policy);
    const allowed = Object.values(policy).filter(({ Effect }) => Effect === "Allow");
    deepEqual(
      allowed.map(({ Action }) => list(Action)),
      [["sqs:SendMessage"]],
    );
    deepEqual(allowed[0]?.Condition, {
      ArnEquals: { "aws:SourceArn": "arn:aws:events:ap-northeast-1:123456789012:rule/partitions-test-failed" },
    });
  });
});
