import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { interpreterOf, submitsToSpark } from "../../interpreter";
import { scratchFolder } from "../../scratch";
import type { Clients } from "../clients";
import { runChild, type ChildResult } from "../child";
import type { Json } from "../definition";
import { messageOf, StepFailure } from "../errors";
import { beginning, putLogs } from "../logs";
import { Container, hostName } from "./container";
import type { ProcessingRequest } from "./request";
import { download, listInput, listOutput, splitUri, upload } from "./transfer";

const LOG_GROUP = "/aws/sagemaker/ProcessingJobs";
const LAST_LINES = 12;
/** FailureReason of a job is at most 1,024 characters. */
const MAX_REASON = 1_024;

export interface JobSurroundings {
  readonly clients: Clients;
  /** The interpreter that stands for the one of the stack's own image. */
  readonly python: string;
  readonly region: string;
  readonly log: (line: string) => void;
}

/** A processing job; its fields are what DescribeProcessingJob tells. */
export class ProcessingJob {
  private status: "InProgress" | "Completed" | "Failed" | "Stopped" = "InProgress";
  private reason: string | undefined;
  private readonly created = Date.now();
  private finished: number | undefined;

  constructor(
    readonly name: string,
    readonly arn: string,
    private readonly request: ProcessingRequest,
    private readonly around: JobSurroundings,
  ) {}

  /** The response of DescribeProcessingJob. */
  describe(): { [key: string]: Json } {
    const seconds = (time: number) => time / 1000;
    const described = JSON.parse(JSON.stringify({ ...this.request, Tags: undefined })) as { [key: string]: Json };
    return {
      ...described,
      ProcessingJobName: this.name,
      ProcessingJobArn: this.arn,
      ProcessingJobStatus: this.status,
      CreationTime: seconds(this.created),
      ProcessingStartTime: seconds(this.created),
      LastModifiedTime: seconds(this.finished ?? this.created),
      ...(this.finished === undefined ? {} : { ProcessingEndTime: seconds(this.finished) }),
      ...(this.reason === undefined ? {} : { FailureReason: this.reason }),
    };
  }

  /**
   * Inputs from S3, the script, outputs to S3. Nothing is uploaded unless every instance succeeds.
   *
   * @throws StepFailure with the job's FailureReason
   */
  async run(signal: AbortSignal): Promise<void> {
    const folder = scratchFolder("job");
    try {
      await this.runIn(folder, signal);
      this.status = "Completed";
    } catch (error) {
      const failure = error instanceof StepFailure ? error : new StepFailure(`ClientError: ${messageOf(error)}`);
      this.status = failure.status;
      this.reason = failure.message;
      this.around.log(`${this.name}: ${failure.message}`);
      throw failure;
    } finally {
      this.finished = Date.now();
      await rm(folder, { recursive: true, force: true });
    }
  }

  private async runIn(folder: string, signal: AbortSignal): Promise<void> {
    const { clients, python, region, log } = this.around;
    const { ImageUri: image, ContainerEntrypoint: entrypoint } = this.request.AppSpecification;
    const interpreter = await interpreterOf(image, python, (line) => log(`${this.name}: ${line}`));
    const { InstanceCount: count } = this.request.ProcessingResources.ClusterConfig;
    const deadline = Date.now() + this.request.StoppingCondition.MaxRuntimeInSeconds * 1000;
    const containers: Container[] = [];
    // One instance after the other: a laptop has no cluster, and scripts that talk to each other are not for it.
    for (let host = 0; host < count; host++) {
      const root = join(folder, hostName(host));
      await mkdir(root);
      const container = new Container(root, interpreter, region);
      containers.push(container);
      await container.prepare(this.request, this, host);
      await this.fetchInputs(container, host, count);
      if (host === 0 || !submitsToSpark(entrypoint)) await this.runScript(container, host, deadline, signal);
    }
    const uploads = [];
    for (const [host, container] of containers.entries()) uploads.push(...(await this.outputsOf(container, host)));
    for (const { folder, files, uri, key } of uploads) {
      if (signal.aborted) throw new StepFailure("The job was stopped", "Stopped");
      await upload(clients.s3, folder, files, uri, key);
    }
  }

  private async fetchInputs(container: Container, host: number, count: number): Promise<void> {
    const { s3 } = this.around.clients;
    for (const { S3Input: source } of this.request.ProcessingInputs) {
      const files = await listInput(s3, source.S3Uri);
      const sharded = source.S3DataDistributionType === "ShardedByS3Key";
      const own = sharded ? files.filter((_, index) => index % count === host) : files;
      await download(s3, splitUri(source.S3Uri).bucket, own, container.path(source.LocalPath));
    }
  }

  private async runScript(container: Container, host: number, deadline: number, signal: AbortSignal): Promise<void> {
    const { clients, log } = this.around;
    const { program, args, env } = container.command(this.request);
    const show = beginning(log);
    const result = await runChild(program, args, {
      cwd: container.path("/opt/ml/processing"),
      env,
      timeoutMs: Math.max(1, deadline - Date.now()),
      signal,
      onLine: ({ message }) => show(`${this.name}/${hostName(host)}: ${message}`),
    });
    await putLogs(clients.logs, LOG_GROUP, this.streamOf(host), result.lines, log);
    this.judge(result);
  }

  private streamOf(host: number): string {
    return `${this.name}/${hostName(host)}-${this.created}`;
  }

  private judge({ exitCode, ended, lines }: ChildResult): void {
    if (ended === "stop") throw new StepFailure("The job was stopped", "Stopped");
    const { MaxRuntimeInSeconds: seconds } = this.request.StoppingCondition;
    if (ended === "timeout") throw new StepFailure(`ClientError: MaxRuntimeInSeconds of ${seconds} exceeded`);
    if (exitCode === 0) return;
    // spark-submit prints what its script prints, errors as well, to the standard output.
    const isSpark = submitsToSpark(this.request.AppSpecification.ContainerEntrypoint);
    const tail = lines.filter(({ stream }) => isSpark || stream === "stderr").slice(-LAST_LINES);
    const text = tail.map(({ message }) => message).join("\n");
    const head = `AlgorithmError: the script ended with exit code ${exitCode ?? "unknown (killed by a signal)"}`;
    // The last line of a traceback says what went wrong, so it is the beginning that is cut.
    throw new StepFailure(text === "" ? head : `${head}\n${text.slice(head.length + 1 - MAX_REASON)}`);
  }

  /** What an instance has to upload; what it has but does not upload is told in its log. */
  private async outputsOf(container: Container, host: number): Promise<Upload[]> {
    const { clients, log } = this.around;
    const { Outputs: outputs, KmsKeyId: key } = this.request.ProcessingOutputConfig;
    const uploads: Upload[] = [];
    for (const { OutputName: name, S3Output: target } of outputs) {
      const folder = container.path(target.LocalPath);
      const { files, skipped } = await listOutput(folder).catch((error: unknown) => {
        throw new StepFailure(`ClientError: output '${name}' (${target.LocalPath}): ${messageOf(error)}`);
      });
      uploads.push({ folder, files, uri: target.S3Uri, key });
      if (skipped.length === 0) continue;
      const what = `${skipped.length} symbolic link(s) or special file(s) not uploaded, as on SageMaker`;
      const message = `output '${name}': ${what}: ${skipped.join(", ").slice(0, MAX_REASON)}`;
      log(`${this.name}/${hostName(host)}: ${message}`);
      const line = { timestamp: Date.now(), message, stream: "stderr" as const };
      await putLogs(clients.logs, LOG_GROUP, this.streamOf(host), [line], log);
    }
    return uploads;
  }
}

interface Upload {
  readonly folder: string;
  readonly files: readonly string[];
  readonly uri: string;
  readonly key: string | undefined;
}
