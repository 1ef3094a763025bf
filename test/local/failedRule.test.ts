import * as eventsApi from "@aws-sdk/client-eventbridge";
import { CreateQueueCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import assert from "node:assert/strict";
import { Alarms } from "../../components/alarms";
import { LAPTOP_ACCOUNT } from "../../local/environment";
import { startMoto, type Moto } from "../../local/moto";
import { awsAt } from "../../local/provider/clients";
import { names, part, partsOf } from "../components/component";

const REGION = "us-east-1";
const FIRST_RUN_MS = 900_000;
const QUEUE = `arn:aws:sqs:${REGION}:${LAPTOP_ACCOUNT}:undelivered`;

/** The laptop's EventBridge reaches no topic: a queue stands in its place, behind the rule as it is deployed. */
describe("the rule of failed runs, on the laptop's EventBridge", function () {
  this.timeout(120_000);
  let moto: Moto;
  before(async function () {
    this.timeout(FIRST_RUN_MS);
    moto = await startMoto({ region: REGION }, console.log);
  });
  after(() => moto?.stop());

  it("takes failed runs of the stack, and tells what to do", async () => {
    const parts = await partsOf(
      (opts) => new Alarms("alarms", { names, alarmEmail: "a@example.com", runbook: "docs/runbook.md" }, opts),
    );
    const { eventPattern } = part(parts, "alarms-failed").inputs;
    const { inputPaths, inputTemplate } = part(parts, "alarms-failed-target").inputs.inputTransformer as {
      inputPaths: Record<string, string>;
      inputTemplate: string;
    };
    const { events, sqs } = awsAt({ endpoint: moto.endpoint, region: REGION, accountId: LAPTOP_ACCOUNT });
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "undelivered" }));
    await events.send(new eventsApi.PutRuleCommand({ Name: "failed", EventPattern: String(eventPattern) }));
    // The laptop's takes one line: each gets a target of its own.
    const Targets = inputTemplate.split("\n").map((line, index) => ({
      ...{ Id: String(index), Arn: QUEUE },
      InputTransformer: { InputPathsMap: inputPaths, InputTemplate: line },
    }));
    await events.send(new eventsApi.PutTargetsCommand({ Rule: "failed", Targets }));
    const send = (events: eventsApi.EventBridgeClient, pipeline: string, status: string) => {
      const pipelineArn = names.pipelineArn(pipeline);
      const Detail = JSON.stringify({
        ...{ pipelineArn, currentPipelineExecutionStatus: status, previousPipelineExecutionStatus: "Executing" },
        pipelineExecutionArn: `${pipelineArn}/execution/abc123`,
      });
      const DetailType = "SageMaker Model Building Pipeline Execution Status Change";
      return events.send(
        new eventsApi.PutEventsCommand({ Entries: [{ Source: "aws.sagemaker", DetailType, Detail }] }),
      );
    };
    for (const [pipeline, status] of [
      ["partitions-test-features", "Succeeded"],
      ["partitions-test-features", "Failed"],
      ["partitions-prod-features", "Failed"],
    ] as const)
      await send(events, pipeline, status);
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    assert.equal(Messages.length, Targets.length);
    const text = Messages.map(({ Body = "" }) => JSON.parse(Body) as string).join("\n");
    assert.doesNotMatch(text, /[<>]|Succeeded|partitions-prod/);
    assert.match(text, /pipeline\/partitions-test-features ended as Failed/);
    assert.match(text, /--pipeline-execution-arn \S+:pipeline\/partitions-test-features\/execution\/abc123/);
    assert.match(text, /npm run operate -- --stack test run DATASET --process-date DAY/);
    assert.match(text, /docs\/runbook\.md#a-run-failed/);
  });
});
