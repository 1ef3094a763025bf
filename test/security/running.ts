import * as glueApi from "@aws-sdk/client-glue";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import * as schedulerApi from "@aws-sdk/client-scheduler";
import { CreateTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { tableNameOf, type Dataset } from "../../contract/dataset";
import { addresses, locationTemplate } from "../../contract/layout";
import { resolve } from "../../contract/pipeline/evaluate";
import type { Json, JsonObject } from "../../contract/pipeline/json";
import { LAPTOP_CREDENTIALS } from "../../local/environment";
import { startMoto, type Moto } from "../../local/moto";
import { ACCOUNT, REGION } from "../support/mocks";
import { Faults } from "../support/faults";
import { part } from "../components/component";
import type { DeployedStack } from "./deployed";
import { runFunction, type Ended } from "./functions";
import { Recorder } from "./recorder";

const EXECUTION = `arn:aws:sagemaker:${REGION}:${ACCOUNT}:pipeline/p/execution/abcdefghijkl`;
/** One line that fits the columns of every dataset here. */
export const ROW = "a,b,1\n";

/** What the functions of a stack find when they run: moto, behind faults, behind the recorder. */
export class RunningStack {
  private readonly days = new Map<string, JsonObject>();

  private constructor(
    readonly stack: DeployedStack,
    private readonly moto: Moto,
    readonly faults: Faults,
    readonly recorder: Recorder,
    readonly glue: glueApi.GlueClient,
    readonly s3: S3Client,
  ) {}

  /** With the tables, the schedules and the topic that the stack is deployed with. */
  static async open(stack: DeployedStack, datasets: readonly Dataset[]): Promise<RunningStack> {
    const moto = await startMoto({ region: REGION }, () => undefined);
    const faults = await Faults.start(moto.endpoint);
    const recorder = await Recorder.start(faults.endpoint);
    const direct = { region: REGION, credentials: LAPTOP_CREDENTIALS, endpoint: moto.endpoint };
    const glue = new glueApi.GlueClient(direct);
    const s3 = new S3Client({ ...direct, forcePathStyle: true });
    const { names } = stack;
    const place = { LocationConstraint: REGION } as const;
    await s3.send(new CreateBucketCommand({ Bucket: names.bucket, CreateBucketConfiguration: place }));
    await glue.send(new glueApi.CreateDatabaseCommand({ DatabaseInput: { Name: names.database } }));
    const scheduler = new schedulerApi.SchedulerClient(direct);
    await scheduler.send(new schedulerApi.CreateScheduleGroupCommand({ Name: names.scheduleGroup.name }));
    await new SNSClient(direct).send(new CreateTopicCommand({ Name: names.alarmTopic.name }));
    for (const dataset of datasets) {
      const table = part(stack.parts, `${dataset.name}-table`).inputs;
      await glue.send(
        new glueApi.CreateTableCommand({
          DatabaseName: String(table["databaseName"]),
          TableInput: capitalized({ ...table, databaseName: undefined }) as glueApi.TableInput,
        }),
      );
      if (dataset.schedule === undefined) continue;
      const given = part(stack.parts, `${dataset.name}-schedule`).inputs;
      const target = capitalized(given["target"]) as schedulerApi.Target;
      await scheduler.send(
        new schedulerApi.CreateScheduleCommand({
          ...{ Name: String(given["name"]), GroupName: String(given["groupName"]) },
          ScheduleExpression: String(given["scheduleExpression"]),
          FlexibleTimeWindow: { Mode: "OFF" },
          Target: { Arn: target.Arn, RoleArn: target.RoleArn, Input: target.Input },
        }),
      );
    }
    return new RunningStack(stack, moto, faults, recorder, glue, s3);
  }

  async close(): Promise<void> {
    await this.recorder.stop();
    await this.faults.stop();
    await this.moto.stop();
  }

  /** Writes a file below a table's location. */
  async put(dataset: Dataset, file: string, body: string | Uint8Array = ROW): Promise<void> {
    const { bucket } = this.stack.names;
    const Key = `${addresses(dataset, bucket).outputPrefix}${file}`;
    await this.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Buffer.from(body) }));
  }

  /** Registers a partition as somebody else would: at a location of its own, or as the table says. */
  async register(dataset: Dataset, values: readonly string[], location?: string): Promise<void> {
    const id = { DatabaseName: this.stack.names.database };
    const name = tableNameOf(dataset);
    const { Table: table } = await this.glue.send(new glueApi.GetTableCommand({ ...id, Name: name }));
    const own = locationTemplate(dataset.partitionKeys, table?.StorageDescriptor?.Location ?? "");
    const named = dataset.partitionKeys.reduce(
      (path, key, at) => path.replace(`\${${key.name}}`, values[at] ?? ""),
      own,
    );
    const PartitionInput = {
      Values: [...values],
      StorageDescriptor: { ...table?.StorageDescriptor, Location: location ?? named },
    };
    await this.glue.send(new glueApi.CreatePartitionCommand({ ...id, TableName: name, PartitionInput }));
  }

  /** Runs the day step, and then the registration, with the arguments that the stored definition gives them. */
  async run(
    dataset: Dataset,
    processDate: string,
    options: { readonly startedAt?: Date; readonly timeoutMs?: number } = {},
  ): Promise<Ended> {
    const { startedAt = new Date(Date.now() - 60_000), timeoutMs } = options;
    const steps = this.stack.steps(dataset);
    const scope = {
      parameters: new Map<string, Json>([
        ["ProcessDate", processDate],
        ["ScheduledTime", "auto"],
        ["DayOffset", "0"],
      ]),
      execution: { PipelineExecutionArn: EXECUTION, StartDateTime: startedAt.toISOString() },
      steps: new Map<string, Json>(),
    };
    const event = (step: string) => resolve(steps.find(({ Name }) => Name === step)?.["Arguments"] ?? null, scope);
    scope.steps.set("day_step", { OutputParameters: await this.day(dataset, processDate, event("day_step")) });
    return this.invoke("registrar", event("register_step"), timeoutMs);
  }

  /** What the day step answers; for the same day the same. */
  private async day(dataset: Dataset, processDate: string, event: Json): Promise<JsonObject> {
    const id = `${dataset.name} ${processDate}`;
    const known = this.days.get(id);
    if (known !== undefined) return known;
    const ended = await this.invoke("day", event);
    if (!("answer" in ended)) throw new Error(ended.error);
    const answer = ended.answer as JsonObject;
    this.days.set(id, answer);
    return answer;
  }

  async invoke(name: "day" | "registrar" | "checker", event: unknown, timeoutMs?: number): Promise<Ended> {
    const at = { endpoint: this.recorder.endpoint, region: REGION, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
    return runFunction(await this.stack.files(name), event, at);
  }
}

/** Inputs of a resource as AWS's API writes them: capitals; keys of parameters stay as they are. */
function capitalized(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(capitalized);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => {
      if (inner === undefined) return [];
      const written = name === "serDeInfo" ? "SerdeInfo" : name.charAt(0).toUpperCase() + name.slice(1);
      return [[written, name === "parameters" ? inner : capitalized(inner)] as const];
    }),
  );
}
