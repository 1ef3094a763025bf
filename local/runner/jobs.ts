import type { Json } from "../../contract/pipeline/json";
import { messageOf, ServiceError } from "./errors";
import { ProcessingJob } from "./processing/job";
import { parseProcessingRequest, type ProcessingRequest } from "./processing/request";
import type { Surroundings } from "./steps";

/** All processing jobs by name: those of executions, and those that were started alone. */
export class Jobs {
  private readonly known = new Map<string, ProcessingJob>();
  private readonly running = new Set<Promise<void>>();
  private readonly stopping = new AbortController();

  constructor(private readonly around: Surroundings) {}

  /** Makes a job of an execution known. */
  add(job: ProcessingJob): void {
    this.known.set(job.name, job);
  }

  /** Answer of DescribeProcessingJob; undefined for a job that is not one of these. */
  describe(name: string): ReturnType<ProcessingJob["describe"]> | undefined {
    return this.known.get(name)?.describe();
  }

  /**
   * Starts a job alone. How it ends is for DescribeProcessingJob to tell.
   *
   * @throws ServiceError for a name that is none or taken, and for what else SageMaker would refuse
   */
  create(request: Json): { ProcessingJobArn: string } {
    const parsed = accepted(request);
    const { ProcessingJobName: name = "", RoleArn: role } = parsed;
    if (!/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/.test(name))
      throw new ServiceError(
        "ValidationException",
        `ProcessingJobName '${name}' must be letters, digits and '-', at most 63`,
      );
    if (this.known.has(name)) throw new ServiceError("ResourceInUse", `Processing job '${name}' exists already.`);
    const [, partition = "aws", , , account = ""] = role.split(":");
    const arn = `arn:${partition}:sagemaker:${this.around.region}:${account}:processing-job/${name}`;
    const job = new ProcessingJob(name, arn, parsed, this.around);
    this.add(job);
    const run = job.run(this.stopping.signal).catch(() => undefined);
    this.running.add(run);
    void run.finally(() => this.running.delete(run));
    return { ProcessingJobArn: arn };
  }

  /** Stops the jobs that were started alone, and waits until nothing of them runs. */
  async close(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.running);
  }
}

function accepted(request: Json): ProcessingRequest {
  try {
    return parseProcessingRequest(request);
  } catch (error) {
    throw new ServiceError("ValidationException", messageOf(error));
  }
}
