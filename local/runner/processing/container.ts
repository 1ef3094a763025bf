import { mkdir, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { programOf, type Interpreter } from "../../interpreter";
import { StepFailure } from "../errors";
import type { ProcessingRequest } from "./request";

/**
 * The file tree of one instance. There is no image and no chroot on the laptop: `/opt/ml` lies in a temporary folder,
 * paths in arguments and variables are rewritten to it, and scripts find it by the variable `PROCESSING_DIR`.
 */
export class Container {
  constructor(
    /** Stands for `/`. */
    private readonly root: string,
    private readonly interpreter: Interpreter,
    private readonly region: string,
  ) {}

  /** Where a path of the container really is. */
  path(inContainer: string): string {
    return join(this.root, inContainer);
  }

  /** The text with every `/opt/ml` path led into the tree. */
  rewrite(text: string): string {
    return text.replace(
      /(?<![\w./-])\/opt\/ml(?=\/(?:processing|config|output)(?:\/|\b))/g,
      join(this.root, "/opt/ml"),
    );
  }

  /** Folders of the job, and the two files SageMaker describes it in. */
  async prepare(request: ProcessingRequest, job: { name: string; arn: string }, host: number): Promise<void> {
    await mkdir(this.path("/opt/ml/processing"), { recursive: true });
    await mkdir(this.path("/tmp"), { recursive: true });
    await mkdir(this.path("/opt/ml/config"), { recursive: true });
    for (const { S3Output } of request.ProcessingOutputConfig.Outputs)
      await mkdir(this.path(S3Output.LocalPath), { recursive: true });
    const { InstanceCount: count } = request.ProcessingResources.ClusterConfig;
    const write = (file: string, content: unknown) =>
      writeFile(this.path(`/opt/ml/config/${file}`), JSON.stringify(content));
    await write("processingjobconfig.json", { ProcessingJobArn: job.arn, ProcessingJobName: job.name, ...request });
    await write("resourceconfig.json", {
      current_host: hostName(host),
      hosts: Array.from({ length: count }, (_, index) => hostName(index)),
      network_interface_name: "eth0",
    });
  }

  /**
   * Program, arguments and environment in this machine's terms. No credentials are among the variables: scripts of a
   * job read and write local files.
   *
   * @throws StepFailure when the entrypoint is neither Python nor Spark: other programs are in the image only
   */
  command(request: ProcessingRequest): { program: string; args: string[]; env: Record<string, string> } {
    const { ContainerEntrypoint: entrypoint, ContainerArguments: given = [] } = request.AppSpecification;
    const { python, env } = this.interpreter;
    const found = programOf(entrypoint, this.interpreter);
    if (!found)
      throw new StepFailure(
        `ClientError: entrypoint '${entrypoint[0]}' is a program of the image; the laptop has no image and runs python3 ` +
          `and smspark-submit`,
      );
    const own = Object.entries(request.Environment).map(([key, value]) => [key, this.rewrite(value)] as const);
    return {
      program: found.program,
      args: [...found.args, ...given].map((item) => this.rewrite(item)),
      env: {
        PATH: [dirname(python), "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter),
        HOME: this.path("/tmp"),
        TMPDIR: this.path("/tmp"),
        LANG: "C.UTF-8",
        // Containers run in UTC whatever the laptop's time zone is.
        TZ: "UTC",
        PYTHONUNBUFFERED: "1",
        AWS_REGION: this.region,
        ...env,
        ...Object.fromEntries(own),
        PROCESSING_DIR: this.path("/opt/ml/processing"),
      },
    };
  }
}

export function hostName(index: number): string {
  return `algo-${index + 1}`;
}
