import { GetPartitionsCommand } from "@aws-sdk/client-glue";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { DescribePipelineExecutionCommand, StartPipelineExecutionCommand } from "@aws-sdk/client-sagemaker";
import { GetScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { deepEqual, equal, match } from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { databaseName } from "../../contract/names";
import { SCHEDULED_TIME } from "../../contract/schedule";
import { clientOptions, LAPTOP_ACCOUNT } from "../../local/environment";
import { LAPTOP } from "../../local/settings";
import { useStartedLaptop } from "../support/startedLaptop";

const BASE = `${LAPTOP.project}-${LAPTOP.stack}`;
/** 02:30 in Tokyo, after the schedule was made. */
const FIRING = "2040-02-29T17:30:00Z";
/** 04:00 in Tokyo, when yesterday must be there. */
const DEADLINE = "2040-02-29T19:00:00Z";

/** Nothing fires on the laptop: the tests make the calls of the deployed schedules, as the scheduler would. */
describe("the deployed schedules", function () {
  this.timeout(300_000);
  const laptop = useStartedLaptop();
  let clients: ReturnType<typeof clientsOf>;
  let queueUrl: string;

  function clientsOf(endpoint: string) {
    const options = clientOptions({ endpoint, region: LAPTOP.region });
    return {
      scheduler: new SchedulerClient(options),
      lambda: new LambdaClient(options),
      sns: new SNSClient(options),
      sqs: new SQSClient(options),
    };
  }

  before(async () => {
    await laptop.deploy();
    clients = clientsOf(laptop.endpoint);
    queueUrl = (await clients.sqs.send(new CreateQueueCommand({ QueueName: "reader" }))).QueueUrl ?? "";
    const arn = (service: string, name: string) => `arn:aws:${service}:${LAPTOP.region}:${LAPTOP_ACCOUNT}:${name}`;
    await clients.sns.send(
      new SubscribeCommand({
        ...{ TopicArn: arn("sns", `${BASE}-alarms`), Protocol: "sqs", Endpoint: arn("sqs", "reader") },
        Attributes: { RawMessageDelivery: "true" },
      }),
    );
  });

  /** The target of a deployed schedule, with the firing's instant filled in. */
  async function targetOf(name: string, time: string): Promise<{ readonly arn: string; readonly input: string }> {
    const { Target } = await clients.scheduler.send(new GetScheduleCommand({ GroupName: BASE, Name: name }));
    return { arn: Target?.Arn ?? "", input: (Target?.Input ?? "").replaceAll(SCHEDULED_TIME, time) };
  }

  async function check(): Promise<unknown> {
    const { arn, input } = await targetOf(`${BASE}-Checker`, DEADLINE);
    const { Payload, FunctionError } = await clients.lambda.send(
      new InvokeCommand({ FunctionName: arn, Payload: Buffer.from(input) }),
    );
    const text = Buffer.from(Payload ?? []).toString();
    equal(FunctionError, undefined, text);
    return JSON.parse(text);
  }

  async function said(): Promise<string[]> {
    const { Messages = [] } = await clients.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, WaitTimeSeconds: 0 }),
    );
    return Messages.map(({ Body = "" }) => Body);
  }

  it("have a checker that tells the topic of a day that is not there", async () => {
    deepEqual(await check(), { watched: 1, late: ["features 2040-02-29"] });
    const [text = "", ...more] = await said();
    deepEqual(more, []);
    match(text, /^The partition for day 2040-02-29 of dataset 'features' is not there by 04:00 \(Asia\/Tokyo\)\.$/m);
    match(text, /^ {2}Run it: npm run operate -- --stack \S+ backfill features --from 2040-02-29 --to 2040-02-29$/m);
  });

  it("start the pipeline for the day before, by a request that SageMaker takes", async () => {
    const { arn, input } = await targetOf(`${BASE}-features`, FIRING);
    equal(arn, "arn:aws:scheduler:::aws-sdk:sagemaker:startPipelineExecution");
    const { sagemaker, glue } = laptop.clients;
    const request = JSON.parse(input) as ConstructorParameters<typeof StartPipelineExecutionCommand>[0];
    const { PipelineExecutionArn } = await sagemaker.send(new StartPipelineExecutionCommand(request));
    for (let status: string | undefined = "Executing"; status !== "Succeeded"; await sleep(100)) {
      const found = await sagemaker.send(new DescribePipelineExecutionCommand({ PipelineExecutionArn }));
      status = found.PipelineExecutionStatus;
      if (status === "Failed") throw new Error(found.FailureReason);
    }
    const { Partitions = [] } = await glue.send(
      new GetPartitionsCommand({ DatabaseName: databaseName(LAPTOP), TableName: "features" }),
    );
    // 02:30 on the first of March processes the last day of February.
    deepEqual(
      Partitions.map(({ Values }) => Values),
      [["2040-02-29"]],
    );
  });

  it("have a checker that is content then", async () => {
    deepEqual(await check(), { watched: 1, late: [] });
    deepEqual(await said(), []);
  });
});
