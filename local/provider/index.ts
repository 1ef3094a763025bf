import { spawn } from "node:child_process";
import * as path from "node:path";
import { laptopEnvironment } from "../environment";
import * as alarms from "./alarms";
import * as athena from "./athena";
import { awsAt, type Place } from "./clients";
import * as dashboard from "./dashboard";
import * as ecr from "./ecr";
import * as events from "./events";
import * as glue from "./glue";
import * as iam from "./iam";
import * as image from "./image";
import * as kms from "./kms";
import * as lambda from "./lambda";
import * as logs from "./logs";
import * as redshiftData from "./redshiftData";
import * as s3 from "./s3";
import * as s3Logging from "./s3Logging";
import * as s3Objects from "./s3Objects";
import * as s3Settings from "./s3Settings";
import * as sagemaker from "./sagemaker";
import * as scheduler from "./scheduler";
import { serve } from "./server";
import * as sns from "./sns";
import * as sqs from "./sqs";

const START_MS = 60_000;

/** Every resource type of AWS that the laptop has; a service is a file beside this one. */
const SERVICES = [s3, s3Settings, s3Logging, s3Objects, iam, kms, ecr, glue, lambda, logs, sagemaker];
const ALARMS = [athena, scheduler, sns, sqs, events, alarms, dashboard, redshiftData];
const AWS_ROWS = [...SERVICES, ...ALARMS].flatMap(({ rows }) => rows);

/** Running providers, and what tells the engine about them. */
export interface Providers {
  readonly env: Readonly<Record<"PULUMI_DEBUG_PROVIDERS", string>>;
  stop(): void;
}

/**
 * Starts the stand-ins for the providers aws, docker-build and awsx.
 *
 * @throws Error for an endpoint that is not on this machine
 */
export async function startProviders(place: Place): Promise<Providers> {
  const aws = awsAt(place);
  const servers = await Promise.all([serve(AWS_ROWS, aws), serve(image.rows, aws)]);
  const [awsServer, dockerServer] = servers;
  const awsx = await startAwsx(place);
  return {
    env: {
      PULUMI_DEBUG_PROVIDERS: `aws:${awsServer.port},docker-build:${dockerServer.port},awsx:${awsx.port}`,
    },
    stop: () => {
      servers.forEach((server) => server.stop());
      awsx.stop();
    },
  };
}

/** The awsx stand-in prints its port and lives until its standard input is closed, or this process is gone. */
function startAwsx(place: Place): Promise<{ readonly port: number; stop(): void }> {
  const child = spawn(process.execPath, ["--require", require.resolve("tsx/cjs"), path.join(__dirname, "awsx.ts")], {
    env: laptopEnvironment(place),
    stdio: ["pipe", "pipe", "pipe"],
    // Ctrl-C must not end it before the engine has finished.
    detached: true,
  });
  return new Promise((resolve, reject) => {
    let output = "";
    const fail = (reason: string) => {
      clearTimeout(timer);
      child.stdin.destroy();
      reject(new Error(`the awsx stand-in did not start (${reason}):\n${output}`));
    };
    const timer = setTimeout(() => fail(`no answer in ${START_MS / 1000} s`), START_MS);
    child.once("error", (error) => fail(error.message));
    child.once("exit", (code) => fail(`exit code ${code}`));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      const port = /^(\d+)$/m.exec(output)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve({ port: Number(port), stop: () => child.stdin.destroy() });
    });
  });
}
