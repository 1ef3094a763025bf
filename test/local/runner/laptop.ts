import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import * as sagemaker from "@aws-sdk/client-sagemaker";
import { zipSync } from "fflate";
import { startFront, type Front } from "../../../local/front";
import { startMoto, type Moto } from "../../../local/moto";
import { ensureVenv } from "../../../local/python";

export const region = "ap-northeast-1";
const roleArn = "arn:aws:iam::123456789012:role/laptop";
const P = "/opt/ml/processing";
export type Fields = Record<string, unknown>;

/** moto with the front before it, a bucket `data`, and short ways to deploy and run. */
export class Laptop {
  // Set by open(), which mocha calls before the tests.
  declare s3: S3Client;
  declare sm: sagemaker.SageMakerClient;
  declare lambda: LambdaClient;
  declare logs: CloudWatchLogsClient;
  private moto: Moto | undefined;
  private front: Front | undefined;
  private count = 0;

  /** @param own stands for the image's Python; default: the one that runs moto */
  async open(own?: string): Promise<void> {
    const moto = await startMoto({ region }, () => undefined);
    this.moto = moto;
    const requirements = join(__dirname, "../../../local/requirements.txt");
    const { python } = await ensureVenv({ name: "moto", requirements }, () => undefined);
    const front = await startFront({ motoEndpoint: moto.endpoint, region, python: own ?? python });
    this.front = front;
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const config = { endpoint: front.endpoint, region, credentials };
    this.s3 = new S3Client({ ...config, forcePathStyle: true });
    this.sm = new sagemaker.SageMakerClient(config);
    this.lambda = new LambdaClient(config);
    this.logs = new CloudWatchLogsClient(config);
    await this.s3.send(
      new CreateBucketCommand({ Bucket: "data", CreateBucketConfiguration: { LocationConstraint: region } }),
    );
    const iam = new IAMClient(config);
    await iam.send(
      new CreateRoleCommand({
        RoleName: "laptop",
        AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [] }),
      }),
    );
  }

  async close(): Promise<void> {
    await this.front?.stop();
    await this.moto?.stop();
  }

  put(key: string, body: string | Buffer) {
    return this.s3.send(new PutObjectCommand({ Bucket: "data", Key: key, Body: body }));
  }

  async text(key: string): Promise<string> {
    const { Body: body } = await this.s3.send(new GetObjectCommand({ Bucket: "data", Key: key }));
    return (await body?.transformToString()) ?? "";
  }

  /** Keys below the prefix, sorted. */
  async keys(prefix: string) {
    const { Contents: contents = [] } = await this.s3.send(
      new ListObjectsV2Command({ Bucket: "data", Prefix: prefix }),
    );
    return contents.map(({ Key }) => Key);
  }

  /** A Processing step that runs the script, changed by `change`. */
  async processing(name: string, script: string, change: (a: Fields) => Fields = (a) => a, rest: Fields = {}) {
    await this.put(`code/${name}.py`, script);
    const base = {
      ProcessingResources: { ClusterConfig: { InstanceType: "ml.t3.medium", InstanceCount: 1, VolumeSizeInGB: 30 } },
      AppSpecification: { ImageUri: "image", ContainerEntrypoint: ["python3", `${P}/input/code/${name}.py`] },
      RoleArn: roleArn,
      ProcessingInputs: [input("code", `s3://data/code/${name}.py`)],
      ProcessingOutputConfig: { Outputs: [output("out", `s3://data/out/${name}`)] },
    };
    return { Name: name, Type: "Processing", Arguments: change(base), ...rest };
  }

  async deploy(steps: unknown[], parameters: unknown[] = []): Promise<string> {
    const name = `pipeline-${++this.count}`;
    const definition = { Version: "2020-12-01", Metadata: {}, Parameters: parameters, Steps: steps };
    await this.sm.send(
      new sagemaker.CreatePipelineCommand({
        PipelineName: name,
        PipelineDefinition: JSON.stringify(definition),
        RoleArn: roleArn,
        ClientRequestToken: `${name}-token-token-token-token-token`,
      }),
    );
    return name;
  }

  async start(name: string, parameters: Record<string, string> = {}): Promise<string> {
    const { PipelineExecutionArn: arn = "" } = await this.sm.send(
      new sagemaker.StartPipelineExecutionCommand({
        PipelineName: name,
        PipelineParameters: Object.entries(parameters).map(([Name, Value]) => ({ Name, Value })),
      }),
    );
    return arn;
  }

  async ended(arn: string) {
    for (;;) {
      const execution = await this.sm.send(
        new sagemaker.DescribePipelineExecutionCommand({ PipelineExecutionArn: arn }),
      );
      if (!["Executing", "Stopping"].includes(execution.PipelineExecutionStatus ?? "")) {
        const { PipelineExecutionSteps: list = [] } = await this.sm.send(
          new sagemaker.ListPipelineExecutionStepsCommand({ PipelineExecutionArn: arn, SortOrder: "Ascending" }),
        );
        const steps = Object.fromEntries(list.map((step) => [step.StepName ?? "", step]));
        return { execution, steps, order: list.map(({ StepName }) => StepName) };
      }
      await sleep(50);
    }
  }

  async run(steps: unknown[], parameters: unknown[] = [], given: Record<string, string> = {}) {
    return this.ended(await this.start(await this.deploy(steps, parameters), given));
  }

  /** Deploys a function; `source` is the body of a CommonJS index.js. */
  async deployFunction(name: string, source: string, more: { Timeout?: number } = {}): Promise<string> {
    const { FunctionArn: arn = "" } = await this.lambda.send(
      new CreateFunctionCommand({
        FunctionName: name,
        Role: roleArn,
        Runtime: "nodejs20.x",
        Handler: "index.handler",
        Code: { ZipFile: zip(source) },
        Environment: { Variables: { TEAM: "weather" } },
        ...more,
      }),
    );
    return arn;
  }
}

/** The laptop of a describe block: there while its tests run. */
export function useLaptop(): Laptop {
  const laptop = new Laptop();
  before(() => laptop.open());
  after(() => laptop.close());
  return laptop;
}

/** An input of a Processing step. */
export const input = (name: string, uri: unknown, more: Fields = {}) => ({
  InputName: name,
  AppManaged: false,
  S3Input: { S3Uri: uri, LocalPath: `${P}/input/${name}`, S3DataType: "S3Prefix", S3InputMode: "File", ...more },
});
/** An output of a Processing step, from `/opt/ml/processing/output`. */
export const output = (name: string, uri: unknown, more: Fields = {}) => ({
  OutputName: name,
  AppManaged: false,
  S3Output: { S3Uri: uri, LocalPath: `${P}/output`, S3UploadMode: "EndOfJob", ...more },
});

/** A bundle with the source as its index.js. */
export const zip = (source: string) => zipSync({ "index.js": Buffer.from(source) });
