import { AthenaClient } from "@aws-sdk/client-athena";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { workgroupName, type StackId } from "../contract/names";
import { operateCommand } from "../contract/runbook";
import { makeClients, type Clients } from "./clients";
import { consoleLink, type LogPlace } from "./logs";
import { athenaQuery, type Answer } from "./query";

/** What the commands talk to. */
export interface OperateClients extends Clients {
  readonly sagemaker: SageMakerClient;
  readonly logs: CloudWatchLogsClient;
}

/** What is asked of the tables. */
export interface Question {
  readonly sql: string;
  readonly database: () => Promise<string>;
  /** Of Athena; the stack's own when absent. */
  readonly workgroup?: string;
  readonly signal: AbortSignal;
}

/** Where the commands work: on AWS, or on the laptop. They take nothing from the environment by themselves. */
export interface Place {
  /** How the commands are called here, for the texts that name one: `npm run operate -- --stack dev`. */
  readonly command: () => string;
  readonly stack: () => StackId;
  /** Does a piece of work with clients. */
  readonly withClients: <T>(work: (clients: OperateClients) => Promise<T>) => Promise<T>;
  readonly query: (question: Question) => Promise<Answer>;
  /** Where a person reads all of a log; the ARN is that of what wrote it. */
  readonly whereIsLog: (arn: string, log: LogPlace) => string;
  /** Milliseconds between two looks at what runs. Default 5000: SageMaker's describe calls are throttled. */
  readonly pollMs?: number;
}

/** AWS, with the SDK's standard credentials, region and endpoint. */
export function awsPlace(stack: () => StackId): Place {
  return {
    command: () => operateCommand(stack(), "").trimEnd(),
    stack,
    withClients: (work) =>
      work({
        ...makeClients(),
        sagemaker: new SageMakerClient({ maxAttempts: 10, retryMode: "adaptive" }),
        logs: new CloudWatchLogsClient({}),
      }),
    query: async ({ sql, database, workgroup = workgroupName(stack()), signal }) =>
      athenaQuery(new AthenaClient({}), {
        ...{ sql, workgroup, signal, database: await database() },
        onProgress: (state, bytes) => {
          if (process.stderr.isTTY) process.stderr.write(`\r${state.toLowerCase()}, ${bytes} bytes scanned `);
        },
      }),
    whereIsLog: consoleLink,
  };
}
